/** Before version 17 PostgreSQL cannot give a column another expression; another column takes its place. */
import { AludelError } from '../../src/errors.ts'
import { mentions } from '../../src/schema/mentions.ts'
import type { Column, Table } from '../../src/schema/schema.ts'
import { columnDefinition, columnSupplements } from './column.ts'
import { checkText, foreignKeyText, primaryKeyText, uniqueText } from './constraint.ts'
import { createIndex } from './create-index.ts'
import { quote } from './literal.ts'
import { quoteBeside, quoteName } from './quote-name.ts'
import type { TypeOf } from './types.ts'

/**
 * Drops the column and adds it again, as the last one. What holds it is taken off before and put on after:
 * PostgreSQL drops that with the column, without a word.
 */
export function replaceColumn(table: Table, old: Column, wanted: Column, typeOf: TypeOf): readonly string[] {
  const { off, on } = replacement(table, old, wanted, typeOf)
  return [...off, ...on]
}

/** Takes generated columns off while `change` is made beneath them, which PostgreSQL refuses otherwise. */
export function withoutColumns(
  generated: readonly (readonly [Table, Column])[],
  typeOf: TypeOf,
  change: readonly string[],
): readonly string[] {
  const replacements = generated.map(([table, column]) => replacement(table, column, column, typeOf))
  return [...replacements.flatMap(({ off }) => off), ...change, ...replacements.flatMap(({ on }) => on)]
}

/** The generated columns of a table that read one of these. */
export function readersOf(table: Table, read: readonly Column[]): readonly (readonly [Table, Column])[] {
  return table.columns
    .filter(({ generated }) => generated && read.some(({ name }) => mentions(generated.expression, name)))
    .map((column) => [table, column])
}

function replacement(table: Table, old: Column, wanted: Column, typeOf: TypeOf) {
  const { name } = old
  const constraints = [
    ...(table.primaryKey?.columns.includes(name)
      ? [{ of: table.primaryKey, text: primaryKeyText(table.primaryKey) }]
      : []),
    ...holding(table.uniques, name).map((of) => ({ of, text: uniqueText(of) })),
    ...holding(table.foreignKeys, name).map((of) => ({ of, text: foreignKeyText(of) })),
    ...(table.checks ?? [])
      .filter((check) => isNamedIn(check, name))
      .map((of) => ({ of, text: checkText(of) })),
  ]
  const indexes = (table.indexes ?? []).filter((index) => isNamedIn(index, name))
  const change = (action: string): string => `alter table ${quoteName(table.name)} ${action}`
  return {
    off: [
      ...constraints.map(({ of }) => change(`drop constraint ${quote(of.name ?? nameless(table, name))}`)),
      ...indexes.map((index) => `drop index ${quoteBeside(table.name, index.name)}`),
      change(`drop column ${quote(name)}`),
    ],
    on: [
      change(`add column ${columnDefinition(wanted, typeOf)}`),
      ...columnSupplements(table.name, wanted),
      ...constraints.map(({ text }) => change(`add ${text}`)),
      ...indexes.map((index) => createIndex(table.name, index)),
    ],
  }
}

function holding<T extends { readonly columns: readonly string[] }>(
  list: readonly T[] | undefined,
  column: string,
): readonly T[] {
  return list?.filter(({ columns }) => columns.includes(column)) ?? []
}

/** By its name anywhere in the data; once too often does no harm. */
function isNamedIn(object: object, column: string): boolean {
  const escaped = JSON.stringify(column)
    .slice(1, -1)
    .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\w$])${escaped}(?![\\w$])`, 'u').test(JSON.stringify(object))
}

function nameless(table: Table, column: string): never {
  throw new AludelError('SHAPE_UNKNOWN', `A constraint that holds ${table.name}.${column} has no name.`, {
    fix: 'Drop and create the constraint by name, before and after the column changes.',
  })
}
