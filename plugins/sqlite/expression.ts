/** The text of an expression as `reflect` gives it: the same however its columns were quoted or qualified. */
import { sameName } from './create-text.ts'
import { fold, is, nameOf, type Token } from './tokens.ts'

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
  return fold(
    withoutQualifiers(tokens, table).map((token, at, all) => {
      const isBare = token.kind === 'word' && !syntax.test(token.text) && !is(all[at + 1], '(')
      const name = isBare || token.kind === 'name' ? known.get(nameOf(token).toLowerCase()) : undefined
      return name === undefined ? token : { ...token, text: `"${name.replaceAll('"', '""')}"` }
    }),
  )
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
