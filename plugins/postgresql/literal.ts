/** Names and values as PostgreSQL's SQL. */

export function quote(...path: readonly string[]): string {
  return path.map((part) => `"${part.replaceAll('"', '""')}"`).join('.')
}

export function literal(value: string | number | boolean | bigint | null): string {
  if (value === null) return 'null'
  if (typeof value === 'number' && !Number.isFinite(value)) return `'${value}'`
  if (typeof value !== 'string') return String(value)
  const doubled = value.replaceAll("'", "''")
  // An `E` string reads the same whatever standard_conforming_strings says.
  return value.includes('\\') ? `E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`
}

/** `fillfactor=70`; what is no plain word or number stands in quotes. In the order of their names: the server keeps the order of history. */
export function settings(options: readonly string[]): string {
  return options
    .map((option) => {
      const [, name = '', value = ''] = /^([^=]*)=(.*)$/s.exec(option) ?? []
      return `${name}=${/^(?:[a-z_]+|\d+(?:\.\d+)?)$/.test(value) ? value : `'${value.replaceAll("'", "''")}'`}`
    })
    .toSorted()
    .join(', ')
}
