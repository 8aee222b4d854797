/** The constraints of a table and of its columns, as they stand in a create text. */
import type { Deferrable, ForeignKey, Rule } from '../../src/schema/schema.ts'
import { closing, is, nameOf, splitAtCommas, type Token } from './tokens.ts'

export type ClauseKind =
  | 'primary key'
  | 'not null'
  | 'null'
  | 'unique'
  | 'check'
  | 'default'
  | 'collate'
  | 'foreign key'
  | 'generated'

export interface Clause {
  readonly kind: ClauseKind
  readonly name?: string
  /** Place in the text, with `constraint name` before it. */
  readonly start: number
  readonly end: number
  /** Of a key: its columns; beside a column, that column. */
  readonly columns: readonly string[]
  /** What stands in the brackets of a check or a generated column, or after `default` and `collate`. */
  readonly body: readonly Token[]
  readonly references?: ForeignKey['references']
  readonly onDelete?: Rule
  readonly onUpdate?: Rule
  readonly deferrable?: Deferrable
  /** The word `autoincrement`. */
  readonly autoincrement?: Token
  readonly descending?: boolean
  /** `on conflict replace`, lower case. */
  readonly conflict?: string
  readonly stored?: boolean
}

/** A constraint, and the position of the token after it. */
type Read = Omit<Clause, 'name' | 'start' | 'end'> & { readonly next: number }

/** Tells whether the type of a column ends before this token. */
export function startsClause(token: Token | undefined): boolean {
  if (token?.kind !== 'word') return false
  const word = token.text.toLowerCase()
  return word === 'constraint' || readers.has(word)
}

/**
 * Reads constraints one after the other.
 * @param column the column that they stand beside; none: constraints of the table
 */
export function readClauses(tokens: readonly Token[], column?: string): readonly Clause[] {
  const clauses: Clause[] = []
  let at = 0
  let name: string | undefined
  let start: number | undefined
  while (at < tokens.length) {
    const token = tokens[at]
    const named = tokens[at + 1]
    if (!token) break
    if (is(token, 'constraint') && named) {
      name = nameOf(named)
      start = token.start
      at += 2
      continue
    }
    const read = readClause(tokens, at, column)
    if (!read) {
      at++
      continue
    }
    const { next, ...clause } = read
    const end = tokens[next - 1]?.end ?? token.end
    clauses.push({ ...clause, ...(name === undefined ? {} : { name }), start: start ?? token.start, end })
    name = start = undefined
    at = next
  }
  return clauses
}

function readClause(tokens: readonly Token[], at: number, column: string | undefined): Read | undefined {
  const reader = tokens[at]?.kind === 'word' ? readers.get(tokens[at].text.toLowerCase()) : undefined
  return reader?.(tokens, at, column === undefined ? [] : [column])
}

type Reader = (tokens: readonly Token[], at: number, columns: readonly string[]) => Read | undefined

const readers: ReadonlyMap<string, Reader> = new Map(
  Object.entries<Reader>({
    primary: (tokens, at, columns) => {
      const list = inBrackets(tokens, at + 2)
      const end = list?.next ?? at + 2
      const descending = is(tokens[end], 'desc')
      const next = afterConflict(tokens, end + (descending || is(tokens[end], 'asc') ? 1 : 0))
      const last = tokens[next]
      const conflict = conflictBefore(tokens, next)
      const autoincrement = is(last, 'autoincrement')
        ? last
        : list?.tokens.find((token) => is(token, 'autoincrement'))
      return {
        kind: 'primary key',
        columns: list ? namesOf(list.tokens) : columns,
        body: [],
        ...(descending ? { descending } : {}),
        ...conflict,
        ...(autoincrement ? { autoincrement } : {}),
        next: autoincrement === last && last ? next + 1 : next,
      }
    },
    unique: (tokens, at, columns) => {
      const list = inBrackets(tokens, at + 1)
      const next = afterConflict(tokens, list?.next ?? at + 1)
      const names = list ? namesOf(list.tokens) : columns
      return { kind: 'unique', columns: names, body: [], ...conflictBefore(tokens, next), next }
    },
    not: (tokens, at, columns) => {
      if (!is(tokens[at + 1], 'null')) return undefined
      const next = afterConflict(tokens, at + 2)
      return { kind: 'not null', columns, body: [], ...conflictBefore(tokens, next), next }
    },
    null: (tokens, at, columns) => ({ kind: 'null', columns, body: [], next: afterConflict(tokens, at + 1) }),
    check: (tokens, at, columns) => {
      const list = inBrackets(tokens, at + 1)
      const next = afterConflict(tokens, list?.next ?? at + 1)
      return { kind: 'check', columns, body: list?.tokens ?? [], next }
    },
    default: (tokens, at, columns) => {
      const signed = is(tokens[at + 1], '-') || is(tokens[at + 1], '+')
      const next = is(tokens[at + 1], '(') ? closing(tokens, at + 1) : at + (signed ? 3 : 2)
      return { kind: 'default', columns, body: tokens.slice(at + 1, next), next }
    },
    collate: (tokens, at, columns) => ({
      kind: 'collate',
      columns,
      body: tokens.slice(at + 1, at + 2),
      next: at + 2,
    }),
    foreign: (tokens, at) => {
      const list = inBrackets(tokens, at + 2)
      return list && readReferences(tokens, list.next, namesOf(list.tokens))
    },
    references: (tokens, at, columns) => readReferences(tokens, at, columns),
    generated: (tokens, at, columns) => readGenerated(tokens, at + 2, columns),
    as: (tokens, at, columns) => readGenerated(tokens, at, columns),
  }),
)

