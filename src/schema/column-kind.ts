/** What values a column's type takes, whether it is neutral or in a database's own words. */
import type { Column, NeutralType } from './schema.ts'

export interface ColumnKind {
  readonly family: Family
  /** Of text: the most characters, infinite where there is no such limit; of integers: bytes; else 0. */
  readonly size: number
  /** Of decimals, digits in all and after the point. */
  readonly precision?: number
  readonly scale?: number
  readonly unsigned?: boolean
  /** Of an enum that is no type of its own: its values. */
  readonly items?: readonly string[]
}

export type Family =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'date'
  | 'time'
  | 'datetime'
  | 'json'
  | 'uuid'
  | 'blob'
  | 'enum'
  | 'array'
  | 'other'

export function columnKind(column: Omit<Column, 'name'>): ColumnKind {
  const { type, length, precision, scale, items, unsigned = false } = column
  if (typeof type === 'object') return kindOfSql(type.sql)
  const family = neutral[type]
  if (family === 'integer') return { family, size: bytes[type] ?? 4, unsigned }
  if (family === 'decimal') return { family, size: 0, precision: precision ?? 10, scale: scale ?? 0 }
  if (family === 'enum') return { family, size: 0, items: items ?? [] }
  if (family === 'text')
    return { family, size: type === 'text' ? Infinity : (length ?? (type === 'string' ? 255 : 1)) }
  return { family, size: 0 }
}

const neutral: Readonly<Record<NeutralType, Family>> = {
  string: 'text',
  character: 'text',
  text: 'text',
  integer: 'integer',
  tinyint: 'integer',
  smallint: 'integer',
  mediumint: 'integer',
  bigint: 'integer',
  float: 'float',
  double: 'float',
  decimal: 'decimal',
  boolean: 'boolean',
  date: 'date',
  time: 'time',
  datetime: 'datetime',
  json: 'json',
  uuid: 'uuid',
  blob: 'blob',
  enum: 'enum',
}

const bytes: Readonly<Record<string, number>> = {
  tinyint: 1,
  smallint: 2,
  int2: 2,
  mediumint: 3,
  bigint: 8,
  int8: 8,
}

/** By how their names begin; the first that fits. */
const families: readonly (readonly [RegExp, Family])[] = [
  [/^(?:n?varchar|n?char|character|bpchar|(?:tiny|medium|long)?text|citext|clob)\b/i, 'text'],
  [/^(?:tinyint|smallint|mediumint|bigint|integer|int|int[248])\b/i, 'integer'],
  [/^(?:decimal|numeric|dec)\b/i, 'decimal'],
  [/^(?:float|double|real)\b|^float[48]\b/i, 'float'],
  [/^bool(?:ean)?\b/i, 'boolean'],
  [/^date\b/i, 'date'],
  [/^timetz\b|^time\b/i, 'time'],
  [/^(?:datetime|timestamptz|timestamp)\b/i, 'datetime'],
  [/^jsonb?\b/i, 'json'],
  [/^uuid\b/i, 'uuid'],
  [/^(?:bytea|(?:tiny|medium|long)?blob)\b/i, 'blob'],
  [/^enum\b/i, 'enum'],
]

function kindOfSql(sql: string): ColumnKind {
  if (/\[\d*\]$/.test(sql)) return { family: 'array', size: 0 }
  const family = families.find(([name]) => name.test(sql))?.[1] ?? 'other'
  const inside = /\(([^)]*)\)/.exec(sql)?.[1]
  const [first, second] = (inside ?? '').split(',').map(Number)
  if (family === 'integer') {
    const name = /^\w+/.exec(sql.toLowerCase())?.[0] ?? ''
    return { family, size: bytes[name] ?? 4, unsigned: /\bunsigned\b/i.test(sql) }
  }
  if (family === 'decimal' && inside !== undefined)
    return { family, size: 0, precision: first ?? 10, scale: second ?? 0 }
  if (family === 'enum') return { family, size: 0, items: literalsIn(sql) }
  if (family === 'text')
    return { family, size: inside === undefined ? (isOne(sql) ? 1 : Infinity) : (first ?? Infinity) }
  return { family, size: 0 }
}

/** A character, where no number says of how many. */
function isOne(sql: string): boolean {
  return /^(?:char|character)$/i.test(sql)
}

/** The texts in quotes of an SQL text. */
export function literalsIn(sql: string): readonly string[] {
  return [...sql.matchAll(/'((?:[^']|'')*)'/g)].map(([, text = '']) => text.replaceAll("''", "'"))
}
