/** The `op` of a step: it records schema operations as data, and runs them when their effect is needed. */
import { checkOperation } from './check-operation.ts'
import type { Operation } from './operation.ts'
import type { Operations, TableDefinition } from './operations.ts'

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
    checkOperation(operation)
    queue.push({ operation, stack: new Error('recorded').stack ?? '' })
  }
  const op: Operations = {
    dialect: target.dialect,
    createTable: (table, definition) => add({ kind: 'createTable', table: tableOf(table, definition) }),
    dropTable: (table) => add({ kind: 'dropTable', table }),
    renameTable: (table, to) => add({ kind: 'renameTable', table, to }),
    addColumn: (table, column) => add({ kind: 'addColumn', table, column }),
    dropColumn: (table, column) => add({ kind: 'dropColumn', table, column }),
    alterColumn: (table, column, change) => add({ kind: 'alterColumn', table, column, change }),
    renameColumn: (table, column, to) => add({ kind: 'renameColumn', table, column, to }),
    createIndex: (table, definition) => {
      const { concurrently, ...index } = { ...definition }
      add({ kind: 'createIndex', table, index, ...(concurrently === undefined ? {} : { concurrently }) })
    },
    dropIndex: (table, index, options) => add({ kind: 'dropIndex', table, index, ...options }),
    createPrimaryKey: (table, primaryKey) =>
      add({ kind: 'createPrimaryKey', table, primaryKey: keyOf(primaryKey) }),
    createUniqueConstraint: (table, unique) => add({ kind: 'createUniqueConstraint', table, unique }),
    createForeignKey: (table, foreignKey) => add({ kind: 'createForeignKey', table, foreignKey }),
    createCheckConstraint: (table, check) => add({ kind: 'createCheckConstraint', table, check }),
    dropConstraint: (table, constraint) => add({ kind: 'dropConstraint', table, ...constraint }),
    execute: (sql) => add({ kind: 'execute', sql }),
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

function tableOf(name: string, definition: TableDefinition) {
  // Of a file that was never checked it may be nothing at all.
  const { primaryKey, ...parts } = { ...definition }
  return { name, ...parts, ...(primaryKey === undefined ? {} : { primaryKey: keyOf(primaryKey) }) }
}

function keyOf(key: NonNullable<TableDefinition['primaryKey']>) {
  return 'columns' in key ? key : { columns: key }
}
