/** The text of an expression as `reflect` gives it: the same however it was spaced and its columns quoted or qualified. */
import { sameName } from './create-text.ts'
import { is, nameOf, type Token } from './tokens.ts'

/** Words that are no column's name unless they are quoted. */
const syntax =
  /^(?:and|as|between|case|cast|collate|current_(?:date|time|timestamp)|distinct|else|end|escape|exists|false|filter|from|glob|in|is|isnull|like|match|not|notnull|null|or|over|raise|regexp|select|then|true|when|where)$/i

export interface Names {
  readonly table: string
  readonly columns: readonly string[]
}

/** SQLite itself writes a column that was renamed in other quotes, or in none, and a rebuild takes its table's name away. */
export function expressionText(tokens: readonly Token[], { table, columns }: Names): string {
  const known = new Map(columns.map((name) => [name.toLowerCase(), name]))
  return plainText(
    withoutQualifiers(tokens, table).map((token, at, all) => {
      const isBare = token.kind === 'word' && !syntax.test(token.text) && !is(all[at + 1], '(')
      const name = isBare || token.kind === 'name' ? known.get(nameOf(token).toLowerCase()) : undefined
      return name === undefined ? token : { ...token, kind: 'name', text: `"${name.replaceAll('"', '""')}"` }
    }),
  )
}

/** On one line, keywords and functions in lower case, one space where people write one. */
export function plainText(all: readonly Token[]): string {
  const tokens = usual(all)
  return tokens
    .map((token, at) => {
      const text = isCaseless(tokens, at) ? token.text.toLowerCase() : token.text
      return at === 0 || isTight(tokens, at) ? text : ` ${text}`
    })
    .join('')
}

/** Of words and signs that mean the same, those that are written mostly. */
function usual(tokens: readonly Token[]): readonly Token[] {
  return tokens.flatMap((token, at): readonly Token[] => {
    const [before, next] = [tokens[at - 1], tokens[at + 1]]
    if (is(token, 'isnull')) return [{ ...token, text: 'is null' }]
    if (is(token, 'notnull')) return [{ ...token, text: 'is not null' }]
    if (is(token, '!') && is(next, '=')) return [{ ...token, text: '<' }]
    if (is(token, '=') && is(before, '!')) return [{ ...token, text: '>' }]
    return is(token, '=') && is(before, '=') ? [] : [token]
  })
}

/** A keyword, a function, a type, a collation, or the row of a trigger: names of columns may be the user's own. */
function isCaseless(tokens: readonly Token[], at: number): boolean {
  const [before, token, next] = [tokens[at - 1], tokens[at], tokens[at + 1]]
  if (token?.kind !== 'word') return false
  const isRow = (is(token, 'new') || is(token, 'old')) && is(next, '.')
  return (
    isRow ||
    is(next, '(') ||
    is(before, 'as') ||
    is(before, 'collate') ||
    (syntax.test(token.text) && !is(before, '.'))
  )
}

/** Whether a token stands at the one before it without a space. */
function isTight(tokens: readonly Token[], at: number): boolean {
  const [before, token] = [tokens[at - 1], tokens[at]]
  if (!before || !token) return true
  if (is(before, '(') || is(before, '.') || [')', ',', '.'].some((symbol) => is(token, symbol))) return true
  if (is(token, '('))
    return (
      before.kind === 'name' ||
      (before.kind === 'word' && (!syntax.test(before.text) || /^cast$/i.test(before.text)))
    )
  if (isUnary(tokens, at - 1)) return true
  // `<>`, `||`: each of their signs is a token.
  const isSign = ({ kind, text }: Token): boolean => kind === 'symbol' && !/[(),.]/.test(text)
  return isSign(before) && isSign(token) && before.end === token.start && !isUnary(tokens, at)
}

function isUnary(tokens: readonly Token[], at: number): boolean {
  if (!['-', '+', '~'].some((sign) => is(tokens[at], sign))) return false
  const before = tokens[at - 1]
  if (!before || (before.kind === 'word' && syntax.test(before.text))) return true
  return before.kind === 'symbol' && !is(before, ')')
}

function withoutQualifiers(tokens: readonly Token[], table: string): readonly Token[] {
  const isQualifier = (token: Token | undefined, dot: Token | undefined): boolean =>
    (token?.kind === 'word' || token?.kind === 'name') && is(dot, '.') && sameName(nameOf(token), table)
  return tokens.flatMap((token, at) => {
    if (isQualifier(token, tokens[at + 1]) || isQualifier(tokens[at - 1], token)) return []
    // What stood before the qualifier is not further away now.
    const qualifier = isQualifier(tokens[at - 2], tokens[at - 1]) ? tokens[at - 2] : undefined
    return [qualifier ? { ...token, start: qualifier.start } : token]
  })
}
