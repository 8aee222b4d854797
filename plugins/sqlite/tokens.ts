/** SQL cut into tokens, as SQLite's own tokenizer does; white space and comments are what lies between them. */

export interface Token {
  /** `name`: a quoted identifier. */
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol'
  /** As written. */
  readonly text: string
  readonly start: number
  readonly end: number
}

const pattern = new RegExp(
  [
    String.raw`(?<space>\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$))`,
    String.raw`(?<string>[xX]?'(?:[^']|'')*')`,
    String.raw`(?<name>"(?:[^"]|"")*"|` + '`(?:[^`]|``)*`' + String.raw`|\[[^\]]*\])`,
    String.raw`(?<number>0[xX][\da-fA-F_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d[\d_]*)?)`,
    String.raw`(?<word>[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`,
    String.raw`(?<symbol>[^])`,
  ].join('|'),
  'g',
)

const kinds = ['string', 'name', 'number', 'word', 'symbol'] as const

export function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = []
  for (const { 0: text, index, groups = {} } of sql.matchAll(pattern)) {
    const kind = kinds.find((each) => groups[each] !== undefined)
    if (kind) tokens.push({ kind, text, start: index, end: index + text.length })
  }
  return tokens
}

/** Tells whether a token is this keyword or symbol; one in quotes is neither. */
export function is(token: Token | undefined, word: string): boolean {
  return (token?.kind === 'word' || token?.kind === 'symbol') && token.text.toLowerCase() === word
}

/** What an identifier names, without its quotes. SQLite takes a string for a name too. */
export function nameOf({ kind, text }: Token): string {
  if (kind !== 'name' && kind !== 'string') return text
  const quote = text.slice(-1)
  const inner = text.slice(1, -1)
  return quote === ']' ? inner : inner.replaceAll(quote + quote, quote)
}

/** Writes tokens as one line: what lay between two of them becomes one space, comments too. */
export function fold(tokens: readonly Token[]): string {
  return tokens
    .map(({ text, start }, at) => {
      const previous = tokens[at - 1]
      return previous && previous.end < start ? ` ${text}` : text
    })
    .join('')
}

/** Position after the bracket that closes the one at `open`. */
export function closing(tokens: readonly Token[], open: number): number {
  let depth = 0
  for (let at = open; at < tokens.length; at++) {
    if (is(tokens[at], '(')) depth++
    else if (is(tokens[at], ')') && --depth === 0) return at + 1
  }
  return tokens.length
}

/** The pieces between commas that are in no bracket. */
export function splitAtCommas(tokens: readonly Token[]): readonly (readonly Token[])[] {
  if (tokens.length === 0) return []
  const pieces: Token[][] = [[]]
  let depth = 0
  for (const token of tokens) {
    if (is(token, '(')) depth++
    if (is(token, ')')) depth--
    if (depth === 0 && is(token, ',')) pieces.push([])
    else pieces.at(-1)?.push(token)
  }
  return pieces
}

/** Expression without brackets around the whole of it, which SQLite's own lists leave out too. */
export function unwrap(tokens: readonly Token[]): readonly Token[] {
  return is(tokens[0], '(') && closing(tokens, 0) === tokens.length ? unwrap(tokens.slice(1, -1)) : tokens
}

/** Lower-case names of the columns that an expression uses; a word before a bracket is a function. */
export function columnsUsed(tokens: readonly Token[], columns: readonly string[]): ReadonlySet<string> {
  const known = new Set(columns.map((name) => name.toLowerCase()))
  const named = tokens.flatMap((token, at) => {
    if (token.kind === 'name') return [nameOf(token).toLowerCase()]
    return token.kind === 'word' && !is(tokens[at + 1], '(') ? [token.text.toLowerCase()] : []
  })
  return new Set(named.filter((name) => known.has(name)))
}
