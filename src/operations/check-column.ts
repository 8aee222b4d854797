import { type Column, neutralTypes } from '../schema/schema.ts'
import { columnKeys } from './keys.ts'
import { type Told, invalid, needKeys, needName } from './needs.ts'

/** @throws {AludelError} OPERATION_INVALID */
export function checkColumn(operation: Told, column: Column): void {
  needName(operation, column?.name, 'the name of a column')
  needKeys(operation, column, columnKeys)
  checkType(operation, column.name, column.type)
}

/** @throws {AludelError} OPERATION_INVALID */
export function checkType(operation: Told, column: string, type: unknown): void {
  const known: readonly unknown[] = neutralTypes
  if (known.includes(type)) return
  if (typeof type === 'object' && type !== null && 'sql' in type && typeof type.sql === 'string') return
  throw invalid(
    operation,
    `the type of column ${column} is ${JSON.stringify(type)}; it must be one of ${neutralTypes.join(', ')}, or { sql: '…' }`,
  )
}
