/**
 * A key that something depends on cannot be dropped before there is another: InnoDB keeps an index for
 * each foreign key, an automatic number must be a key. Nor can the other come first: InnoDB then takes away
 * by itself the index that it had made for the foreign key. So both are done by one statement.
 */
import { isMeant } from '../../src/operations/constraint-ref.ts'
import type { Operation, OperationKind, OperationOf } from '../../src/operations/operation.ts'
import { tableOf } from '../../src/operations/table-of.ts'
import { type Index, type Schema, type Table, tableNamed } from '../../src/schema/schema.ts'
import { indexDefinition, primaryKeyDefinition, uniqueDefinition } from './constraints.ts'
import { rollsBack } from './effect.ts'
import { quote } from './literal.ts'
import type { Name } from './name.ts'

export interface Shapes {
  readonly name: Name
  /** Of the tables that are known, before and after the operation. */
  readonly before: Schema
  readonly after: Schema
}

export interface Replacement {
  /** What creates the other key. */
  readonly operation: Operation
  /** What to add to the statement of the operation that needs it. */
  readonly add: string
  /** What to add to the statement of the other instead, where that key cannot come before its place. */
  readonly late?: string
}

/** Finds what creates the key that must be there when the operation is over. */
export function replacementOf(
  operation: Operation,
  later: () => readonly Operation[],
  shapes: Shapes,
): Replacement | undefined {
  const needs = neededKeys(operation, shapes.before)
  const rest = needs.length === 0 ? [] : later()
  for (const needed of needs) {
    const found = replacementIn(rest, needed, shapes)
    if (found) return found
  }
  return undefined
}

function replacementIn(
  rest: readonly Operation[],
  needed: NeededKey,
  { name, before, after }: Shapes,
): Replacement | undefined {
  const end = rest.findIndex((other) => isOtherwise(other, needed.table))
  const near = end < 0 ? rest : rest.slice(0, end)
  const columns = tableNamed(after, needed.table)?.columns.map((column) => column.name) ?? [...needed.columns]
  const found = near.flatMap((other, at): readonly Replacement[] => {
    const key = keyIn(name, other)
    if (key?.table !== needed.table || !needed.kinds.includes(other.kind)) return []
    if (!startsWith(key.columns, needed.columns)) return []
    const between = near.slice(0, at)
    const isThere = key.columns.every((column) => columns.includes(column))
    // Rows may have to change before no two of them are alike.
    const waits =
      (key.unique && between.some(({ kind }) => kind === 'execute' || kind === 'bulkInsert')) ||
      (other.kind === 'createPrimaryKey' && !needed.isPrimary && hasPrimaryKey(before, needed.table))
    const replacement = { operation: other, add: `add ${key.definition}` }
    if (isThere && !waits) return [replacement]
    const late = staysBehind(needed, between) ? needed.old?.drop : undefined
    return late === undefined ? [] : [{ ...replacement, late }]
  })
  return found.find(({ late }) => late === undefined) ?? found[0]
}

function hasPrimaryKey(schema: Schema, table: string): boolean {
  return tableNamed(schema, table)?.primaryKey !== undefined
}

/** Tells whether behind it the name of the table or of one of its columns may mean something else. */
function isOtherwise(operation: Operation, table: string): boolean {
  if (operation.kind === 'execute') return !rollsBack(operation.sql)
  if (operation.kind === 'renameTable') return operation.table === table || operation.to === table
  return operation.kind === 'renameColumn' && operation.table === table
}

/** Tells whether the old key is the same after these. */
function staysBehind({ table, old }: NeededKey, between: readonly Operation[]): boolean {
  return !between.some(
    (each) => each.kind === 'dropColumn' && each.table === table && old?.columns.includes(each.column),
  )
}

interface NeededKey {
  readonly table: string
  /** The first of the key, in any order. */
  readonly columns: readonly string[]
  readonly kinds: readonly OperationKind[]
  /** The primary key goes: another can come in the same statement. */
  readonly isPrimary?: true
  /** The one that goes, where it can stay until the other comes. */
  readonly old?: { readonly columns: readonly string[]; readonly drop: string }
}

const makers: readonly OperationKind[] = ['createIndex', 'createUniqueConstraint', 'createPrimaryKey']

/** The first that can be had is enough. */
function neededKeys(operation: Operation, before: Schema): readonly NeededKey[] {
  const table = tableOf(operation)
  if (table === undefined) return []
  if (operation.kind === 'addColumn') {
    const { autoincrement, name } = operation.column
    return autoincrement ? [{ table, columns: [name], kinds: makers }] : []
  }
  const shape = tableNamed(before, table)
  if (!shape) return []
  const isPrimary = operation.kind === 'dropConstraint' && operation.type === 'primary'
  const counting = shape.columns.filter(({ autoincrement }) => autoincrement).map(({ name }) => name)
  const old = droppedKey(operation, shape)
  const key = old && shape.foreignKeys?.find(({ columns }) => startsWith(old.columns, columns))
  const ofForeignKey = { table, columns: key?.columns ?? [], kinds: makers, ...(old && { old }) }
  if (!isPrimary) return key ? [ofForeignKey] : []
  return [
    ...(key && counting.length === 0 ? [{ ...ofForeignKey, isPrimary }] : []),
    { table, columns: counting, kinds: ['createPrimaryKey'], isPrimary },
  ]
}

function droppedKey(operation: Operation, table: Table): NeededKey['old'] {
  if (operation.kind === 'dropIndex') {
    const index = table.indexes?.find(({ name }) => name === operation.index)
    const unique = table.uniques?.find(({ name }) => name === operation.index)
    const columns = index ? plainColumns(index) : unique?.columns
    return columns && { columns, drop: `drop index ${quote(operation.index)}` }
  }
  if (operation.kind !== 'dropConstraint') return undefined
  if (operation.type === 'primary' && table.primaryKey)
    return { columns: table.primaryKey.columns, drop: 'drop primary key' }
  if (operation.type !== 'unique') return undefined
  const unique = table.uniques?.find((each) => isMeant(operation, each))
  return unique?.name === undefined
    ? undefined
    : { columns: unique.columns, drop: `drop index ${quote(unique.name)}` }
}

interface Key {
  readonly table: string
  readonly columns: readonly string[]
  readonly unique: boolean
  readonly definition: string
}

function keyIn<K extends OperationKind>(name: Name, operation: OperationOf<K>): Key | undefined {
  return keys[operation.kind]?.(operation, name)
}

const keys: { readonly [K in OperationKind]?: (operation: OperationOf<K>, name: Name) => Key | undefined } = {
  createIndex: ({ table, index }, name) => {
    const columns = plainColumns(index)
    return (
      columns && { table, columns, unique: index.unique ?? false, definition: indexDefinition(name, index) }
    )
  },
  createUniqueConstraint: ({ table, unique }, name) => ({
    table,
    columns: unique.columns,
    unique: true,
    definition: uniqueDefinition(name, unique),
  }),
  createPrimaryKey: ({ table, primaryKey }) => ({
    table,
    columns: primaryKey.columns,
    unique: true,
    definition: primaryKeyDefinition(primaryKey),
  }),
}

/** None when a part is an expression or the beginning of a text. */
function plainColumns({ columns, where, method }: Index): readonly string[] | undefined {
  const names = columns.flatMap((part) => {
    if (typeof part === 'string') return [part]
    return 'column' in part && part.length === undefined ? [part.column] : []
  })
  return names.length === columns.length && where === undefined && method === undefined ? names : undefined
}

function startsWith(columns: readonly string[], first: readonly string[]): boolean {
  return first.every((column) => columns.slice(0, first.length).includes(column))
}
