/** Constraints on a table that is there: which rows are in their way. */
import { isDeepStrictEqual } from 'node:util'
import type { Check, ForeignKey, Index, Table } from '../../schema/schema.ts'
import { literalsIn } from '../../schema/column-kind.ts'
import type { Note } from './note.ts'
import { type Quoting, tableSql } from './sql-names.ts'

export interface Place {
  readonly dialect: Quoting
  readonly table: string
  /** What it was before the revision; undefined where that is not known. */
  readonly old: Table | undefined
  /** Columns that the revision adds, and in which no row has a value. */
  readonly empty: ReadonlySet<string>
}

/** @param parts SQL of what is to be unique, beside `columns`, the names of its plain columns */
export function uniqueNote(
  { dialect, table, old, empty }: Place,
  columns: readonly string[],
  { where, parts = columns.map((each) => dialect.quote(each)) }: UniqueParts = {},
): readonly Note[] {
  if (columns.some((each) => empty.has(each))) return []
  const were = [
    old?.primaryKey?.columns ?? [],
    ...(old?.uniques ?? []).map((each) => each.columns),
    ...(old?.indexes ?? []).flatMap((each) =>
      each.unique && each.where === undefined ? [plainColumns(each)] : [],
    ),
  ]
  // What was unique before is so still, with more columns too.
  if (were.some((held) => held.length > 0 && held.every((each) => columns.includes(each)))) return []
  const list = parts.join(', ')
  const conditions = [
    ...(where === undefined ? [] : [`(${where})`]),
    ...parts.map((each) => `${each} is not null`),
  ]
  return [
    {
      text: `Fails where rows of ${table} are the same in ${columns.length === 0 ? list : columns.join(', ')}:`,
      code: `select ${list}, count(*) from ${tableSql(dialect, table)} where ${conditions.join(' and ')} group by ${list} having count(*) > 1`,
    },
  ]
}

export interface UniqueParts {
  readonly where?: string | undefined
  readonly parts?: readonly string[]
}

export function indexNote(place: Place, index: Index): readonly Note[] {
  if (!index.unique) return []
  const { quote } = place.dialect
  const parts = index.columns.map((part) => {
    if (typeof part === 'string') return quote(part)
    if ('sql' in part) return part.sql
    return part.length === undefined ? quote(part.column) : `left(${quote(part.column)}, ${part.length})`
  })
  return uniqueNote(place, plainColumns(index), { where: index.where, parts })
}

/** Of an index of expressions none, as its columns alone need not be unique. */
function plainColumns({ columns }: Index): readonly string[] {
  const names = columns.flatMap((part) => {
    if (typeof part === 'string') return [part]
    return 'column' in part && part.length === undefined ? [part.column] : []
  })
  return names.length === columns.length ? names : []
}

export function foreignKeyNote(
  { dialect, table, old, empty }: Place,
  { columns, references, notValid }: ForeignKey,
): readonly Note[] {
  if (notValid || columns.some((each) => empty.has(each))) return []
  const isOld = (key: ForeignKey): boolean =>
    !key.notValid && isDeepStrictEqual(key.columns, columns) && isDeepStrictEqual(key.references, references)
  if (old?.foreignKeys?.some(isOld)) return []
  const { quote } = dialect
  const pairs = columns.map(
    (each, at) => `${quote('b', references.columns[at] ?? each)} = ${quote('a', each)}`,
  )
  const present = columns.map((each) => `${quote('a', each)} is not null`).join(' and ')
  return [
    {
      text: `Fails where ${table} names rows that ${references.table} has not:`,
      code: `select * from ${tableSql(dialect, table)} ${quote('a')} where ${present} and not exists (select 1 from ${tableSql(dialect, references.table)} ${quote('b')} where ${pairs.join(' and ')})`,
    },
  ]
}

export function checkNote({ dialect, table, old, empty }: Place, check: Check): readonly Note[] {
  const { name, column, expression, notValid } = check
  if (notValid || (column !== undefined && empty.has(column))) return []
  const was = old?.checks?.find((each) => (name === undefined ? each.column === column : each.name === name))
  if (was && takesAll(was, check)) return []
  const from = `select * from ${tableSql(dialect, table)} where`
  if (typeof expression === 'string')
    return [{ text: `Fails where rows of ${table} break this check:`, code: `${from} not (${expression})` }]
  if (column === undefined) return []
  const list = expression.in.map((item) => dialect.literal(item)).join(', ')
  return [
    {
      text: `Fails where ${table}.${column} has another value:`,
      code: `${from} ${dialect.quote(column)} not in (${list})`,
    },
  ]
}

/** Tells whether a list of values has all that were in the old one, which a database may have written in its own way. */
function takesAll(was: Check, is: Check): boolean {
  if (isDeepStrictEqual(was.expression, is.expression)) return true
  const values = ({ expression }: Check): readonly string[] =>
    typeof expression === 'string' ? literalsIn(expression) : expression.in
  if (typeof is.expression === 'string' || values(was).length === 0) return false
  return values(was).every((item) => values(is).includes(item))
}
