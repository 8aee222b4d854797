/** Finds at the call what types cannot promise to a file that was never checked. */
import { AludelError } from '../errors.ts'
import {
  type Check,
  type Column,
  type ForeignKey,
  type Index,
  type PrimaryKey,
  type Table,
  type UniqueConstraint,
  neutralTypes,
} from '../schema/schema.ts'
import type {
  ColumnChange,
  Concurrently,
  ConstraintRef,
  Operation,
  OperationKind,
  OperationOf,
} from './operation.ts'

/** @throws {AludelError} OPERATION_INVALID */
export function checkOperation(operation: Operation): void {
  if (operation.kind === 'execute') return needName(operation, operation.sql, 'an SQL text')
  needName(
    operation,
    operation.kind === 'createTable' ? operation.table.name : operation.table,
    'the name of a table',
  )
  if ('column' in operation && operation.kind !== 'addColumn')
    needName(operation, operation.column, 'the name of a column')
  // The table of functions is indexed by the operation's own kind.
  const check = checks[operation.kind] as ((operation: Operation) => void) | undefined
  check?.(operation)
  if ('to' in operation) needName(operation, operation.to, 'the new name')
}

const checks: { [K in OperationKind]?: (operation: OperationOf<K>) => void } = {
  createTable: (operation) => {
    const { table } = operation
    if (!Array.isArray(table.columns) || table.columns.length === 0)
      throw invalid(operation, `table ${table.name} needs \`columns\``)
    needKeys(operation, table, tableKeys)
    for (const column of table.columns) checkColumn(operation, column)
    for (const each of table.uniques ?? []) needKeys(operation, each, uniqueKeys)
    for (const each of table.indexes ?? []) needKeys(operation, each, indexKeys)
    for (const each of table.foreignKeys ?? []) needKeys(operation, each, foreignKeyKeys)
    for (const each of table.checks ?? []) needKeys(operation, each, checkKeys)
  },
  addColumn: (operation) => checkColumn(operation, operation.column),
  alterColumn: (operation) => {
    const { column, change } = operation
    needKeys(operation, change, changeKeys)
    if (change.type !== undefined) checkType(operation, column, change.type)
  },
  createIndex: (operation) => {
    needKeys(operation, operation.index, indexKeys)
    checkConcurrently(operation)
  },
  dropIndex: checkConcurrently,
  createPrimaryKey: (operation) => needKeys(operation, operation.primaryKey, primaryKeyKeys),
  createUniqueConstraint: (operation) => needKeys(operation, operation.unique, uniqueKeys),
  createForeignKey: (operation) => needKeys(operation, operation.foreignKey, foreignKeyKeys),
  createCheckConstraint: (operation) => needKeys(operation, operation.check, checkKeys),
  dropConstraint: (operation) => {
    const { kind: _, table: __, ...ref } = operation
    needKeys(operation, ref, refKeys)
  },
}

/** All keys of a type, each as true, so that none is forgotten. */
type Keys<T> = Record<keyof T, true>

const tableKeys: Keys<Table> = {
  ...{ name: true, columns: true, primaryKey: true, uniques: true, indexes: true, foreignKeys: true },
  ...{ checks: true, comment: true, source: true },
}
const columnKeys: Keys<Column> = {
  ...{ name: true, type: true, length: true, precision: true, scale: true, items: true, unsigned: true },
  ...{ nullable: true, default: true, autoincrement: true, generated: true, collation: true },
  ...{ comment: true, extra: true },
}
const { name: _, ...sharedKeys } = columnKeys
const changeKeys: Keys<ColumnChange> = { ...sharedKeys, using: true }
const primaryKeyKeys: Keys<PrimaryKey> = { name: true, columns: true }
const uniqueKeys: Keys<UniqueConstraint> = { name: true, columns: true, deferrable: true }
const indexKeys: Keys<Index> = {
  ...{ name: true, columns: true, unique: true, where: true, method: true, include: true },
}
const concurrentlyKeys: Keys<Concurrently> = { concurrently: true }
const foreignKeyKeys: Keys<ForeignKey> = {
  ...{ name: true, columns: true, references: true, onDelete: true, onUpdate: true, deferrable: true },
}
const checkKeys: Keys<Check> = { name: true, column: true, expression: true }
const refKeys: Keys<ConstraintRef> = { type: true, name: true, columns: true, expression: true }

function needKeys(operation: Operation, value: unknown, keys: Readonly<Record<string, true>>): void {
  if (typeof value !== 'object' || value === null)
    throw invalid(operation, 'what it is to make or change is missing')
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(keys, key))
  if (unknown.length === 0) return
  const named = unknown.map((key) => `\`${key}\``).join(', ')
  throw invalid(
    operation,
    `${named} is unknown here (there are ${Object.keys(keys)
      .filter((key) => key !== 'source')
      .join(', ')})`,
  )
}

function checkConcurrently(operation: OperationOf<'createIndex' | 'dropIndex'>): void {
  const { kind: _, table: __, index: ___, ...how } = operation
  needKeys(operation, how, concurrentlyKeys)
  const { concurrently } = operation
  if (concurrently !== undefined && typeof concurrently !== 'boolean')
    throw invalid(operation, '`concurrently` must be true or false')
}

function checkColumn(operation: Operation, column: Column): void {
  needName(operation, column?.name, 'the name of a column')
  needKeys(operation, column, columnKeys)
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
