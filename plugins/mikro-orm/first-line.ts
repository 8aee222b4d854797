/** The first line of a foreign error's message, fit to be printed: passwords in URLs are masked. */
export function firstLine(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  const line = text.trim().split('\n', 1)[0] ?? ''
  return line.replaceAll(/(\w:\/\/[^\s:@/]*:)[^\s]*@/g, '$1***@')
}
