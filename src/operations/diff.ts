/** The operations that make one schema of another. Pure; both sides must be spelled alike (read back by the same `reflect`). */
import { isDeepStrictEqual } from 'node:util'
import {
  type Check,
  type Column,
  type ForeignKey,
  type Index,
  type Schema,
  type Table,
  type UniqueConstraint,
  tableNamed,
} from '../schema/schema.ts'
import { type ColumnProperty, columnChange, refTo } from './inverse.ts'
import type { Operation } from './operation.ts'

export interface DiffOptions {
  /** Foreign keys may name tables that are created later (DESIGN: capabilities.forwardReferences). */
  readonly forwardReferences: boolean
  /** The type of a column can change while a foreign key names it (DESIGN: capabilities.retypesKeys). */
  readonly retypesKeys: boolean
}

/**
 * Orders the changes so that each can be carried out: what refers goes before what it refers to goes, and comes after it.
 * A column, table or index is never taken for a renamed one.
 */
export function diff(from: Schema, to: Schema, options: DiffOptions): readonly Operation[] {
  const created = Object.values(to.tables).filter((table) => !tableNamed(from, table.name))
  const dropped = Object.values(from.tables).filter((table) => !tableNamed(to, table.name))
  const held = options.retypesKeys ? [] : retypedColumns(from, to)
  const changes = Object.values(to.tables).flatMap((table) => {
    const old = tableNamed(from, table.name)
    return old ? [compareTables(old, table, held)] : []
  })
  const creation = createTables(created, options)
  const removal = dropTables(dropped)
  return [
    ...changes.flatMap((change) => change.dropForeignKeys),
    ...removal.first,
    ...changes.flatMap((change) => change.drop),
    ...creation.tables,
    ...changes.flatMap((change) => change.columns),
    ...changes.flatMap((change) => change.create),
    ...creation.last,
    ...changes.flatMap((change) => change.createForeignKeys),
    ...removal.tables,
  ]
}

interface TableChange {
  readonly dropForeignKeys: readonly Operation[]
  readonly drop: readonly Operation[]
  readonly columns: readonly Operation[]
  readonly create: readonly Operation[]
  readonly createForeignKeys: readonly Operation[]
}

interface ColumnRef {
  readonly table: string
  readonly column: string
}

function retypedColumns(from: Schema, to: Schema): readonly ColumnRef[] {
  return Object.values(to.tables).flatMap(({ name: table, columns }) =>
    columns.flatMap((column) => {
      const was = tableNamed(from, table)?.columns.find(({ name }) => name === column.name)
      const isRetyped = was !== undefined && changedProperties(was, column).includes('type')
      return isRetyped ? [{ table, column: column.name }] : []
    }),
  )
}

/** A foreign key whose columns change their type goes before and comes back after, where the dialect needs that. */
function compareForeignKeys(old: Table, wanted: Table, held: readonly ColumnRef[]): Difference<ForeignKey> {
  const { gone, come } = compareLists<ForeignKey>(old.foreignKeys, wanted.foreignKeys)
  const isHeld = ({ columns, references }: ForeignKey): boolean =>
    held.some(
      ({ table, column }) =>
        (table === wanted.name && columns.includes(column)) ||
        (table === references.table && references.columns.includes(column)),
    )
  return {
    gone: old.foreignKeys?.filter((key) => gone.includes(key) || isHeld(key)) ?? [],
    come: wanted.foreignKeys?.filter((key) => come.includes(key) || isHeld(key)) ?? [],
  }
}

function compareTables(old: Table, wanted: Table, held: readonly ColumnRef[]): TableChange {
  const table = wanted.name
  const foreignKeys = compareForeignKeys(old, wanted, held)
  const uniques = compareLists<UniqueConstraint>(old.uniques, wanted.uniques)
  const checks = compareLists<Check>(old.checks, wanted.checks)
  const indexes = compareLists<Index>(old.indexes, wanted.indexes)
  const sameKey = isDeepStrictEqual(old.primaryKey?.columns, wanted.primaryKey?.columns)
  const createPrimaryKey: readonly Operation[] =
    sameKey || !wanted.primaryKey ? [] : [{ kind: 'createPrimaryKey', table, primaryKey: wanted.primaryKey }]
  const dropPrimaryKey: readonly Operation[] =
    sameKey || !old.primaryKey ? [] : [{ kind: 'dropConstraint', table, type: 'primary', ...old.primaryKey }]
  return {
    dropForeignKeys: foreignKeys.gone.map((key) => ({
      kind: 'dropConstraint',
      table,
      ...refTo('foreignKey', key),
    })),
    drop: [
      ...checks.gone.map((check): Operation => ({ kind: 'dropConstraint', table, ...refTo('check', check) })),
      ...uniques.gone.map((unique): Operation => ({
        kind: 'dropConstraint',
        table,
        ...refTo('unique', unique),
      })),
      ...indexes.gone.map((index): Operation => ({ kind: 'dropIndex', table, index: index.name })),
      ...dropPrimaryKey,
    ],
    columns: compareColumns(old, wanted),
    create: [
      ...createPrimaryKey,
      ...uniques.come.map((unique): Operation => ({ kind: 'createUniqueConstraint', table, unique })),
      ...indexes.come.map((index): Operation => ({ kind: 'createIndex', table, index })),
      ...checks.come.map((check): Operation => ({ kind: 'createCheckConstraint', table, check })),
    ],
    createForeignKeys: foreignKeys.come.map((foreignKey) => ({
      kind: 'createForeignKey',
      table,
      foreignKey,
    })),
  }
}

