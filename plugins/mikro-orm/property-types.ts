/** What the entities declare about the type of each column, which SQL may no longer show (SQLite has one kind of text). */
import type { EntityMetadata, EntityProperty } from '@mikro-orm/core'
import type { AbstractSqlPlatform } from '@mikro-orm/sql'
import { type Column, type NeutralType, neutralTypes } from '../../src/schema/schema.ts'

export type DeclaredType = Pick<Column, 'type' | 'length' | 'precision' | 'scale' | 'items'>

/** By table and column; several where several properties share a column, plain ones first. */
export type DeclaredTypes = (table: string, column: string) => readonly DeclaredType[]

/**
 * Takes notes of the metadata as discovery left it. To be called before a schema is made of it: that writes lengths
 * into the properties that nobody declared.
 * @param tableName in a `Schema`
 */
export function declaredTypes(
  metadata: readonly EntityMetadata[],
  platform: AbstractSqlPlatform,
  tableName: (meta: EntityMetadata) => string,
): DeclaredTypes {
  const notes = new Map<string, DeclaredType[]>()
  for (const meta of metadata) {
    const { props } = meta
    const table = tableName(meta)
    const isReference = (prop: EntityProperty): boolean => prop.kind !== 'scalar'
    for (const prop of props.toSorted((a, b) => Number(isReference(a)) - Number(isReference(b)))) {
      for (const column of prop.fieldNames ?? []) {
        const source = sourceOf(prop, column)
        const type = source && typeOf(source, platform)
        if (!type) continue
        const key = JSON.stringify([table, column])
        notes.set(key, [...(notes.get(key) ?? []), type])
      }
    }
  }
  return (table, column) => notes.get(JSON.stringify([table, column])) ?? []
}

/** The property that a column takes its type from: for a foreign key the one at its end, through any number of keys. */
function sourceOf(
  prop: EntityProperty,
  column: string,
  seen: readonly EntityProperty[] = [],
): EntityProperty | undefined {
  if (prop.kind !== 'm:1' && prop.kind !== '1:1') return prop
  // The first column of a polymorphic relation says which table is meant.
  const referenced =
    prop.referencedColumnNames?.[prop.fieldNames.indexOf(column) - (prop.polymorphic ? 1 : 0)]
  if (referenced === undefined || seen.includes(prop)) return undefined
  const target = prop.targetMeta?.props.find(({ fieldNames }) => fieldNames?.includes(referenced))
  return target && sourceOf(target, referenced, [...seen, prop])
}

function typeOf(prop: EntityProperty, platform: AbstractSqlPlatform): DeclaredType | undefined {
  const { items } = prop
  if (prop.nativeEnumName) return undefined
  if (prop.enum && items) {
    const texts = items.filter((item) => typeof item === 'string')
    return texts.length === items.length ? { type: 'enum', items: texts } : { type: 'tinyint' }
  }
  const mapped =
    prop.customType ?? platform.getMappedType(prop.type === 'Date' ? 'datetime' : prop.type || 'unknown')
  const type = neutralName(mapped)
  if (!type) return undefined
  return {
    type,
    ...(prop.length !== undefined && { length: prop.length }),
    ...(prop.precision !== undefined && { precision: prop.precision }),
    ...(prop.scale !== undefined && { scale: prop.scale }),
  }
}

/** MikroORM's mark on its own types; it holds also when CommonJS and ES modules have a copy of the code each. */
const ormType = Symbol.for('@mikro-orm/type')

/** Names MikroORM's own type, or the nearest one that a custom type extends. */
export function neutralName(mapped: object): NeutralType | undefined {
  for (
    let kind: unknown = mapped.constructor;
    typeof kind === 'function';
    kind = Object.getPrototypeOf(kind)
  ) {
    const name: unknown = Object.hasOwn(kind, ormType) ? Reflect.get(kind, ormType) : undefined
    if (name !== undefined) return name === 'uint8array' ? 'blob' : neutralTypes.find((type) => type === name)
  }
  return undefined
}
