/** Names and values as SQL. */

export function quote(...path: readonly string[]): string {
  return path.map((part) => `\`${part.replaceAll('`', '``')}\``).join('.')
}

/** A backslash escapes in a string: sessions are opened without NO_BACKSLASH_ESCAPES. */
export function literal(value: string | number | boolean | bigint | null): string {
  if (typeof value !== 'string') return String(value)
  const escaped = value.replaceAll('\\', '\\\\').replaceAll("'", "''").replaceAll('\0', '\\0')
  return `'${escaped}'`
}
