/** Values of a column that have other names: rows get them between the old list of values and the new one. */
import { columnKind } from '../../schema/column-kind.ts'
import type { Operation, OperationOf } from '../../operations/operation.ts'
import { type Schema, tableNamed } from '../../schema/schema.ts'
import { type RenamedValue, listed } from '../column-values.ts'
import { updateSql } from './fill.ts'
import type { Step } from './note.ts'
import type { Quoting } from './sql-names.ts'

interface Place {
  readonly dialect: Quoting
  /** Before the operation. */
  readonly schema: Schema
  /** In their order; of all tables. */
  readonly values: readonly RenamedValue[]
}

/** What to do before the operation that takes the old values away; nothing where it takes none. */
export function stepsBefore(operation: Operation, place: Place): readonly Step[] {
  const renamed = renamedBy(operation, place)
  if (renamed.length === 0) return []
  const room = operation.kind === 'alterColumn' ? roomFor(operation, renamed, place) : []
  return [
    ...room.map((each): Step => ({ operation: each, notes: [] })),
    ...renamed.map((each): Step => ({
      operation: { kind: 'execute', sql: renameSql(each, place) },
      notes: [{ text: `${each.value} of ${each.table}.${each.column} is renamed to ${each.to}.` }],
    })),
  ]
}

/** The values that the operation takes for others. */
export function renamedBy(
  operation: Operation,
  { schema, values }: Pick<Place, 'schema' | 'values'>,
): readonly RenamedValue[] {
  if (operation.kind === 'alterColumn') {
    const { table, column, change } = operation
    return change.type === undefined || !oldItems(operation, schema)
      ? []
      : values.filter((each) => each.table === table && each.column === column)
  }
  if (operation.kind !== 'createCheckConstraint') return []
  const list = listed(operation.check)
  const ofTable = values.filter(({ table }) => table === operation.table)
  return ofTable.some(({ to }) => list.includes(to)) ? ofTable : []
}

/** An enum type that takes the old values and the new ones. */
function roomFor(
  operation: OperationOf<'alterColumn'>,
  renamed: readonly RenamedValue[],
  { dialect, schema }: Place,
): readonly Operation[] {
  const { table, column, change } = operation
  const items = [...new Set([...(oldItems(operation, schema) ?? []), ...renamed.map(({ to }) => to)])]
  const type = { sql: `enum(${items.map((item) => dialect.literal(item)).join(', ')})` }
  const wide: typeof change = change.type === 'enum' ? { type: 'enum', items } : { type }
  return [{ kind: 'alterColumn', table, column, change: wide }]
}

/** Undefined: its type lists no values. */
function oldItems(
  { table, column }: OperationOf<'alterColumn'>,
  schema: Schema,
): readonly string[] | undefined {
  const was = tableNamed(schema, table)?.columns.find(({ name }) => name === column)
  return was && columnKind(was).items
}

function renameSql({ table, column, value, to }: RenamedValue, { dialect, schema }: Place): string {
  return updateSql(dialect, tableNamed(schema, table), table, {
    column,
    value: dialect.literal(to),
    where: `= ${dialect.literal(value)}`,
  })
}
