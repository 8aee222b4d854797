/** Defaults of columns whose enum type has new names for its values. */
import { joinName } from '../../schema/name.ts'
import type { Column, DefaultValue, Schema, Table } from '../../schema/schema.ts'

type Renamed = Readonly<Record<string, string>>

export function renameInDefaults(schema: Schema, type: string, renamed: Renamed): Schema {
  if (Object.keys(renamed).length === 0) return schema
  const tables = Object.entries(schema.tables).map(([name, table]): [string, Table] => {
    const columns = table.columns.map((column) => renameInColumn(column, type, renamed))
    const isSame = columns.every((column, at) => column === table.columns[at])
    return [name, isSame ? table : { ...table, columns }]
  })
  return { ...schema, tables: Object.fromEntries(tables) }
}

function renameInColumn(column: Column, type: string, renamed: Renamed): Column {
  if (column.default === undefined || typeof column.type === 'string' || typeName(column.type.sql) !== type)
    return column
  const value = renameInDefault(column.default, renamed)
  return value === column.default ? column : { ...column, default: value }
}

function renameInDefault(value: DefaultValue, renamed: Renamed): DefaultValue {
  if (typeof value === 'string') return Object.hasOwn(renamed, value) ? (renamed[value] ?? value) : value
  if (typeof value !== 'object') return value
  const [, item, rest] = /^'((?:[^']|'')*)'(.*)$/s.exec(value.sql) ?? []
  const old = item?.replaceAll("''", "'")
  if (old === undefined || !Object.hasOwn(renamed, old)) return value
  return { sql: `'${renamed[old]?.replaceAll("'", "''")}'${rest}` }
}

/** As a schema names it, from `"Mood"` or `billing.mood`. */
function typeName(sql: string): string {
  const parts = sql.match(/"(?:[^"]|"")*"|[^".]+/g) ?? []
  const names = parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part))
  const [name = ''] = names.slice(-1)
  const [schema] = names.slice(-2, -1)
  return joinName({ name, ...(schema === undefined ? {} : { schema }) })
}
