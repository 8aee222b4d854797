/** One column of MikroORM's schema in the neutral spelling. */
import type { Column as OrmColumn } from '@mikro-orm/sql'
import type { Column, DefaultValue } from '../../src/schema/schema.ts'
import type { Places } from './places.ts'
import { type Platform, columnType } from './platform.ts'
import { type DeclaredType, neutralName } from './property-types.ts'
import type { Writing } from './writing.ts'

export interface ColumnContext {
  /** aludel's own: it decides whether a neutral type gives the same SQL. */
  readonly platform: Platform
  readonly writing: Writing
  readonly places: Places
}

/**
 * @param written the type as it stands in `create table`, without `unsigned`; of an enum type as the database says it
 * @param declared what the entities say of its type; empty where nothing is known
 */
export function declaredColumn(
  column: OrmColumn,
  written: string,
  declared: readonly DeclaredType[],
  context: ColumnContext,
): Column {
  const { comments, backslashEscapes, generatedNullable, serial } = context.writing
  const { spell } = context.places
  const isIdentity = column.generated?.endsWith('identity')
  const counts = !serial || /serial/i.test(written)
  const autoincrement = Boolean(column.autoincrement && !column.generated && counts)
  const value = autoincrement ? undefined : defaultValue(column.default, backslashEscapes)
  const generated = generatedBy(column.generated)
  const always = column.generated === 'identity' ? 'always as ' : ''
  const extra = isIdentity ? `generated ${always}${column.generated}` : column.extra
  return {
    name: column.name,
    ...typePart({ ...column, autoincrement }, written, declared, context),
    ...((column.nullable || (generated && generatedNullable)) && { nullable: true }),
    ...(value !== undefined && { default: typeof value === 'object' ? { sql: spell(value.sql) } : value }),
    ...(autoincrement && { autoincrement }),
    ...(generated && { generated: { ...generated, expression: spell(generated.expression) } }),
    ...(column.collation && { collation: column.collation }),
    ...(comments && column.comment && { comment: column.comment }),
    ...(extra && { extra }),
  }
}

type TypePart = DeclaredType & Pick<Column, 'unsigned'>

/** The first spelling that gives the SQL that MikroORM writes, else that SQL. */
function typePart(
  column: OrmColumn,
  written: string,
  declared: readonly DeclaredType[],
  context: ColumnContext,
): TypePart {
  if (column.nativeEnumName) return { type: { sql: written } }
  const { name, unsigned, autoincrement } = column
  const signedness = unsigned && context.platform.supportsUnsigned() ? ({ unsigned: true } as const) : {}
  const sql = 'unsigned' in signedness ? `${written} unsigned` : written
  const whole = (candidate: TypePart): Column => ({
    name,
    ...candidate,
    ...(autoincrement && { autoincrement }),
  })
  const found = candidates(written, declared, context)
    .map((candidate) => ({ ...candidate, ...signedness }))
    .find((candidate) => isSameType(columnType(context.platform, whole(candidate)), sql))
  return found ?? { type: { sql: context.places.spell(sql) } }
}

function isSameType(one: string, other: string): boolean {
  return one === other || (!one.includes("'") && one.toLowerCase() === other.toLowerCase())
}

/** What the entities say, then what the SQL itself means; each with its size and without. */
function candidates(
  written: string,
  declared: readonly DeclaredType[],
  context: ColumnContext,
): readonly DeclaredType[] {
  const fromEntities = declared.map((each): DeclaredType =>
    each.type === 'enum' && !context.writing.enumType ? { type: 'text' } : each,
  )
  const name = neutralName(context.platform.getMappedType(written))
  const fromSql: readonly DeclaredType[] =
    name && name !== 'enum' ? [{ type: name, ...sizeIn(written, name) }] : []
  return [...fromEntities, ...fromSql].flatMap(({ type, items, ...size }) => {
    const bare: DeclaredType = { type, ...(items && { items }) }
    return [{ ...bare, ...meaningful(type, size) }, bare]
  })
}

type Size = Pick<DeclaredType, 'length' | 'precision' | 'scale'>

/** Of `varchar(500)`, `numeric(12,4)`. */
function sizeIn(sql: string, type: DeclaredType['type']): Size {
  const [, first, second] = /\((\d+)(?:, *(\d+))?\)/.exec(sql) ?? []
  if (first === undefined) return {}
  if (type !== 'decimal') return { length: Number(first) }
  return { precision: Number(first), scale: Number(second ?? 0) }
}

/** Keeps what this type has a use for and what is not its default. */
function meaningful(type: DeclaredType['type'], { length, precision, scale }: Size): Size {
  if (type === 'decimal') {
    return { ...(precision !== undefined && { precision }), ...(scale !== undefined && { scale }) }
  }
  const isSized = type === 'string' || type === 'character' || type === 'datetime' || type === 'time'
  const isDefault = (type === 'string' && length === 255) || (type === 'character' && length === 1)
  return isSized && !isDefault && length !== undefined ? { length } : {}
}

/**
 * A literal where the SQL is one, whoever wrote it: it gives the same SQL again.
 * @param sql a number where MikroORM made one of `'1'::integer`
 */
function defaultValue(
  sql: string | number | null | undefined,
  backslashEscapes: boolean,
): DefaultValue | undefined {
  if (sql === undefined || sql === null || sql === 'null') return undefined
  const text = String(sql)
  if (text === 'true' || text === 'false') return text === 'true'
  if (/^-?\d/.test(text) && String(Number(text)) === text) return Number(text)
  const literal = /^'((?:[^']|'')*)'$/.exec(text)?.[1]
  if (literal === undefined || (backslashEscapes && literal.includes('\\'))) return { sql: text }
  return literal.replaceAll("''", "'")
}

function generatedBy(text: string | undefined): Column['generated'] {
  const [, expression, kind] = /^\s*\((.*)\)\s*(stored|persistent|virtual)?\s*$/is.exec(text ?? '') ?? []
  if (expression === undefined) return undefined
  return { expression, stored: kind !== undefined && kind.toLowerCase() !== 'virtual' }
}
