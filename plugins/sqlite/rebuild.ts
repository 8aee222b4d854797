/** Makes a table anew under another create text, for what SQLite's `alter table` cannot do. */
import type { Statement } from '../../src/dialect.ts'
import type { ColumnPart, CreateText } from './create-text.ts'
import { findColumn, parseCreate, sameName } from './create-text.ts'
import { applyEdits, type Edit } from './edit.ts'
import { temporaryPrefix } from './errors.ts'
import { literal, quote } from './literal.ts'
import type { Shape } from './shape.ts'
import { is, nameOf } from './tokens.ts'

/**
 * Nothing but the edited place changes: rows keep their ids, the counter its value, and what names the table (views, other tables'
 * triggers and foreign keys) is not looked at, which is what `legacy_alter_table` is for. Foreign keys must not be enforced.
 */
export function rebuild({ table, create, dependents }: Shape, edits: readonly Edit[]): readonly Statement[] {
  const sql = applyEdits(create.sql, edits)
  if (sql === create.sql) return []
  const after = parseCreate(sql)
  const temporary = temporaryPrefix + table.name
  const copied = copiedColumns(create, after).join(', ')
  return [
    'pragma legacy_alter_table = on',
    withName(after, temporary),
    // A constraint's own `on conflict` could leave rows out.
    `insert or abort into ${quote(temporary)} (${copied}) select ${copied} from ${quote(table.name)}`,
    ...(counts(create) && counts(after) ? keepCounter(table.name, temporary) : []),
    `drop table ${quote(table.name)}`,
    `alter table ${quote(temporary)} rename to ${quote(table.name)}`,
    ...dependents,
    'pragma legacy_alter_table = off',
  ].map((each) => ({ sql: each }))
}

function copiedColumns(before: CreateText, after: CreateText): readonly string[] {
  const kept = after.columns.filter((column) => findColumn(before, column.name) && !isGenerated(column))
  return [...rowid(before, after, kept), ...kept.map(({ name }) => quote(name))]
}

/** The name of the hidden row id, where both have one and no copied column is it. */
function rowid(before: CreateText, after: CreateText, kept: readonly ColumnPart[]): readonly string[] {
  if (before.withoutRowid || after.withoutRowid) return []
  if (kept.some(({ name }) => name === after.rowidColumn)) return []
  const free = ['rowid', '_rowid_', 'oid'].find(
    (name) => !findColumn(before, name) && !findColumn(after, name),
  )
  return free === undefined ? [] : [free]
}

function isGenerated({ clauses }: ColumnPart): boolean {
  return clauses.some(({ kind }) => kind === 'generated')
}

function counts({ clauses }: CreateText): boolean {
  return clauses.some(({ autoincrement }) => autoincrement)
}

function keepCounter(table: string, temporary: string): readonly string[] {
  return [
    `delete from sqlite_sequence where name = ${literal(temporary)}`,
    `insert into sqlite_sequence (name, seq) select ${literal(temporary)}, seq from sqlite_sequence where name = ${literal(table)}`,
  ]
}

/** The text for another name. A check may call a column by the table's name, which no rename would mend. */
function withName({ sql, name, tokens }: CreateText, other: string): string {
  const qualifiers = tokens.flatMap((token, at): readonly Edit[] => {
    const dot = tokens[at + 1]
    const named = token.start > name.start && (token.kind === 'word' || token.kind === 'name')
    if (!named || !is(dot, '.') || !dot || !sameName(nameOf(token), nameOf(name))) return []
    return [{ start: token.start, end: dot.end, text: '' }]
  })
  return applyEdits(sql, [{ start: name.start, end: name.end, text: quote(other) }, ...qualifiers])
}
