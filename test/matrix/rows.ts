/** The rows of every table, as the database's own JSON. */
import { sql } from '../support/sql.ts'

/** By table; each row by column. */
export type Rows = Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>>

export async function allRows(url: string): Promise<Rows> {
  const tables = await tableColumns(url)
  const selects = [...tables].map(([table, columns]) => rowsOf(url, table, columns))
  // SQLite takes 500 parts at the most.
  const parts = Array.from({ length: Math.ceil(selects.length / 100) }, (_, at) =>
    selects.slice(at * 100, at * 100 + 100).join(' union all '),
  )
  const rows = (await Promise.all(parts.map((part) => sql(url, part)))).flat()
  const found = Map.groupBy(rows, ([table]) => String(table))
  return Object.fromEntries(
    [...tables.keys()].map((table) => [table, (found.get(table) ?? []).map(([, row]) => parsed(row))]),
  )
}

async function tableColumns(url: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await sql(url, url.startsWith('sqlite:') ? sqliteColumns : serverColumns(url))
  const groups = Map.groupBy(rows, ([table]) => String(table))
  return new Map([...groups].map(([table, columns]) => [table, columns.map(([, column]) => String(column))]))
}

const sqliteColumns = `select m.name, c.name from sqlite_master m join pragma_table_xinfo(m.name) c
  where m.type = 'table' and m.name not like 'aludel_%' and m.name not like 'sqlite_%' order by 1, c.cid`

const serverColumns = (url: string): string =>
  `select c.table_name, c.column_name from information_schema.columns c
   join information_schema.tables t on t.table_schema = c.table_schema and t.table_name = c.table_name
   where c.table_schema = ${isPostgres(url) ? 'current_schema()' : 'database()'} and t.table_type = 'BASE TABLE'
     and c.table_name not like 'aludel%' order by 1, c.ordinal_position`

function rowsOf(url: string, table: string, columns: readonly string[]): string {
  const name = `'${table.replaceAll("'", "''")}'`
  if (isPostgres(url)) return `select ${name}, row_to_json(this_row)::text from ${quote(table)} this_row`
  const isSqlite = url.startsWith('sqlite:')
  const ticks = isSqlite ? quote : (text: string) => `\`${text.replaceAll('`', '``')}\``
  const pairs = columns.map((column) => {
    const value = isSqlite ? `quote(${ticks(column)})` : `cast(${ticks(column)} as char)`
    return `'${column.replaceAll("'", "''")}', ${value}`
  })
  return `select ${name}, json_object(${pairs.join(', ')}) from ${ticks(table)}`
}

function isPostgres(url: string): boolean {
  return url.startsWith('postgres') || url.startsWith('pglite')
}

function quote(text: string): string {
  return `"${text.replaceAll('"', '""')}"`
}

export interface Kept {
  /** Old name and new, of tables (`users:people`) and columns (`users.phone:phone_number`). */
  readonly renames: readonly string[]
  /** Columns that need not be kept: `users.a`. */
  readonly except: readonly string[]
}

/** Says which values are others than they were: of rows, and of columns that are there on both sides. */
export function lostValues(before: Rows, after: Rows, { renames, except }: Kept): readonly string[] {
  const names = new Map(renames.map((rename) => splitAnswer(rename)))
  return Object.entries(before).flatMap(([table, rows]) => {
    const renamed = names.get(table) ?? table
    const now = after[renamed]
    if (!now) return []
    const isKept = Object.keys(rows[0] ?? {}).some((column) => !except.includes(`${table}.${column}`))
    if (rows.length > 0 && !isKept) return []
    if (now.length !== rows.length) return [`${table} had ${rows.length} rows, and has ${now.length}`]
    const columnNow = (column: string): string => names.get(`${table}.${column}`) ?? column
    const kept = Object.keys(rows[0] ?? {}).filter(
      (column) => columnNow(column) in (now[0] ?? {}) && !except.includes(`${table}.${column}`),
    )
    const was = rows.map((row) => JSON.stringify(kept.map((column) => plain(row[column])))).toSorted()
    const is = now
      .map((row) => JSON.stringify(kept.map((column) => plain(row[columnNow(column)]))))
      .toSorted()
    return was.flatMap((row, at) => (row === is[at] ? [] : [`${table} had ${row}, and has ${is[at]}`]))
  })
}

function splitAnswer(answer: string): readonly [string, string] {
  const at = answer.lastIndexOf(':')
  return [answer.slice(0, at), answer.slice(at + 1)]
}

/** A value however its type writes it: `5`, `'5'`, `5.00`; `0` and `false`. */
function plain(value: unknown): unknown {
  if (value === null || value === 'NULL') return null
  if (typeof value === 'boolean') return String(Number(value))
  const text = (typeof value === 'string' ? value : JSON.stringify(value)).replace(/^'(.*)'$/s, '$1')
  return /^-?\d+(\.\d+)?$/.test(text)
    ? String(Number(text))
    : text.replace('T', ' ').replace(/(?:\.0+|\+00(?::00)?|Z)+$/, '')
}

/** Some drivers have read it already. */
function parsed(row: unknown) {
  return typeof row === 'string' ? JSON.parse(row) : row
}
