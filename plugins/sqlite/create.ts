/** Statements that make a table or an index. */
import type { Statement } from '../../src/dialect.ts'
import type {
  Check,
  Index,
  IndexColumn,
  IndexPart,
  Table,
  UniqueConstraint,
} from '../../src/schema/schema.ts'
import {
  checkDefinition,
  collationName,
  columnDefinition,
  foreignKeyDefinition,
  names,
  primaryKeyDefinition,
  uniqueDefinition,
} from './definition.ts'
import { quote } from './literal.ts'

/** The table first: byte for byte what MikroORM writes for it. */
export function createTable(table: Table): readonly Statement[] {
  const { name, primaryKey, uniques = [], indexes = [], foreignKeys = [], checks = [] } = table
  const single = primaryKey?.columns.length === 1 ? primaryKey : undefined
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
    ...uniques.filter((unique) => unique.name === undefined).map(({ columns }) => uniqueDefinition(columns)),
    ...foreignKeys.map(foreignKeyDefinition),
    ...checks.filter((check) => !beside.has(check)).map((check) => checkDefinition(check, name)),
  ]
  return [
    { sql: `create table ${quote(name)} (${parts.join(', ')})` },
    ...uniques.flatMap((unique) => createUnique(name, unique)),
    ...indexes.map((index) => createIndex(name, index)),
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

/** What SQLite's indexes do not know (prefix lengths, operator classes, the place of nulls) is left out. */
function indexPart(part: IndexColumn): string {
  if (typeof part === 'string') return names([part])
  const { collation, order }: Pick<IndexPart, 'collation' | 'order'> = part
  const words = [
    'sql' in part ? part.sql : quote(part.column),
    ...(collation === undefined ? [] : [`collate ${collationName(collation)}`]),
    ...(order === undefined ? [] : [order]),
  ]
  return words.join(' ')
}
