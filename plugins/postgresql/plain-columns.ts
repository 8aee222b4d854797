/** Literals are taken along as they are. */
const word = String.raw`"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*`
const literals = /('(?:[^']|'')*')/

/**
 * The text of a view over one table as PostgreSQL 16 and newer write it: older ones name the table before each of its columns. A
 * history that is built in PGlite is compared with a database of any version.
 */
export function plainColumns(definition: string): string {
  const plain = definition.replaceAll(/'(?:[^']|'')*'/g, "''")
  const from = [...plain.matchAll(new RegExp(`\\n +FROM (.*)`, 'gu'))].map(([, text = '']) => text)
  const isNested = (plain.match(/\bSELECT\b/g)?.length ?? 0) !== 1
  const table = new RegExp(`^(?:(?:${word})\\.)?(${word})(?: (${word}))?$`, 'u').exec(from[0] ?? '')
  const name = table?.[2] ?? table?.[1]
  if (isNested || from.length !== 1 || name === undefined) return definition
  const column = new RegExp(
    `(?<![\\p{L}\\p{N}_$".])${name.replaceAll(/[$]/g, '\\$&')}\\.(?=(?:${word})(?![\\p{L}\\p{N}_$(]))`,
    'gu',
  )
  return definition
    .split(literals)
    .map((part) => (part.startsWith("'") ? part : part.replaceAll(column, '')))
    .join('')
}
