/** The columns of a table that is on both sides. */
import { isDeepStrictEqual } from 'node:util'
import { mentions } from '../../schema/mentions.ts'
import type { Column, Table } from '../../schema/schema.ts'
import { type ColumnProperty, columnChange, columnProperties } from '../alter-column/column-change.ts'
import type { Operation } from '../operation.ts'
import { inOrder } from './in-order.ts'

export function compareColumns(old: Table, wanted: Table): readonly Operation[] {
  const table = wanted.name
  const before = new Map(old.columns.map((column) => [column.name, column]))
  const names = new Set(wanted.columns.map(({ name }) => name))
  const added = inOrder(
    wanted.columns.filter(({ name }) => !before.has(name)),
    reads,
  )
  const altered = wanted.columns.flatMap((column): Operation[] => {
    const was = before.get(column.name)
    const properties = was ? changedProperties(was, column) : []
    if (properties.length === 0) return []
    return [{ kind: 'alterColumn', table, column: column.name, change: columnChange(column, properties) }]
  })
  const gone = old.columns.filter(({ name }) => !names.has(name))
  const dropped = inOrder(gone.toReversed(), reads).toReversed()
  return [
    ...added.map((column): Operation => ({ kind: 'addColumn', table, column })),
    ...altered,
    ...dropped.map((column): Operation => ({ kind: 'dropColumn', table, column: column.name })),
  ]
}

/** A generated column cannot be there without those that it is made of. */
function reads({ generated }: Column, { name }: Column): boolean {
  return generated !== undefined && mentions(generated.expression, name)
}

/** Which parts of a column differ; `length` and its like count as the type. */
export function changedProperties(old: Column, wanted: Column): readonly ColumnProperty[] {
  const differInType =
    !ofType.every((property) => isSame(old[property], wanted[property])) ||
    (old.unsigned ?? false) !== (wanted.unsigned ?? false)
  const differ = (property: ColumnProperty): boolean =>
    !isSame(old[property] || undefined, wanted[property] || undefined) ||
    // An empty string, zero and false are defaults; absent is none.
    (property === 'default' && (old.default === undefined) !== (wanted.default === undefined))
  return columnProperties.filter((property) => (property === 'type' ? differInType : differ(property)))
}

const ofType = ['type', 'length', 'precision', 'scale', 'items'] as const

/** Nearly all are strings and numbers, and to compare those as data takes ten times as long. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || (typeof one === 'object' && isDeepStrictEqual(one, other))
}
