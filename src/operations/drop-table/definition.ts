import type { Definition } from '../definition.ts'
import { createTriggers } from '../create-trigger/of-relation.ts'
import { tableBefore } from '../irreversible.ts'
import { needTable } from '../needs.ts'
import { knownTable } from '../shape.ts'
import { without } from '../tidy.ts'

export const definition: Definition<'dropTable'> = {
  record: (table) => ({ table }),
  values: ({ table }) => [table],
  check: needTable,
  apply: (schema, { table }) => {
    knownTable(schema, table)
    return { ...schema, tables: without(schema.tables, table) }
  },
  inverse: ({ table: name }, before) => {
    const { source: _, triggers, ...table } = tableBefore(before, name)
    return [{ kind: 'createTable', table }, ...createTriggers(name, triggers)]
  },
  object: ({ table }) => table,
  naming: ({ table }) => ({ drops: { table } }),
}
