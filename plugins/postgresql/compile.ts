/** Operations to statements. */
import type { CompileOptions, Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { apply } from '../../src/operations/apply.ts'
import { insertTexts } from '../../src/operations/bulk-insert/insert-texts.ts'
import { type ConstraintRef, isMeant } from '../../src/operations/constraint-ref.ts'
import type { Operation, OperationKind, OperationOf } from '../../src/operations/operation.ts'
import { relationNamed } from '../../src/operations/relation.ts'
import { tableOf } from '../../src/operations/table-of.ts'
import { without } from '../../src/operations/tidy.ts'
import { writtenTypes } from '../../src/operations/written-types.ts'
import { type Schema, type Table, tableNamed, viewNamed } from '../../src/schema/schema.ts'
import { alterColumn } from './alter-column.ts'
import { alterEnum } from './alter-enum.ts'
import { columnDefinition, columnSupplements } from './column.ts'
import { checkText, foreignKeyText, primaryKeyText, uniqueText } from './constraint.ts'
import { createIndex } from './create-index.ts'
import { createTable } from './create-table.ts'
import { literal, quote } from './literal.ts'
import { checkNewNames } from './new-names.ts'
import { quoteBeside, quoteName } from './quote-name.ts'
import { renameTable } from './rename-table.ts'
import { createTrigger, dropFunctions, dropTrigger } from './trigger.ts'
import { type TypeOf, typesOf } from './types.ts'
import { createView, dropView, replaceView } from './view.ts'

/** @throws {AludelError} SHAPE_UNKNOWN, NOT_SUPPORTED */
export async function compile(
  operations: readonly Operation[],
  before: Schema,
  { followed = false }: CompileOptions = {},
): Promise<readonly (readonly Statement[])[]> {
  const typeOf = await typesOf([
    ...operations.flatMap(writtenTypes),
    ...Object.values(before.tables).flatMap(({ columns }) => columns),
  ])
  let shape = before
  return operations.map((operation, at) => {
    checkNewNames(operation)
    const statements = write(operation, { shape, typeOf, later: operations.slice(at + 1), followed })
    shape = after(shape, operation)
    return statements.map((sql) => ({ sql }))
  })
}

interface Around {
  /** What is known of what was there before. */
  readonly shape: Schema
  readonly typeOf: TypeOf
  /** What comes after it in the same revision, as far as it is known. */
  readonly later: readonly Operation[]
  /** And then comes what is not. */
  readonly followed: boolean
}

function write<K extends OperationKind>(operation: OperationOf<K>, around: Around): readonly string[] {
  return writers[operation.kind](operation, around)
}

const writers: {
  readonly [K in OperationKind]: (operation: OperationOf<K>, around: Around) => readonly string[]
} = {
  createTable: ({ table }, { typeOf }) => createTable(table, typeOf),
  dropTable: ({ table }, { shape }) => [
    `drop table ${quoteName(table)}`,
    ...dropFunctions(table, tableNamed(shape, table)?.triggers),
  ],
  renameTable: (operation, { shape }) => renameTable(operation, tableNamed(shape, operation.table)),
  addColumn: ({ table, column }, { typeOf }) => [
    `alter table ${quoteName(table)} add column ${columnDefinition(column, typeOf)}`,
    ...columnSupplements(table, column),
  ],
  dropColumn: ({ table, column }) => [`alter table ${quoteName(table)} drop column ${quote(column)}`],
  alterColumn: (operation, { shape, typeOf }) =>
    alterColumn(operation, tableNamed(shape, operation.table), typeOf),
  renameColumn: ({ table, column, to }) => [
    `alter table ${quoteName(table)} rename column ${quote(column)} to ${quote(to)}`,
  ],
  createIndex: ({ table, index, concurrently }) => [createIndex(table, index, { concurrently })],
  dropIndex: ({ table, index, concurrently }) => [
    `drop index ${concurrently ? 'concurrently ' : ''}${quoteBeside(table, index)}`,
  ],
  createPrimaryKey: ({ table, primaryKey }) => [add(table, primaryKeyText(primaryKey))],
  createUniqueConstraint: ({ table, unique }) => [add(table, uniqueText(unique))],
  createForeignKey: ({ table, foreignKey }) => [add(table, foreignKeyText(foreignKey))],
  createCheckConstraint: ({ table, check }) => [add(table, checkText(check))],
  dropConstraint: ({ table, ...constraint }, { shape }) => {
    const name = constraint.name ?? findName(tableNamed(shape, table), constraint)
    if (name === undefined) {
      throw new AludelError(
        'SHAPE_UNKNOWN',
        `The constraint of ${table} to drop has no name, and none is like it.`,
        {
          fix: 'Give dropConstraint its `name`; psql shows it with \\d.',
        },
      )
    }
    return [`alter table ${quoteName(table)} drop constraint ${quote(name)}`]
  },
  renameIndex: ({ table, index, to }) => [`alter index ${quoteBeside(table, index)} rename to ${quote(to)}`],
  setTableComment: ({ table, comment }) => [`comment on table ${quoteName(table)} is ${literal(comment)}`],
  validateConstraint: ({ table, constraint }) => [
    `alter table ${quoteName(table)} validate constraint ${quote(constraint)}`,
  ],
  createEnum: ({ name, items }) => [
    `create type ${quoteName(name)} as enum (${items.map(literal).join(', ')})`,
  ],
  alterEnum: (operation, { shape, ...coming }) => alterEnum(operation, shape, coming),
  dropEnum: ({ name }) => [`drop type ${quoteName(name)}`],
  createView: ({ view }) => createView(view),
  replaceView: ({ view }, { shape }) => replaceView(view, viewNamed(shape, view.name)),
  dropView: ({ view }, { shape }) => [
    dropView(view, viewNamed(shape, view)),
    ...dropFunctions(view, viewNamed(shape, view)?.triggers),
  ],
  createTrigger: ({ table, trigger }) => createTrigger(table, trigger),
  dropTrigger: ({ table, trigger }, { shape }) =>
    dropTrigger(
      table,
      trigger,
      relationNamed(shape, table)?.triggers?.find(({ name }) => name === trigger),
    ),
  createSchema: ({ schema }) => [`create schema ${quote(schema)}`],
  dropSchema: ({ schema }) => [`drop schema ${quote(schema)}`],
  bulkInsert: (operation) =>
    insertTexts(operation, { table: quoteName(operation.table), quote, literal, default: 'default' }),
  execute: ({ sql }) => [sql],
}

function add(table: string, constraint: string): string {
  return `alter table ${quoteName(table)} add ${constraint}`
}

function findName(table: Table | undefined, constraint: ConstraintRef): string | undefined {
  if (!table) return undefined
  const lists = {
    primary: table.primaryKey ? [table.primaryKey] : [],
    unique: table.uniques ?? [],
    foreignKey: table.foreignKeys ?? [],
    check: table.checks ?? [],
  }
  return lists[constraint.type].find((each) => isMeant(constraint, each))?.name
}

/** A table that the operation does not fit (SQL by hand has changed it) is unknown from there on. */
function after(shape: Schema, operation: Operation): Schema {
  const name = tableOf(operation)
  if (name !== undefined && operation.kind !== 'createTable' && !relationNamed(shape, name)) return shape
  try {
    return apply(shape, operation)
  } catch (error) {
    if (!(error instanceof AludelError)) throw error
    return { ...shape, tables: name === undefined ? shape.tables : without(shape.tables, name) }
  }
}
