/** The statements of a step: made of operations, sent, and kept account of. */
import type { CompileOptions, Dialect, Session, Statement } from '../dialect.ts'
import type { Operation } from '../operations/operation.ts'
import type { Recorded } from '../operations/record.ts'
import { type Schema, emptySchema } from '../schema/schema.ts'
import { asked } from './recording.ts'
import { compileSupported } from './supported.ts'

/** How far a step came; kept up to date while it runs. */
export interface Progress {
  /** How many an earlier run, which did not come to the end, has carried out. */
  earlier: number
  /** The statements that ran to their end, as they were sent. */
  readonly done: string[]
  /** How many of them no rollback takes back. */
  committed: number
  /** Where statements are committed one by one: whether a data statement has an open transaction around it. */
  dataTransaction: boolean
  /** The next run can go on after what is committed. */
  resumable: boolean
  running: RunningStatement | undefined
  /** The last that failed, or the operation that could not be compiled, with what was thrown. */
  failed:
    | { readonly error: unknown; readonly stack: string; readonly statement?: RunningStatement }
    | undefined
}

export interface RunningStatement {
  readonly sql: string
  /** Of the call that asked for it. */
  readonly stack: string
  /** From 1, of how many are known. */
  readonly number: number
  readonly of: number
}

export function newProgress(): Progress {
  return {
    earlier: 0,
    done: [],
    committed: 0,
    dataTransaction: false,
    resumable: false,
    running: undefined,
    failed: undefined,
  }
}

/** How many statements are behind it, with those of earlier runs. */
export function countDone({ earlier, done }: Progress): number {
  return earlier + done.length
}

/** Carries out what a revision asks for, in the order in which it asks. */
export interface Carrier {
  operations(batch: readonly Recorded[], options: CompileOptions): Promise<void>
  query<T>(sql: string, params: readonly unknown[] | undefined, stack: string): Promise<readonly T[]>
  /** Called when the revision has returned and all that it asked for was carried out. */
  end(): Promise<void>
  /** Takes back what only it can take back. Gives the error to tell. */
  undo(error: unknown): Promise<unknown>
}

/** Notes that a statement runs, and how it ended. */
export async function noted<T>(
  progress: Progress,
  statement: RunningStatement,
  run: () => Promise<T>,
): Promise<T> {
  progress.running = statement
  try {
    const result = await run()
    progress.done.push(statement.sql)
    return result
  } catch (error) {
    progress.failed = { error, stack: statement.stack, statement }
    throw error
  } finally {
    progress.running = undefined
  }
}

/** A statement with the stack of the call that asked for it. */
export interface Asked extends Statement {
  readonly stack: string
}

/** One that was made of an operation. */
export interface Compiled extends Asked {
  readonly operation: Operation | undefined
  /** Of those of its operation. */
  readonly isFirst: boolean
}

/** The shape that compiling operations asks for, as it is now. */
export async function readShape(
  dialect: Dialect,
  session: Session,
  batch: readonly Recorded[],
): Promise<Schema> {
  const tables = asked(
    dialect,
    batch.map(({ operation }) => operation),
  )
  return tables.length === 0 ? emptySchema : dialect.reflect(session, { tables })
}

/** The statements of a batch; where it cannot be compiled `progress` is told the operation at fault. */
export async function compileBatch(
  dialect: Dialect,
  batch: readonly Recorded[],
  before: Schema,
  progress: Progress,
  options?: CompileOptions,
): Promise<readonly Compiled[]> {
  const operations = batch.map(({ operation }) => operation)
  const compiled = await compileSupported(dialect, operations, before, options).catch(
    async (error: unknown) => {
      const { stack = '' } = batch[await firstRefused(dialect, operations, before)] ?? {}
      progress.failed = { error, stack }
      throw error
    },
  )
  return compiled.flatMap((statements, at) =>
    statements.map(({ sql }, each) => ({
      sql,
      stack: batch[at]?.stack ?? '',
      operation: operations[at],
      isFirst: each === 0,
    })),
  )
}

/** The position of the operation at which compiling fails: those before it compile. */
async function firstRefused(
  dialect: Dialect,
  operations: readonly Operation[],
  before: Schema,
): Promise<number> {
  let [good, bad] = [0, operations.length]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    const compiles = await compileSupported(dialect, operations.slice(0, middle), before).then(
      () => true,
      () => false,
    )
    if (compiles) good = middle
    else bad = middle
  }
  return good
}
