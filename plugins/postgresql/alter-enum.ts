/** Changes of an enum type's values: in place where that can be, else by a type that takes its place. */
import type { Operation, OperationOf } from '../../src/operations/operation.ts'
import { splitName } from '../../src/schema/name.ts'
import { mentions } from '../../src/schema/mentions.ts'
import { type Column, type Schema, type Table, enumNamed } from '../../src/schema/schema.ts'
import { literal } from './literal.ts'
import { quoteName } from './quote-name.ts'
import { rebuildEnum } from './rebuild-enum.ts'
import { readersOf, withoutColumns } from './replace-column.ts'
import type { TypeOf } from './types.ts'

interface Coming {
  /** In the same revision. */
  readonly later: readonly Operation[]
  /** And then comes what nobody knows. */
  readonly followed: boolean
  readonly typeOf: TypeOf
}

/** @param shape what is known of what was there before */
export function alterEnum(
  { name, items, renamed = {} }: OperationOf<'alterEnum'>,
  shape: Schema,
  { later, followed, typeOf }: Coming,
): readonly string[] {
  const found = enumNamed(shape, name)
  const rebuilt = (): readonly string[] =>
    withoutColumns(generatedOf(shape, name), typeOf, [rebuildEnum(quoteName(name), items)])
  const renames = renameValues(name, renamed)
  const old = found?.items.map((item) => (Object.hasOwn(renamed, item) ? (renamed[item] ?? item) : item))
  if (!old || !isAddition(old, items)) return [...renames, ...rebuilt()]
  const added = items.filter((item) => !old.includes(item))
  const isUsed = followed || added.some((item) => later.some((operation) => mayUse(operation, name, item)))
  return [...renames, ...(isUsed ? rebuilt() : addValues(name, items, old))]
}

/** Generated columns that are of the type, or read one that is. */
function generatedOf({ tables }: Schema, type: string): readonly (readonly [Table, Column])[] {
  const isOfType = ({ type: own }: Column): boolean =>
    typeof own === 'object' && mentions(own.sql, splitName(type).name)
  return Object.values(tables).flatMap((table) => {
    const columns = table.columns.filter(isOfType)
    const readers = readersOf(table, columns)
    const own = columns.filter((column) => column.generated && !readers.some(([, other]) => other === column))
    return [...readers, ...own.map((column) => [table, column] as const)]
  })
}

/** One after the other; where two trade their names, one of them has another in between. */
function renameValues(type: string, renamed: Readonly<Record<string, string>>): readonly string[] {
  const waiting = new Map(Object.entries(renamed).filter(([from, to]) => from !== to))
  const statements: string[] = []
  const rename = (from: string, to: string): void => {
    statements.push(`alter type ${quoteName(type)} rename value ${literal(from)} to ${literal(to)}`)
  }
  while (waiting.size > 0) {
    const [free] = [...waiting].filter(([, to]) => !waiting.has(to))
    const [from, to] = free ?? [...waiting][0] ?? ['', '']
    waiting.delete(from)
    if (free) rename(from, to)
    else {
      const between = `aludel_renamed_${statements.length}`
      rename(from, between)
      waiting.set(between, to)
    }
  }
  return statements
}

/** All that was there stays, in the same order. */
function isAddition(old: readonly string[], items: readonly string[]): boolean {
  const kept = items.filter((item) => old.includes(item))
  return kept.length === old.length && kept.every((item, at) => item === old[at])
}

function addValues(type: string, items: readonly string[], old: readonly string[]): readonly string[] {
  return items.flatMap((item, at) => {
    if (old.includes(item)) return []
    const [before, after] = [items[at - 1], old[0]]
    const place =
      before !== undefined
        ? ` after ${literal(before)}`
        : after !== undefined
          ? ` before ${literal(after)}`
          : ''
    return [`alter type ${quoteName(type)} add value ${literal(item)}${place}`]
  })
}

/**
 * Whether it could need a value that the server gives to nobody before the transaction ends that adds it. A conversion to the type
 * finds it in rows; a later change of the type itself does not need it.
 */
function mayUse(operation: Operation, type: string, item: string): boolean {
  if (operation.kind === 'alterEnum' && operation.name === type) return false
  const texts = textsIn(operation)
  const names = (name: string): boolean => texts.some((text) => isWordIn(name, text))
  const converts = operation.kind === 'alterColumn' || operation.kind === 'execute'
  return names(item) || (converts && names(splitName(type).name))
}

/** What may be a value or hold one; what a row holds is under the name of a column, which may be any word. */
function textsIn(value: unknown, key = ''): readonly string[] {
  if (typeof value === 'string') return naming.has(key) ? [] : [value]
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((each) => textsIn(each, key))
  return Object.entries(value).flatMap(([name, each]) => textsIn(each, key === 'rows' ? '' : name))
}

const naming: ReadonlySet<string> = new Set(['kind', 'table', 'column', 'name', 'columns'])

function isWordIn(word: string, text: string): boolean {
  const escaped = word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll("'", "''?")
  return new RegExp(`(?<![\\p{L}\\p{N}_])${escaped}(?![\\p{L}\\p{N}_])`, 'u').test(text)
}
