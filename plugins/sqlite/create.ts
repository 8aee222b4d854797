/** Statements that make a table or an index. */
import type { Statement } from '../../src/dialect.ts'
import type { Check, Index, Table, UniqueConstraint } from '../../src/schema/schema.ts'
import {
  checkDefinition,
  columnDefinition,
  fitsBeside,
  foreignKeyDefinition,
  indexPart,
  isInline,
  primaryKeyDefinition,
  uniqueDefinition,
} from './definition.ts'
import { quote } from './literal.ts'
import { createTrigger } from './trigger-text.ts'

/** Those of other databases mean nothing here. */
const tableOptions = new Set(['strict', 'without rowid'])

/** The table first: byte for byte what MikroORM writes for it. */
export function createTable(table: Table): readonly Statement[] {
  const { name, primaryKey, uniques = [], indexes = [], foreignKeys = [], checks = [] } = table
  const { triggers = [], options = [] } = table
  const single = primaryKey?.columns.length === 1 && fitsBeside(primaryKey) ? primaryKey : undefined
  const own = options.filter((option) => tableOptions.has(option))
  const beside = new Set(table.columns.flatMap((column) => checksBeside(column.name, checks)))
  const parts = [
    ...table.columns.map((column) =>
      columnDefinition(column, {
        table: name,
        ...(single?.columns[0] === column.name ? { primaryKey: single } : {}),
        checks: checksBeside(column.name, checks),
      }),
    ),
    ...(primaryKey && !single ? [primaryKeyDefinition(primaryKey)] : []),
    ...uniques.filter(isInline).map(uniqueDefinition),
    ...foreignKeys.map(foreignKeyDefinition),
    ...checks.filter((check) => !beside.has(check)).map((check) => checkDefinition(check, name)),
  ]
  return [
    { sql: `create table ${quote(name)} (${parts.join(', ')})${own.length > 0 ? ` ${own.join(', ')}` : ''}` },
    ...uniques.filter((unique) => !isInline(unique)).flatMap((unique) => createUnique(name, unique)),
    ...indexes.map((index) => createIndex(name, index)),
    ...triggers.map((trigger) => createTrigger(name, trigger)),
  ]
}

/** The first check of a column, and those that have no name: MikroORM writes further ones behind the columns. */
function checksBeside(column: string, checks: readonly Check[]): readonly Check[] {
  return checks
    .filter((check) => check.column === column)
    .filter((check, at) => at === 0 || check.name === undefined)
}

/** None for a constraint without a name: it stands in the table's own text. */
export function createUnique(table: string, { name, columns }: UniqueConstraint): readonly Statement[] {
  return name === undefined ? [] : [createIndex(table, { name, columns, unique: true })]
}

export function createIndex(table: string, { name, columns, unique, where }: Index): Statement {
  const create = unique ? 'create unique index' : 'create index'
  const condition = where === undefined ? '' : ` where ${where}`
  return {
    sql: `${create} ${quote(name)} on ${quote(table)} (${columns.map(indexPart).join(', ')})${condition}`,
  }
}
