import { tableNamed } from '../../schema/schema.ts'
import type { Definition } from '../definition.ts'
import { needName, needTable } from '../needs.ts'
import { knownTable, mapForeignKeys, unknownShape } from '../shape.ts'
import { without } from '../tidy.ts'

export const definition: Definition<'renameTable'> = {
  record: (table, to) => ({ table, to }),
  values: ({ table, to }) => [table, to],
  check: (operation) => {
    needTable(operation)
    needName(operation, operation.to, 'the new name')
  },
  apply: (schema, { table, to }) => {
    const { source: _, ...renamed } = { ...knownTable(schema, table), name: to }
    if (tableNamed(schema, to)) throw unknownShape(`Table ${to} is there already`)
    return mapForeignKeys({ ...schema, tables: { ...without(schema.tables, table), [to]: renamed } }, (key) =>
      key.references.table === table ? { ...key, references: { ...key.references, table: to } } : key,
    )
  },
  inverse: ({ table, to }) => [{ kind: 'renameTable', table: to, to: table }],
  object: ({ table }) => table,
  naming: ({ table, to }) => ({ renames: { table }, to }),
}
