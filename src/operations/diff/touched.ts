/** What changes under views and triggers, whose texts may name it. */
import { mentions } from '../../schema/mentions.ts'
import { type Schema, enumNamed, tableNamed } from '../../schema/schema.ts'
import type { ColumnChange } from '../alter-column/operation.ts'
import type { Operation, OperationOf } from '../operation.ts'

/** A table or column that a database may not let change while a text names it. */
export interface Touched {
  readonly table: string
  /** Left out: the whole table. */
  readonly column?: string
}

/** Renamed, dropped, of another type or of another expression; under their names before. */
export function touched(operations: readonly Operation[], before: Schema): readonly Touched[] {
  return operations.flatMap((operation): readonly Touched[] => {
    if (operation.kind === 'renameTable' || operation.kind === 'dropTable')
      return [{ table: operation.table }]
    if (operation.kind === 'alterEnum')
      return isAddition(operation, before) ? [] : columnsOf(operation.name, before)
    const changes =
      operation.kind === 'renameColumn' ||
      operation.kind === 'dropColumn' ||
      (operation.kind === 'alterColumn' && isTypeOrExpression(operation.change))
    if (!changes) return []
    const { table, column } = operation
    return tableNamed(before, table) ? [{ table, column }] : []
  })
}

/** An expression is changed by a column that takes the place of the old one. */
function isTypeOrExpression({ type, generated }: ColumnChange): boolean {
  return type !== undefined || Boolean(generated)
}

/** Old values stay, in their order. */
function isAddition({ name, items }: OperationOf<'alterEnum'>, before: Schema): boolean {
  const old = enumNamed(before, name)?.items ?? []
  const kept = items.filter((item) => old.includes(item))
  return kept.length === old.length && kept.every((item, at) => item === old[at])
}

/** Columns of an enum type, or of lists of it. */
function columnsOf(type: string, { tables }: Schema): readonly Touched[] {
  return Object.values(tables).flatMap(({ name: table, columns }) =>
    columns.flatMap((column) =>
      typeof column.type === 'object' && namesObject(column.type.sql, type)
        ? [{ table, column: column.name }]
        : [],
    ),
  )
}

/** Tells whether a text may name it; `users` of `billing.users`. */
export function namesObject(text: string, table: string): boolean {
  return mentions(text, table.split(/(?<!\.)\.(?!\.)/).at(-1) ?? table)
}
