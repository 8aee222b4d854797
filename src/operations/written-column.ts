import type { Column } from '../schema/schema.ts'

/** The same column, its properties in the order in which people read them. */
export function writtenColumn(column: Column): Partial<Column> {
  const { name, type, length, precision, scale, items, unsigned, nullable, default: value, ...rest } = column
  const first = { name, type, length, precision, scale, items, unsigned, nullable, default: value }
  // What is undefined is not written.
  return Object.fromEntries(Object.entries({ ...first, ...rest }))
}
