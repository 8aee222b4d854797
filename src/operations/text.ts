/** Operations as the TypeScript that a person would write. */
import type { Column, Table } from '../schema/schema.ts'
import type { Operation, OperationKind, OperationOf } from './operation.ts'

const width = 110

/**
 * One call of `op`, without indentation at its start.
 * @param indent how far the call will stand in, in spaces; lines that would pass column 110 are broken
 */
export function operationText(operation: Operation, indent = 2): string {
  return callText(`op.${operation.kind}`, argumentsOf(operation), indent)
}

/** What the call of `op` that records it is given. */
export function argumentsOf(operation: Operation): readonly unknown[] {
  // The table of functions is indexed by the operation's own kind.
  const list = args[operation.kind] as (operation: Operation) => readonly unknown[]
  return list(operation)
}

/** Whether a value of unknown origin is of a kind that there is; what it holds is checked when it is recorded. */
export function isOperation(value: unknown): value is Operation {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && Object.hasOwn(args, String(value.kind))
  )
}

const args: { [K in OperationKind]: (operation: OperationOf<K>) => readonly unknown[] } = {
  createTable: ({ table }) => [table.name, tableDefinition(table)],
  dropTable: ({ table }) => [table],
  renameTable: ({ table, to }) => [table, to],
  addColumn: ({ table, column }) => [table, columnDefinition(column)],
  dropColumn: ({ table, column }) => [table, column],
  alterColumn: ({ table, column, change }) => [table, column, change],
  renameColumn: ({ table, column, to }) => [table, column, to],
  createIndex: ({ table, index, concurrently }) => [
    table,
    concurrently === undefined ? index : { ...index, concurrently },
  ],
  dropIndex: ({ table, index, concurrently }) =>
    concurrently === undefined ? [table, index] : [table, index, { concurrently }],
  createPrimaryKey: ({ table, primaryKey }) => [
    table,
    primaryKey.name === undefined ? primaryKey.columns : primaryKey,
  ],
  createUniqueConstraint: ({ table, unique }) => [table, unique],
  createForeignKey: ({ table, foreignKey }) => [table, foreignKey],
  createCheckConstraint: ({ table, check }) => [table, check],
  dropConstraint: ({ kind: _, table, ...constraint }) => [table, constraint],
  execute: ({ sql }) => [sql],
}

function tableDefinition({ name: _, source: __, columns, primaryKey, ...parts }: Table) {
  return {
    columns: columns.map(columnDefinition),
    ...(primaryKey === undefined
      ? {}
      : { primaryKey: primaryKey.name === undefined ? primaryKey.columns : primaryKey }),
    ...parts,
  }
}

/** The order in which people read a column. */
function columnDefinition(column: Column) {
  const { name, type, length, precision, scale, items, unsigned, nullable, default: value, ...rest } = column
  const first = { name, type, length, precision, scale, items, unsigned, nullable, default: value }
  return { ...first, ...rest }
}

function callText(name: string, values: readonly unknown[], indent: number): string {
  const flat = `${name}(${values.map((value) => inline(value)).join(', ')})`
  const last = values.at(-1)
  const rows = typeof last === 'object' && last !== null && Object.values(last).some(isRows)
  if (indent + flat.length <= width && !rows) return flat
  const head = values.slice(0, -1).map((value) => inline(value))
  if (typeof last !== 'object' || last === null) {
    const inner = ' '.repeat(indent + 2)
    return `${name}(\n${values.map((value) => `${inner}${inline(value)},\n`).join('')}${' '.repeat(indent)})`
  }
  return `${name}(${[...head, broken(last, indent)].join(', ')})`
}

/** A value on as few lines as its width allows. */
function fit(value: unknown, indent: number, taken: number): string {
  const flat = inline(value)
  return indent + taken + flat.length < width || typeof value !== 'object' || value === null
    ? flat
    : broken(value, indent)
}

function broken(value: object, indent: number): string {
  const inner = ' '.repeat(indent + 2)
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${fit(item, indent + 2, 1)},\n`)
    : entries(value).map(([key, item]) => {
        const name = keyText(key)
        const text = isRows(item) ? broken(item, indent + 2) : fit(item, indent + 2, name.length + 3)
        return `${inner}${name}: ${text},\n`
      })
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}']
  return `${open}\n${lines.join('')}${' '.repeat(indent)}${close}`
}

/** Several objects of several properties are written one a line, as formatters do. */
function isRows(value: unknown): value is readonly object[] {
  return (
    Array.isArray(value) &&
    value.length > 1 &&
    value.every((item) => typeof item === 'object' && item !== null && entries(item).length > 1)
  )
}

function inline(value: unknown): string {
  if (typeof value === 'string') return stringText(value)
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const parts = entries(value).map(([key, item]) => `${keyText(key)}: ${inline(item)}`)
  return parts.length === 0 ? '{}' : `{ ${parts.join(', ')} }`
}

function entries(value: object): readonly [string, unknown][] {
  return Object.entries(value).filter(([, item]) => item !== undefined)
}

function keyText(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? key : stringText(key)
}

/** A string literal, in the quotes that need fewer escapes; it reads back as exactly this text. */
export function stringText(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'"
  let written = ''
  for (const character of text)
    written += character === quote ? `\\${quote}` : (escapes[character] ?? plain(character))
  return `${quote}${written}${quote}`
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' }

/** Control characters, line separators, direction marks and lone surrogates are written as codes: they cannot hide. */
function plain(character: string): string {
  return /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF]/u.test(character)
    ? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
    : character
}
