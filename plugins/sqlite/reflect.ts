/** Reads a database's schema: pragmas for what they tell, the create texts for the rest. */
import type { SchemaFilter, Session } from '../../src/dialect.ts'
import type { Schema, Table } from '../../src/schema/schema.ts'
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
import { neighbours } from './neighbours.ts'
import { checks, columns, foreignKeys, primaryKey } from './reflect-table.ts'
import { indexes, uniques } from './reflect-index.ts'
import { sorted } from './sorted.ts'

export async function reflect(session: Session, filter: SchemaFilter = {}): Promise<Schema> {
  const masters = await (filter.tables ? readMastersOf(session, filter.tables) : readMasters(session))
  const virtual = masters.filter(isVirtual)
  const shadows = virtual.length > 0 ? await readShadows(session) : new Set()
  const tables = masters.filter(
    (master) => master.type === 'table' && !isVirtual(master) && !shadows.has(master.name),
  )
  const others = [
    ...masters
      .filter(({ type }) => type === 'view' || type === 'trigger')
      .map(({ type, name }) => ({ kind: type, name })),
    ...virtual.map(({ name }) => ({ kind: 'virtual table', name })),
  ]
  const made = await reflectTables(session, tables, masters)
  return {
    tables: Object.fromEntries(made.map((table) => [table.name, table])),
    ...(others.length > 0 ? { others: sorted(others, ({ kind, name }) => `${name}\0${kind}`) } : {}),
  }
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
  const grouped = group(catalog)
  const parents = catalog.foreignKeys.filter(({ to }) => to === null).map(({ parent }) => parent)
  const keys =
    parents.length > 0 ? await readPrimaryKeys(session, parents) : new Map<string, readonly string[]>()
  const dependents = Map.groupBy(
    masters.filter(({ type, sql }) => sql !== null && (type === 'index' || type === 'trigger')),
    ({ tbl_name }) => tbl_name,
  )
  const triggers = masters.filter(({ type }) => type === 'trigger')
  const near = await neighbours(session, triggers)
  const made = tables.map((master): Table => {
    const { name } = master
    const create = parseCreate(master.sql ?? '')
    const columnRows = grouped.columns.get(name) ?? []
    const indexRows = grouped.indexes.get(name) ?? []
    const own = inOrder(dependents.get(name) ?? [])
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
      ...primaryKey(columnRows, create),
      ...uniques(indexRows, create, texts),
      ...indexes(indexRows, create, texts),
      ...foreignKeys(grouped.foreignKeys.get(name) ?? [], create, (parent) => keys.get(parent) ?? []),
      ...checks(create),
      source,
    }
  })
  return sorted(made, ({ name }) => name)
}

function group({ columns, indexes, foreignKeys }: Catalog) {
  const byTable = <T extends { readonly table: string }>(
    rows: readonly T[],
  ): ReadonlyMap<string, readonly T[]> => Map.groupBy(rows, ({ table }) => table)
  return {
    columns: byTable<ColumnRow>(columns),
    indexes: byTable<IndexRow>(indexes),
    foreignKeys: byTable<ForeignKeyRow>(foreignKeys),
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
