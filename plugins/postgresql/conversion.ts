/** How values of one type become those of another. */
import type { DefaultValue } from '../../src/schema/schema.ts'
import { literal } from './literal.ts'
import { isText } from './types.ts'

type Kind = keyof typeof kinds

const kinds = {
  smallint: /^(?:smallint|int2)$/,
  integer: /^int(?:eger|4)?$/,
  bigint: /^(?:bigint|int8)$/,
  numeric: /^(?:numeric|decimal)$/,
  float: /^(?:real|float[48]?|double precision)$/,
  money: /^money$/,
  boolean: /^bool(?:ean)?$/,
  date: /^date$/,
  timestamp: /^timestamp(?: without time zone)?$/,
  timestamptz: /^timestamp(?:tz| with time zone)$/,
  time: /^time(?: without time zone)?$/,
  timetz: /^time(?:tz| with time zone)$/,
  interval: /^interval\b/,
  json: /^json$/,
  jsonb: /^jsonb$/,
  bit: /^bit$/,
  varbit: /^(?:varbit|bit varying)$/,
  inet: /^inet$/,
  cidr: /^cidr$/,
  macaddr: /^macaddr$/,
  macaddr8: /^macaddr8$/,
} as const

const numbers = ['smallint', 'integer', 'bigint', 'numeric', 'float'] as const

/** Of pg_cast, beside text, which each type becomes and comes from, and the type itself. */
const casts: Readonly<Record<Kind, readonly Kind[]>> = {
  smallint: numbers,
  integer: [...numbers, 'money', 'bit', 'boolean'],
  bigint: [...numbers, 'money', 'bit'],
  numeric: [...numbers, 'money'],
  float: numbers,
  money: ['numeric'],
  boolean: ['integer'],
  date: ['timestamp', 'timestamptz'],
  timestamp: ['date', 'time', 'timestamptz'],
  timestamptz: ['date', 'time', 'timetz', 'timestamp'],
  time: ['timetz', 'interval'],
  timetz: ['time'],
  interval: ['time'],
  json: ['jsonb'],
  jsonb: ['json', ...numbers, 'boolean'],
  bit: ['varbit', 'integer', 'bigint'],
  varbit: ['bit'],
  inet: ['cidr'],
  cidr: ['inet'],
  macaddr: ['macaddr8'],
  macaddr8: ['macaddr'],
}

/** Within one of these a default stays what it is. */
const families: readonly (readonly Kind[])[] = [
  ['smallint', 'integer', 'bigint'],
  ['numeric', 'float'],
  ['timestamp', 'timestamptz'],
  ['bit', 'varbit'],
  ['inet', 'cidr'],
  ['macaddr', 'macaddr8'],
]

/**
 * What stands after `using`, and undefined where the server assigns by itself. Not to text: every type can be assigned to it, and a cast
 * would cut what is too long without a word.
 * @param from undefined where it is not known
 */
export function conversion(expression: string, from: string | undefined, to: string): string | undefined {
  if (isText(to)) return undefined
  if (from === undefined || isCast(from, to)) return `${expression}::${to}`
  if (kindOf(to) === 'boolean' && isNumber(from)) return `${expression} <> 0`
  if (kindOf(from) === 'boolean' && isNumber(to)) return `${expression}::int::${to}`
  return `${expression}::${from.endsWith('[]') && to.endsWith('[]') ? 'text[]' : 'text'}::${to}`
}

/** Tells whether values change more than their size: then the server does not convert a default either, or keeps it in the old type's words. */
export function isOther(from: string, to: string): boolean {
  const [old, wanted] = [kindOf(from), kindOf(to)]
  if (base(from) === base(to) || (isText(from) && isText(to))) return false
  if (old === undefined || wanted === undefined) return true
  return old !== wanted && !families.some((family) => family.includes(old) && family.includes(wanted))
}

/** The same default as one of the new type: text in quotes is of any type. */
export function convertedDefault(value: DefaultValue, from: string, to: string): string {
  const sql = typeof value === 'object' ? value.sql : literal(value)
  const quoted = /^('(?:[^']|'')*')(?:::[^':]+)?$/.exec(sql)?.[1]
  if (quoted !== undefined) return quoted
  if (/^-?\d+(?:\.\d+)?$/.test(sql) && kindOf(to) !== 'boolean') return isNumber(to) ? sql : `'${sql}'`
  return `(${conversion(`(${sql})`, from, to) ?? `(${sql})::text`})`
}

function isCast(from: string, to: string): boolean {
  if (isText(from) || base(from) === base(to)) return true
  if (from.endsWith('[]') && to.endsWith('[]')) return isCast(from.slice(0, -2), to.slice(0, -2))
  const [old, wanted] = [kindOf(from), kindOf(to)]
  if (old === undefined || wanted === undefined) return false
  return old === wanted || casts[old].includes(wanted)
}

function isNumber(type: string): boolean {
  return numbers.some((kind) => kind === kindOf(type))
}

function kindOf(type: string): Kind | undefined {
  const name = base(type)
  return kindNames.find((kind) => kinds[kind].test(name))
}

const kindNames = Object.keys(kinds) as readonly Kind[]

/** Without its size. */
function base(type: string): string {
  return type
    .toLowerCase()
    .replace(/\s*\([^)]*\)/, '')
    .trim()
}
