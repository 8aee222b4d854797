/** A `create table` text, and where in it everything stands. */
import { type Clause, readClauses, startsClause } from './clauses.ts'
import { closing, fold, is, nameOf, splitAtCommas, type Token, tokenize } from './tokens.ts'

/** What lies between two commas. */
export interface Part {
  /** From its first token to its last: comments around it are no part of it. */
  readonly start: number
  readonly end: number
  readonly tokens: readonly Token[]
}

export interface ColumnPart extends Part {
  readonly name: string
  /** As written, on one line; empty when there is none. */
  readonly type: string
  /** Where the type stands; the end of the name, when there is none. */
  readonly typeStart: number
  readonly typeEnd: number
  readonly clauses: readonly Clause[]
}

/** SQLite takes several constraints of a table without a comma. */
export interface ConstraintPart extends Part {
  readonly clauses: readonly Clause[]
}

export interface CreateText {
  readonly sql: string
  readonly name: Token
  readonly tokens: readonly Token[]
  readonly parts: readonly (ColumnPart | ConstraintPart)[]
  readonly columns: readonly ColumnPart[]
  readonly constraints: readonly ConstraintPart[]
  /** Of columns and table. */
  readonly clauses: readonly Clause[]
  /** Of the table, lower case, sorted: `strict`, `without rowid`. */
  readonly options: readonly string[]
  readonly withoutRowid: boolean
  /** The column that is the row's id itself. */
  readonly rowidColumn?: string
}

/** Words that no column can have as a name without quotes. */
const constraintWords = ['constraint', 'primary', 'unique', 'check', 'foreign']

/** @param sql valid for SQLite: it stands in sqlite_master, or was just written */
export function parseCreate(sql: string): CreateText {
  const tokens = tokenize(sql)
  const open = tokens.findIndex((token) => is(token, '('))
  const end = closing(tokens, open)
  const name = tokens[open - 1]
  if (open < 1 || !name) throw new TypeError(`Not a create table statement: ${sql.slice(0, 80)}`)
  const parts = splitAtCommas(tokens.slice(open + 1, end - 1)).map(readPart)
  const columns = parts.filter((part) => 'name' in part)
  const constraints = parts.filter((part): part is ConstraintPart => !('name' in part))
  const clauses = parts.flatMap((part) => part.clauses)
  const options = splitAtCommas(tokens.slice(end))
    .map((words) => words.map(({ text }) => text.toLowerCase()).join(' '))
    .sort()
  const withoutRowid = options.includes('without rowid')
  const rowidColumn = withoutRowid ? undefined : findRowidColumn(columns, clauses)
  return {
    sql,
    name,
    tokens,
    parts,
    columns,
    constraints,
    clauses,
    options,
    withoutRowid,
    ...(rowidColumn === undefined ? {} : { rowidColumn }),
  }
}

/** Finds a column by its name as SQLite does: the case of letters does not matter. */
export function findColumn({ columns }: CreateText, name: string): ColumnPart | undefined {
  return columns.find((column) => sameName(column.name, name))
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase()
}

/** Tells whether two lists name the same columns in the same order. */
export function sameNames(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((name, at) => sameName(name, b[at] ?? ''))
}

function readPart(tokens: readonly Token[]): ColumnPart | ConstraintPart {
  const [first] = tokens
  const part: Part = { start: first?.start ?? 0, end: tokens.at(-1)?.end ?? 0, tokens }
  if (!first || constraintWords.some((word) => is(first, word))) {
    return { ...part, clauses: readClauses(tokens) }
  }
  let at = 1
  while (at < tokens.length && !startsClause(tokens[at]))
    at = is(tokens[at], '(') ? closing(tokens, at) : at + 1
  const name = nameOf(first)
  return {
    ...part,
    name,
    type: fold(tokens.slice(1, at)),
    typeStart: (at > 1 ? tokens[1]?.start : undefined) ?? first.end,
    typeEnd: tokens[at - 1]?.end ?? first.end,
    clauses: readClauses(tokens.slice(at), name),
  }
}

/** `integer primary key`; SQLite keeps an old fault where `desc` beside the column makes it an ordinary one. */
function findRowidColumn(columns: readonly ColumnPart[], clauses: readonly Clause[]): string | undefined {
  const key = clauses.find(({ kind }) => kind === 'primary key')
  const [only, ...others] = key?.columns ?? []
  if (only === undefined || others.length > 0 || key?.descending) return undefined
  const column = columns.find(({ name }) => sameName(name, only))
  const [type] = tokenize(column?.type ?? '')
  return type && nameOf(type).toLowerCase() === 'integer' && fold([type]) === column?.type
    ? column.name
    : undefined
}
