/** What a generated revision tells its reader. */
import type { Operation } from '../operations/operation.ts'
import { type Schema, tableNamed } from '../schema/schema.ts'

/** What a person should know before running it: possible renames, lost data, rows that a change may fail on. */
export function hints(changes: readonly Operation[], live: Schema): readonly string[] {
  return changes.flatMap((operation): readonly string[] => {
    if (operation.kind === 'dropTable') return [`Drops table ${operation.table} with its rows.`]
    if (operation.kind === 'dropColumn') return dropHints(operation, changes, live)
    return notFilled(operation)
  })
}

/** What a person should know of a column that rows cannot be given a value for. */
export function notFilled(operation: Operation): readonly string[] {
  if (operation.kind !== 'addColumn') return []
  const { table, column } = operation
  if (column.nullable || column.default !== undefined || column.generated || column.autoincrement) return []
  return [
    `Column ${table}.${column.name} is not null without a default: where ${table} has rows, add it nullable, fill it, then set it not null.`,
  ]
}

function dropHints(
  { table, column }: Extract<Operation, { kind: 'dropColumn' }>,
  changes: readonly Operation[],
  live: Schema,
): string[] {
  const old = tableNamed(live, table)?.columns.find(({ name }) => name === column)
  const renames = changes.flatMap((change) => {
    if (change.kind !== 'addColumn' || change.table !== table || !old) return []
    const { name } = change.column
    return JSON.stringify(change.column.type) === JSON.stringify(old.type)
      ? [
          `If ${table}.${name} is the new name of ${column}, replace its dropColumn and addColumn by op.renameColumn('${table}', '${column}', '${name}'), and the other way round below; or generate again with --rename ${table}.${column}:${name}.`,
        ]
      : []
  })
  return [`Drops column ${table}.${column} with its values.`, ...renames]
}
