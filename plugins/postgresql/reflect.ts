/** Makes plain data of what the catalog says. */
import type { SchemaFilter, Session } from '../../src/dialect.ts'
import { joinName } from '../../src/schema/name.ts'
import type { EnumType, Index, Schema, Table, Trigger, View } from '../../src/schema/schema.ts'
import { catalogQuery } from './catalog.ts'
import type { CatalogRow, ColumnRow, RelationRow, SchemaRow } from './catalog-rows.ts'
import { plainColumns } from './plain-columns.ts'
import { list, type Naming, readIndex, readParts } from './reflect-table.ts'
import { readTrigger } from './reflect-trigger.ts'
import { renameSchemas } from './rename-schemas.ts'

/**
 * Of the connection's current schema and of those that the filter names. What stands in another schema is named `schema.table`;
 * the search path stays without the schemas of the filter until the transaction ends.
 */
export async function reflect(session: Session, filter: SchemaFilter = {}): Promise<Schema> {
  const [catalog] = await session.query<CatalogRow>(catalogQuery(filter))
  const schemas = catalog?.schemas ?? []
  const naming: Naming = { nameOf: namesIn(schemas), renamed: renameSchemas(schemas) }
  const columns = Map.groupBy(catalog?.columns ?? [], ({ table }) => table)
  const constraints = Map.groupBy(catalog?.constraints ?? [], ({ table }) => table)
  const parts = Map.groupBy(catalog?.indexParts ?? [], ({ index }) => index)
  const indexes = Map.groupBy(catalog?.indexes ?? [], ({ table }) => table)
  const triggers = Map.groupBy(catalog?.triggers ?? [], ({ table }) => table)
  const relations = byName((catalog?.relations ?? []).map((row) => ({ ...row, name: naming.nameOf(row) })))
  const shared = ({ id }: RelationRow): Shared => ({
    ...list(
      'indexes',
      byName(indexes.get(id) ?? []).map((row) => readIndex(row, parts.get(row.id) ?? [], naming)),
    ),
    ...list(
      'triggers',
      byName(triggers.get(id) ?? []).map((row) => readTrigger(row, naming.renamed)),
    ),
  })
  const tables = relations
    .filter(({ definition }) => definition === null)
    .map((row) =>
      readTable(
        row,
        readParts(columns.get(row.id) ?? [], byName(constraints.get(row.id) ?? []), naming),
        shared(row),
        naming,
      ),
    )
  const views = relations
    .filter(({ definition }) => definition !== null)
    .map((row) => readView(row, columns.get(row.id) ?? [], shared(row), naming))
  const enums = byName(
    (catalog?.enums ?? []).map((row): EnumType => ({ name: naming.nameOf(row), items: row.items })),
  )
  const others = (catalog?.others ?? [])
    .map(({ kind, name }) => ({ kind, name: naming.renamed(name) }))
    .toSorted((a, b) => compare(a.kind, b.kind) || compare(a.name, b.name))
  const asked = new Set(filter.schemas?.map(({ name }) => name))
  return {
    tables: record(tables),
    ...(views.length > 0 ? { views: record(views) } : {}),
    ...(enums.length > 0 ? { enums: record(enums) } : {}),
    ...list(
      'schemas',
      schemas.flatMap(({ name }) => (name !== null && asked.has(name) ? [name] : [])).toSorted(compare),
    ),
    ...list('others', others),
  }
}

function namesIn(schemas: readonly SchemaRow[]): Naming['nameOf'] {
  const names = new Map(schemas.map(({ at, name }) => [at, name]))
  return ({ schema, name }) => {
    const called = names.get(schema)
    return joinName(called === null ? { name } : { schema: called ?? schema, name })
  }
}

interface Shared {
  readonly indexes?: readonly Index[]
  readonly triggers?: readonly Trigger[]
}

function readTable(
  row: RelationRow,
  { columns, primaryKey, uniques, foreignKeys, checks }: Omit<Table, 'name'>,
  { indexes, triggers }: Shared,
  { renamed }: Naming,
): Table {
  return {
    name: row.name,
    columns,
    ...(primaryKey ? { primaryKey } : {}),
    ...(uniques ? { uniques } : {}),
    ...(indexes ? { indexes } : {}),
    ...(foreignKeys ? { foreignKeys } : {}),
    ...(checks ? { checks } : {}),
    ...(triggers ? { triggers } : {}),
    ...(row.comment === null ? {} : { comment: row.comment }),
    ...list('options', (row.options ?? []).map(renamed).toSorted()),
  }
}

function readView(
  { name, kind, comment, options, definition }: RelationRow,
  columns: readonly ColumnRow[],
  shared: Shared,
  { renamed }: Naming,
): View {
  return {
    name,
    definition: plainColumns(renamed((definition ?? '').trim().replace(/;$/, ''))),
    ...(kind === 'm' ? { materialized: true } : {}),
    ...shared,
    ...(comment === null ? {} : { comment }),
    ...list('options', (options ?? []).toSorted()),
    ...list(
      'columns',
      columns.map((column) => ({ name: column.name, type: renamed(column.type) })),
    ),
  }
}

/** A table may be called as what every object has, `__proto__` too. */
function record<T extends { readonly name: string }>(values: readonly T[]): Readonly<Record<string, T>> {
  return Object.fromEntries(values.map((value) => [value.name, value]))
}

function byName<T extends { readonly name: string }>(rows: readonly T[]): readonly T[] {
  return rows.toSorted((a, b) => compare(a.name, b.name))
}

/** By code unit, whatever the server's collation. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
