/** Mends SQL literals that MikroORM 7.2 writes without escaping: `default: "it's"`, an enum value `it's`. */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { Writing } from './writing.ts'

/**
 * Changes metadata in place, after discovery and before any SQL is made of it. A default that is a valid literal
 * as it stands stays: a user who doubled the quote has worked around it.
 */
export function fixLiterals(metadata: Iterable<EntityMetadata>, { backslashEscapes }: Writing): void {
  for (const { props } of metadata) {
    for (const prop of props) {
      fixDefault(prop, backslashEscapes)
      fixEnum(prop, backslashEscapes)
    }
  }
}

function fixDefault(prop: EntityProperty, backslashEscapes: boolean): void {
  const { default: value, defaultRaw } = prop
  if (typeof value !== 'string' || defaultRaw !== `'${value}'`) return
  if (!isEscaped(value, backslashEscapes)) prop.defaultRaw = quote(value, backslashEscapes)
}

function fixEnum(prop: EntityProperty, backslashEscapes: boolean): void {
  const items = prop.items?.map(String) ?? []
  if (prop.columnTypes?.[0] !== `enum('${items.join("','")}')`) return
  if (items.every((item) => isEscaped(item, backslashEscapes))) return
  prop.columnTypes = [`enum(${items.map((item) => quote(item, backslashEscapes)).join(',')})`]
}

function isEscaped(text: string, backslashEscapes: boolean): boolean {
  return (backslashEscapes ? /^(?:[^'\\]|''|\\.)*$/s : /^(?:[^']|'')*$/).test(text)
}

function quote(text: string, backslashEscapes: boolean): string {
  const escaped = backslashEscapes ? text.replaceAll('\\', '\\\\') : text
  return `'${escaped.replaceAll("'", "''")}'`
}
