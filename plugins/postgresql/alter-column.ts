/** Changes of a column that exists. */
import { AludelError } from '../../src/errors.ts'
import { alter } from '../../src/operations/apply.ts'
import type { ColumnChange, OperationOf } from '../../src/operations/operation.ts'
import type { Column, Table } from '../../src/schema/schema.ts'
import { columnComment, defaultText } from './column.ts'
import { quote } from './literal.ts'
import { replaceColumn } from './replace-column.ts'
import { addSequence, alterSequence, dropSequence, startSequence } from './sequence.ts'
import { isText, serialType, type TypeOf } from './types.ts'

/** @param found the table before, where it is known */
export function alterColumn(
  { table, column, change }: OperationOf<'alterColumn'>,
  found: Table | undefined,
  typeOf: TypeOf,
): readonly string[] {
  const old = found?.columns.find(({ name }) => name === column)
  if (change.generated) {
    if (!found || !old) throw unknown(table, column, 'is to be generated')
    return replaceColumn(found, old, alter(old, change), typeOf)
  }
  const type = newType(table, column, change, old, typeOf)
  const identity = identityClause(change, old)
  const clauses = [
    // PostgreSQL carries out drops first, then types, then the rest, wherever they stand.
    change.default === null || change.autoincrement === false || (type && change.default !== undefined)
      ? 'drop default'
      : '',
    change.generated === null ? 'drop expression' : '',
    change.extra === null ? 'drop identity if exists' : '',
    change.nullable === true ? 'drop not null' : '',
    type ? `type ${type.text}` : '',
    change.default === undefined || change.default === null
      ? ''
      : `set default ${defaultText(change.default)}`,
    change.nullable === false ? 'set not null' : '',
    change.autoincrement === false && identity ? '' : (identity?.clause ?? ''),
  ].filter((clause) => clause !== '')
  const alterTable = (parts: readonly string[]): readonly string[] => {
    const actions = parts.map((part) => `alter column ${quote(column)} ${part}`)
    return actions.length === 0 ? [] : [`alter table ${quote(table)} ${actions.join(', ')}`]
  }
  return [
    ...alterTable(clauses),
    ...(change.autoincrement === false ? [dropSequence(table, column)] : []),
    ...(change.autoincrement === false && identity ? alterTable([identity.clause]) : []),
    ...(change.autoincrement ? addSequence(table, column, type?.name ?? (old && typeOf(old))) : []),
    ...(keepsSequence(change, old) && type && serialType(type.name)
      ? [alterSequence(table, column, type.name)]
      : []),
    ...(identity?.isNew ? [startSequence(table, column)] : []),
    ...(change.comment === undefined ? [] : [columnComment(table, column, change.comment)]),
  ]
}

interface NewType {
  /** Of the type alone. */
  readonly name: string
  /** With collation and conversion. */
  readonly text: string
}

function newType(
  table: string,
  column: string,
  change: ColumnChange,
  old: Column | undefined,
  typeOf: TypeOf,
): NewType | undefined {
  const { type, length, precision, scale, items, collation, using } = change
  const isSized = [length, precision, scale, items].some((value) => value !== undefined)
  if (type === undefined && !isSized && collation === undefined && using === undefined) return undefined
  if (type === undefined && !old) {
    throw unknown(table, column, isSized ? 'is to have another size' : 'is to have another collation')
  }
  const name = typeOf(alter(old ?? { name: column, type: type ?? { sql: '' } }, change))
  // Without the word the collation would become the type's own.
  const kept = collation === undefined && isText(name) ? old?.collation : collation
  const conversion = using ?? (type === undefined ? undefined : conversionTo(name, column, old))
  return {
    name,
    text: [name, kept ? `collate ${quote(kept)}` : '', conversion ? `using (${conversion})` : '']
      .filter((part) => part !== '')
      .join(' '),
  }
}

/**
 * Not to text: every type can be assigned to it, and a cast would cut what is too long without a word.
 * Not for a generated column, whose expression gives the value.
 */
function conversionTo(type: string, column: string, old: Column | undefined): string | undefined {
  return isText(type) || old?.generated ? undefined : `${quote(column)}::${type}`
}

function keepsSequence({ autoincrement }: ColumnChange, old: Column | undefined): boolean {
  return old?.autoincrement === true && autoincrement === undefined
}

interface Identity {
  readonly clause: string
  /** Its sequence begins at 1, whatever the table holds. */
  readonly isNew: boolean
}

function identityClause({ extra }: ColumnChange, old: Column | undefined): Identity | undefined {
  if (extra === undefined || extra === null) return undefined
  const kind = /^\s*generated\s+(always|by\s+default)\s+as\s+identity\b/i.exec(extra)?.[1]
  if (kind === undefined) {
    throw new AludelError('NOT_SUPPORTED', `PostgreSQL has no column that is "${extra}".`, {
      fix: "It has 'generated always as identity' and 'generated by default as identity'.",
    })
  }
  return old?.extra === undefined
    ? { clause: `add ${extra}`, isNew: true }
    : { clause: `set generated ${kind}`, isNew: false }
}

function unknown(table: string, column: string, what: string): AludelError {
  return new AludelError(
    'SHAPE_UNKNOWN',
    `Column ${table}.${column} ${what}, and its present type is not known.`,
    {
      fix: 'Give the change the whole type: type, length, precision, scale.',
    },
  )
}
