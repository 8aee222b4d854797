/** Strings in double quotes, which many a hand-written table has: the driver's SQLite reads them and takes no new ones. */
import { parseCreate, sameName } from './create-text.ts'
import { applyEdits, type Edit } from './edit.ts'
import { parseIndex } from './index-text.ts'
import { literal } from './literal.ts'
import { is, nameOf, type Token, tokenize } from './tokens.ts'

/** A `create table` text with single quotes around the strings of its expressions. */
export function quoteStringsOfTable(sql: string): string {
  const { columns, clauses } = parseCreate(sql)
  const names = columns.map(({ name }) => name)
  const bodies = clauses
    .filter(
      ({ kind, body }) =>
        kind === 'check' || kind === 'generated' || (kind === 'default' && is(body[0], '(')),
    )
    .flatMap(({ body }) => body)
  return applyEdits(sql, stringEdits(bodies, names))
}

/** The same for a `create index` text. @param columns of its table */
export function quoteStringsOfIndex(sql: string, columns: readonly string[]): string {
  const { keys, where } = parseIndex(sql)
  return applyEdits(sql, stringEdits([...keys.flatMap(({ expression }) => expression), ...where], columns))
}

/** The same for an expression alone. */
export function quoteStrings(expression: string, columns: readonly string[]): string {
  return applyEdits(expression, stringEdits(tokenize(expression), columns))
}

/** What names no column, table, function or collation is a string. */
function stringEdits(tokens: readonly Token[], columns: readonly string[]): readonly Edit[] {
  return tokens.flatMap((token, at): readonly Edit[] => {
    const [before, after] = [tokens[at - 1], tokens[at + 1]]
    if (token.kind !== 'name' || !token.text.startsWith('"')) return []
    if (is(before, 'collate') || is(before, '.') || is(after, '.') || is(after, '(')) return []
    const name = nameOf(token)
    if (columns.some((column) => sameName(column, name))) return []
    return [{ start: token.start, end: token.end, text: literal(name) }]
  })
}
