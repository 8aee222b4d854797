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

/** As a script may have it too: the shell makes one character of the two that end a line on Windows. */
export function shellLiteral(value: string | number | boolean | null): string {
  if (typeof value !== 'string' || !value.includes('\r') || value.includes('\0')) return literal(value)
  for (let count = 0; ; count += 1) {
    const mark = `\\r${count === 0 ? '' : count}`
    if (value.includes(mark)) continue
    return `replace(${literal(value.replaceAll('\r', mark))}, ${literal(mark)}, char(13))`
  }
}
