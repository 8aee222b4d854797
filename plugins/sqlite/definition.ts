/** Columns and constraints as they stand in a create text, in MikroORM's own order of words. */
import { AludelError } from '../../src/errors.ts'
import type {
  Check,
  Column,
  ForeignKey,
  IndexColumn,
  IndexPart,
  PrimaryKey,
  UniqueConstraint,
} from '../../src/schema/schema.ts'
import { defaultWords } from './default.ts'
import { literal, quote } from './literal.ts'
import { fold, tokenize, unwrap } from './tokens.ts'
import { columnType } from './types.ts'

/** What is written beside a column though it is a matter of the table. */
export interface Beside {
  readonly table: string
  /** The key, when this column alone is it. */
  readonly primaryKey?: PrimaryKey
  readonly checks?: readonly Check[]
}

export function columnDefinition(column: Column, { table, primaryKey, checks = [] }: Beside): string {
  const { name, nullable, autoincrement, collation, generated } = column
  if (autoincrement && !primaryKey) {
    throw new AludelError(
      'NOT_SUPPORTED',
      `SQLite gives no values by itself to column ${table}.${name}: it does so only to a primary key of one column.`,
      { fix: 'Leave `autoincrement` out, or make the column the whole primary key.' },
    )
  }
  const words = [
    quote(name),
    autoincrement ? 'integer' : columnType(column),
    ...(generated ? [generatedWords(generated)] : []),
    ...(checks.length > 0 ? checks : valuesOf(column)).map((check) => checkBeside(check, table)),
    ...(collation === undefined ? [] : [`collate ${collationName(collation)}`]),
    nullable ? 'null' : notNullWords(column),
    ...(primaryKey ? [primaryKeyBeside(primaryKey)] : []),
    autoincrement ? 'autoincrement' : '',
    ...(column.default === undefined ? [] : [`default ${defaultWords(column.default)}`]),
  ]
  return words.filter((word) => word !== '').join(' ')
}

/** MikroORM leaves it out of a generated column; `extra` may be what another database says there. */
function notNullWords({ generated, extra = '' }: Pick<Column, 'generated' | 'extra'>): string {
  if (generated && !/^not null\b/i.test(extra)) return ''
  return `not null${conflictWords(extra.replace(/^not null\s*/i, ''))}`
}

/** Of what is said at the end of a constraint, what SQLite knows. */
export function conflictWords(extra = ''): string {
  return /^on conflict (?:rollback|abort|fail|ignore|replace)$/i.test(extra) ? ` ${extra}` : ''
}

/** Whether a key of one column can be written beside it. */
export function fitsBeside({ parts: [part = ''] = [] }: PrimaryKey): boolean {
  return typeof part === 'string' || part.collation === undefined
}

function primaryKeyBeside(primaryKey: PrimaryKey): string {
  const [part = ''] = primaryKey.parts ?? []
  const order = typeof part === 'object' && part.order !== undefined ? ` ${part.order}` : ''
  return `${constraintName(primaryKey)}primary key${order}${conflictWords(primaryKey.extra)}`
}

/** An `enum` that comes without a check holds its values all the same. */
function valuesOf({ name, type, items = [] }: Column): readonly Check[] {
  return type === 'enum' && items.length > 0 ? [{ column: name, expression: { in: items } }] : []
}

export function primaryKeyDefinition(primaryKey: PrimaryKey): string {
  const { columns, parts = columns, extra } = primaryKey
  return `${constraintName(primaryKey)}primary key (${parts.map(indexPart).join(', ')})${conflictWords(extra)}`
}

export function uniqueDefinition(unique: UniqueConstraint): string {
  const { columns, parts = columns, extra } = unique
  return `${constraintName(unique)}unique (${parts.map(indexPart).join(', ')})${conflictWords(extra)}`
}

/** Whether no unique index can be made instead: it would say less, or be read as one. */
export function isInline({ name, parts, extra }: UniqueConstraint): boolean {
  return name === undefined || parts !== undefined || conflictWords(extra) !== ''
}

/** What SQLite's indexes do not know (prefix lengths, operator classes, the place of nulls) is left out. */
export function indexPart(part: IndexColumn): string {
  if (typeof part === 'string') return names([part])
  const { collation, order }: Pick<IndexPart, 'collation' | 'order'> = part
  const words = [
    'sql' in part ? part.sql : quote(part.column),
    ...(collation === undefined ? [] : [`collate ${collationName(collation)}`]),
    ...(order === undefined ? [] : [order]),
  ]
  return words.join(' ')
}

export function foreignKeyDefinition(key: ForeignKey): string {
  const { columns, references, onUpdate, onDelete, deferrable } = key
  const words = [
    `${constraintName(key)}foreign key (${names(columns)}) references ${quote(references.table)}`,
    ...(references.columns.length > 0 ? [`(${names(references.columns)})`] : []),
    ...(onUpdate ? [`on update ${onUpdate}`] : []),
    ...(onDelete ? [`on delete ${onDelete}`] : []),
    ...(deferrable ? [`deferrable ${deferrable}`] : []),
  ]
  return words.join(' ')
}

export function checkDefinition(check: Check, table: string): string {
  return `${constraintName(check)}check (${checkExpression(check, table)})`
}

/** Beside a column MikroORM writes the check without the name that it has on other databases. */
export function checkBeside(check: Check, table: string): string {
  const implied = check.column !== undefined && check.name === impliedCheckName(table, check.column)
  return implied ? `check (${checkExpression(check, table)})` : checkDefinition(check, table)
}

/** The name that MikroORM gives a column's check on other databases. */
export function impliedCheckName(table: string, column: string): string {
  return `${table}_${column}_check`
}

export function checkExpression({ name, column, expression }: Check, table: string): string {
  if (typeof expression === 'string') return expression
  if (column === undefined) {
    throw new AludelError(
      'NOT_SUPPORTED',
      `A check of ${table}${name === undefined ? '' : ` (${name})`} lists values and names no column.`,
      { fix: 'Give the check a `column`.' },
    )
  }
  return `${quote(column)} in (${expression.in.map(literal).join(', ')})`
}

export function generatedWords({ expression, stored }: NonNullable<Column['generated']>): string {
  const inner = fold(unwrap(tokenize(expression)))
  return `generated always as (${inner}) ${stored ? 'stored' : 'virtual'}`
}

export function collationName(name: string): string {
  return /^\w+$/.test(name) ? name : quote(name)
}

function names(columns: readonly string[]): string {
  return columns.map((column) => quote(column)).join(', ')
}

function constraintName({ name }: { readonly name?: string }): string {
  return name === undefined ? '' : `constraint ${quote(name)} `
}
