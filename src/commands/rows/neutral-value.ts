/** The value that rows get where their own is gone. */
import type { Operation } from '../../operations/operation.ts'
import { mentions } from '../../schema/mentions.ts'
import { type Column, type Schema, enumNamed, tableNamed } from '../../schema/schema.ts'
import { type Family, columnKind } from '../../schema/column-kind.ts'

/**
 * A value that says as little as its type allows; undefined where there is none that every row can have.
 * @param schema in which its enum type is
 * @param later what is done after the column is there
 */
export function neutralValue(
  table: string,
  column: Column,
  { schema, later }: { readonly schema: Schema; readonly later: readonly Operation[] },
): string | number | boolean | undefined {
  if (later.some((operation) => isKeyOf(operation, table, column.name))) return undefined
  for (const operation of later) {
    if (operation.kind !== 'createCheckConstraint' || operation.table !== table) continue
    const { expression, column: beside } = operation.check
    if (typeof expression === 'object') {
      if (beside === column.name) return expression.in[0]
    } else if (mentions(expression, column.name)) return undefined
  }
  if (typeof column.type === 'object') {
    const { sql } = column.type
    const type = enumNamed(schema, sql) ?? enumNamed(schema, sql.replace(/^"(.*)"$/s, '$1'))
    if (type) return type.items[0]
  }
  const { family, items } = columnKind(column)
  if (family === 'enum') return items?.[0]
  // MySQL's and MariaDB's begin one second after that.
  const isStamp = typeof column.type === 'object' && /^timestamp(?:\(\d\))?$/i.test(column.type.sql)
  return isStamp ? '1970-01-02 00:00:00' : values[family]
}

const values: Readonly<Record<Family, string | number | boolean | undefined>> = {
  text: '',
  integer: 0,
  decimal: 0,
  float: 0,
  boolean: false,
  date: '1970-01-01',
  time: '00:00:00',
  datetime: '1970-01-01 00:00:00',
  json: '{}',
  uuid: '00000000-0000-0000-0000-000000000000',
  blob: '',
  array: '{}',
  enum: undefined,
  other: undefined,
}

/**
 * The column whose values are as good where each row needs another one: the key of its table, if that is a number. Undefined also where
 * the values are to be those of another table, or to pass a check.
 */
export function distinctColumn(
  table: string,
  column: Column,
  { schema, later }: { readonly schema: Schema; readonly later: readonly Operation[] },
): string | undefined {
  const found = tableNamed(schema, table)
  const [key, ...more] = found?.primaryKey?.columns ?? []
  const keyColumn = found?.columns.find(({ name }) => name === key)
  const takesNumbers = numeric.has(columnKind(column).family)
  if (!keyColumn || more.length > 0 || !takesNumbers || columnKind(keyColumn).family !== 'integer')
    return undefined
  const isBound = later.some(
    (operation) =>
      isReferenceOf(operation, table, column.name) ||
      isChecked(operation, table, column.name) ||
      (operation.kind === 'createPrimaryKey' && operation.table === table),
  )
  return isBound ? undefined : key
}

const numeric: ReadonlySet<Family> = new Set(['text', 'integer', 'decimal', 'float'])

/** Tells whether rows cannot all have the same value then, or only one that another table has. */
function isKeyOf(operation: Operation, table: string, column: string): boolean {
  if (isReferenceOf(operation, table, column)) return true
  if (!('table' in operation) || operation.table !== table) return false
  if (operation.kind === 'createUniqueConstraint') return operation.unique.columns.includes(column)
  if (operation.kind === 'createPrimaryKey') return operation.primaryKey.columns.includes(column)
  if (operation.kind !== 'createIndex' || !operation.index.unique) return false
  return mentions(JSON.stringify(operation.index), column)
}

function isChecked(operation: Operation, table: string, column: string): boolean {
  return (
    operation.kind === 'createCheckConstraint' &&
    operation.table === table &&
    mentions(JSON.stringify(operation.check), column)
  )
}

function isReferenceOf(operation: Operation, table: string, column: string): boolean {
  return (
    operation.kind === 'createForeignKey' &&
    operation.table === table &&
    operation.foreignKey.columns.includes(column)
  )
}
