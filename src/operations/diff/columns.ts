/** The columns of a table that is on both sides. */
import { isDeepStrictEqual } from 'node:util'
import { mentions } from '../../schema/mentions.ts'
import type { Column, Table } from '../../schema/schema.ts'
import type { ColumnChange } from '../alter-column/operation.ts'
import { type ColumnProperty, columnChange, columnProperties } from '../alter-column/column-change.ts'
import type { Operation } from '../operation.ts'
import { inOrder } from './in-order.ts'

/** @param typedExpressions a generated column whose expression and sources change is a plain one in between */
export function compareColumns(
  old: Table,
  wanted: Table,
  { typedExpressions }: { readonly typedExpressions: boolean },
): readonly Operation[] {
  const table = wanted.name
  const before = new Map(old.columns.map((column) => [column.name, column]))
  const names = new Set(wanted.columns.map(({ name }) => name))
  const changed = wanted.columns.flatMap((column) => {
    const was = before.get(column.name)
    const properties = was ? changedProperties(was, column) : []
    return was && properties.length > 0 ? [{ was, column, properties }] : []
  })
  const retyped = changed.filter(({ properties }) => properties.includes('type')).map(({ was }) => was)
  const alter = (column: Column, change: ColumnChange): Operation => {
    return { kind: 'alterColumn', table, column: column.name, change }
  }
  const steps = changed.map(({ was, column, properties }) =>
    typedExpressions && isPaused(was, column, retyped)
      ? pause(column, properties)
      : { before: undefined, after: columnChange(column, properties), column },
  )
  const added = inOrder(
    wanted.columns.filter(({ name }) => !before.has(name)),
    reads,
  )
  const gone = old.columns.filter(({ name }) => !names.has(name))
  const dropped = inOrder(gone.toReversed(), reads).toReversed()
  const add = (column: Column): Operation => ({ kind: 'addColumn', table, column })
  const drop = ({ name: column }: Column): Operation => ({ kind: 'dropColumn', table, column })
  return [
    ...dropped.filter((column) => readsAny(column, retyped)).map(drop),
    ...steps.flatMap(({ column, before: change }) => (change ? [alter(column, change)] : [])),
    ...added.filter((column) => !readsAny(column, retyped)).map(add),
    ...steps.map(({ column, after: change }) => alter(column, change)),
    ...added.filter((column) => readsAny(column, retyped)).map(add),
    ...dropped.filter((column) => !readsAny(column, retyped)).map(drop),
  ]
}

/** Tells whether a generated column's old expression or its new one does not fit what it reads all the time. */
function isPaused(was: Column, column: Column, retyped: readonly Column[]): boolean {
  const isOther = !isDeepStrictEqual(was.generated, column.generated)
  const isBoth = was.generated !== undefined && column.generated !== undefined
  return isOther && isBoth && (readsAny(was, retyped) || readsAny(column, retyped))
}

/** Its values are made again, so none of them needs to be one of the new type. */
function pause(column: Column, properties: readonly ColumnProperty[]) {
  const before: ColumnChange = { generated: null }
  if (!properties.includes('type')) return { column, before, after: columnChange(column, properties) }
  const rest = columnChange(
    column,
    properties.filter((property) => property !== 'type'),
  )
  return {
    column,
    before: { ...columnChange(column, ['type']), nullable: true, using: 'null', ...before },
    after: { ...rest, ...(column.nullable ? {} : { nullable: false }) },
  }
}

function readsAny(column: Column, columns: readonly Column[]): boolean {
  return columns.some((each) => reads(column, each))
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
