/** Scripts for the shell sqlite3. */
import type { ScriptCheck, Scripting } from '../../src/dialect.ts'
import { mayBreakSome } from './foreign-keys.ts'
import { quote, shellLiteral } from './literal.ts'
import { type Token, is, tokenize } from './tokens.ts'

export const scripting: Scripting = {
  client: 'sqlite3',
  now: "strftime('%Y-%m-%dT%H:%M:%fZ', 'now')",
  uuid: `lower(${[4, 2, 2, 2, 6].map((bytes) => `hex(randomblob(${bytes}))`).join(" || '-' || ")})`,
  literal: shellLiteral,
  refuses: (sql) => {
    if (/^\s*[.#]/.test(sql)) return 'the shell would take it for a command of its own'
    const words = tokenize(sql)
    if (words.some(({ kind, text }) => kind === 'symbol' && /['"`[]/.test(text)))
      return 'a quote in it does not end'
    if (words.some(({ kind, text }) => (kind === 'string' || kind === 'name') && text.includes('\r\n')))
      return 'the shell makes one character of the two that end a line on Windows'
    if (isTrigger(words)) return undefined
    const last = words.findLastIndex((word) => !is(word, ';'))
    if (words.slice(0, last + 1).some((word) => is(word, ';'))) return 'it is more than one statement'
    return words.some((_, at) => endsForShell(sql, words, at))
      ? 'the shell takes a line of nothing but `/` or `go` for the end of a statement'
      : undefined
  },
  statement,
  refuse,
  // Only `.bail` keeps the shell from committing what is left of a transaction whose statement failed.
  open: ({ wait }) => ['.bail on', `.timeout ${Math.ceil(wait)}`, 'pragma foreign_keys = off;'],
  close: () => [],
  begin: ({ statements }) => ['begin immediate;', ...(statements.some(mayBreakSome) ? noteBroken : [])],
  end: ({ statements }) => [...(statements.some(mayBreakSome) ? checkBroken : []), 'commit;'],
}

/** What SQLite keeps of a text is to be what it was given: nothing but its end is added, behind its last word. */
function statement(sql: string): string {
  const words = tokenize(sql)
  const last = words.findLast((token) => !is(token, ';'))
  return `${sql.slice(0, last?.end)};`
}

/** It alone has others in it, and ends by `;end;`. */
function isTrigger(words: readonly Token[]): boolean {
  return is(words[0], 'create') && words.slice(1, 3).some((each) => is(each, 'trigger'))
}

/**
 * As in scripts for other servers.
 * @see https://sqlite.org/src/file/src/shell.c.in, line_is_command_terminator
 */
function endsForShell(sql: string, words: readonly Token[], at: number): boolean {
  const [previous, word, next] = [words[at - 1], words[at], words[at + 1]]
  if (!word || !next || !(is(word, '/') || is(word, 'go'))) return false
  const around = [sql.slice(previous?.end ?? 0, word.start), sql.slice(word.end, next.start)]
  return around.every((each) => each.includes('\n'))
}

/** SQL of SQLite has no statement that fails with a message of one's own; a constraint's name is told. */
function refuse(checks: readonly ScriptCheck[]): readonly string[] {
  if (checks.length === 0) return []
  const columns = checks.map(({ message }, at) => `c${at} constraint ${quote(message)} check (c${at})`)
  return [
    `create temp table aludel_refuse (${columns.join(', ')});`,
    `insert into temp.aludel_refuse values (${checks.map(({ fault }) => `not (${fault})`).join(', ')});`,
    'drop table temp.aludel_refuse;',
  ]
}

/** Foreign keys are not enforced, so that rebuilds can be; what points nowhere already is not held against the step. */
const noteBroken: readonly string[] = [
  'create temp table aludel_broken as select "table" as t, rowid as r, parent as p from pragma_foreign_key_check;',
]

const checkBroken: readonly string[] = [
  ...refuse([
    {
      fault:
        'exists (select 1 from pragma_foreign_key_check f where not exists ' +
        '(select 1 from temp.aludel_broken b where b.t is f."table" and b.r is f.rowid and b.p is f.parent))',
      message: 'The step leaves a row that refers to a row which is not there.',
    },
  ]),
  'drop table temp.aludel_broken;',
]
