/** A new size for a type that stands in a database's own words: `varchar(20)`, `numeric(5,2)`, `enum('a','b')`. */
import { AludelError } from '../../errors.ts'
import type { Sql } from '../../schema/schema.ts'
import type { ColumnChange } from './operation.ts'

const sized =
  /^(?:n?(?:var)?char(?:acter)?(?: varying)?|(?:var)?binary|bit(?: varying)?|time(?:stamp(?:tz)?|tz)?|datetime)$/i
const exact = /^(?:numeric|decimal|dec)$/i

/**
 * The same type with what the change says of its size; itself when that is nothing.
 * @throws {AludelError} SHAPE_UNKNOWN when it has no such size
 */
export function resized(column: string, type: Sql, { length, precision, scale, items }: ColumnChange): Sql {
  if ([length, precision, scale, items].every((value) => value === undefined)) return type
  const [, name = '', inside = '', rest = ''] =
    /^([a-z]+(?: varying)?)\s*(?:\(([^)]*)\))?(.*)$/is.exec(type.sql) ?? []
  // A backslash is written differently from database to database.
  if (items !== undefined && /^enum$/i.test(name) && !items.some((item) => item.includes('\\'))) {
    return { sql: `${name}(${items.map((item) => `'${item.replaceAll("'", "''")}'`).join(',')})${rest}` }
  }
  if (length !== undefined && sized.test(name)) return { sql: `${name}(${length})${rest}` }
  if ((precision !== undefined || scale !== undefined) && exact.test(name)) {
    const [digits = '', decimals = ''] = inside.split(',').map((part) => part.trim())
    const [all, after] = [precision ?? digits, scale ?? decimals]
    if (all !== '') return { sql: `${name}(${after === '' ? all : `${all},${after}`})${rest}` }
  }
  throw new AludelError('SHAPE_UNKNOWN', `Column ${column} is ${type.sql}, which cannot take this size.`, {
    fix: 'Give the change the whole type: type, length, precision, scale, items.',
  })
}