function readGenerated(tokens: readonly Token[], at: number, columns: readonly string[]): Read | undefined {
  const list = inBrackets(tokens, at + 1)
  if (!list) return undefined
  const stored = is(tokens[list.next], 'stored')
  const next = list.next + (stored || is(tokens[list.next], 'virtual') ? 1 : 0)
  return { kind: 'generated', columns, body: list.tokens, stored, next }
}

const rules: readonly Rule[] = ['cascade', 'set null', 'set default', 'restrict', 'no action']

/** @param at of the word `references` */
function readReferences(tokens: readonly Token[], at: number, columns: readonly string[]): Read | undefined {
  const parent = tokens[at + 1]
  if (!parent) return undefined
  const list = inBrackets(tokens, at + 2)
  let next = list?.next ?? at + 2
  let read: Omit<Read, 'next'> = {
    kind: 'foreign key',
    columns,
    body: [],
    references: { table: nameOf(parent), columns: list ? namesOf(list.tokens) : [] },
  }
  for (;;) {
    const here = next
    const rule = rules.find((words) => startsWith(tokens, here + 2, words))
    if (is(tokens[here], 'on') && rule) {
      read = { ...read, ...(is(tokens[here + 1], 'delete') ? { onDelete: rule } : { onUpdate: rule }) }
      next = here + 2 + rule.split(' ').length
    } else if (is(tokens[here], 'match')) {
      next = here + 2
    } else break
  }
  const not = is(tokens[next], 'not') ? 1 : 0
  if (!is(tokens[next + not], 'deferrable')) return { ...read, next }
  next += 1 + not
  const initially = is(tokens[next], 'initially') ? 2 : 0
  const deferred = initially > 0 && is(tokens[next + 1], 'deferred')
  const deferrable: Deferrable = deferred ? 'initially deferred' : 'initially immediate'
  return { ...read, ...(not ? {} : { deferrable }), next: next + initially }
}

function afterConflict(tokens: readonly Token[], at: number): number {
  return startsWith(tokens, at, 'on conflict') ? at + 3 : at
}

/** @param next from {@link afterConflict} */
function conflictBefore(tokens: readonly Token[], next: number): Pick<Clause, 'conflict'> {
  const rule = tokens[next - 1]
  return rule && next > 2 && startsWith(tokens, next - 3, 'on conflict') ? ruleOf(rule) : {}
}

/** `abort` is what is done when nothing is said. */
function ruleOf({ text }: Token): Pick<Clause, 'conflict'> {
  const rule = text.toLowerCase()
  return rule === 'abort' ? {} : { conflict: `on conflict ${rule}` }
}

function startsWith(tokens: readonly Token[], at: number, words: string): boolean {
  return words.split(' ').every((word, offset) => is(tokens[at + offset], word))
}

function inBrackets(tokens: readonly Token[], open: number) {
  if (!is(tokens[open], '(')) return undefined
  const next = closing(tokens, open)
  return { tokens: tokens.slice(open + 1, next - 1), next }
}

function namesOf(list: readonly Token[]): readonly string[] {
  return splitAtCommas(list).flatMap(([first]) => (first ? [nameOf(first)] : []))
}
