/** Operations as SQLite's statements: its own where it has them, a rebuild of the table where it has none. */
import type { Draft, Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import type { Operation, OperationKind, OperationOf } from '../../src/operations/operation.ts'
import { type Schema, emptySchema } from '../../src/schema/schema.ts'
import { alterColumn } from './alter-column.ts'
import { addCheck, addPrimaryKey, dropConstraint } from './constraints.ts'
import { createIndex, createTable, createUnique } from './create.ts'
import { sameName } from './create-text.ts'
import { columnDefinition, foreignKeyDefinition, uniqueDefinition } from './definition.ts'
import { dropColumn } from './drop-column.ts'
import { addPart } from './edit.ts'
import { temporaryPrefix } from './errors.ts'
import { quote } from './literal.ts'
import { isAddedAsIs, needsShape } from './reads.ts'
import { rebuild } from './rebuild.ts'
import { Replica } from './replica.ts'
import type { ShapeOf } from './shape.ts'

/** @throws {AludelError} SHAPE_UNKNOWN, NOT_SUPPORTED */
export async function compile(
  operations: readonly Operation[],
  before: Schema,
): Promise<readonly (readonly Statement[])[]> {
  const replica = operations.some(needsShape) ? await Replica.open(before) : undefined
  const shapeOf: ShapeOf = async (table) => {
    if (!replica) throw new AludelError('INTERNAL', `The shape of ${table} was asked for and not foreseen.`)
    return replica.shape(table)
  }
  try {
    const compiled: (readonly Statement[])[] = []
    for (const operation of operations) {
      const statements = await compileOne(operation, shapeOf)
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
      const statements = await compileOne(operation, (table) => replica.shape(table))
      await replica.run(operation, statements)
    },
    forget: (text) => replica.forget(text),
    close: () => replica.close(),
  }
}

type Compiler<K extends OperationKind> = (
  operation: OperationOf<K>,
  shapeOf: ShapeOf,
) => readonly Statement[] | Promise<readonly Statement[]>

async function compileOne(operation: Operation, shapeOf: ShapeOf): Promise<readonly Statement[]> {
  // The table of functions is indexed by the operation's own kind.
  const compiler = compilers[operation.kind] as (
    operation: Operation,
    shapeOf: ShapeOf,
  ) => ReturnType<Compiler<OperationKind>>
  return compiler(operation, shapeOf)
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
  addColumn: async ({ table, column }, shapeOf) => {
    if (isAddedAsIs(column)) {
      return [{ sql: `alter table ${quote(table)} add column ${columnDefinition(column, { table })}` }]
    }
    const shape = await shapeOf(table)
    const primaryKey =
      column.autoincrement && !shape.table.primaryKey ? { columns: [column.name] } : undefined
    const definition = columnDefinition(column, { table, ...(primaryKey ? { primaryKey } : {}) })
    return rebuild(shape, [addPart(shape.create, definition, 'column')])
  },
  dropColumn: async ({ table, column }, shapeOf) => dropColumn(await shapeOf(table), column),
  renameColumn: ({ table, column, to }) => [
    { sql: `alter table ${quote(table)} rename column ${quote(column)} to ${quote(to)}` },
  ],
  alterColumn: async ({ table, column, change }, shapeOf) => {
    const shape = await shapeOf(table)
    return rebuild(shape, alterColumn(shape, column, change))
  },
  createIndex: ({ table, index }) => [createIndex(table, index)],
  dropIndex: ({ index }) => [{ sql: `drop index ${quote(index)}` }],
  createPrimaryKey: async ({ table, primaryKey }, shapeOf) => {
    const shape = await shapeOf(table)
    return rebuild(shape, addPrimaryKey(shape, primaryKey))
  },
  createUniqueConstraint: async ({ table, unique }, shapeOf) => {
    if (unique.name !== undefined) return createUnique(table, unique)
    const shape = await shapeOf(table)
    return rebuild(shape, [addPart(shape.create, uniqueDefinition(unique.columns), 'constraint')])
  },
  createForeignKey: async ({ table, foreignKey }, shapeOf) => {
    const shape = await shapeOf(table)
    return rebuild(shape, [addPart(shape.create, foreignKeyDefinition(foreignKey), 'constraint')])
  },
  createCheckConstraint: async ({ table, check }, shapeOf) => {
    const shape = await shapeOf(table)
    return rebuild(shape, addCheck(shape, check))
  },
  dropConstraint: async ({ table, ...ref }, shapeOf) => dropConstraint(await shapeOf(table), ref),
  execute: ({ sql }) => [{ sql }],
}
