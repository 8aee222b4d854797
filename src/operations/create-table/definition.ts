import { type Table, tableNamed } from '../../schema/schema.ts'
import { checkColumn } from '../check-column.ts'
import type { Definition } from '../definition.ts'
import { checkKeys, foreignKeyKeys, indexKeys, tableKeys, uniqueKeys } from '../keys.ts'
import { invalid, needKeys, needName } from '../needs.ts'
import { readKey, writtenKey } from '../primary-key.ts'
import { putTable, unknownShape } from '../shape.ts'
import { spellTable } from '../spelling.ts'
import { writtenColumn } from '../written-column.ts'

export const definition: Definition<'createTable'> = {
  record: (name, given) => {
    const { primaryKey, ...parts } = { ...given }
    return {
      table: { name, ...parts, ...(primaryKey === undefined ? {} : { primaryKey: readKey(primaryKey) }) },
    }
  },
  values: ({ table }) => [table.name, writtenTable(table)],
  check: (operation) => {
    const { table } = operation
    needName(operation, table.name, 'the name of a table')
    if (!Array.isArray(table.columns) || table.columns.length === 0)
      throw invalid(operation, `table ${table.name} needs \`columns\``)
    needKeys(operation, table, tableKeys)
    for (const column of table.columns) checkColumn(operation, column)
    for (const each of table.uniques ?? []) needKeys(operation, each, uniqueKeys)
    for (const each of table.indexes ?? []) needKeys(operation, each, indexKeys)
    for (const each of table.foreignKeys ?? []) needKeys(operation, each, foreignKeyKeys)
    for (const each of table.checks ?? []) needKeys(operation, each, checkKeys)
  },
  apply: (schema, { table }) => {
    if (tableNamed(schema, table.name)) throw unknownShape(`Table ${table.name} is there already`)
    return putTable(schema, table)
  },
  inverse: ({ table }) => [{ kind: 'dropTable', table: table.name }],
  object: ({ table }) => table.name,
  naming: ({ table }) => ({ makes: { table: table.name } }),
  spell: (operation, declared) => {
    const table = tableNamed(declared, operation.table.name)
    return table ? { ...operation, table: spellTable(operation.table, table) } : operation
  },
}

function writtenTable({ name: _, source: __, columns, primaryKey, ...parts }: Table) {
  return {
    columns: columns.map(writtenColumn),
    ...(primaryKey === undefined ? {} : { primaryKey: writtenKey(primaryKey) }),
    ...parts,
  }
}
