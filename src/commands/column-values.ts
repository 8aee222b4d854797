/** The values that a column's own enum type takes, or a check of it. */
import type { Check, Column, Schema, Table } from '../schema/schema.ts'
import { tableNamed } from '../schema/schema.ts'
import { mentions } from '../schema/mentions.ts'
import { columnKind, literalsIn } from '../schema/column-kind.ts'

/** A value of a column under another name; the table and the column as they are called after all renames. */
export interface RenamedValue {
  readonly table: string
  readonly column: string
  readonly value: string
  readonly to: string
}

/** None where any value is taken. */
export function columnValues(table: Table | undefined, name: string): readonly string[] {
  const column = table?.columns.find((each) => each.name === name)
  if (!table || !column) return []
  const { items } = columnKind(column)
  return items ?? table.checks?.flatMap((check) => (isListOf(check, name, table) ? listed(check) : [])) ?? []
}

/** What a check lists that says of the column which values it takes. */
export function listed({ expression }: Check): readonly string[] {
  return typeof expression === 'object' ? expression.in : literalsIn(expression)
}

/** Databases write `in ('a', 'b')` in their own ways: `= any (array['a'::text, 'b'::text])`. */
function isListOf({ column, expression }: Check, name: string, { columns }: Table): boolean {
  if (typeof expression === 'object') return column === name
  const named = columns.filter((each) => mentions(expression, each.name)).map((each) => each.name)
  return /(?<!\bnot\s+)\bin\s*\(|\bany\s*\(/i.test(expression) && named.length === 1 && named[0] === name
}

/** The schema in which a column takes another value instead of one. */
export function withRenamedValue(schema: Schema, { table, column, value, to }: RenamedValue): Schema {
  const found = tableNamed(schema, table)
  if (!found) return schema
  const swap = (item: string): string => (item === value ? to : item)
  const inSql = (sql: string): string =>
    sql.replaceAll(`'${value.replaceAll("'", "''")}'`, () => `'${to.replaceAll("'", "''")}'`)
  const inColumn = (each: Column): Column =>
    each.name !== column || !columnKind(each).items
      ? each
      : {
          ...each,
          ...(typeof each.type === 'object' ? { type: { sql: inSql(each.type.sql) } } : {}),
          ...(each.items ? { items: each.items.map(swap) } : {}),
        }
  const inCheck = (check: Check): Check =>
    !isListOf(check, column, found)
      ? check
      : {
          ...check,
          expression:
            typeof check.expression === 'object'
              ? { in: check.expression.in.map(swap) }
              : inSql(check.expression),
        }
  const renamed = {
    ...found,
    columns: found.columns.map(inColumn),
    ...(found.checks ? { checks: found.checks.map(inCheck) } : {}),
  }
  return { ...schema, tables: { ...schema.tables, [table]: renamed } }
}
