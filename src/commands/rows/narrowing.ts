/** Changes of a type that values of rows may not survive. */
import type { Column } from '../../schema/schema.ts'
import { type ColumnKind, type Family, columnKind } from '../../schema/column-kind.ts'
import type { Note } from './note.ts'
import type { Quoting } from './sql-names.ts'

export interface Narrowing {
  readonly dialect: Quoting
  /** As people name it: `users.name`. */
  readonly name: string
  /** As SQL. */
  readonly from: string
  readonly was: Column
  readonly is: Column
  /** Values that do not fit are stored all the same. */
  readonly isKept: boolean
}

/** What a new type says of values that the old one took; nothing where it takes them all. */
export function narrowing({ dialect, name, from, was, is, isKept }: Narrowing): readonly Note[] {
  const [old, now] = [columnKind(was), columnKind(is)]
  const column = dialect.quote(is.name)
  if (isKept)
    return old.family !== 'text' || now.family === 'text'
      ? []
      : [becomes({ now, name, misfit: 'stay what they are', column, from })]
  const find = (where: string): string => `select * from ${from} where ${where}`
  const misfit = dialect.capabilities.lenient
    ? 'are refused, or cut without a word where the server is not strict'
    : 'are refused'
  const note = (text: string, code: string): readonly Note[] => [{ text: `${text}:`, code }]
  if (old.family !== now.family) return converted({ old, now, name, misfit, column, from, find })
  if (now.family === 'text' && now.size < old.size)
    return note(
      `${name} gets shorter: values longer than ${now.size} ${misfit}`,
      find(`char_length(${column}) > ${now.size}`),
    )
  if (now.family === 'integer') {
    const [low, high] = bounds(now)
    const [oldLow, oldHigh] = bounds(old)
    if (low <= oldLow && high >= oldHigh) return []
    const limit = `${column} not between ${low} and ${high}`
    return note(`${name} gets smaller: numbers beyond it ${misfit}`, find(limit))
  }
  if (now.family === 'decimal') return digits({ old, now, name, column, misfit, find })
  const gone = (old.items ?? []).filter((item) => !(now.items ?? []).includes(item))
  if (now.family === 'enum' && gone.length > 0) {
    const list = gone.map((item) => dialect.literal(item)).join(', ')
    return note(`${name} loses values: rows that have one ${misfit}`, find(`${column} in (${list})`))
  }
  return []
}

interface Compared {
  readonly old: ColumnKind
  readonly now: ColumnKind
  readonly name: string
  /** As SQL. */
  readonly column: string
  readonly misfit: string
  find(where: string): string
}

function digits({ old, now, name, column, misfit, find }: Compared): readonly Note[] {
  if (now.precision === undefined) return []
  const { scale = 0 } = now
  const whole = now.precision - scale
  const oldWhole = old.precision === undefined ? Infinity : old.precision - (old.scale ?? 0)
  const oldScale = old.precision === undefined ? Infinity : (old.scale ?? 0)
  return [
    ...(whole < oldWhole
      ? [
          {
            text: `${name} gets smaller: numbers of more than ${whole} digits before the point ${misfit}:`,
            code: find(`abs(${column}) >= 1${'0'.repeat(whole)}`),
          },
        ]
      : []),
    ...(scale < oldScale
      ? [
          {
            text: `${name} keeps ${scale} digits after the point; these values are rounded:`,
            code: find(`${column} <> round(${column}, ${scale})`),
          },
        ]
      : []),
  ]
}

function converted({
  old,
  now,
  name,
  misfit,
  column,
  from,
  find,
}: Compared & { readonly from: string }): readonly Note[] {
  const isNumber = (family: Family): boolean => ['integer', 'decimal', 'float'].includes(family)
  // Every value has a text; how long it is nobody knows.
  if (now.family === 'text')
    return now.size === Infinity || !takesText(old, now)
      ? []
      : [
          {
            text: `${name} becomes a text of ${now.size}: longer values ${misfit}:`,
            code: `select distinct ${column} from ${from}`,
          },
        ]
  if (isNumber(old.family) && now.family === 'integer')
    return [
      {
        text: `${name} becomes an integer; these values are rounded:`,
        code: find(`${column} <> round(${column})`),
      },
    ]
  if (isNumber(old.family) && isNumber(now.family)) return []
  if (now.family === 'datetime' && old.family === 'date') return []
  if (old.family === 'boolean' && isNumber(now.family)) return []
  if (old.family === 'datetime' && (now.family === 'date' || now.family === 'time'))
    return [{ text: `${name} keeps the ${now.family} alone: the rest of its values is lost.` }]
  return [becomes({ now, name, misfit, column, from })]
}

function becomes({
  now,
  name,
  misfit,
  column,
  from,
}: Pick<Compared, 'now' | 'name' | 'misfit' | 'column'> & { readonly from: string }): Note {
  return {
    text: `${name} becomes ${nouns[now.family]}: values that are none ${misfit}:`,
    code: `select distinct ${column} from ${from}`,
  }
}

/** Tells whether texts of the old type may be longer than the new one takes. */
function takesText(old: ColumnKind, now: ColumnKind): boolean {
  const longest: Partial<Record<Family, number>> = {
    boolean: 5,
    integer: 20,
    date: 13,
    time: 21,
    datetime: 35,
    uuid: 36,
    float: 24,
    decimal: (old.precision ?? Infinity) + 2,
    enum: Math.max(0, ...(old.items ?? []).map(({ length }) => length)),
  }
  return (longest[old.family] ?? Infinity) > now.size
}

const nouns: Readonly<Record<Family, string>> = {
  text: 'a text',
  integer: 'an integer',
  decimal: 'a number',
  float: 'a number',
  boolean: 'true or false',
  date: 'a date',
  time: 'a time',
  datetime: 'a time',
  json: 'JSON',
  uuid: 'a UUID',
  blob: 'binary',
  enum: 'one of a few values',
  array: 'an array',
  other: 'another type',
}

function bounds({ size, unsigned }: ColumnKind): readonly [bigint, bigint] {
  const all = 1n << BigInt(size * 8)
  return unsigned ? [0n, all - 1n] : [-all / 2n, all / 2n - 1n]
}
