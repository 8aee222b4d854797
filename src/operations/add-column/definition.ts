import { tableNamed } from '../../schema/schema.ts'
import { checkColumn } from '../check-column.ts'
import type { Definition } from '../definition.ts'
import { needTable } from '../needs.ts'
import { changeTable, unknownShape } from '../shape.ts'
import { spellColumn } from '../spelling.ts'
import { writtenColumn } from '../written-column.ts'

export const definition: Definition<'addColumn'> = {
  record: (table, column) => ({ table, column }),
  values: ({ table, column }) => [table, writtenColumn(column)],
  check: (operation) => {
    needTable(operation)
    checkColumn(operation, operation.column)
  },
  apply: (schema, { table, column }) =>
    changeTable(schema, table, (found) => {
      if (found.columns.some(({ name }) => name === column.name)) {
        throw unknownShape(`Column ${table}.${column.name} is there already`)
      }
      return { ...found, columns: [...found.columns, column] }
    }),
  inverse: ({ table, column }) => [{ kind: 'dropColumn', table, column: column.name }],
  object: ({ table, column }) => `${table}.${column.name}`,
  naming: ({ table, column }) => ({ makes: { table, column: column.name } }),
  spell: (operation, declared) => {
    const table = tableNamed(declared, operation.table)
    return table ? { ...operation, column: spellColumn(operation.column, table) } : operation
  },
}
