/** The header of a revision file, read from its text without running it. */

export type Literal = string | boolean | null | readonly string[]

/**
 * A comment, a string, a bracket or an `export` of a TypeScript text, whichever comes next.
 * A regular expression literal with a quote or a bracket inside can mislead it; then the brackets do not match at the end.
 */
const token =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"|`(?:\\[\s\S]|[^`\\])*`|[{}()[\]]|\bexport\s*(?=[{*])|\bexport\s+(?:let|var)\b|\bexport\s+const\s+([A-Za-z]\w*)\s*(?::\s*[\w\s<>[\]|'"]+?)?\s*=(?!=)\s*/g

const gap = /(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y
const string = /'((?:\\[\s\S]|[^'\\\n])*)'|"((?:\\[\s\S]|[^"\\\n])*)"|`((?:\\[\s\S]|[^`\\$]|\$(?!\{))*)`/y
const word = /(?:null|true|false)\b/y
/** What may stand behind a literal: nothing that would make another value of it, on its line or the next. */
const end =
  /[ \t]*(?:(?:as|satisfies)[ \t]+[\w \t<>[\]|'"]+)?[ \t]*(?:;|(?=[/\r\n]|$)(?:\s|\/\/[^\n]*(?:\n|$)|\/\*(?:[^*]|\*(?!\/))*\*\/)*(?:$|(?!in(?:stanceof)?\b)[^\s\-+*/%.,?&|^<>=([`]))/y

/**
 * Reads the constants that a module exports as literals: strings, `true`, `false`, `null`, lists of strings.
 * A constant of any other kind comes as undefined. Empty when the text does not tell what the module exports.
 */
export function readHeader(text: string): ReadonlyMap<string, Literal | undefined> {
  const constants = new Map<string, Literal | undefined>()
  let depth = 0
  token.lastIndex = 0
  for (let match = token.exec(text); match; match = token.exec(text)) {
    const [found, name] = match
    if (found === '{' || found === '(' || found === '[') depth++
    else if (found === '}' || found === ')' || found === ']') depth--
    else if (name !== undefined && depth === 0) constants.set(name, literalAt(text, token.lastIndex))
    else if (found.startsWith('export') && depth === 0) return new Map()
  }
  return depth === 0 ? constants : new Map()
}

function literalAt(text: string, start: number): Literal | undefined {
  const at = { text, index: start }
  const value = at.text[at.index] === '[' ? list(at) : scalar(at)
  return value !== undefined && take(at, end) !== undefined ? value : undefined
}

interface Cursor {
  readonly text: string
  index: number
}

function take(at: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = at.index
  const match = pattern.exec(at.text)
  if (!match) return undefined
  at.index = pattern.lastIndex
  return match
}

function scalar(at: Cursor): string | boolean | null | undefined {
  const quoted = quotedString(at)
  if (quoted !== undefined) return quoted
  const found = take(at, word)?.[0]
  return found === undefined ? undefined : found === 'null' ? null : found === 'true'
}

function quotedString(at: Cursor): string | undefined {
  const match = take(at, string)
  return match ? unescape(match[1] ?? match[2] ?? match[3] ?? '') : undefined
}

function list(at: Cursor): readonly string[] | undefined {
  const items: string[] = []
  at.index++
  for (;;) {
    take(at, gap)
    if (at.text[at.index] === ']') break
    const item = quotedString(at)
    if (item === undefined) return undefined
    items.push(item)
    take(at, gap)
    if (at.text[at.index] === ',') at.index++
    else if (at.text[at.index] !== ']') return undefined
  }
  at.index++
  return items
}

const escapes: Readonly<Record<string, string>> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  v: '\v',
  '0': '\0',
  '\n': '',
}

function unescape(raw: string): string {
  return raw.replace(
    /\\(?:u\{([0-9a-f]+)\}|u([0-9a-f]{4})|x([0-9a-f]{2})|(\r\n|[\s\S]))/gi,
    (_, point?: string, unit?: string, byte?: string, single?: string) => {
      const code = point ?? unit ?? byte
      if (code !== undefined) return String.fromCodePoint(Number.parseInt(code, 16))
      return single === undefined || single === '\r\n' ? '' : (escapes[single] ?? single)
    },
  )
}
