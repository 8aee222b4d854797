/** Reads a database's schema: pragmas for what they tell, the create texts for the rest. */
import type { SchemaFilter, Session } from '../../src/dialect.ts'
import type { Schema, Table, View } from '../../src/schema/schema.ts'
import {
  type Catalog,
  type ForeignKeyRow,
  type IndexRow,
  type ColumnRow,
  type Master,
  readCatalog,
  readMasters,
  readMastersOf,
  readPrimaryKeys,
  readShadows,
} from './catalog.ts'
import { parseCreate } from './create-text.ts'
import type { Names } from './expression.ts'
import { neighbours } from './neighbours.ts'
import { checks, columns, foreignKeys, primaryKey } from './reflect-table.ts'
import { indexes, uniques } from './reflect-index.ts'
import { sorted } from './sorted.ts'
import { parseTrigger } from './trigger-text.ts'
import { viewDefinition } from './view-text.ts'

export async function reflect(session: Session, filter: SchemaFilter = {}): Promise<Schema> {
  const masters = await (filter.tables ? readMastersOf(session, filter.tables) : readMasters(session))
  const virtual = masters.filter(isVirtual)
  const shadows = virtual.length > 0 ? await readShadows(session) : new Set()
  const tables = masters.filter(
    (master) => master.type === 'table' && !isVirtual(master) && !shadows.has(master.name),
  )
  const others = virtual.map(({ name }) => ({ kind: 'virtual table', name }))
  const made = await reflectTables(session, tables, masters)
  const views = reflectViews(masters)
  return {
    tables: Object.fromEntries(made.map((table) => [table.name, table])),
    ...(views.length > 0 ? { views: Object.fromEntries(views.map((view) => [view.name, view])) } : {}),
    ...(others.length > 0 ? { others: sorted(others, ({ kind, name }) => `${name}\0${kind}`) } : {}),
  }
}

/** SQLite does not look at a view before it is used, so that only its text is sure to be there. */
function reflectViews(masters: readonly Master[]): readonly View[] {
  const triggers = byTable(masters.filter(({ type }) => type === 'trigger'))
  const views = masters.filter(({ type }) => type === 'view')
  const made = views.map(({ name, sql }): View => ({
    name,
    definition: viewDefinition(sql ?? ''),
    ...triggersOf(triggers.get(name.toLowerCase()) ?? [], { table: name, columns: [] }),
  }))
  return sorted(made, ({ name }) => name)
}

function triggersOf(masters: readonly Master[], names: Names): Pick<Table, 'triggers'> {
  const found = masters
    .filter(({ type }) => type === 'trigger')
    .map(({ sql }) => parseTrigger(sql ?? '', names))
  return found.length > 0 ? { triggers: sorted(found, ({ name }) => name) } : {}
}

/** By the table's name in lower case: a trigger keeps it as its own text writes it. */
function byTable(masters: readonly Master[]): ReadonlyMap<string, readonly Master[]> {
  return Map.groupBy(masters, ({ tbl_name }) => tbl_name.toLowerCase())
}

async function reflectTables(
  session: Session,
  tables: readonly Master[],
  masters: readonly Master[],
): Promise<readonly Table[]> {
  const catalog = await readCatalog(
    session,
    tables.map(({ name }) => name),
  )
  const references = asNamed(catalog)
  const grouped = group({ ...catalog, foreignKeys: references })
  const parents = references.filter(({ to }) => to === null).map(({ parent }) => parent)
  const keys =
    parents.length > 0 ? await readPrimaryKeys(session, parents) : new Map<string, readonly string[]>()
  const dependents = byTable(
    masters.filter(({ type, sql }) => sql !== null && (type === 'index' || type === 'trigger')),
  )
  const triggers = masters.filter(({ type }) => type === 'trigger')
  const near = await neighbours(session, triggers)
  const made = tables.map((master): Table => {
    const { name } = master
    const create = parseCreate(master.sql ?? '')
    const columnRows = grouped.columns.get(name) ?? []
    const indexRows = grouped.indexes.get(name) ?? []
    const own = inOrder(dependents.get(name.toLowerCase()) ?? [])
    const texts = new Map(own.map((each) => [each.name, each.sql ?? '']))
    const around = near(own)
    const source = {
      table: master.sql ?? '',
      dependents: own.map(({ sql }) => sql ?? ''),
      ...(around.length > 0 ? { neighbours: around } : {}),
    }
    return {
      name,
      columns: columns(columnRows, create),
      ...primaryKey(columnRows, indexRows, create),
      ...uniques(indexRows, create, texts),
      ...indexes(indexRows, create, texts),
      ...foreignKeys(grouped.foreignKeys.get(name) ?? [], create, (parent) => keys.get(parent) ?? []),
      ...checks(create),
      ...triggersOf(own, { table: name, columns: columnRows.map((row) => row.name) }),
      ...(create.options.length > 0 ? { options: create.options } : {}),
      source,
    }
  })
  return sorted(made, ({ name }) => name)
}

/** A foreign key's text may write table and columns in other letters than their own texts do. */
function asNamed({ columns, foreignKeys }: Catalog): readonly ForeignKeyRow[] {
  const tables = new Map(columns.map(({ table }) => [table.toLowerCase(), table]))
  const names = new Map(columns.map(({ table, name }) => [`${table}.${name}`.toLowerCase(), name]))
  return foreignKeys.map((row) => ({
    ...row,
    parent: tables.get(row.parent.toLowerCase()) ?? row.parent,
    to: row.to === null ? null : (names.get(`${row.parent}.${row.to}`.toLowerCase()) ?? row.to),
  }))
}

function group({ columns, indexes, foreignKeys }: Catalog) {
  const grouped = <T extends { readonly table: string }>(
    rows: readonly T[],
  ): ReadonlyMap<string, readonly T[]> => Map.groupBy(rows, ({ table }) => table)
  return {
    columns: grouped<ColumnRow>(columns),
    indexes: grouped<IndexRow>(indexes),
    foreignKeys: grouped<ForeignKeyRow>(foreignKeys),
  }
}

/** Indexes before triggers; triggers fire by the order in which they were made. */
function inOrder(dependents: readonly Master[]): readonly Master[] {
  return [
    ...dependents.filter(({ type }) => type === 'index'),
    ...dependents.filter(({ type }) => type === 'trigger'),
  ]
}

function isVirtual({ type, sql }: Master): boolean {
  return type === 'table' && /^create\s+virtual\b/i.test(sql ?? '')
}
