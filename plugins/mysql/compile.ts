/** Operations as statements. */
import type { Statement } from '../../src/dialect.ts'
import { apply } from '../../src/operations/apply.ts'
import type { ColumnChange, Operation, OperationKind, OperationOf } from '../../src/operations/operation.ts'
import { type Column, type Schema, tableNamed } from '../../src/schema/schema.ts'
import { columnDefinition, defaultValue, isLiteral } from './column.ts'
import {
  checkDefinition,
  foreignKeyDefinition,
  indexDefinition,
  primaryKeyDefinition,
  uniqueDefinition,
} from './constraints.ts'
import { createTable } from './create-table.ts'
import { quote } from './literal.ts'
import { checkMeant, columnIn, nameOf, tableIn, unknownShape } from './lookup.ts'
import type { Name } from './name.ts'
import { type Replacement, replacementOf, type Shapes } from './replacement.ts'
import { type TypeWriter, typeWriter } from './types.ts'

export async function compile(
  name: Name,
  operations: readonly Operation[],
  before: Schema,
): Promise<readonly (readonly Statement[])[]> {
  const typeOf = await typeWriter(name, columnsIn(operations, before))
  // Creations of keys that were carried out together with an operation before them.
  const done = new Set<Operation>()
  let shape = before
  return operations.map((operation, at) => {
    const after = isKnown(shape, operation) ? apply(shape, operation) : shape
    const shapes = { name, before: shape, after }
    shape = after
    if (done.has(operation)) return []
    const later = (): readonly Operation[] => operations.slice(at + 1).filter((other) => !done.has(other))
    const replacement = replacementOf(operation, later, shapes)
    if (replacement) done.add(replacement.operation)
    return write(operation, { ...shapes, typeOf, replacement }).map((sql) => ({ sql }))
  })
}

interface Context extends Shapes {
  readonly typeOf: TypeWriter
  readonly replacement: Replacement | undefined
}

function columnsIn(operations: readonly Operation[], before: Schema): readonly Pick<Column, 'type'>[] {
  const written = operations.flatMap((operation): readonly Pick<Column, 'type'>[] => {
    if (operation.kind === 'createTable') return operation.table.columns
    if (operation.kind === 'addColumn') return [operation.column]
    return operation.kind === 'alterColumn' && operation.change.type ? [{ type: operation.change.type }] : []
  })
  return [...written, ...Object.values(before.tables).flatMap(({ columns }) => columns)]
}

function isKnown(shape: Schema, operation: Operation): boolean {
  if (operation.kind === 'execute') return false
  return operation.kind === 'createTable' || tableNamed(shape, operation.table) !== undefined
}

function write(operation: Operation, context: Context): readonly string[] {
  // The table of functions is indexed by the operation's own kind.
  const writer = writers[operation.kind] as (operation: Operation, context: Context) => readonly string[]
  return writer(operation, context)
}

const writers: { [K in OperationKind]: (operation: OperationOf<K>, context: Context) => readonly string[] } =
  {
    createTable: ({ table }, context) => [createTable(context.name, table, context.typeOf)],
    dropTable: ({ table }) => [`drop table ${quote(table)}`],
    renameTable: ({ table, to }) => [`alter table ${quote(table)} rename to ${quote(to)}`],
    addColumn: ({ table, column }, { typeOf, replacement }) =>
      alterTable(table, `add ${columnDefinition(column, [], typeOf)}`, replacement?.add),
    dropColumn: ({ table, column }) => alterTable(table, `drop column ${quote(column)}`),
    alterColumn: ({ table, column, change }, context) => {
      const alone = alterDefault(columnIn(tableIn(context.after, table), column), change, context.typeOf)
      return alone === undefined ? modify(table, column, context) : alterTable(table, alone)
    },
    renameColumn: ({ table, column, to }) =>
      alterTable(table, `rename column ${quote(column)} to ${quote(to)}`),
    createIndex: ({ table, index }, { name }) => alterTable(table, `add ${indexDefinition(name, index)}`),
    dropIndex: ({ table, index }, { replacement }) =>
      alterTable(table, `drop index ${quote(index)}`, replacement?.add),
    createPrimaryKey: ({ table, primaryKey }, context) => [
      ...alterTable(table, `add ${primaryKeyDefinition(primaryKey)}`),
      ...automaticNumber(context.after, table, context, { kept: true }),
    ],
    createUniqueConstraint: ({ table, unique }, { name }) =>
      alterTable(table, `add ${uniqueDefinition(name, unique)}`),
    createForeignKey: ({ table, foreignKey }, { name }) =>
      alterTable(table, `add ${foreignKeyDefinition(name, foreignKey)}`),
    createCheckConstraint: ({ table, check }, context) =>
      check.name === undefined && check.column !== undefined && context.name === 'mariadb'
        ? modify(table, check.column, context)
        : alterTable(table, `add ${checkDefinition(check)}`),
    dropConstraint: (operation, context) => constraintDrops[operation.type](operation, context),
    execute: ({ sql }) => [sql],
  }

type DropConstraint = OperationOf<'dropConstraint'>

const constraintDrops: Record<
  DropConstraint['type'],
  (operation: DropConstraint, context: Context) => readonly string[]
> = {
  primary: ({ table }, context) =>
    context.replacement
      ? alterTable(table, 'drop primary key', context.replacement.add)
      : [
          ...automaticNumber(context.before, table, context, { kept: false }),
          ...alterTable(table, 'drop primary key'),
        ],
  unique: (operation, { before, replacement }) =>
    alterTable(
      operation.table,
      `drop index ${quote(nameOf(operation, before, 'uniques'))}`,
      replacement?.add,
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

function alterTable(table: string, ...changes: readonly (string | undefined)[]): readonly string[] {
  return [`alter table ${quote(table)} ${changes.filter((change) => change !== undefined).join(', ')}`]
}

/** A change of the default alone needs no word of the rest, and no row to be written. */
function alterDefault(column: Column, change: ColumnChange, typeOf: TypeWriter): string | undefined {
  const names = Object.entries(change).flatMap(([name, value]) => (value === undefined ? [] : [name]))
  if (names.join(' ') !== 'default' || column.generated) return undefined
  const alter = `alter column ${quote(column.name)}`
  // A column that may be null and has no default at all must be named in every insert.
  if (column.default === undefined)
    return column.nullable ? `${alter} set default null` : `${alter} drop default`
  const value = column.default
  // MySQL's current_timestamp here would be another default than in a definition.
  if (typeof value === 'object' && !isLiteral(value.sql)) return undefined
  return `${alter} set default ${defaultValue(value, typeOf(column))}`
}

function modify(table: string, column: string, { after, typeOf }: Context): readonly string[] {
  const shape = tableIn(after, table)
  return alterTable(table, `modify ${columnDefinition(columnIn(shape, column), shape.checks ?? [], typeOf)}`)
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
