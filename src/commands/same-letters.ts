/** Names that a database takes for the same, though their letters are cased otherwise. */
import type { Capabilities } from '../dialect.ts'
import { type Schema, type Table, tableNamed } from '../schema/schema.ts'

/**
 * Indexes, constraints, triggers and views under the names that the other side has for them. Nothing is to be done for it: nobody sees
 * their names in what a query gives, as those of tables and columns.
 */
export function inLettersOf(wanted: Schema, schema: Schema, caseless: Capabilities['caseless']): Schema {
  if (caseless !== 'all') return schema
  const tables = Object.values(wanted.tables)
  const targets = new Map(tables.map((table) => [table.name.toLowerCase(), table]))
  const views = Object.values(schema.views ?? {}).map(named(Object.values(wanted.views ?? {})))
  return {
    ...schema,
    tables: Object.fromEntries(
      Object.entries(schema.tables).map(([name, table]) => {
        const target = tableNamed(wanted, name) ?? targets.get(name.toLowerCase())
        return [name, target ? renamed(table, target) : table]
      }),
    ),
    ...(schema.views && { views: Object.fromEntries(views.map((view) => [view.name, view])) }),
  }
}

function renamed(table: Table, target: Table): Table {
  const keys = [...(target.uniques ?? []), ...(target.indexes ?? [])]
  const { uniques, indexes, foreignKeys, checks, triggers } = table
  return {
    ...table,
    ...(uniques && { uniques: uniques.map(named(keys)) }),
    ...(indexes && { indexes: indexes.map(named(keys)) }),
    ...(foreignKeys && { foreignKeys: foreignKeys.map(named(target.foreignKeys)) }),
    ...(checks && { checks: checks.map(named(target.checks)) }),
    ...(triggers && { triggers: triggers.map(named(target.triggers)) }),
  }
}

function named(
  wanted: readonly { readonly name?: string }[] = [],
): <T extends { readonly name?: string }>(each: T) => T {
  const names = new Map(
    wanted.flatMap(({ name }) => (name === undefined ? [] : [[name.toLowerCase(), name]])),
  )
  return (each) => {
    const name = each.name === undefined ? undefined : names.get(each.name.toLowerCase())
    return name === undefined ? each : { ...each, name }
  }
}
