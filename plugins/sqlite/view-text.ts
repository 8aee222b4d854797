import { closing, is, tokenize } from './tokens.ts'

/**
 * The query of a `create view` text. Names that the text gives to the columns, which no query holds, are kept by a `with` around it.
 */
export function viewDefinition(sql: string): string {
  const tokens = tokenize(sql)
  const as = tokens.findIndex((token, at) => at > 1 && is(token, 'as'))
  const query = sql
    .slice(tokens[as]?.end)
    .trim()
    .replace(/[;\s]+$/, '')
  const open = tokens.findIndex((token) => is(token, '('))
  const name = tokens[open - 1]
  if (open < 0 || open > as || !name || closing(tokens, open) !== as) return query
  const columns = sql.slice(tokens[open]?.start, tokens[as - 1]?.end)
  return `with ${name.text} ${columns} as (\n${query}\n) select * from ${name.text}`
}
