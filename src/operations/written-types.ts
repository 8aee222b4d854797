import type { Column } from '../schema/schema.ts'
import type { Operation } from './operation.ts'

/** The types of columns that an operation writes. */
export function writtenTypes(operation: Operation): readonly Pick<Column, 'type'>[] {
  if (operation.kind === 'createTable') return operation.table.columns
  if (operation.kind === 'addColumn') return [operation.column]
  const type = operation.kind === 'alterColumn' ? operation.change.type : undefined
  return type === undefined ? [] : [{ type }]
}
