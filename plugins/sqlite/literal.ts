/** Names and values as SQLite's SQL. */

/** In backticks, as MikroORM writes names for SQLite. */
export function quote(...path: readonly string[]): string {
  return path.map((part) => `\`${part.replaceAll('`', '``')}\``).join('.')
}

export function literal(value: string | number | boolean | bigint | null): string {
  if (value === null || Number.isNaN(value)) return 'null'
  if (typeof value === 'number' && !Number.isFinite(value)) return value < 0 ? '-9e999' : '9e999'
  if (typeof value !== 'string') return String(value)
  // SQLite's parser ends at the first NUL.
  if (value.includes('\0')) return `cast(x'${Buffer.from(value).toString('hex')}' as text)`
  return `'${value.replaceAll("'", "''")}'`
}
