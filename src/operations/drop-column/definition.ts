import type { Index } from '../../schema/schema.ts'
import type { Definition } from '../definition.ts'
import { columnBefore } from '../irreversible.ts'
import { needColumn } from '../needs.ts'
import { changeTable, knownColumn } from '../shape.ts'
import { tidy } from '../tidy.ts'

export const definition: Definition<'dropColumn'> = {
  record: (table, column) => ({ table, column }),
  values: ({ table, column }) => [table, column],
  check: needColumn,
  apply: (schema, { table, column }) =>
    changeTable(schema, table, (found) => {
      knownColumn(found, column)
      const uses = (columns: readonly string[]): boolean => columns.includes(column)
      return tidy({
        ...found,
        columns: found.columns.filter(({ name }) => name !== column),
        ...(found.primaryKey && uses(found.primaryKey.columns) ? { primaryKey: undefined } : {}),
        uniques: found.uniques?.filter(({ columns }) => !uses(columns)),
        indexes: found.indexes?.filter((index) => !uses(indexColumns(index))),
        foreignKeys: found.foreignKeys?.filter(({ columns }) => !uses(columns)),
        checks: found.checks?.filter((check) => check.column !== column),
      })
    }),
  inverse: ({ table, column }, before) => [
    { kind: 'addColumn', table, column: columnBefore(before, table, column) },
  ],
  object: ({ table, column }) => `${table}.${column}`,
  naming: ({ table, column }) => ({ drops: { table, column } }),
}

/** Names of the plain columns of an index, its `include` among them. */
function indexColumns(index: Index): readonly string[] {
  const parts = index.columns.flatMap((part) => {
    if (typeof part === 'string') return [part]
    return 'column' in part ? [part.column] : []
  })
  return [...parts, ...(index.include ?? [])]
}
