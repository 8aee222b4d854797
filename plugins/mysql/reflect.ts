/** What the database has, as plain data. */
import type { SchemaFilter, Session } from '../../src/dialect.ts'
import type { Schema, Table } from '../../src/schema/schema.ts'
import { type Catalog, readCatalog, type TableRow } from './catalog.ts'
import type { Name } from './name.ts'
import { readChecks } from './reflect-checks.ts'
import { readColumns } from './reflect-columns.ts'
import { readForeignKeys, readIndexes } from './reflect-keys.ts'
import { readTriggerOrder, readTriggers } from './reflect-triggers.ts'
import { readView } from './reflect-views.ts'
import { readOptions } from './table-options.ts'
import { compareTexts } from './texts.ts'

export async function reflect(name: Name, session: Session, filter?: SchemaFilter): Promise<Schema> {
  return schemaIn(name, await readCatalog(name, session, filter))
}

/** MariaDB's tables that keep their history are of a type of their own. */
const tableTypes = new Set(['BASE TABLE', 'SYSTEM VERSIONED'])
const otherTypes: Readonly<Record<string, string>> = { SEQUENCE: 'sequence' }

export function schemaIn(name: Name, catalog: Catalog): Schema {
  const group = groupCatalog(catalog)
  const tables = catalog.tables
    .filter(({ type }) => tableTypes.has(type))
    .map((row) => tableIn(name, row, group(row.table)))
    .sort((a, b) => compareTexts(a.name, b.name))
  const others = catalog.tables.flatMap(({ table, type }) => {
    const kind = otherTypes[type]
    return kind ? [{ kind, name: table }] : []
  })
  const seen = [...others, ...readTriggerOrder(catalog.triggers), ...catalog.others].sort(
    (a, b) => compareTexts(a.kind, b.kind) || compareTexts(a.name, b.name),
  )
  const views = catalog.views.map(readView).sort((a, b) => compareTexts(a.name, b.name))
  return {
    tables: Object.fromEntries(tables.map((table) => [table.name, table])),
    ...(views.length > 0 ? { views: Object.fromEntries(views.map((view) => [view.name, view])) } : {}),
    ...(seen.length > 0 ? { others: seen } : {}),
  }
}

type Rows = Omit<Catalog, 'tables' | 'views' | 'others'>

function tableIn(name: Name, row: TableRow, rows: Rows): Table {
  const { table, comment, collation } = row
  const { jsonColumns, checks } = readChecks(name, rows)
  const { primaryKey, uniques, indexes } = readIndexes(name, rows.indexes)
  const foreignKeys = readForeignKeys(rows)
  const triggers = readTriggers(rows.triggers)
  const lists = { uniques, indexes, foreignKeys, checks, triggers, options: readOptions(row) }
  const given = Object.entries(lists).filter(([, list]) => list.length > 0)
  return {
    name: table,
    columns: readColumns(name, rows.columns, { jsonColumns, collation }),
    ...(primaryKey ? { primaryKey } : {}),
    ...Object.fromEntries(given),
    ...(comment === '' ? {} : { comment }),
  }
}

/** Gives the rows of one table. */
function groupCatalog(catalog: Catalog): (table: string) => Rows {
  const columns = Map.groupBy(catalog.columns, ({ table }) => table)
  const indexes = Map.groupBy(catalog.indexes, ({ table }) => table)
  const keys = Map.groupBy(catalog.keys, ({ table }) => table)
  const rules = Map.groupBy(catalog.rules, ({ table }) => table)
  const checks = Map.groupBy(catalog.checks, ({ table }) => table)
  const triggers = Map.groupBy(catalog.triggers, ({ table }) => table)
  return (table) => ({
    columns: columns.get(table) ?? [],
    indexes: indexes.get(table) ?? [],
    keys: keys.get(table) ?? [],
    rules: rules.get(table) ?? [],
    checks: checks.get(table) ?? [],
    triggers: triggers.get(table) ?? [],
  })
}
