/** A column as it stands in `create table` and after `add column`. */
import { AludelError } from '../../src/errors.ts'
import type { Column, DefaultValue } from '../../src/schema/schema.ts'
import { literal, quote } from './literal.ts'
import { quoteColumn, quoteName } from './quote-name.ts'
import { setSequence } from './sequence.ts'
import { serialType, type TypeOf } from './types.ts'

export function columnDefinition(column: Column, typeOf: TypeOf): string {
  const { name, collation, generated, extra, nullable, autoincrement } = column
  const type = autoincrement ? newSerial(column, typeOf) : typeOf(column)
  return [
    quote(name),
    type,
    collation === undefined ? '' : `collate ${quote(collation)}`,
    generated === undefined ? '' : generation(generated),
    autoincrement ? '' : (extra ?? ''),
    column.default === undefined || autoincrement ? '' : `default ${defaultText(column.default)}`,
    nullable ? '' : 'not null',
  ]
    .filter((part) => part !== '')
    .join(' ')
}

/** What the definition cannot say: comments, a serial column that may be null, and what its sequence does otherwise. */
export function columnSupplements(
  table: string,
  { name, comment, autoincrement, nullable, extra }: Column,
): readonly string[] {
  return [
    ...(autoincrement && extra !== undefined ? [setSequence(table, name, extra)] : []),
    ...(autoincrement && nullable
      ? [`alter table ${quoteName(table)} alter column ${quote(name)} drop not null`]
      : []),
    ...(comment === undefined ? [] : [columnComment(table, name, comment)]),
  ]
}

export function columnComment(table: string, column: string, comment: string | null): string {
  return `comment on column ${quoteColumn(table, column)} is ${literal(comment)}`
}

export function defaultText(value: DefaultValue): string {
  return typeof value === 'object' ? value.sql : literal(value)
}

/** The server's own text of an expression may or may not have its parentheses. */
function generation({ expression, stored }: NonNullable<Column['generated']>): string {
  return `generated always as (${expression}) ${stored ? 'stored' : 'virtual'}`
}

function newSerial(column: Column, typeOf: TypeOf): string {
  const type = typeOf(column)
  const serial = serialType(type)
  if (serial === undefined) {
    throw new AludelError(
      'NOT_SUPPORTED',
      `Column ${column.name} cannot auto-increment: its type is ${type}.`,
      {
        fix: 'Give it one of smallint, integer, bigint.',
      },
    )
  }
  return serial
}
