/** Reads SQL that MikroORM wrote, word for word: what is not foreseen is never passed over. */

export interface Token {
  /** `name`: a quoted identifier; `word`: lower case. */
  readonly kind: 'name' | 'string' | 'number' | 'word' | 'symbol'
  /** Without its quotes. */
  readonly text: string
}

export interface StatementReader {
  /** Takes these words and symbols, separated by spaces, when they are what comes next. */
  skip(words: string): boolean
  /** @throws {Unforeseen} */
  expect(words: string): void
  /** @throws {Unforeseen} */
  take(kind: Token['kind']): string
  has(kind: Token['kind']): boolean
  /** @throws {Unforeseen} when something is left */
  end(): void
  readonly isAtEnd: boolean
}

/** Thrown for what has no rule. */
export class Unforeseen extends Error {}

const pattern =
  /\s+|"((?:[^"]|"")+)"|`((?:[^`]|``)+)`|'((?:[^'\\]|'')*)'(?!')|(\d+(?:\.\d+)?)(?![\w.])|([A-Za-z_]\w*)|(::|[^])/y

/** What a string holds of which the text has a backslash depends on the server: such a statement is not read. */
export function statementReader(sql: string): StatementReader {
  const tokens = tokenize(sql)
  let at = 0
  const isNext = (word: string, offset: number): boolean => {
    const token = tokens[at + offset]
    return (token?.kind === 'word' || token?.kind === 'symbol') && token.text === word
  }
  const skip = (words: string): boolean => {
    if (!words.startsWith(tokens[at]?.text ?? ' ')) return false
    const list = words.split(' ')
    if (!list.every(isNext)) return false
    at += list.length
    return true
  }
  const has = (kind: Token['kind']): boolean => tokens[at]?.kind === kind
  return {
    skip,
    has,
    expect(words) {
      if (!skip(words)) throw new Unforeseen(words)
    },
    take(kind) {
      const token = tokens[at]
      if (token?.kind !== kind) throw new Unforeseen(kind)
      at += 1
      return token.text
    },
    get isAtEnd() {
      return at === tokens.length
    },
    end() {
      if (at < tokens.length) throw new Unforeseen(tokens[at]?.text)
    },
  }
}

function tokenize(sql: string): readonly Token[] {
  const tokens: Token[] = []
  pattern.lastIndex = 0
  while (pattern.lastIndex < sql.length) {
    const [, double, back, string, number, word, symbol] = pattern.exec(sql) ?? []
    if (double !== undefined) tokens.push({ kind: 'name', text: double.replaceAll('""', '"') })
    else if (back !== undefined) tokens.push({ kind: 'name', text: back.replaceAll('``', '`') })
    else if (string !== undefined) tokens.push({ kind: 'string', text: string.replaceAll("''", "'") })
    else if (number !== undefined) tokens.push({ kind: 'number', text: number })
    else if (word !== undefined) tokens.push({ kind: 'word', text: word.toLowerCase() })
    else if (symbol !== undefined) tokens.push({ kind: 'symbol', text: symbol })
  }
  return tokens
}

/** `("a", "b")` */
export function readNames(reader: StatementReader): readonly string[] {
  return readList(reader, () => reader.take('name'))
}

/** Brackets around things with commas between. */
export function readList<T>(reader: StatementReader, read: () => T): readonly T[] {
  reader.expect('(')
  const list = [read()]
  while (reader.skip(',')) list.push(read())
  reader.expect(')')
  return list
}
