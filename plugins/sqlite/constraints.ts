/** Constraints that are added to a create text and taken out of it. */
import type { Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import type { ConstraintRef, ConstraintType } from '../../src/operations/constraint-ref.ts'
import type { Check, PrimaryKey } from '../../src/schema/schema.ts'
import { alterColumn } from './alter-column.ts'
import type { Clause, ClauseKind } from './clauses.ts'
import { sameName, sameNames } from './create-text.ts'
import {
  checkBeside,
  checkDefinition,
  checkExpression,
  impliedCheckName,
  primaryKeyDefinition,
} from './definition.ts'
import { addPart, type Edit, insertWords, removeClauses } from './edit.ts'
import { quote } from './literal.ts'
import { rebuild } from './rebuild.ts'
import { columnOf, type Shape } from './shape.ts'
import { quoteStrings } from './strings.ts'
import { nameOf, type Token, tokenize, unwrap } from './tokens.ts'

/** None when the table has that very key. */
export function addPrimaryKey({ table, create }: Shape, primaryKey: PrimaryKey): readonly Edit[] {
  const key = create.clauses.find(({ kind }) => kind === 'primary key')
  if (!key) return [addPart(create, primaryKeyDefinition(primaryKey), 'constraint')]
  if (sameNames(key.columns, primaryKey.columns)) return []
  throw new AludelError(
    'NOT_SUPPORTED',
    `Table ${table.name} has a primary key already: ${key.columns.join(', ')}.`,
    { fix: 'Drop that one first.' },
  )
}

/** Beside its column, where MikroORM has it. None when it stands there already, as an enum's does. */
export function addCheck(shape: Shape, check: Check): readonly Edit[] {
  const { table, create } = shape
  if (check.column === undefined) return [addPart(create, checkDefinition(check, table.name), 'constraint')]
  const part = columnOf(shape, check.column)
  const there = part.clauses.some(
    (clause) => clause.kind === 'check' && says(shape, clause, checkExpression(check, table.name)),
  )
  return there ? [] : [insertWords(create, part.typeEnd, checkBeside(check, table.name))]
}

/** A unique index by its own statement, anything else by a rebuild. */
export function dropConstraint(shape: Shape, ref: ConstraintRef): readonly Statement[] {
  const { table, create } = shape
  const clause = findClause(shape, ref)
  if (clause) return rebuild(shape, [...stillNotNull(shape, ref), ...removeClauses(create, [clause])])
  const index = ref.type === 'unique' ? findIndex(shape, ref) : undefined
  if (index !== undefined) return [{ sql: `drop index ${quote(index)}` }]
  const { name, columns = [], expression = '' } = ref
  const held = columns.length > 0 ? columns.join(', ') : JSON.stringify(expression)
  const kind = ref.type === 'unique' ? 'unique constraint' : kinds[ref.type]
  throw new AludelError(
    'SHAPE_UNKNOWN',
    `Table ${table.name} has no ${kind} ${name === undefined ? `of ${held}` : name}.`,
    { fix: 'Correct the name; `aludel check` compares history and database.' },
  )
}

/** A row's own id takes no null, whatever the text says; without its key only the text says so. */
function stillNotNull(shape: Shape, { type }: ConstraintRef): readonly Edit[] {
  const { rowidColumn } = shape.create
  return type === 'primary' && rowidColumn !== undefined
    ? alterColumn(shape, rowidColumn, { nullable: false })
    : []
}

const kinds = {
  primary: 'primary key',
  unique: 'unique',
  foreignKey: 'foreign key',
  check: 'check',
} as const satisfies Record<ConstraintType, ClauseKind>

function findClause(shape: Shape, ref: ConstraintRef): Clause | undefined {
  const { table, create } = shape
  const { type, name, columns, expression } = ref
  const clauses = create.clauses.filter(({ kind }) => kind === kinds[type])
  const named =
    name === undefined ? undefined : clauses.find((clause) => clause.name && sameName(clause.name, name))
  if (named) return named
  // There is only one, and few name it here.
  if (type === 'primary') return clauses[0]
  const unnamed = clauses.filter((clause) => clause.name === undefined)
  if (name !== undefined && type === 'check') {
    const implied = unnamed.find(
      ({ columns: [column] }) => column !== undefined && isImplied(name, table.name, column),
    )
    if (implied) return implied
  }
  const holds = (clause: Clause): boolean =>
    type === 'check' ? isCheck(shape, clause, expression) : sameNames(clause.columns, columns ?? [])
  return unnamed.find(holds) ?? (name === undefined ? clauses.find(holds) : undefined)
}

/** The name of a column's check as it was made: table or column may have another name since. */
function isImplied(name: string, table: string, column: string): boolean {
  return name === impliedCheckName(table, column) || name.endsWith(`_${column}_check`)
}

function isCheck(shape: Shape, clause: Clause, expression: Check['expression'] | undefined): boolean {
  const [column] = clause.columns
  if (typeof expression === 'string') return says(shape, clause, expression)
  if (expression === undefined || column === undefined) return false
  return says(shape, clause, checkExpression({ column, expression }, shape.table.name))
}

/** White space, quotes of names and the case of letters make no other check. */
function says({ create }: Shape, { body }: Clause, expression: string): boolean {
  const columns = create.columns.map(({ name }) => name)
  const there = unwrap(body)
  const wanted = unwrap(tokenize(quoteStrings(expression, columns)))
  return there.length === wanted.length && there.every((token, at) => isSame(token, wanted[at]))
}

function isSame(one: Token, other: Token | undefined): boolean {
  const isName = ({ kind }: Token): boolean => kind === 'word' || kind === 'name'
  if (!other || isName(one) !== isName(other)) return false
  return isName(one) ? sameName(nameOf(one), nameOf(other)) : one.text === other.text
}

function findIndex({ table }: Shape, { name, columns }: ConstraintRef): string | undefined {
  const uniques = table.uniques ?? []
  if (name !== undefined) {
    const indexes = [...uniques, ...(table.indexes ?? [])]
    return indexes.find((index) => index.name !== undefined && sameName(index.name, name))?.name
  }
  return uniques.find((unique) => columns !== undefined && sameNames(unique.columns, columns))?.name
}
