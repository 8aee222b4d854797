import type { Check } from '../../src/schema/schema.ts'
import type { CheckRow, ColumnRow } from './catalog.ts'
import { quote } from './literal.ts'
import type { Name } from './name.ts'
import { compareTexts } from './texts.ts'
import { unescaped } from './unescaped.ts'

interface Rows {
  readonly columns: readonly ColumnRow[]
  readonly checks: readonly CheckRow[]
}

interface Checks {
  /** Columns whose type is `json`, the check that MariaDB makes of it being part of the type. */
  readonly jsonColumns: ReadonlySet<string>
  readonly checks: readonly Check[]
}

export function readChecks(name: Name, { columns, checks }: Rows): Checks {
  const json = new Map(
    columns.filter(isJsonStorage).map((column) => [`json_valid(${quote(column.name)})`, column.name]),
  )
  const jsonColumns = new Set<string>()
  const rest = checks.filter(({ level, expression }) => {
    const column = level === 'Column' ? json.get(expression) : undefined
    if (column !== undefined) jsonColumns.add(column)
    return column === undefined
  })
  const read = rest.map((row): Check => {
    const expression = name === 'mysql' ? unescaped(row.expression) : row.expression
    return row.level === 'Column'
      ? { column: columnOf(row, columns), expression }
      : { name: row.name, expression, ...(row.enforced === 'NO' ? { extra: 'not enforced' } : {}) }
  })
  return { jsonColumns, checks: read.sort((a, b) => compareTexts(keyOf(a), keyOf(b))) }
}

/** `json` is this and a check; a longtext that somebody gave the check himself has the table's collation. */
function isJsonStorage({ type, collation }: ColumnRow): boolean {
  return type === 'longtext' && collation === 'utf8mb4_bin'
}

/** A check beside a column is named after it, but keeps the name when the column is renamed. */
function columnOf({ name, expression }: CheckRow, columns: readonly ColumnRow[]): string {
  const mentioned = columns.filter((column) => expression.includes(quote(column.name)))
  const found = mentioned.find((column) => column.name === name) ?? mentioned[0]
  return found?.name ?? name
}

function keyOf({ name, column }: Check): string {
  return name ?? column ?? ''
}
