/** What a table is made of, one by one. */
import { mentions } from './mentions.ts'
import type { Check, Column, ForeignKey, Index, Table, Trigger, UniqueConstraint } from './schema.ts'

/** One without a name of its own has that of its columns: `a_b`. */
export type Part =
  | { readonly kind: 'column'; readonly name: string; readonly value: Column }
  | { readonly kind: 'index'; readonly name: string; readonly value: Index }
  | { readonly kind: 'unique'; readonly name: string; readonly value: UniqueConstraint }
  | { readonly kind: 'foreignKey'; readonly name: string; readonly value: ForeignKey }
  | { readonly kind: 'check'; readonly name: string; readonly value: Check }
  | { readonly kind: 'trigger'; readonly name: string; readonly value: Trigger }

/** All but the primary key, which is the table's own. */
export function partsOf(table: Table): readonly Part[] {
  return [
    ...table.columns.map((value): Part => ({ kind: 'column', name: value.name, value })),
    ...(table.uniques ?? []).map((value): Part => ({
      kind: 'unique',
      name: value.name ?? value.columns.join('_'),
      value,
    })),
    ...(table.indexes ?? []).map((value): Part => ({ kind: 'index', name: value.name, value })),
    ...(table.foreignKeys ?? []).map((value): Part => ({
      kind: 'foreignKey',
      name: value.name ?? value.columns.join('_'),
      value,
    })),
    ...(table.checks ?? []).map((value): Part => ({
      kind: 'check',
      name: value.name ?? value.column ?? 'check',
      value,
    })),
    ...(table.triggers ?? []).map((value): Part => ({ kind: 'trigger', name: value.name, value })),
  ]
}

export interface Parted {
  readonly table: Table
  /** What was taken from it. */
  readonly gone: readonly Part[]
}

/** The table with those parts alone that are kept. */
export function keepParts(table: Table, keeps: (part: Part) => boolean): Parted {
  const gone = partsOf(table).filter((part) => !keeps(part))
  if (gone.length === 0) return { table, gone }
  const values = new Set<unknown>(gone.map(({ value }) => value))
  const left = <T>(list: readonly T[]): readonly T[] => list.filter((value) => !values.has(value))
  const { source: _, uniques, indexes, foreignKeys, checks, triggers, ...rest } = table
  return {
    table: {
      ...rest,
      columns: left(table.columns),
      ...list('uniques', left(uniques ?? [])),
      ...list('indexes', left(indexes ?? [])),
      ...list('foreignKeys', left(foreignKeys ?? [])),
      ...list('checks', left(checks ?? [])),
      ...list('triggers', left(triggers ?? [])),
    },
    gone,
  }
}

/** Tells whether a part cannot be without the column. */
export function partUses({ kind, value }: Part, column: string): boolean {
  switch (kind) {
    case 'column':
      return false
    case 'unique':
      return value.columns.includes(column) || (value.include?.includes(column) ?? false)
    case 'foreignKey':
      return value.columns.includes(column)
    case 'index':
      return indexUses(value, column)
    case 'check':
      return (
        value.column === column ||
        (typeof value.expression === 'string' && mentions(value.expression, column))
      )
    case 'trigger':
      return value.columns?.includes(column) ?? false
  }
}

function indexUses({ columns, include, where }: Index, column: string): boolean {
  const isPart = columns.some((part) => {
    if (typeof part === 'string') return part === column
    return 'column' in part ? part.column === column : mentions(part.sql, column)
  })
  return isPart || (include?.includes(column) ?? false) || (where !== undefined && mentions(where, column))
}

/** Left out when it is empty, as everywhere in a schema. */
function list<K extends string, T>(key: K, values: readonly T[]): { readonly [P in K]?: readonly T[] } {
  const entry: { [P in K]?: readonly T[] } = {}
  if (values.length > 0) entry[key] = values
  return entry
}
