/** Names and values as SQL. */

export function quote(...path: readonly string[]): string {
  return path.map((part) => `\`${part.replaceAll('`', '``')}\``).join('.')
}

/**
 * A backslash escapes in a string: sessions are opened without NO_BACKSLASH_ESCAPES. The client of the server, which reads scripts, takes
 * no zero character, and makes one of the two that end a line on Windows.
 */
export function literal(value: string | number | boolean | bigint | null): string {
  if (typeof value !== 'string') return String(value)
  const escaped = value
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    .replaceAll('\0', '\\0')
    .replaceAll('\r', '\\r')
  return `'${escaped}'`
}
