import type { Check, Table } from '../../src/schema/schema.ts'
import { columnDefinition } from './column.ts'
import {
  checkDefinition,
  foreignKeyDefinition,
  indexDefinition,
  primaryKeyDefinition,
  uniqueDefinition,
} from './constraints.ts'
import { quote } from './literal.ts'
import type { Name } from './name.ts'
import { periodDefinition, writeOptions } from './table-options.ts'
import type { TypeWriter } from './types.ts'

/** Writes a table whole, but for its triggers. */
export function createTable(name: Name, table: Table, typeOf: TypeWriter): string {
  const { checks = [], uniques = [], indexes = [], foreignKeys = [] } = table
  // Only MariaDB keeps a check beside its column; a name makes it the table's on both.
  const isBeside = (check: Check): boolean => check.name === undefined && check.column !== undefined
  const parts = [
    ...table.columns.map((column) => columnDefinition(column, checks, typeOf)),
    ...(table.primaryKey ? [primaryKeyDefinition(table.primaryKey)] : []),
    ...uniques.map((unique) => uniqueDefinition(name, unique)),
    ...indexes.map((index) => indexDefinition(name, index)),
    ...foreignKeys.map((key) => foreignKeyDefinition(name, key)),
    ...checks.filter((check) => !isBeside(check)).map((check) => checkDefinition(name, check)),
    ...periodDefinition(table.columns),
  ]
  return `create table ${quote(table.name)} (${parts.join(', ')}) ${writeOptions(table)}`
}
