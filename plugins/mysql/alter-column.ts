/** Changes of a column: `modify` says everything of it again. */
import type { ColumnChange } from '../../src/operations/alter-column/operation.ts'
import type { OperationOf } from '../../src/operations/operation.ts'
import type { Column, Table } from '../../src/schema/schema.ts'
import { alterTable } from './alter-table.ts'
import { columnDefinition, defaultValue, isLiteral } from './column.ts'
import { indexDefinition, uniqueDefinition } from './constraints.ts'
import { quote } from './literal.ts'
import { columnIn, tableIn } from './lookup.ts'
import type { Name } from './name.ts'
import type { Shapes } from './replacement.ts'
import type { TypeWriter } from './types.ts'

interface Context extends Shapes {
  readonly typeOf: TypeWriter
}

export function alterColumn(
  { table, column, change }: OperationOf<'alterColumn'>,
  context: Context,
): readonly string[] {
  const { before, after, typeOf } = context
  const wanted = columnIn(tableIn(after, table), column)
  const alone = alterDefault(wanted, change, typeOf)
  if (alone !== undefined) return alterTable(table, alone)
  const old = columnIn(tableIn(before, table), column)
  const [from, to] = [computed(old), computed(wanted)]
  if (from === to || (from !== 'virtual' && to !== 'virtual')) return modify(table, column, context)
  if (to !== 'never') return replace(table, wanted, context)
  // Its values are kept: what is stored can become an ordinary column, what is not cannot.
  const { default: _, nullable: __, ...rest } = wanted
  const stored = { ...rest, ...(old.generated ? { generated: { ...old.generated, stored: true } } : {}) }
  return [...replace(table, stored, context), ...modify(table, column, context)]
}

export function modify(table: string, column: string, { after, typeOf }: Context): readonly string[] {
  const shape = tableIn(after, table)
  const { nullable = false, ...wanted } = columnIn(shape, column)
  // The server refuses to hear that a column of the key may be null.
  const isKey = shape.primaryKey?.columns.includes(column) ?? false
  const definition = columnDefinition({ ...wanted, nullable: nullable && !isKey }, shape.checks ?? [], typeOf)
  return alterTable(table, `modify ${definition}`)
}

/**
 * A virtual column becomes no other by `modify`, and none becomes virtual. In one statement its keys stay; of a longer text they would
 * hold only as much as of the old one.
 * @see https://dev.mysql.com/doc/refman/8.4/en/alter-table-generated-columns.html
 */
function replace(table: string, column: Column, { name, before, after, typeOf }: Context): readonly string[] {
  const shape = tableIn(after, table)
  const definition = columnDefinition(column, shape.checks ?? [], typeOf)
  const isRetyped = typeOf(columnIn(tableIn(before, table), column.name)) !== typeOf(column)
  return alterTable(
    table,
    `drop column ${quote(column.name)}`,
    `add ${definition} ${placeOf(shape, column)}`,
    ...(isRetyped ? renewedKeys(name, shape, column) : []),
  )
}

function renewedKeys(name: Name, { uniques = [], indexes = [] }: Table, column: Column): readonly string[] {
  const holds = ({ columns }: { readonly columns: readonly unknown[] }): boolean =>
    columns.includes(column.name)
  const keys = [
    ...uniques.filter(holds).map((unique) => [unique.name, uniqueDefinition(name, unique)] as const),
    ...indexes.filter(holds).map((index) => [index.name, indexDefinition(name, index)] as const),
  ]
  return keys.flatMap(([key, definition]) =>
    key === undefined ? [] : [`drop index ${quote(key)}`, `add ${definition}`],
  )
}

function placeOf({ columns }: Table, { name }: Column): string {
  const previous = columns[columns.findIndex((each) => each.name === name) - 1]
  return previous ? `after ${quote(previous.name)}` : 'first'
}

function computed({ generated }: Column): 'never' | 'stored' | 'virtual' {
  if (!generated) return 'never'
  return generated.stored ? 'stored' : 'virtual'
}

/** A change of the default alone needs no word of the rest, and no row to be written. */
function alterDefault(column: Column, change: ColumnChange, typeOf: TypeWriter): string | undefined {
  const names = Object.entries(change).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (names.join(' ') !== 'default' || column.generated) return undefined
  const alter = `alter column ${quote(column.name)}`
  // A column that may be null and has no default at all must be named in every insert.
  if (column.default === undefined)
    return column.nullable ? `${alter} set default null` : `${alter} drop default`
  const value = column.default
  // MySQL's current_timestamp here would be another default than in a definition.
  if (typeof value === 'object' && !isLiteral(value.sql)) return undefined
  return `${alter} set default ${defaultValue(value, typeOf(column))}`
}
