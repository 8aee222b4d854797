/** Tells whether SQL has the name in it as a word of its own, in any case. It may stand in a literal or a comment: SQL is not parsed. */
export function mentions(sql: string, name: string): boolean {
  const word = name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return new RegExp(`(?<![\\p{L}\\p{N}_$])${word}(?![\\p{L}\\p{N}_$])`, 'iu').test(sql)
}
