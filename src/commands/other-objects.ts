/** What entities want and no operation stands for: compared by its name alone. */
import type { Operation } from '../operations/operation.ts'
import { type OtherMaking, type OtherObject, type Schema, tableNamed } from '../schema/schema.ts'
import { type Rename, newNames } from './rename.ts'

export function missingObjects(
  from: Schema,
  to: Schema,
  renames: readonly Rename[] = [],
): readonly OtherMaking[] {
  const there = new Set((from.others ?? []).map((object) => keyOf(moved(object, renames))))
  return (to.others ?? []).flatMap((object) => {
    const { making } = object
    return making && tableNamed(to, making.table) && !there.has(keyOf(object)) ? [making] : []
  })
}

export function creating(objects: readonly OtherMaking[]): readonly Operation[] {
  return objects.map(({ create }) => ({ kind: 'execute', sql: create }))
}

/**
 * The way back, but for what goes with its table.
 * @param before with its tables renamed
 */
export function dropping(objects: readonly OtherMaking[], before: Schema): readonly Operation[] {
  return objects
    .filter(({ table }) => tableNamed(before, table))
    .toReversed()
    .map(({ drop }) => ({ kind: 'execute', sql: drop }))
}

/** What the history made, with how the entities would make it. */
export function withMaking(schema: Schema, { others: wanted = [] }: Schema): Schema {
  if (!schema.others) return schema
  const known = new Map(wanted.map((object) => [keyOf(object), object]))
  return { ...schema, others: schema.others.map((object) => known.get(keyOf(object)) ?? object) }
}

/** It goes with its table when that is renamed. */
function moved({ kind, name }: OtherObject, renames: readonly Rename[]): OtherObject {
  const [, of = '', table = ''] = /^(.* on |)(.*)$/s.exec(name) ?? []
  return { kind, name: of + newNames(renames, table).table }
}

function keyOf({ kind, name }: OtherObject): string {
  return `${kind} ${name}`
}
