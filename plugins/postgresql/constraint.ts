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

export function tableConstraints(table: Table): readonly string[] {
  return [
    ...(table.primaryKey ? [primaryKeyText(table.primaryKey)] : []),
    ...(table.uniques ?? []).map(uniqueText),
    ...(table.foreignKeys ?? []).map(foreignKeyText),
    ...(table.checks ?? []).map(checkText),
  ]
}

export function primaryKeyText({ name, columns }: PrimaryKey): string {
  return `${named(name)}primary key ${list(columns)}`
}

export function uniqueText({ name, columns, deferrable }: UniqueConstraint): string {
  return `${named(name)}unique ${list(columns)}${deferral(deferrable)}`
}

export function foreignKeyText({
  name,
  columns,
  references,
  onDelete,
  onUpdate,
  deferrable,
}: ForeignKey): string {
  return [
    `${named(name)}foreign key ${list(columns)}`,
    ` references ${referencedTable(references.table)} ${list(references.columns)}`,
    onUpdate ? ` on update ${onUpdate}` : '',
    onDelete ? ` on delete ${onDelete}` : '',
    deferral(deferrable),
  ].join('')
}

export function checkText({ name, column, expression }: Check): string {
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

function isExclusion(expression: string): boolean {
  return /^\s*exclude\s+(?:using\b|\()/i.test(expression)
}

function named(name: string | undefined): string {
  return name === undefined ? '' : `constraint ${quote(name)} `
}

function deferral(deferrable: Deferrable | undefined): string {
  return deferrable === undefined ? '' : ` deferrable ${deferrable}`
}

/** `schema.table` is a table of another schema. */
function referencedTable(name: string): string {
  const dot = name.indexOf('.')
  return dot < 0 ? quote(name) : quote(name.slice(0, dot), name.slice(dot + 1))
}
