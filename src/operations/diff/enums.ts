/** Enum types. */
import { type EnumType, type Schema, enumNamed } from '../../schema/schema.ts'
import type { Operation } from '../operation.ts'

export interface EnumChanges {
  /** Before columns take new types and values. */
  readonly before: readonly Operation[]
  /** When no column has what goes any more. */
  readonly after: readonly Operation[]
}

/** Values come before columns use them, and go after no column does: by one change where there is but one of the two. */
export function compareEnums(from: Schema, to: Schema): EnumChanges {
  const wanted = Object.values(to.enums ?? {})
  const changes = wanted.map((type) => compareItems(enumNamed(from, type.name), type))
  const gone = Object.values(from.enums ?? {}).filter(({ name }) => !enumNamed(to, name))
  return {
    before: changes.flatMap(({ before }) => before),
    after: [
      ...changes.flatMap(({ after }) => after),
      ...gone.map(({ name }): Operation => ({ kind: 'dropEnum', name })),
    ],
  }
}

function compareItems(old: EnumType | undefined, { name, items }: EnumType): EnumChanges {
  if (!old) return { before: [{ kind: 'createEnum', name, items }], after: [] }
  const gone = old.items.filter((item) => !items.includes(item))
  const hasNew = items.some((item) => !old.items.includes(item))
  const isSame = old.items.length === items.length && items.every((item, at) => item === old.items[at])
  if (isSame) return { before: [], after: [] }
  const final: Operation = { kind: 'alterEnum', name, items }
  if (gone.length === 0) return { before: [final], after: [] }
  return {
    before: hasNew ? [{ kind: 'alterEnum', name, items: [...items, ...gone] }] : [],
    after: [final],
  }
}
