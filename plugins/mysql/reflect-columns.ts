import type { Column } from '../../src/schema/schema.ts'
import type { ColumnRow } from './catalog.ts'
import { literal } from './literal.ts'
import type { Name } from './name.ts'
import { unescaped } from './unescaped.ts'

export interface TableFacts {
  /** Columns that MariaDB keeps as longtext with a check of its own. */
  readonly jsonColumns: ReadonlySet<string>
  /** The table's default; only another one is said of a column. */
  readonly collation: string | null
}

export function readColumns(name: Name, rows: readonly ColumnRow[], facts: TableFacts): readonly Column[] {
  return rows.map((row) => readColumn(name, row, facts))
}

function readColumn(name: Name, row: ColumnRow, { jsonColumns, collation }: TableFacts): Column {
  const isJson = jsonColumns.has(row.name)
  const stored = /\bstored generated\b/i.test(row.extra)
  const isGenerated = !isPeriod(row) && (stored || /\bvirtual generated\b/i.test(row.extra))
  const value = isGenerated ? undefined : defaults[name](row)
  const extra = extraOf(row, isGenerated)
  return {
    name: row.name,
    type: { sql: isJson ? 'json' : row.type },
    // MariaDB does not let a generated column be anything but nullable.
    ...(row.nullable === 'YES' && !isGenerated ? { nullable: true } : {}),
    ...(value === undefined ? {} : { default: { sql: value } }),
    ...(/\bauto_increment\b/i.test(row.extra) ? { autoincrement: true } : {}),
    ...(isGenerated ? { generated: { expression: expressionOf(name, row.expression), stored } } : {}),
    ...(row.collation === null || row.collation === collation || isJson ? {} : { collation: row.collation }),
    ...(row.comment === '' ? {} : { comment: row.comment }),
    ...(extra === '' ? {} : { extra }),
  }
}

/** MariaDB: the time from which or until which the row was as it is. */
function isPeriod({ expression }: ColumnRow): boolean {
  return /^row (?:start|end)$/i.test(expression ?? '')
}

function expressionOf(name: Name, text: string | null): string {
  return name === 'mysql' ? unescaped(text ?? '') : (text ?? '')
}

/** What is left of `extra` when the words that a column has properties for are taken out. */
function extraOf(row: ColumnRow, isGenerated: boolean): string {
  const { extra, nullable, srid, expression } = row
  const words = extra
    .replaceAll(/\b(?:auto_increment|default_generated|(?:stored|virtual) generated)\b/gi, '')
    .split(',')
  const rest = words.flatMap((word) => word.trim().replaceAll(/\s+/g, ' ') || [])
  const notNull = isGenerated && nullable === 'NO' ? ['not null'] : []
  const period = isPeriod(row) ? [`generated always as ${expression?.toLowerCase()}`] : []
  return [...(srid == null ? [] : [`srid ${srid}`]), ...notNull, ...period, ...rest].join(' ')
}

/** Each brings what the server says to what can be written after `default`. */
const defaults: Record<Name, (row: ColumnRow) => string | undefined> = {
  // As it would be written, also `NULL`.
  mariadb: ({ value }) => (value === null || value === 'NULL' ? undefined : value),
  // A string without its quotes; `extra` tells when it is an expression.
  mysql: ({ value, extra, type }) => {
    if (value === null) return undefined
    if (/\bdefault_generated\b/i.test(extra)) {
      const isTimestamp = /^current_timestamp(?:\(\d\))?$/i.test(value)
      return isTimestamp ? value : `(${unescaped(value)})`
    }
    return isWrittenBare(type, value) ? value : literal(value)
  },
}

function isWrittenBare(type: string, value: string): boolean {
  if (/^(?:bit|tinyint|smallint|mediumint|int|bigint|decimal|float|double|year)\b/i.test(type)) return true
  return /^(?:var)?binary\b/i.test(type) && /^0x[0-9a-f]*$/i.test(value)
}
