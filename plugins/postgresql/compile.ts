/** Operations to statements. */
import type { Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { apply, isMeant } from '../../src/operations/apply.ts'
import type { ConstraintRef, Operation, OperationKind, OperationOf } from '../../src/operations/operation.ts'
import { type Column, type Schema, type Table, tableNamed } from '../../src/schema/schema.ts'
import { alterColumn } from './alter-column.ts'
import { columnDefinition, columnSupplements } from './column.ts'
import { checkText, foreignKeyText, primaryKeyText, tableConstraints, uniqueText } from './constraint.ts'
import { createIndex } from './create-index.ts'
import { literal, quote } from './literal.ts'
import { type TypeOf, typesOf } from './types.ts'

/** @throws {AludelError} SHAPE_UNKNOWN, NOT_SUPPORTED */
export async function compile(
  operations: readonly Operation[],
  before: Schema,
): Promise<readonly (readonly Statement[])[]> {
  const typeOf = await typesOf([
    ...operations.flatMap(columnsOf),
    ...Object.values(before.tables).flatMap(({ columns }) => columns),
  ])
  let shape = before
  return operations.map((operation) => {
    for (const name of newNames(operation)) checkLength(name)
    // The table of functions is indexed by the operation's own kind.
    const write = writers[operation.kind] as (
      operation: Operation,
      shape: Schema,
      typeOf: TypeOf,
    ) => readonly string[]
    const statements = write(operation, shape, typeOf)
    shape = after(shape, operation)
    return statements.map((sql) => ({ sql }))
  })
}

const writers: {
  [K in OperationKind]: (operation: OperationOf<K>, shape: Schema, typeOf: TypeOf) => readonly string[]
} = {
  createTable: ({ table }, _, typeOf) => createTable(table, typeOf),
  dropTable: ({ table }) => [`drop table ${quote(table)}`],
  renameTable: ({ table, to }) => [`alter table ${quote(table)} rename to ${quote(to)}`],
  addColumn: ({ table, column }, _, typeOf) => [
    `alter table ${quote(table)} add column ${columnDefinition(column, typeOf)}`,
    ...columnSupplements(table, column),
  ],
  dropColumn: ({ table, column }) => [`alter table ${quote(table)} drop column ${quote(column)}`],
  alterColumn: (operation, shape, typeOf) =>
    alterColumn(operation, tableNamed(shape, operation.table), typeOf),
  renameColumn: ({ table, column, to }) => [
    `alter table ${quote(table)} rename column ${quote(column)} to ${quote(to)}`,
  ],
  createIndex: ({ table, index, concurrently }) => [createIndex(table, index, { concurrently })],
  dropIndex: ({ index, concurrently }) => [
    `drop index ${concurrently ? 'concurrently ' : ''}${quote(index)}`,
  ],
  createPrimaryKey: ({ table, primaryKey }) => [add(table, primaryKeyText(primaryKey))],
  createUniqueConstraint: ({ table, unique }) => [add(table, uniqueText(unique))],
  createForeignKey: ({ table, foreignKey }) => [add(table, foreignKeyText(foreignKey))],
  createCheckConstraint: ({ table, check }) => [add(table, checkText(check))],
  dropConstraint: ({ table, ...constraint }, shape) => {
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
    return [`alter table ${quote(table)} drop constraint ${quote(name)}`]
  },
  execute: ({ sql }) => [sql],
}

/** Of tables and columns. Names of indexes and constraints come from generators that count on being cut. */
function newNames(operation: Operation): readonly string[] {
  if ('to' in operation) return [operation.to]
  if (operation.kind === 'addColumn') return [operation.column.name]
  if (operation.kind !== 'createTable') return []
  return [operation.table.name, ...operation.table.columns.map(({ name }) => name)]
}

/** PostgreSQL cuts a longer name without an error: another thing than the one that was meant would be there. */
function checkLength(name: string): void {
  const bytes = Buffer.byteLength(name)
  if (bytes <= 63) return
  throw new AludelError('NOT_SUPPORTED', `PostgreSQL cuts names at 63 bytes; ${name} has ${bytes}.`, {
    fix: 'Give it a shorter name.',
    details: { name },
  })
}

function createTable(table: Table, typeOf: TypeOf): readonly string[] {
  const { name, columns, indexes = [], comment } = table
  const lines = [...columns.map((column) => columnDefinition(column, typeOf)), ...tableConstraints(table)]
  return [
    `create table ${quote(name)} (${lines.map((line) => `\n  ${line}`).join(',')}\n)`,
    ...indexes.map((index) => createIndex(name, index)),
    ...(comment === undefined ? [] : [`comment on table ${quote(name)} is ${literal(comment)}`]),
    ...columns.flatMap((column) => columnSupplements(name, column)),
  ]
}

function add(table: string, constraint: string): string {
  return `alter table ${quote(table)} add ${constraint}`
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

function columnsOf(operation: Operation): readonly Pick<Column, 'type'>[] {
  if (operation.kind === 'createTable') return operation.table.columns
  if (operation.kind === 'addColumn') return [operation.column]
  const type = operation.kind === 'alterColumn' ? operation.change.type : undefined
  return type === undefined ? [] : [{ type }]
}

/** A table that the operation does not fit (SQL by hand has changed it) is unknown from there on. */
function after(shape: Schema, operation: Operation): Schema {
  if (operation.kind === 'execute') return shape
  const table = operation.kind === 'createTable' ? operation.table.name : operation.table
  if (operation.kind !== 'createTable' && !tableNamed(shape, table)) return shape
  try {
    return apply(shape, operation)
  } catch (error) {
    if (!(error instanceof AludelError)) throw error
    const { [table]: _, ...tables } = shape.tables
    return { ...shape, tables }
  }
}
