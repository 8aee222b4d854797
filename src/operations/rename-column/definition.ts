import type { Definition } from '../definition.ts'
import { needColumn, needName } from '../needs.ts'
import { changeTable, knownColumn, mapForeignKeys } from '../shape.ts'
import { renameInTable, swap } from './rename-in-table.ts'

export const definition: Definition<'renameColumn'> = {
  record: (table, column, to) => ({ table, column, to }),
  values: ({ table, column, to }) => [table, column, to],
  check: (operation) => {
    needColumn(operation)
    needName(operation, operation.to, 'the new name')
  },
  apply: (schema, { table, column, to }) => {
    const renamed = changeTable(schema, table, (found) => {
      knownColumn(found, column)
      return renameInTable(found, column, to)
    })
    return mapForeignKeys(renamed, (key) =>
      key.references.table === table
        ? { ...key, references: { table, columns: swap(key.references.columns, column, to) } }
        : key,
    )
  },
  inverse: ({ table, column, to }) => [{ kind: 'renameColumn', table, column: to, to: column }],
  object: ({ table, column }) => `${table}.${column}`,
  naming: ({ table, column, to }) => ({ renames: { table, column }, to }),
}