function compareColumns(old: Table, wanted: Table): readonly Operation[] {
  const table = wanted.name
  const before = new Map(old.columns.map((column) => [column.name, column]))
  const names = new Set(wanted.columns.map(({ name }) => name))
  const added = wanted.columns.filter(({ name }) => !before.has(name))
  const altered = wanted.columns.flatMap((column): Operation[] => {
    const was = before.get(column.name)
    const properties = was ? changedProperties(was, column) : []
    if (properties.length === 0) return []
    return [{ kind: 'alterColumn', table, column: column.name, change: columnChange(column, properties) }]
  })
  const dropped = old.columns.filter(({ name }) => !names.has(name))
  return [
    ...added.map((column): Operation => ({ kind: 'addColumn', table, column })),
    ...altered,
    ...dropped.map((column): Operation => ({ kind: 'dropColumn', table, column: column.name })),
  ]
}

/** Which parts of a column differ; `length` and its like count as the type. */
function changedProperties(old: Column, wanted: Column): readonly ColumnProperty[] {
  const typeOf = ({ type, length, precision, scale, items, unsigned }: Column): unknown[] => [
    type,
    length,
    precision,
    scale,
    items,
    unsigned || undefined,
  ]
  const differ = (property: Exclude<ColumnProperty, 'type'>): boolean =>
    !isDeepStrictEqual(old[property] || undefined, wanted[property] || undefined) ||
    // An empty string, zero and false are defaults; absent is none.
    (property === 'default' && (old.default === undefined) !== (wanted.default === undefined))
  const rest = (
    ['nullable', 'default', 'autoincrement', 'generated', 'collation', 'comment', 'extra'] as const
  ).filter(differ)
  return isDeepStrictEqual(typeOf(old), typeOf(wanted)) ? rest : ['type', ...rest]
}

interface Difference<T> {
  readonly gone: readonly T[]
  readonly come: readonly T[]
}

/** What has a name is the same only under that name; what has none, on either side, is the same when all else is. */
function compareLists<T extends { readonly name?: string }>(
  old: readonly T[] = [],
  wanted: readonly T[] = [],
): Difference<T> {
  const left = [...old]
  const come: T[] = []
  for (const each of wanted) {
    const at = left.findIndex((other) => isSame(other, each))
    if (at < 0) come.push(each)
    else left.splice(at, 1)
  }
  return { gone: left, come }
}

function isSame<T extends { readonly name?: string }>(a: T, b: T): boolean {
  if (a.name !== undefined && b.name !== undefined) return isDeepStrictEqual(a, b)
  const { name: _, ...one } = a
  const { name: __, ...other } = b
  return isDeepStrictEqual(one, other)
}

/** Each table after those that it refers to; foreign keys of a circle come last, unless a table may name a later one. */
function createTables(
  tables: readonly Table[],
  { forwardReferences }: DiffOptions,
): { readonly tables: readonly Operation[]; readonly last: readonly Operation[] } {
  const { sorted, late } = sortTables(tables)
  if (forwardReferences) {
    return { tables: sorted.map((table) => ({ kind: 'createTable', table: strip(table) })), last: [] }
  }
  return {
    tables: sorted.map((table) => ({ kind: 'createTable', table: strip(table, late) })),
    last: sorted.flatMap((table) =>
      (table.foreignKeys ?? [])
        .filter((key) => late.has(key))
        .map((foreignKey): Operation => ({ kind: 'createForeignKey', table: table.name, foreignKey })),
    ),
  }
}

function dropTables(tables: readonly Table[]): {
  readonly first: readonly Operation[]
  readonly tables: readonly Operation[]
} {
  const { sorted, late } = sortTables(tables)
  return {
    first: sorted.flatMap((table) =>
      (table.foreignKeys ?? [])
        .filter((key) => late.has(key))
        .map((key): Operation => ({
          kind: 'dropConstraint',
          table: table.name,
          ...refTo('foreignKey', key),
        })),
    ),
    tables: sorted.toReversed().map((table) => ({ kind: 'dropTable', table: table.name })),
  }
}

/** Referenced tables first, else in the order given; `late` are the foreign keys that name a table further on. */
function sortTables(tables: readonly Table[]): {
  readonly sorted: readonly Table[]
  readonly late: ReadonlySet<ForeignKey>
} {
  const byName = new Map(tables.map((table) => [table.name, table]))
  const sorted = new Set<Table>()
  const visiting = new Set<Table>()
  const visit = (table: Table): void => {
    if (sorted.has(table) || visiting.has(table)) return
    visiting.add(table)
    for (const { references } of table.foreignKeys ?? []) {
      const other = byName.get(references.table)
      if (other) visit(other)
    }
    sorted.add(table)
  }
  for (const table of tables) visit(table)
  const position = new Map([...sorted].map((table, at) => [table.name, at]))
  const late = [...sorted].flatMap((table, at) =>
    (table.foreignKeys ?? []).filter(({ references }) => (position.get(references.table) ?? -1) > at),
  )
  return { sorted: [...sorted], late: new Set(late) }
}

function strip({ source: _, foreignKeys, ...table }: Table, late?: ReadonlySet<ForeignKey>): Table {
  const kept = foreignKeys?.filter((key) => !late?.has(key)) ?? []
  return kept.length > 0 ? { ...table, foreignKeys: kept } : table
}
