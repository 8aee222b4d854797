import type { Column } from '../../schema/schema.ts'
import { dropEmpty } from '../tidy.ts'
import type { ColumnChange } from './operation.ts'
import { resized } from './resized.ts'

/**
 * A column as a change leaves it.
 * @throws {AludelError} SHAPE_UNKNOWN when a type in the database's own words cannot take the new size
 */
export function alter(column: Column, { using: _, ...wanted }: ColumnChange): Column {
  const { length, precision, scale, items, unsigned, ...rest } = column
  if (wanted.type === undefined && typeof column.type === 'object') {
    const { length: __, precision: ___, scale: ____, items: _____, ...others } = wanted
    return dropEmpty<Column>({ ...column, ...others, type: resized(column.name, column.type, wanted) })
  }
  const kept = wanted.type === undefined ? column : rest
  return dropEmpty<Column>({ ...kept, ...wanted })
}
