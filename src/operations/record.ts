/** The `op` of a step: it records schema operations as data, and runs them when their effect is needed. */
import { definitions } from './all.ts'
import { checkOperation } from './check-operation.ts'
import type { Operation, OperationKind } from './operation.ts'
import type { Operations } from './operations.ts'

export interface Recorded {
  readonly operation: Operation
  /** The stack of the call, to name its line when the statement fails later. */
  readonly stack: string
}

/** The database side of a recording. */
export interface Target {
  readonly dialect: string
  /** Runs what `take` gives, then the statement. */
  query<T>(sql: string, params?: readonly unknown[]): Promise<readonly T[]>
  db(): Operations['db']
}

export interface Recorder {
  readonly op: Operations
  /** What was recorded since it was last called, in order. */
  take(): readonly Recorded[]
}

export function recorder(target: Target): Recorder {
  let queue: Recorded[] = []
  const add = (operation: Operation): void => {
    const call = new Error('recorded')
    queue.push({
      operation,
      // It is put into words only when a statement fails.
      get stack() {
        return call.stack ?? ''
      },
    })
  }
  const op: Operations = {
    ...callsOf(add),
    dialect: target.dialect,
    query: (sql, params) => target.query(sql, params),
    get db() {
      return target.db()
    },
  }
  return {
    op,
    take: () => {
      const taken = queue
      queue = []
      return taken
    },
  }
}

/** A function for each kind, which hands on what it is called with as data that was checked. */
function callsOf(add: (operation: Operation) => void): Pick<Operations, OperationKind> {
  const calls = Object.entries(definitions).map(([kind, { record }]) => {
    const call = (...values: readonly unknown[]): void => {
      // The function is that of the kind, whose data it makes; a file that was never checked may call it with anything.
      const data = (record as (...given: readonly unknown[]) => object)(...values)
      const operation = { kind, ...data } as Operation
      checkOperation(operation)
      add(operation)
    }
    return [kind, call]
  })
  // Object.fromEntries forgets which keys there were.
  return Object.fromEntries(calls) as Pick<Operations, OperationKind>
}
