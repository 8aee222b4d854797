/** A column's new name. */
import { isDeepStrictEqual } from 'node:util'
import type { OperationOf } from '../../src/operations/operation.ts'
import { renameInTable } from '../../src/operations/rename-column/rename-in-table.ts'
import { type Check, type Table, tableNamed } from '../../src/schema/schema.ts'
import { pieces } from '../mikro-orm/sql-pieces.ts'
import { alterTable } from './alter-table.ts'
import { columnDefinition } from './column.ts'
import { checkDefinition, indexDefinition } from './constraints.ts'
import { quote } from './literal.ts'
import { unknownShape } from './lookup.ts'
import type { Shapes } from './replacement.ts'
import type { TypeWriter } from './types.ts'

interface Context extends Shapes {
  readonly typeOf: TypeWriter
}

/**
 * MariaDB writes the new name into all that names the column. MySQL refuses it while another expression does, unless the same
 * statement writes that one anew; a check it lets nobody change, so it goes before and comes back after.
 * @see https://dev.mysql.com/doc/mysql-errors/8.0/en/server-error-reference.html ER_DEPENDENT_BY_GENERATED_COLUMN,
 * ER_DEPENDENT_BY_DEFAULT_GENERATED_VALUE, ER_DEPENDENT_BY_FUNCTIONAL_INDEX, ER_DEPENDENT_BY_CHECK_CONSTRAINT
 */
export function renameColumn(
  { table, column, to }: OperationOf<'renameColumn'>,
  context: Context,
): readonly string[] {
  const rename = `rename column ${quote(column)} to ${quote(to)}`
  const found = tableNamed(context.before, table)
  if (context.name === 'mariadb' || !found) return alterTable(table, rename)
  const old = withQuotes(found, column)
  const renamed = renameInTable(old, column, to)
  const checks = changed(old.checks, renamed.checks)
  return [
    ...checks.flatMap(([check]) => alterTable(table, `drop constraint ${quote(nameOf(check, table))}`)),
    ...alterTable(table, rename, ...expressions(old, renamed, context)),
    ...checks.flatMap(([, check]) => alterTable(table, `add ${checkDefinition('mysql', check)}`)),
  ]
}

/** With the column's name quoted in all expressions: the new one may be a word of the server's. */
function withQuotes(table: Table, column: string): Table {
  const inSql = (sql: string): string => {
    const all = pieces(sql, true)
    return all
      .map(({ kind, text }, at) => {
        const isName = kind === 'word' && text.toLowerCase() === column.toLowerCase()
        return isName && all[at + 1]?.text !== '(' ? quote(column) : text
      })
      .join('')
  }
  return {
    ...table,
    columns: table.columns.map(({ generated, default: value, ...each }) => ({
      ...each,
      ...(value === undefined
        ? {}
        : { default: typeof value === 'object' ? { sql: inSql(value.sql) } : value }),
      ...(generated && { generated: { ...generated, expression: inSql(generated.expression) } }),
    })),
    ...(table.indexes && {
      indexes: table.indexes.map((index) => ({
        ...index,
        columns: index.columns.map((part) =>
          typeof part === 'object' && 'sql' in part ? { ...part, sql: inSql(part.sql) } : part,
        ),
      })),
    }),
    ...(table.checks && {
      checks: table.checks.map(({ expression, ...check }) => ({
        ...check,
        expression: typeof expression === 'string' ? inSql(expression) : expression,
      })),
    }),
  }
}

/** What names the column in an expression, written anew. */
function expressions(old: Table, renamed: Table, { typeOf }: Context): readonly string[] {
  const columns = changed(
    old.columns.map(({ name: _, ...rest }) => rest),
    renamed.columns.map(({ name: _, ...rest }) => rest),
  )
  return [
    ...columns.flatMap(([, , at]) => {
      const column = renamed.columns[at]
      return column ? [`modify ${columnDefinition(column, [], typeOf)}`] : []
    }),
    ...changed(old.indexes, renamed.indexes)
      .filter(([, { columns: parts }]) => parts.some((part) => typeof part === 'object' && 'sql' in part))
      .flatMap(([{ name }, index]) => [
        `drop index ${quote(name)}`,
        `add ${indexDefinition('mysql', index)}`,
      ]),
  ]
}

function changed<T>(
  old: readonly T[] = [],
  renamed: readonly T[] = [],
): readonly (readonly [was: T, is: T, at: number])[] {
  return old.flatMap((was, at) => {
    const is = renamed[at]
    return is === undefined || isDeepStrictEqual(was, is) ? [] : [[was, is, at] as const]
  })
}

function nameOf({ name }: Check, table: string): string {
  if (name === undefined) throw unknownShape(`A check of ${table} has no name yet`)
  return name
}
