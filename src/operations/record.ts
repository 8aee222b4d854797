/** The `op` of a step: it records schema operations as data, and runs them when their effect is needed. */
import { AludelError } from '../errors.ts'
import { type Column, neutralTypes } from '../schema/schema.ts'
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
    createIndex: (table, index) => add({ kind: 'createIndex', table, index }),
    dropIndex: (table, index) => add({ kind: 'dropIndex', table, index }),
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

function tableOf(name: string, { primaryKey, ...definition }: TableDefinition) {
  return { name, ...definition, ...(primaryKey === undefined ? {} : { primaryKey: keyOf(primaryKey) }) }
}

function keyOf(key: NonNullable<TableDefinition['primaryKey']>) {
  return 'columns' in key ? key : { columns: key }
}

/** Finds at the call what types cannot promise to a file that was never checked. */
function checkOperation(operation: Operation): void {
  if (operation.kind === 'execute') return needName(operation, operation.sql, 'an SQL text')
  const table = operation.kind === 'createTable' ? operation.table.name : operation.table
  needName(operation, table, 'the name of a table')
  if (operation.kind === 'createTable') {
    if (!Array.isArray(operation.table.columns) || operation.table.columns.length === 0) {
      throw invalid(operation, `table ${table} needs \`columns\``)
    }
    for (const column of operation.table.columns) checkColumn(operation, column)
  } else if (operation.kind === 'addColumn') {
    checkColumn(operation, operation.column)
  } else if ('column' in operation) {
    needName(operation, operation.column, 'the name of a column')
    if (operation.kind === 'alterColumn' && operation.change.type !== undefined) {
      checkType(operation, operation.column, operation.change.type)
    }
  }
  if ('to' in operation) needName(operation, operation.to, 'the new name')
}

function checkColumn(operation: Operation, column: Column): void {
  needName(operation, column?.name, 'the name of a column')
  checkType(operation, column.name, column.type)
}

function checkType(operation: Operation, column: string, type: unknown): void {
  const known: readonly unknown[] = neutralTypes
  if (known.includes(type)) return
  if (typeof type === 'object' && type !== null && 'sql' in type && typeof type.sql === 'string') return
  throw invalid(
    operation,
    `the type of column ${column} is ${JSON.stringify(type)}; it must be one of ${neutralTypes.join(', ')}, or { sql: '…' }`,
  )
}

function needName(operation: Operation, value: unknown, what: string): void {
  if (typeof value !== 'string' || value.trim() === '') throw invalid(operation, `${what} is missing`)
}

function invalid(operation: Operation, why: string): AludelError {
  return new AludelError('OPERATION_INVALID', `op.${operation.kind}: ${why}.`)
}
