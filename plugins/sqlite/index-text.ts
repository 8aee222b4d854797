/** What a `create index` text says that SQLite's pragmas do not: expressions and the condition. */
import { expressionText, type Names } from './expression.ts'
import { closing, is, nameOf, splitAtCommas, type Token, tokenize, unwrap } from './tokens.ts'

export interface IndexText {
  readonly name: string
  /** Of each key its expression, without collation and order. */
  readonly keys: readonly { readonly expression: readonly Token[]; readonly collation?: string }[]
  readonly where: readonly Token[]
}

export function parseIndex(sql: string): IndexText {
  const tokens = tokenize(sql)
  const open = tokens.findIndex((token) => is(token, '('))
  const end = closing(tokens, open)
  const where = tokens.slice(end)
  const name = tokens[tokens.findIndex((token) => is(token, 'on')) - 1]
  return {
    name: name ? nameOf(name) : '',
    keys: splitAtCommas(tokens.slice(open + 1, end - 1)).map(readKey),
    where: is(where[0], 'where') ? where.slice(1) : [],
  }
}

function readKey(tokens: readonly Token[]): IndexText['keys'][number] {
  const ordered = is(tokens.at(-1), 'asc') || is(tokens.at(-1), 'desc')
  const rest = ordered ? tokens.slice(0, -1) : tokens
  const [collate, collation] = rest.slice(-2)
  if (!is(collate, 'collate') || !collation) return { expression: rest }
  return { expression: rest.slice(0, -2), collation: nameOf(collation).toLowerCase() }
}

export function whereOf(text: IndexText, names: Names): string | undefined {
  return text.where.length > 0 ? expressionText(unwrap(text.where), names) : undefined
}

/** Tells an index's create text from a trigger's. */
export function isIndex(sql: string): boolean {
  return /^\s*create\s+(?:unique\s+)?index\b/i.test(sql)
}
