/** A column that every row is to have a value in: it is added, filled, and only then set not null. */
import type { Operation, OperationOf } from '../../operations/operation.ts'
import { stringText } from '../../operations/string-text.ts'
import { type Column, type Schema, type Table, tableNamed } from '../../schema/schema.ts'
import { distinctColumn, neutralValue } from './neutral-value.ts'
import type { Step } from './note.ts'
import { type Quoting, tableSql } from './sql-names.ts'

export interface Place {
  readonly dialect: Quoting
  /** Before the operation. */
  readonly schema: Schema
  /** What is done after it. */
  readonly later: readonly Operation[]
  /** `downgrade`: the column was there, and its values are gone. */
  readonly way: 'upgrade' | 'downgrade'
}

/** Tells whether the rows of its table get no value by themselves. */
export function lacksValue({ nullable, default: value, generated, autoincrement, extra }: Column): boolean {
  const isIdentity = extra !== undefined && /\bidentity\b/i.test(extra)
  return !nullable && value === undefined && !generated && !autoincrement && !isIdentity
}

export function addFilled({ table, column }: OperationOf<'addColumn'>, place: Place): readonly Step[] {
  const { dialect, schema, way } = place
  const name = `${table}.${column.name}`
  const add: Step = {
    operation: { kind: 'addColumn', table, column: { ...column, nullable: true } },
    notes: [],
  }
  const operation: Operation = {
    kind: 'alterColumn',
    table,
    column: column.name,
    change: { nullable: false },
  }
  const sql = (value: string): string =>
    fillSql(dialect, tableNamed(schema, table), table, column.name, value)
  const byHand = (text: string): readonly Step[] => [
    add,
    { operation, notes: [{ text, code: callOf(sql('…')) }] },
  ]
  if (way === 'upgrade')
    return byHand(`Rows that are there need a value of ${name} before it is set not null:`)
  const filling = fillingOf(table, column, place)
  if (!filling)
    return byHand(`The old values of ${name} are lost: rows need others before it is set not null:`)
  const lost = { text: `The old values of ${name} are lost: rows get ${filling.name}.` }
  const fill: Operation = { kind: 'execute', sql: sql(filling.sql) }
  return [add, { operation: fill, notes: [lost] }, { operation, notes: [] }]
}

/** What rows get, as SQL and for people. */
function fillingOf(
  table: string,
  column: Column,
  place: Place,
): { readonly sql: string; readonly name: string } | undefined {
  const { dialect } = place
  const value = neutralValue(table, column, place)
  if (value !== undefined) return { sql: dialect.literal(value), name: dialect.literal(value) }
  const key = distinctColumn(table, column, place)
  return key === undefined ? undefined : { sql: dialect.quote(key), name: `those of ${key}` }
}

/** The call that is left to the reader, who puts the value in. */
export function fillCall(dialect: Quoting, found: Table | undefined, table: string, column: string): string {
  return callOf(fillSql(dialect, found, table, column, '…'))
}

function callOf(sql: string): string {
  return `op.execute(${stringText(sql)})`
}

function fillSql(
  dialect: Quoting,
  found: Table | undefined,
  table: string,
  column: string,
  value: string,
): string {
  return updateSql(dialect, found, table, { column, value, where: 'is null' })
}

/** @param found the table as it is then */
export function updateSql(
  dialect: Quoting,
  found: Table | undefined,
  table: string,
  { column, value, where }: { readonly column: string; readonly value: string; readonly where: string },
): string {
  const name = dialect.quote(column)
  // MySQL and MariaDB would write the present time there.
  const kept = (found?.columns ?? [])
    .filter((each) => each.extra !== undefined && /\bon update\b/i.test(each.extra))
    .map((each) => `, ${dialect.quote(each.name)} = ${dialect.quote(each.name)}`)
  return `update ${tableSql(dialect, table)} set ${name} = ${value}${kept.join('')} where ${name} ${where}`
}
