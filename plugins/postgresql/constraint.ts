/** Constraints as they stand in `create table` and after `alter table … add`. */
import { AludelError } from '../../src/errors.ts'
import type {
  Check,
  Deferrable,
  ForeignKey,
  PrimaryKey,
  Table,
  UniqueConstraint,
} from '../../src/schema/schema.ts'
import { literal, quote } from './literal.ts'
import { quoteName } from './quote-name.ts'

export function tableConstraints(table: Table): readonly string[] {
  return [
    ...(table.primaryKey ? [primaryKeyText(table.primaryKey)] : []),
    ...(table.uniques ?? []).map(uniqueText),
    ...constraintsOf(table, { valid: true }),
  ]
}

/** What is not to be valid: inside of `create table` it would be, as there are no rows yet. */
export function lateConstraints(table: Table): readonly string[] {
  return constraintsOf(table, { valid: false })
}

function constraintsOf(
  { foreignKeys = [], checks = [] }: Table,
  { valid }: { readonly valid: boolean },
): readonly string[] {
  return [
    ...foreignKeys.filter(({ notValid }) => !notValid === valid).map(foreignKeyText),
    ...checks.filter(({ notValid }) => !notValid === valid).map(checkText),
  ]
}

export function primaryKeyText(key: PrimaryKey): string {
  return `${named(key.name)}primary key ${keyText(key)}`
}

export function uniqueText({ name, nullsNotDistinct, ...key }: UniqueConstraint): string {
  return `${named(name)}unique ${nullsNotDistinct ? 'nulls not distinct ' : ''}${keyText(key)}`
}

function keyText({ columns, period, include, extra, deferrable }: Omit<UniqueConstraint, 'name'>): string {
  const quoted = columns.map((column) => quote(column)).join(', ')
  return [
    `(${quoted}${period ? ' without overlaps' : ''})`,
    include === undefined ? '' : ` include ${list(include)}`,
    ending(extra),
    deferral(deferrable),
  ].join('')
}

export function foreignKeyText(key: ForeignKey): string {
  const { name, references, match, onDelete, onDeleteColumns, onUpdate, deferrable, notValid, extra } = key
  const columns = key.period ? periodList : list
  return [
    `${named(name)}foreign key ${columns(key.columns)}`,
    ` references ${quoteName(references.table)} ${columns(references.columns)}`,
    match ? ` match ${match}` : '',
    onUpdate ? ` on update ${onUpdate}` : '',
    onDelete ? ` on delete ${onDelete}` : '',
    onDelete && onDeleteColumns ? ` ${list(onDeleteColumns)}` : '',
    deferral(deferrable),
    ending(extra),
    notValid ? ' not valid' : '',
  ].join('')
}

export function checkText(check: Check): string {
  const { extra, notValid } = check
  return `${checkedText(check)}${ending(extra)}${notValid ? ' not valid' : ''}`
}

function checkedText({ name, column, expression }: Check): string {
  if (typeof expression === 'object') {
    if (column === undefined) {
      throw new AludelError('SHAPE_UNKNOWN', `The check ${name ?? ''} lists values but names no column.`, {
        fix: 'Give the check its `column`.',
      })
    }
    return `${named(name)}check (${quote(column)} in (${expression.in.map(literal).join(', ')}))`
  }
  // An exclusion constraint is kept as a check, by its whole text.
  return `${named(name)}${isExclusion(expression) ? expression : `check (${expression})`}`
}

export function list(columns: readonly string[]): string {
  return `(${columns.map((column) => quote(column)).join(', ')})`
}

function periodList(columns: readonly string[]): string {
  const last = columns.length - 1
  return `(${columns.map((column, at) => `${at === last ? 'period ' : ''}${quote(column)}`).join(', ')})`
}

function isExclusion(expression: string): boolean {
  return /^\s*exclude\s+(?:using\b|\()/i.test(expression)
}

function named(name: string | undefined): string {
  return name === undefined ? '' : `constraint ${quote(name)} `
}

function ending(extra: string | undefined): string {
  return extra === undefined ? '' : ` ${extra}`
}

function deferral(deferrable: Deferrable | undefined): string {
  return deferrable === undefined ? '' : ` deferrable ${deferrable}`
}
