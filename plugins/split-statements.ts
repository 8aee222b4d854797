/** SQL that came as one text, cut at the semicolons that end its statements. */

/** What a semicolon may stand in without being one, as regular expressions; comments that do not end are none of them. */
export interface Lexer {
  readonly opaque: readonly string[]
  /** Beginnings of what has statements of its own inside, or of a quote or comment that does not end: the text is not cut. */
  readonly unsafe: RegExp
}

/** @returns each without its semicolon and the white space around it; the text whole where it cannot be cut for sure */
export function splitStatements(text: string, { opaque, unsafe }: Lexer): readonly string[] {
  const pieces = [...text.matchAll(new RegExp(`(?<opaque>${opaque.join('|')})|;|[^]`, 'g'))]
  const bare = pieces
    .map(({ 0: piece, groups = {} }) => (groups['opaque'] === undefined ? piece : ' '))
    .join('')
  if (unsafe.test(bare)) return nonEmpty([text.replace(/[;\s]+$/, '')])
  const statements: string[] = ['']
  for (const { 0: piece } of pieces) {
    if (piece === ';') statements.push('')
    else statements.push((statements.pop() ?? '') + piece)
  }
  return nonEmpty(statements)
}

function nonEmpty(statements: readonly string[]): readonly string[] {
  return statements.map((each) => each.trim()).filter((each) => /\S/.test(bared(each)))
}

/** A comment alone is no statement. */
function bared(statement: string): string {
  return statement.replaceAll(/--[^\n]*|\/\*(?!M?!)[^]*?\*\//g, '')
}
