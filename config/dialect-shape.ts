/** Tells a dialect from other values. */
import type { Dialect } from '../src/dialect.ts'

const functions = [
  'connect',
  'step',
  'holder',
  'reflect',
  'reads',
  'compile',
  'entities',
  'scratch',
  'quote',
  'literal',
  'placeholder',
  'rollsBack',
  'effect',
  'isLockTimeout',
  'blockers',
  'isMissingTable',
  'isDuplicateKey',
  'isTransient',
  'kysely',
] as const satisfies readonly (keyof Dialect)[]

export function isDialect(value: unknown): value is Dialect {
  return dialectLacks(value).length === 0
}

/** Names the members of the contract that a value has not; all of them when it is no object. */
export function dialectLacks(value: unknown): readonly string[] {
  const member = (name: keyof Dialect): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined
  return [
    ...(typeof member('name') === 'string' ? [] : ['name']),
    ...(Array.isArray(member('schemes')) ? [] : ['schemes']),
    ...(typeof member('capabilities') === 'object' ? [] : ['capabilities']),
    ...functions.filter((name) => typeof member(name) !== 'function'),
  ]
}
