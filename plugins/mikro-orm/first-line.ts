/** The first line of a foreign error's message, fit to be printed: passwords in URLs are masked. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  // Of esbuild's, which tsx is made of, the second line is the first that says what is wrong.
  const said = text.trim().replace(/^Transform failed with \d+ errors?:\s*/, '')
  const line = said.split('\n', 1)[0] ?? ''
  return line.replaceAll(/(\w:\/\/[^\s:@/]*:)[^\s]*@/g, '$1***@')
}
