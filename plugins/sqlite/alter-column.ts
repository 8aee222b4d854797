/** The edits of a create text that change one column. */
import { AludelError } from '../../src/errors.ts'
import { alter } from '../../src/operations/alter-column/alter.ts'
import type { ColumnChange } from '../../src/operations/alter-column/operation.ts'
import type { ColumnType } from '../../src/schema/schema.ts'
import type { Clause, ClauseKind } from './clauses.ts'
import { type ColumnPart, type CreateText, sameName } from './create-text.ts'
import { defaultWords } from './default.ts'
import { checkDefinition, collationName, conflictWords, generatedWords } from './definition.ts'
import { type Edit, insertWords, removeClauses, removeWords, replaceClause } from './edit.ts'
import { columnOf, type Shape } from './shape.ts'
import { fold, is, nameOf, tokenize } from './tokens.ts'
import { columnType } from './types.ts'

/** Comments and what other databases alone know make none. */
export function alterColumn(shape: Shape, column: string, change: ColumnChange): readonly Edit[] {
  const part = columnOf(shape, column)
  const context: Context = { shape, create: shape.create, part, change }
  return [
    ...changeType(context),
    ...changeClause(context, 'generated', change.generated, generatedWords),
    ...changeItems(context),
    ...changeClause(context, 'collate', change.collation, (name) => `collate ${collationName(name)}`),
    ...changeNullable(context),
    ...changeAutoincrement(context),
    ...changeClause(context, 'default', change.default, (value) => `default ${defaultWords(value)}`),
  ]
}

interface Context {
  readonly shape: Shape
  readonly create: CreateText
  readonly part: ColumnPart
  readonly change: ColumnChange
}

function changeType({ create, part, change }: Context): readonly Edit[] {
  const counts = change.autoincrement ?? autoincrementOf(create, part) !== undefined
  const { items: _, ...size } = change
  const { type = counts && change.autoincrement ? 'integer' : resize(part, size) } = change
  if (type === undefined) return []
  const wanted = counts && typeof type !== 'object' ? 'integer' : columnType({ ...change, type })
  if (fold(tokenize(wanted)).toLowerCase() === part.type.toLowerCase()) return []
  if (part.type === '') return [insertWords(create, part.typeEnd, wanted)]
  return [{ start: part.typeStart, end: part.typeEnd, text: wanted }]
}

/** Of a change that names no type; its items are in a check. Texts and times take values of any. */
function resize({ name, type }: ColumnPart, size: ColumnChange): ColumnType | undefined {
  if (/^(?:text|date|time|datetime)$/i.test(type)) return undefined
  const { type: wanted } = alter({ name, type: { sql: type } }, size)
  return typeof wanted === 'object' && wanted.sql !== type ? wanted : undefined
}

/** `null` takes the words away, a value puts its own in their place; a default goes last, all else behind the type. */
function changeClause<T>(
  { create, part }: Context,
  kind: ClauseKind,
  value: T | null | undefined,
  words: (value: T) => string,
): readonly Edit[] {
  if (value === undefined) return []
  const clause = find(part, kind)
  if (value === null) return clause ? removeClauses(create, [clause]) : []
  if (clause) return [replaceClause(clause, words(value))]
  return [insertWords(create, kind === 'default' ? part.end : part.typeEnd, words(value))]
}

/** The check that holds an enum's values. */
function changeItems({ shape, create, part, change: { type, items = [] } }: Context): readonly Edit[] {
  if ((type !== undefined && type !== 'enum') || items.length === 0) return []
  const words = checkDefinition({ column: part.name, expression: { in: items } }, shape.table.name)
  const clause = part.clauses.find(({ kind, name, body: [first, second] }) => {
    const lists = first && sameName(nameOf(first), part.name) && is(second, 'in')
    return kind === 'check' && name === undefined && lists
  })
  return [clause ? replaceClause(clause, words) : insertWords(create, part.typeEnd, words)]
}

/** `extra` may hold what `not null` does on conflict, and what only another database knows. */
function changeNullable({ create, part, change: { nullable, extra } }: Context): readonly Edit[] {
  const [notNull, ...more] = part.clauses.filter(({ kind }) => kind === 'not null')
  if (nullable === undefined && (extra === undefined || !notNull)) return []
  if (nullable) return [notNull ?? [], ...more].flat().map((clause) => replaceClause(clause, 'null'))
  const conflict = conflictWords(
    extra === undefined ? notNull?.conflict : extra?.replace(/^not null\s*/i, ''),
  )
  const words = `not null${conflict}`
  if (notNull) return conflict === conflictWords(notNull.conflict) ? [] : [replaceClause(notNull, words)]
  const isNull = find(part, 'null')
  return [isNull ? replaceClause(isNull, words) : insertWords(create, part.typeEnd, words)]
}

function changeAutoincrement({ shape, create, part, change: { autoincrement } }: Context): readonly Edit[] {
  const clause = autoincrementOf(create, part)
  const word = clause?.autoincrement
  if (autoincrement === false && word) return [removeWords(create, word.start, word.end)]
  if (!autoincrement || clause) return []
  const key = create.clauses.find(({ kind }) => kind === 'primary key')
  if (key?.columns.length !== 1 || !sameName(key.columns[0] ?? '', part.name)) {
    throw new AludelError(
      'NOT_SUPPORTED',
      `SQLite gives no values by itself to column ${shape.table.name}.${part.name}: it does so only to a primary key of one column.`,
      { fix: 'Make the column the whole primary key first.' },
    )
  }
  if (part.clauses.includes(key)) return [insertWords(create, key.end, 'autoincrement')]
  return [...removeClauses(create, [key]), insertWords(create, part.end, 'primary key autoincrement')]
}

/** The primary key with the word `autoincrement`, when it is this column's. */
function autoincrementOf({ clauses }: CreateText, { name }: ColumnPart): Clause | undefined {
  return clauses.find(({ autoincrement, columns }) => autoincrement && sameName(columns[0] ?? '', name))
}

function find({ clauses }: ColumnPart, kind: ClauseKind): Clause | undefined {
  return clauses.find((clause) => clause.kind === kind)
}
