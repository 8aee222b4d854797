/** The header of a revision file in the very form in which aludel writes it: read many times as fast as any other. */

export interface PlainHeader {
  readonly message: string
  readonly revision: string
  readonly downRevision: readonly string[]
  readonly branchLabels: readonly string[]
  readonly dependsOn: readonly string[]
  readonly createdAt: string
}

// A comment has its end of line: without it, it could be taken for a shorter one.
const space = String.raw`(?:\s|//[^\n\r\u2028\u2029]*[\n\r\u2028\u2029]|import\s(?:[\w{},\s*$]+\sfrom\s)?(?:'[^'\\\n]*'|"[^"\\\n]*");?)*`
// Nothing in them is escaped, and no id is empty.
const text = String.raw`(?:'([^'\\\n\r]*)'|"([^"\\\n\r]*)")`
const id = String.raw`(?:'([^'\\\n\r]+)'|"([^"\\\n\r]+)")`
const list = String.raw`\[((?:\s*(?:'[^'\\\n\r]+'|"[^"\\\n\r]+")\s*(?:,|(?=\])))*)\s*\]`
const constant = (name: string, value: string): string =>
  String.raw`${space}export const ${name}(?:: [\w[\] |]+)? =\s+${value};?`

/** Up to the beginning of the next statement: the last literal is whole then. */
const header = new RegExp(
  [
    constant('message', text),
    constant('revision', id),
    constant('downRevision', `(?:null|${id}|${list})`),
    constant('branchLabels', list),
    constant('dependsOn', list),
    constant('createdAt', text),
    String.raw`${space}(?=(?:export|import|const|type|interface|function|async)\s|$)`,
  ].join(''),
  'y',
)

/** What is exported further down and is no function: it may belong to the header. */
const other = /\bexport\b(?!\s+(?:(?:async\s+)?function|default)\b)/g

/** Undefined when the header is written in another form, or may go on. */
export function readPlainHeader(source: string): PlainHeader | undefined {
  header.lastIndex = 0
  const match = header.exec(source)
  if (!match) return undefined
  other.lastIndex = header.lastIndex
  if (other.test(source)) return undefined
  const down = match[5] ?? match[6]
  return {
    message: match[1] ?? match[2] ?? '',
    revision: match[3] ?? match[4] ?? '',
    downRevision: down === undefined ? items(match[7]) : [down],
    branchLabels: items(match[8]),
    dependsOn: items(match[9]),
    createdAt: match[10] ?? match[11] ?? '',
  }
}

const none: readonly string[] = []

function items(quoted = ''): readonly string[] {
  return quoted === ''
    ? none
    : Array.from(quoted.matchAll(/'([^']*)'|"([^"]*)"/g), ([, a, b]) => a ?? b ?? '')
}
