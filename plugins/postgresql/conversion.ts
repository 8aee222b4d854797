/** How values of one type become those of another. */
import type { DefaultValue } from '../../src/schema/schema.ts'
import { literal } from './literal.ts'
import { isText } from './types.ts'

type Family = keyof typeof families

/** Within a family PostgreSQL casts from each to each. */
const families = {
  integer: /^(?:smallint|int2|integer|int4?|bigint|int8)$/,
  number: /^(?:numeric|decimal|real|float[48]?|double precision)\b/,
  money: /^money$/,
  boolean: /^bool(?:ean)?$/,
  time: /^(?:date|time(?:stamp(?:tz)?|tz)?|interval)\b/,
  json: /^json$/,
  jsonb: /^jsonb$/,
  bits: /^(?:bit|varbit)\b/,
  network: /^(?:inet|cidr|macaddr8?)$/,
} as const

/** Beside text, which each type becomes and comes from. */
const casts: Readonly<Partial<Record<Family, readonly Family[]>>> = {
  integer: ['number', 'money', 'bits'],
  number: ['integer', 'money'],
  money: ['number'],
  json: ['jsonb'],
  jsonb: ['json', 'integer', 'number', 'boolean'],
  bits: ['integer'],
}

/**
 * What stands after `using`, and undefined where the server assigns by itself. Not to text: every type can be assigned to it, and a cast
 * would cut what is too long without a word.
 * @param from undefined where it is not known
 */
export function conversion(expression: string, from: string | undefined, to: string): string | undefined {
  if (isText(to)) return undefined
  if (from === undefined || isCast(from, to)) return `${expression}::${to}`
  const [old, wanted] = [familyOf(from), familyOf(to)]
  if (wanted === 'boolean' && (old === 'integer' || old === 'number')) return `${expression} <> 0`
  if (old === 'boolean' && (wanted === 'integer' || wanted === 'number')) return `${expression}::int::${to}`
  return `${expression}::${from.endsWith('[]') && to.endsWith('[]') ? 'text[]' : 'text'}::${to}`
}

/** Tells whether values change more than their size: then the server does not convert a default either, or keeps it in the old type's words. */
export function isOther(from: string, to: string): boolean {
  const [old, wanted] = [familyOf(from), familyOf(to)]
  if (base(from) === base(to) || (isText(from) && isText(to))) return false
  return old === undefined || old !== wanted
}

/** The same default as one of the new type: text in quotes is of any type. */
export function convertedDefault(value: DefaultValue, from: string, to: string): string {
  const sql = typeof value === 'object' ? value.sql : literal(value)
  const quoted = /^('(?:[^']|'')*')(?:::[^':]+)?$/.exec(sql)?.[1]
  if (quoted !== undefined) return quoted
  const wanted = familyOf(to)
  if (/^-?\d+(?:\.\d+)?$/.test(sql) && wanted !== 'boolean')
    return wanted === 'integer' || wanted === 'number' ? sql : `'${sql}'`
  return `(${conversion(`(${sql})`, from, to) ?? `(${sql})::text`})`
}

function isCast(from: string, to: string): boolean {
  if (isText(from) || base(from) === base(to)) return true
  if (from.endsWith('[]') && to.endsWith('[]')) return isCast(from.slice(0, -2), to.slice(0, -2))
  const [old, wanted] = [familyOf(from), familyOf(to)]
  if (old === undefined || wanted === undefined) return false
  // Of the integers only one.
  if (old === 'integer' && wanted === 'boolean') return /^int(?:eger|4)?$/i.test(from)
  if (old === 'boolean' && wanted === 'integer') return /^int(?:eger|4)?$/i.test(to)
  return old === wanted || (casts[old]?.includes(wanted) ?? false)
}

function familyOf(type: string): Family | undefined {
  const text = type.toLowerCase().trim()
  return familyNames.find((name) => families[name].test(text))
}

const familyNames: readonly Family[] = [
  'integer',
  'number',
  'money',
  'boolean',
  'time',
  'json',
  'jsonb',
  'bits',
  'network',
]

/** Without its size. */
function base(type: string): string {
  return type
    .toLowerCase()
    .replace(/\([^)]*\)/, '')
    .trim()
}
