/** The definition of a column, as `create table`, `add` and `modify` take it. */
import type { Check, Column, DefaultValue } from '../../src/schema/schema.ts'
import { literal, quote } from './literal.ts'
import type { TypeWriter } from './types.ts'

/** @param checks of the table; the ones that are written beside a column have no name */
export function columnDefinition(column: Column, checks: readonly Check[], typeOf: TypeWriter): string {
  const type = typeOf(column)
  const isText = /char|text|enum|set\(/i.test(type)
  const { generated, autoincrement, collation, comment, extra } = column
  const parts = [
    quote(column.name),
    type,
    // A type that was changed to a number's keeps none.
    collation !== undefined && isText ? `collate ${collation}` : '',
    generated
      ? `generated always as (${generated.expression}) ${generated.stored ? 'stored' : 'virtual'}`
      : '',
    // MariaDB does not let it be said of a generated column, nor of a row's time.
    generated || isPeriod(column) ? '' : column.nullable ? 'null' : 'not null',
    autoincrement ? 'auto_increment' : '',
    column.default === undefined || generated ? '' : `default ${defaultValue(column.default, type)}`,
    extra ?? '',
    comment === undefined ? '' : `comment ${literal(comment)}`,
    ...checks.filter((check) => check.name === undefined && check.column === column.name).map(checkBody),
  ]
  return parts.filter((part) => part !== '').join(' ')
}

/** MariaDB: the time from which or until which the row was as it is. */
export function isPeriod({ extra = '' }: Column): boolean {
  return /^generated always as row (?:start|end)\b/i.test(extra)
}

export function checkBody({ column, expression }: Check): string {
  if (typeof expression === 'string') return `check (${expression})`
  return `check (${quote(column ?? '')} in (${expression.in.map(literal).join(', ')}))`
}

/**
 * MySQL takes an expression only in parentheses, and for these types nothing but an expression. MariaDB
 * stores the same with and without.
 * @see https://dev.mysql.com/doc/refman/8.4/en/data-type-defaults.html
 */
export function defaultValue(value: DefaultValue, type: string): string {
  const sql = typeof value === 'object' ? value.sql : literal(value)
  if (/^null$/i.test(sql) || isEnclosed(sql)) return sql
  const takesLiteral =
    !/^(?:(?:tiny|medium|long)?(?:text|blob)|json|geom|(?:multi)?(?:point|linestring|polygon))/i.test(type)
  return isLiteral(sql) ? (takesLiteral ? sql : `(${sql})`) : isTimestamp(sql) ? sql : `(${sql})`
}

export function isLiteral(sql: string): boolean {
  const string =
    /^(?:_\w+\s*|[nbx]|date\s*|time\s*|timestamp\s*)?(?:'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*")$/is
  return (
    /^(?:null|true|false|0x[\da-f]+|0b[01]+|[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)$/i.test(sql) ||
    string.test(sql)
  )
}

function isTimestamp(sql: string): boolean {
  return /^(?:current_timestamp|now|localtime|localtimestamp)\s*(?:\(\s*\d?\s*\))?$/i.test(sql)
}

/** Tells whether the first parenthesis is closed by the last, not before. */
function isEnclosed(sql: string): boolean {
  if (!/^\(.*\)$/s.test(sql)) return false
  const bare = sql.replaceAll(/'(?:[^'\\]|''|\\.)*'|"(?:[^"\\]|""|\\.)*"|`[^`]*`/gs, '')
  let depth = 0
  return [...bare].every((character, at) => {
    depth += character === '(' ? 1 : character === ')' ? -1 : 0
    return depth > 0 || at === bare.length - 1
  })
}
