/** Keys, indexes and checks, as `create table` and `alter table … add` take them. */
import { AludelError } from '../../src/errors.ts'
import type {
  Check,
  ForeignKey,
  Index,
  IndexColumn,
  IndexPart,
  PrimaryKey,
  UniqueConstraint,
} from '../../src/schema/schema.ts'
import { checkBody } from './column.ts'
import { quote } from './literal.ts'
import { type Name, titles } from './name.ts'

export function primaryKeyDefinition({ columns, parts = columns, extra }: PrimaryKey): string {
  const comment = /^comment '/i.test(extra ?? '') ? ` ${extra}` : ''
  return `primary key (${parts.map(keyPart).join(', ')})${comment}`
}

function keyPart(part: IndexColumn): string {
  if (typeof part === 'string') return quote(part)
  const { order, length }: Pick<IndexPart, 'order' | 'length'> = part
  const column = 'column' in part ? quote(part.column) : `(${part.sql})`
  return `${column}${length === undefined ? '' : `(${length})`}${order === undefined ? '' : ` ${order}`}`
}

/** What the servers say at the end of an index; words of other databases mean nothing here. */
function indexWords(name: Name, extra = ''): string {
  if (!/^(?:invisible|ignored|comment ')/i.test(extra)) return ''
  return ` ${extra.replace(/^(?:invisible|ignored)\b/i, name === 'mysql' ? 'invisible' : 'ignored')}`
}

export function uniqueDefinition(
  name: Name,
  { name: unique, columns, deferrable, extra }: UniqueConstraint,
): string {
  if (deferrable)
    throw unsupported(name, `the unique constraint ${unique ?? columns.join(', ')} is deferrable`)
  return `unique${named(unique)} (${list(columns)})${indexWords(name, extra)}`
}

/** What only makes an index faster on another database (`include`, operator classes, `gin`) is left out. */
export function indexDefinition(name: Name, index: Index): string {
  const method = index.method?.toLowerCase() ?? ''
  const kind =
    method === 'fulltext' || method === 'spatial' ? `${method} index` : index.unique ? 'unique' : 'index'
  const using = method === 'hash' ? ' using hash' : ''
  const parts = index.columns.map((part) => indexPart(name, index, part))
  return `${kind} ${quote(index.name)} (${parts.join(', ')})${using}${indexWords(name, index.extra)}`
}

function indexPart(name: Name, index: Index, part: IndexColumn): string {
  const { order, length } = typeof part === 'string' ? {} : part
  const desc = order ? ` ${order}` : ''
  const column = typeof part === 'string' ? part : 'column' in part ? part.column : undefined
  const text = column === undefined ? undefined : quote(column)
  if (text !== undefined && index.where === undefined) return `${text}${length ? `(${length})` : ''}${desc}`
  const expression = typeof part === 'object' && 'sql' in part ? part.sql : (text ?? '')
  if (name === 'mariadb') {
    const what = index.where === undefined ? 'holds an expression' : 'is partial'
    throw unsupported(
      name,
      `index ${index.name} ${what}`,
      'Index a generated column that holds the expression.',
    )
  }
  // Rows that the condition does not hold for have null there.
  return index.where === undefined
    ? `(${expression})${desc}`
    : `(case when ${index.where} then ${expression} end)${desc}`
}

export function foreignKeyDefinition(name: Name, key: ForeignKey): string {
  if (key.deferrable)
    throw unsupported(name, `the foreign key ${key.name ?? key.columns.join(', ')} is deferrable`)
  const { table, columns } = key.references
  return [
    key.name === undefined ? '' : `constraint ${quote(key.name)} `,
    `foreign key (${list(key.columns)}) references ${quote(table)} (${list(columns)})`,
    key.onUpdate ? ` on update ${key.onUpdate}` : '',
    key.onDelete ? ` on delete ${key.onDelete}` : '',
  ].join('')
}

export function checkDefinition(name: Name, check: Check): string {
  const isEnforced = !/^not enforced$/i.test(check.extra ?? '')
  if (!isEnforced && name === 'mariadb')
    throw unsupported(name, `the check ${check.name ?? check.column ?? ''} is not enforced`)
  const enforced = isEnforced ? '' : ' not enforced'
  return `${check.name === undefined ? '' : `constraint ${quote(check.name)} `}${checkBody(check)}${enforced}`
}

function list(columns: readonly string[]): string {
  return columns.map((column) => quote(column)).join(', ')
}

function named(name: string | undefined): string {
  return name === undefined ? '' : ` ${quote(name)}`
}

export function unsupported(
  name: Name,
  what: string,
  fix = 'Leave it out where the database is this one.',
): AludelError {
  return new AludelError('NOT_SUPPORTED', `${titles[name]} cannot do this: ${what}.`, { fix })
}
