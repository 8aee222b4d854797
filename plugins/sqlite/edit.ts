/** Changes to a create text at the one place that changes. */
import type { Clause } from './clauses.ts'
import type { ConstraintPart, CreateText } from './create-text.ts'
import { is } from './tokens.ts'

/** Puts `text` in the place of what stands from `start` to `end`. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** @param edits none overlaps another; those at one place are made in the order given */
export function applyEdits(sql: string, edits: readonly Edit[]): string {
  const ordered = [...edits]
    .map((edit, at) => ({ ...edit, at }))
    .sort((a, b) => b.start - a.start || b.at - a.at)
  return ordered.reduce(
    (text, { start, end, text: put }) => text.slice(0, start) + put + text.slice(end),
    sql,
  )
}

/** Words after what ends at `at`, with the spaces that they need there. */
export function insertWords({ sql }: CreateText, at: number, words: string): Edit {
  const next = sql[at] ?? ' '
  return { start: at, end: at, text: ` ${words}${/[\s,)]/.test(next) ? '' : ' '}` }
}

/** One more definition: a column after the columns, a constraint at the end. */
export function addPart(create: CreateText, definition: string, kind: 'column' | 'constraint'): Edit {
  const last = (kind === 'column' ? create.columns : create.parts).at(-1)
  const at = last?.end ?? create.name.end
  return { start: at, end: at, text: `, ${definition}` }
}

export function replaceClause({ start, end }: Clause, words: string): Edit {
  return { start, end, text: words }
}

/** Takes constraints away; with the comma where none is left in its place. */
export function removeClauses(create: CreateText, clauses: readonly Clause[]): readonly Edit[] {
  const empty = create.constraints.filter(
    (part) => part.clauses.length > 0 && part.clauses.every((clause) => clauses.includes(clause)),
  )
  const rest = clauses.filter((clause) => !empty.some((part) => part.clauses.includes(clause)))
  return [
    ...empty.flatMap((part) => removePart(create, part)),
    ...rest.map(({ start, end }) => removeWords(create, start, end)),
  ]
}

export function removeWords({ sql }: CreateText, from: number, end: number): Edit {
  let start = from
  // Not a line end: it may be the end of a comment.
  while (/[ \t]/.test(sql[start - 1] ?? '')) start--
  return { start, end, text: '' }
}

/** Takes the definition and one comma; comments around them stay. */
function removePart(create: CreateText, part: ConstraintPart): readonly Edit[] {
  const { tokens, sql } = create
  const first = tokens.findIndex(({ start }) => start === part.start)
  const comma = tokens[first - 1]
  if (!is(comma, ',') || !comma) return []
  const between = sql.slice(comma.end, part.start)
  // Nothing but white space between them: both go in one piece.
  if (between.trim() === '') return [{ start: comma.start, end: part.end, text: '' }]
  return [
    { start: comma.start, end: comma.end, text: '' },
    { start: part.start, end: part.end, text: '' },
  ]
}
