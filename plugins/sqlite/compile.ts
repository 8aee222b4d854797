/** Operations as SQLite's statements: its own where it has them, a rebuild of the table where it has none. */
import type { Draft, Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { insertTexts } from '../../src/operations/bulk-insert/insert-texts.ts'
import type { Operation, OperationKind, OperationOf } from '../../src/operations/operation.ts'
import { type Schema, emptySchema } from '../../src/schema/schema.ts'
import { checkMeanings } from '../meanings.ts'
import { alterColumn } from './alter-column.ts'
import { addCheck, addPrimaryKey, dropConstraint } from './constraints.ts'
import { createIndex, createTable, createUnique } from './create.ts'
import { sameName } from './create-text.ts'
import { columnDefinition, foreignKeyDefinition, isInline, uniqueDefinition } from './definition.ts'
import { dropColumn } from './drop-column.ts'
import { addPart } from './edit.ts'
import { temporaryPrefix } from './errors.ts'
import { quote, shellLiteral } from './literal.ts'
import { isAddedAsIs, needsShape } from './reads.ts'
import { rebuild } from './rebuild.ts'
import { refuseEnum, refuseSchema } from './refuse.ts'
import { renameIndex } from './rename-index.ts'
import { Replica } from './replica.ts'
import type { Shapes } from './shape.ts'
import { createTrigger } from './trigger-text.ts'
import { createView, dropView, replaceView } from './view.ts'

/** @throws {AludelError} SHAPE_UNKNOWN, NOT_SUPPORTED */
export async function compile(
  operations: readonly Operation[],
  before: Schema,
): Promise<readonly (readonly Statement[])[]> {
  const replica = operations.some(needsShape) ? await Replica.open(before) : undefined
  const shapes = replica ?? unforeseen
  try {
    const compiled: (readonly Statement[])[] = []
    for (const operation of operations) {
      checkMeanings('SQLite', operation)
      const statements = await compileOne(operation, shapes)
      await replica?.run(operation, statements)
      compiled.push(statements)
    }
    return compiled
  } finally {
    await replica?.close()
  }
}

/** A whole database in memory: only SQLite itself knows the texts that its rebuilds begin with. */
export async function draft(): Promise<Draft> {
  const replica = await Replica.open(emptySchema)
  return {
    shape: (tables) => replica.schema(tables),
    run: async (operation) => {
      const statements = await compileOne(operation, replica)
      await replica.run(operation, statements)
    },
    forget: (text) => replica.forget(text),
    close: () => replica.close(),
  }
}

type Compiler<K extends OperationKind> = (
  operation: OperationOf<K>,
  shapes: Shapes,
) => readonly Statement[] | Promise<readonly Statement[]>

async function compileOne<K extends OperationKind>(
  operation: OperationOf<K>,
  shapes: Shapes,
): Promise<readonly Statement[]> {
  return compilers[operation.kind](operation, shapes)
}

const compilers: { readonly [K in OperationKind]: Compiler<K> } = {
  createTable: ({ table }) => createTable(table),
  dropTable: ({ table }) => [{ sql: `drop table ${quote(table)}` }],
  renameTable: ({ table, to }) => {
    // A name that differs by the case of letters alone counts as taken.
    const steps = sameName(table, to) ? [temporaryPrefix + table, to] : [to]
    return steps.map((name, at) => ({
      sql: `alter table ${quote(steps[at - 1] ?? table)} rename to ${quote(name)}`,
    }))
  },
  addColumn: async ({ table, column }, shapes) => {
    if (isAddedAsIs(column)) {
      return [{ sql: `alter table ${quote(table)} add column ${columnDefinition(column, { table })}` }]
    }
    const shape = await shapes.shape(table)
    const primaryKey =
      column.autoincrement && !shape.table.primaryKey ? { columns: [column.name] } : undefined
    const definition = columnDefinition(column, { table, ...(primaryKey ? { primaryKey } : {}) })
    return rebuild(shape, [addPart(shape.create, definition, 'column')])
  },
  dropColumn: async ({ table, column }, shapes) => dropColumn(await shapes.shape(table), column),
  renameColumn: ({ table, column, to }) => [
    { sql: `alter table ${quote(table)} rename column ${quote(column)} to ${quote(to)}` },
  ],
  alterColumn: async ({ table, column, change }, shapes) => {
    const shape = await shapes.shape(table)
    return rebuild(shape, alterColumn(shape, column, change))
  },
  createIndex: ({ table, index }) => [createIndex(table, index)],
  dropIndex: ({ index }) => [{ sql: `drop index ${quote(index)}` }],
  createPrimaryKey: async ({ table, primaryKey }, shapes) => {
    const shape = await shapes.shape(table)
    return rebuild(shape, addPrimaryKey(shape, primaryKey))
  },
  createUniqueConstraint: async ({ table, unique }, shapes) => {
    if (!isInline(unique)) return createUnique(table, unique)
    const shape = await shapes.shape(table)
    return rebuild(shape, [addPart(shape.create, uniqueDefinition(unique), 'constraint')])
  },
  createForeignKey: async ({ table, foreignKey }, shapes) => {
    const shape = await shapes.shape(table)
    return rebuild(shape, [addPart(shape.create, foreignKeyDefinition(foreignKey), 'constraint')])
  },
  createCheckConstraint: async ({ table, check }, shapes) => {
    const shape = await shapes.shape(table)
    return rebuild(shape, addCheck(shape, check))
  },
  dropConstraint: async ({ table, ...ref }, shapes) => dropConstraint(await shapes.shape(table), ref),
  renameIndex: async ({ table, index, to }, shapes) => renameIndex(await shapes.shape(table), index, to),
  // There is no place for one, as for those of columns.
  setTableComment: () => [],
  // Whatever it says, all rows are checked when a constraint is made.
  validateConstraint: () => [],
  createEnum: refuseEnum,
  alterEnum: refuseEnum,
  dropEnum: refuseEnum,
  createView: ({ view }) => [createView(view)],
  replaceView: async ({ view }, shapes) => replaceView(view, await shapes.triggersOfView(view.name)),
  dropView: ({ view }) => [dropView(view)],
  createTrigger: ({ table, trigger }) => [createTrigger(table, trigger)],
  dropTrigger: ({ trigger }) => [{ sql: `drop trigger ${quote(trigger)}` }],
  createSchema: refuseSchema,
  dropSchema: refuseSchema,
  bulkInsert: (operation) => {
    const writing = { table: quote(operation.table), quote, literal: shellLiteral }
    return insertTexts(operation, writing).map((sql) => ({ sql }))
  },
  execute: ({ sql }) => [{ sql }],
}

const unforeseen: Shapes = {
  shape: notForeseen,
  triggersOfView: notForeseen,
}

async function notForeseen(name: string): Promise<never> {
  throw new AludelError('INTERNAL', `The shape of ${name} was asked for and not foreseen.`)
}
