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
import type { Name } from './name.ts'

export interface Shapes {
  readonly name: Name
  /** Of the tables that are known, before and after the operation. */
  readonly before: Schema
  readonly after: Schema
}

export interface Replacement {
  /** The operation that is carried out early. */
  readonly operation: Operation
  /** What to add to the statement of the operation that needs it. */
  readonly add: string
}

/** Finds what creates the key that must be there when the operation is over. */
export function replacementOf(
  operation: Operation,
  later: () => readonly Operation[],
  { name, before, after }: Shapes,
): Replacement | undefined {
  const needed = neededKey(operation, before)
  if (!needed) return undefined
  // Behind one of these a name means something else.
  const rest = later()
  const end = rest.findIndex(
    ({ kind }) => kind === 'renameTable' || kind === 'renameColumn' || kind === 'execute',
  )
  const columns = tableNamed(after, needed.table)?.columns.map((column) => column.name) ?? [...needed.columns]
  for (const other of end < 0 ? rest : rest.slice(0, end)) {
    const key = keyIn(name, other)
    if (key?.table !== needed.table || !needed.kinds.includes(other.kind)) continue
    const isThere = key.columns.every((column) => columns.includes(column))
    if (isThere && startsWith(key.columns, needed.columns))
      return { operation: other, add: `add ${key.definition}` }
  }
  return undefined
}

interface NeededKey {
  readonly table: string
  /** The first of the key, in any order. */
  readonly columns: readonly string[]
  readonly kinds: readonly OperationKind[]
}

const indexes: readonly OperationKind[] = ['createIndex', 'createUniqueConstraint']

function neededKey(operation: Operation, before: Schema): NeededKey | undefined {
  const table = tableOf(operation)
  if (table === undefined) return undefined
  if (operation.kind === 'addColumn') {
    const { autoincrement, name } = operation.column
    return autoincrement ? { table, columns: [name], kinds: ['createPrimaryKey', ...indexes] } : undefined
  }
  const shape = tableNamed(before, table)
  if (!shape) return undefined
  if (operation.kind === 'dropConstraint' && operation.type === 'primary') {
    const columns = shape.columns.filter(({ autoincrement }) => autoincrement).map(({ name }) => name)
    return { table, columns, kinds: ['createPrimaryKey'] }
  }
  const dropped = droppedColumns(operation, shape)
  const key = dropped && shape.foreignKeys?.find(({ columns }) => startsWith(dropped, columns))
  return key && { table, columns: key.columns, kinds: indexes }
}

function droppedColumns(operation: Operation, table: Table): readonly string[] | undefined {
  if (operation.kind === 'dropIndex') {
    const index = table.indexes?.find(({ name }) => name === operation.index)
    return index ? plainColumns(index) : table.uniques?.find(({ name }) => name === operation.index)?.columns
  }
  if (operation.kind !== 'dropConstraint' || operation.type !== 'unique') return undefined
  return table.uniques?.find((unique) => isMeant(operation, unique))?.columns
}

interface Key {
  readonly table: string
  readonly columns: readonly string[]
  readonly definition: string
}

function keyIn<K extends OperationKind>(name: Name, operation: OperationOf<K>): Key | undefined {
  return keys[operation.kind]?.(operation, name)
}

const keys: { readonly [K in OperationKind]?: (operation: OperationOf<K>, name: Name) => Key | undefined } = {
  createIndex: ({ table, index }, name) => {
    const columns = plainColumns(index)
    return columns && { table, columns, definition: indexDefinition(name, index) }
  },
  createUniqueConstraint: ({ table, unique }, name) => ({
    table,
    columns: unique.columns,
    definition: uniqueDefinition(name, unique),
  }),
  createPrimaryKey: ({ table, primaryKey }) => ({
    table,
    columns: primaryKey.columns,
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
