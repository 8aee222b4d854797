/** Changes of a column that exists. */
import { AludelError } from '../../src/errors.ts'
import { alter } from '../../src/operations/alter-column/alter.ts'
import type { ColumnChange } from '../../src/operations/alter-column/operation.ts'
import type { OperationOf } from '../../src/operations/operation.ts'
import type { Column, Table } from '../../src/schema/schema.ts'
import { columnComment, defaultText } from './column.ts'
import { conversion, convertedDefault, isOther } from './conversion.ts'
import { quote } from './literal.ts'
import { quoteName } from './quote-name.ts'
import { readersOf, replaceColumn, withoutColumns } from './replace-column.ts'
import {
  addSequence,
  alterSequence,
  dropSequence,
  everyOption,
  setSequence,
  startSequence,
} from './sequence.ts'
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
  const counts = change.autoincrement === true || keepsSequence(change, old)
  const identity = counts ? undefined : identityClause(change, old)
  const kept = type && !counts && change.default === undefined ? keptDefault(type, old, typeOf) : undefined
  const clauses = [
    // PostgreSQL carries out drops first, then types, then the rest, wherever they stand.
    change.default === null ||
    change.autoincrement === false ||
    kept !== undefined ||
    (type && change.default !== undefined)
      ? 'drop default'
      : '',
    (change.extra === null && !keepsSequence(change, old)) || (change.autoincrement && isIdentity(old?.extra))
      ? 'drop identity if exists'
      : '',
    change.nullable === true ? 'drop not null' : '',
    type ? `type ${type.text}` : '',
    kept === undefined ? '' : `set default ${kept}`,
    change.default === undefined || change.default === null
      ? ''
      : `set default ${defaultText(change.default)}`,
    change.nullable === false ? 'set not null' : '',
    change.autoincrement === false && identity ? '' : (identity?.clause ?? ''),
  ].filter((clause) => clause !== '')
  const alterTable = (parts: readonly string[]): readonly string[] => {
    const actions = parts.map((part) => `alter column ${quote(column)} ${part}`)
    return actions.length === 0 ? [] : [`alter table ${quoteName(table)} ${actions.join(', ')}`]
  }
  const altered = alterTable(clauses)
  return [
    // By itself: the values of a generated column are not converted.
    ...(change.generated === null ? alterTable(['drop expression']) : []),
    ...(type && found && old ? withoutColumns(readersOf(found, [old]), typeOf, altered) : altered),
    ...(change.autoincrement === false ? [dropSequence(table, column)] : []),
    ...(change.autoincrement === false && identity ? alterTable([identity.clause]) : []),
    ...(change.autoincrement ? addSequence(table, column, type?.name ?? (old && typeOf(old))) : []),
    ...(change.autoincrement && change.extra ? [setSequence(table, column, change.extra)] : []),
    ...(keepsSequence(change, old) ? sequenceChange(table, column, change, type?.name) : []),
    ...(identity?.isNew ? [startSequence(table, column, change.extra ?? '')] : []),
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
  // The expression gives the values of a column that stays generated.
  const isConverted = type !== undefined && (!old?.generated || change.generated === null)
  const converted = using ?? (isConverted ? conversion(quote(column), old && typeOf(old), name) : undefined)
  return {
    name,
    text: [name, kept ? `collate ${quote(kept)}` : '', converted ? `using (${converted})` : '']
      .filter((part) => part !== '')
      .join(' '),
  }
}

/** The old default in the new type's words, where the server would refuse it or go on naming the old type. */
function keptDefault({ name }: NewType, old: Column | undefined, typeOf: TypeOf): string | undefined {
  if (old?.default === undefined || !isOther(typeOf(old), name)) return undefined
  return convertedDefault(old.default, typeOf(old), name)
}

/** Of a column that goes on counting by itself; `extra` is what its sequence does otherwise. */
function sequenceChange(
  table: string,
  column: string,
  { extra }: ColumnChange,
  type: string | undefined,
): readonly string[] {
  return [
    ...(type && serialType(type) ? [alterSequence(table, column, `as ${type}`)] : []),
    ...(extra === undefined ? [] : [setSequence(table, column, extra ?? '')]),
  ]
}

function keepsSequence({ autoincrement }: ColumnChange, old: Column | undefined): boolean {
  return old?.autoincrement === true && autoincrement === undefined
}

interface Identity {
  readonly clause: string
  /** Its sequence begins at 1, whatever the table holds. */
  readonly isNew: boolean
}

const identityKind = /^\s*generated\s+(always|by\s+default)\s+as\s+identity\b/i

function isIdentity(extra: string | undefined): boolean {
  return extra !== undefined && identityKind.test(extra)
}

function identityClause({ extra }: ColumnChange, old: Column | undefined): Identity | undefined {
  if (extra === undefined || extra === null) return undefined
  const kind = identityKind.exec(extra)?.[1]
  if (kind === undefined) {
    throw new AludelError('NOT_SUPPORTED', `PostgreSQL has no column that is "${extra}".`, {
      fix: "It has 'generated always as identity' and 'generated by default as identity'.",
    })
  }
  return old?.extra === undefined
    ? { clause: `add ${extra}`, isNew: true }
    : {
        clause: [`generated ${kind}`, ...sequenceOptions(extra, old.extra)]
          .map((part) => `set ${part}`)
          .join(' '),
        isNew: false,
      }
}

function sequenceOptions(...[extra, old]: readonly [string, string]): readonly string[] {
  const isPlain = (text: string): boolean => !/\(.*\S.*\)/s.test(text)
  return isPlain(extra) && isPlain(old) ? [] : everyOption(extra)
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
