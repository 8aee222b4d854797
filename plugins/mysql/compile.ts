/** Operations as statements. */
import type { Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { apply } from '../../src/operations/apply.ts'
import { insertTexts } from '../../src/operations/bulk-insert/insert-texts.ts'
import type { Operation, OperationKind, OperationOf } from '../../src/operations/operation.ts'
import { tableOf } from '../../src/operations/table-of.ts'
import { without } from '../../src/operations/tidy.ts'
import { writtenTypes } from '../../src/operations/written-types.ts'
import { type Schema, tableNamed } from '../../src/schema/schema.ts'
import { checkMeanings } from '../meanings.ts'
import { alterColumn, modify } from './alter-column.ts'
import { alterTable } from './alter-table.ts'
import { columnDefinition } from './column.ts'
import {
  checkDefinition,
  foreignKeyDefinition,
  indexDefinition,
  primaryKeyDefinition,
  uniqueDefinition,
  unsupported,
} from './constraints.ts'
import { createTable } from './create-table.ts'
import { literal, quote } from './literal.ts'
import { checkMeant, nameOf, unknownShape } from './lookup.ts'
import { type Name, titles } from './name.ts'
import { needsShape } from './reads.ts'
import { renameColumn } from './rename-column.ts'
import { type Replacement, replacementOf, type Shapes } from './replacement.ts'
import { createTrigger } from './trigger.ts'
import { type TypeWriter, typeWriter } from './types.ts'
import { checkTriggers } from './under-triggers.ts'
import { createView } from './view.ts'

export async function compile(
  name: Name,
  operations: readonly Operation[],
  before: Schema,
): Promise<readonly (readonly Statement[])[]> {
  const typeOf = await typeWriter(name, [
    ...operations.flatMap(writtenTypes),
    ...Object.values(before.tables).flatMap(({ columns }) => columns),
  ])
  // Creations of keys that were carried out together with an operation before them.
  const done = new Set<Operation>()
  // By the creation of a key, the old ones that go with it.
  const postponed = new Map<Operation, readonly string[]>()
  let shape = before
  return operations.map((operation, at) => {
    const after = isKnown(shape, operation) ? applied(shape, operation) : shape
    checkTriggers(operation, { name, before: shape, operations })
    const shapes = { name, before: shape, after }
    shape = after
    checkMeanings(titles[name], operation)
    if (done.has(operation)) return []
    const later = (): readonly Operation[] => operations.slice(at + 1).filter((other) => !done.has(other))
    const replacement = replacementOf(operation, later, shapes)
    if (replacement?.late !== undefined) {
      const drops = postponed.get(replacement.operation) ?? []
      postponed.set(replacement.operation, [...drops, replacement.late])
      return []
    }
    if (replacement) done.add(replacement.operation)
    const drops = postponed.get(replacement?.operation ?? operation) ?? []
    const context = { ...shapes, typeOf, replacement, drops }
    return write(operation, context).map((sql) => ({ sql }))
  })
}

interface Context extends Shapes {
  readonly typeOf: TypeWriter
  readonly replacement: Replacement | undefined
  /** What was left for this operation to do: `drop index …`. */
  readonly drops: readonly string[]
}

/** What raw SQL changed before is not known any more; who needs it is told. */
function applied(shape: Schema, operation: Operation): Schema {
  try {
    return apply(shape, operation)
  } catch (error) {
    if (needsShape(operation) || !(error instanceof AludelError)) throw error
    return { ...shape, tables: without(shape.tables, tableOf(operation) ?? '') }
  }
}

function isKnown(shape: Schema, operation: Operation): boolean {
  const table = tableOf(operation)
  if (table === undefined) return false
  return operation.kind === 'createTable' || tableNamed(shape, table) !== undefined
}

function write<K extends OperationKind>(operation: OperationOf<K>, context: Context): readonly string[] {
  return writers[operation.kind](operation, context)
}

const writers: { [K in OperationKind]: (operation: OperationOf<K>, context: Context) => readonly string[] } =
  {
    createTable: ({ table }, { name, typeOf }) => [
      createTable(name, table, typeOf),
      ...(table.triggers ?? []).map((trigger) => createTrigger(name, table.name, trigger)),
    ],
    dropTable: ({ table }) => [`drop table ${quote(table)}`],
    renameTable: ({ table, to }) => [`alter table ${quote(table)} rename to ${quote(to)}`],
    addColumn: ({ table, column }, { typeOf, replacement, drops }) =>
      alterTable(table, `add ${columnDefinition(column, [], typeOf)}`, replacement?.add, ...drops),
    dropColumn: ({ table, column }) => alterTable(table, `drop column ${quote(column)}`),
    alterColumn,
    renameColumn,
    createIndex: ({ table, index }, { name, drops }) =>
      alterTable(table, ...drops, `add ${indexDefinition(name, index)}`),
    dropIndex: ({ table, index }, { replacement, drops }) =>
      alterTable(table, `drop index ${quote(index)}`, replacement?.add, ...drops),
    createPrimaryKey: ({ table, primaryKey }, context) => [
      ...alterTable(table, ...context.drops, `add ${primaryKeyDefinition(primaryKey)}`),
      ...automaticNumber(context.after, table, context, { kept: true }),
    ],
    createUniqueConstraint: ({ table, unique }, { name, drops }) =>
      alterTable(table, ...drops, `add ${uniqueDefinition(name, unique)}`),
    createForeignKey: ({ table, foreignKey }, { name }) =>
      alterTable(table, `add ${foreignKeyDefinition(name, foreignKey)}`),
    createCheckConstraint: ({ table, check }, context) =>
      check.name === undefined && check.column !== undefined && context.name === 'mariadb'
        ? modify(table, check.column, context)
        : alterTable(table, `add ${checkDefinition(context.name, check)}`),
    dropConstraint: (operation, context) => constraintDrops[operation.type](operation, context),
    renameIndex: ({ table, index, to }) => alterTable(table, `rename index ${quote(index)} to ${quote(to)}`),
    setTableComment: ({ table, comment }) => alterTable(table, `comment = ${literal(comment ?? '')}`),
    // Whatever it says, all rows are checked when a constraint is made.
    validateConstraint: () => [],
    createEnum: refuseEnum,
    alterEnum: refuseEnum,
    dropEnum: refuseEnum,
    createView: ({ view }, { name }) => [createView(name, view, 'create')],
    replaceView: ({ view }, { name }) => [createView(name, view, 'create or replace')],
    dropView: ({ view }) => [`drop view ${quote(view)}`],
    createTrigger: ({ table, trigger }, { name, before }) => [
      createTrigger(name, table, trigger, tableNamed(before, table)?.triggers),
    ],
    dropTrigger: ({ trigger }) => [`drop trigger ${quote(trigger)}`],
    createSchema: refuseSchema,
    dropSchema: refuseSchema,
    bulkInsert: (operation) =>
      insertTexts(operation, { table: quote(operation.table), quote, literal, default: 'default' }),
    execute: ({ sql }) => [sql],
  }

function refuseEnum({ kind }: Pick<Operation, 'kind'>, { name }: Context): never {
  const fix =
    "Say it of the columns (`type: 'enum', items: […]`), and leave the type out where the database is this one."
  throw unsupported(name, `op.${kind}, as an enum type is part of its column`, fix)
}

function refuseSchema({ kind }: Pick<Operation, 'kind'>, { name }: Context): never {
  const fix =
    'Leave it out where the database is this one, and name what stands in another database in `op.execute`.'
  throw unsupported(name, `op.${kind}, as a schema is a database of its own`, fix)
}

type DropConstraint = OperationOf<'dropConstraint'>

const constraintDrops: Record<
  DropConstraint['type'],
  (operation: DropConstraint, context: Context) => readonly string[]
> = {
  primary: ({ table }, context) =>
    context.replacement
      ? alterTable(table, 'drop primary key', context.replacement.add, ...context.drops)
      : [
          ...automaticNumber(context.before, table, context, { kept: false }),
          ...alterTable(table, 'drop primary key'),
        ],
  unique: (operation, { before, replacement, drops }) =>
    alterTable(
      operation.table,
      `drop index ${quote(nameOf(operation, before, 'uniques'))}`,
      replacement?.add,
      ...drops,
    ),
  foreignKey: (operation, { before }) =>
    alterTable(operation.table, `drop foreign key ${quote(nameOf(operation, before, 'foreignKeys'))}`),
  check: (operation, context) => {
    const { table } = operation
    const check = operation.name === undefined ? checkMeant(operation, context.before) : operation
    if (check.name !== undefined) return alterTable(table, `drop constraint ${quote(check.name)}`)
    // What MariaDB keeps beside a column has no name to drop it by.
    if ('column' in check && check.column !== undefined) return modify(table, check.column, context)
    throw unknownShape(`The check of ${table} has no name yet`)
  },
}

/** A column that counts by itself must be a key: it stops before its key goes, and starts again with a new one. */
function automaticNumber(
  schema: Schema,
  table: string,
  { typeOf }: Context,
  { kept }: { readonly kept: boolean },
): readonly string[] {
  const shape = tableNamed(schema, table)
  const column = shape?.columns.find(({ autoincrement }) => autoincrement)
  if (!shape || !column || shape.primaryKey?.columns[0] !== column.name) return []
  const { autoincrement, ...rest } = column
  return alterTable(table, `modify ${columnDefinition(kept ? column : rest, shape.checks ?? [], typeOf)}`)
}
