/** What a generated revision tells its reader. */
import type { Capabilities } from '../dialect.ts'
import { type Drop, dropName, dropsOf } from '../operations/drops.ts'
import type { Operation, OperationOf } from '../operations/operation.ts'
import { type Schema, tableNamed } from '../schema/schema.ts'

/** What a person should know before running it: possible renames, lost data, rows that a change may fail on. */
export function hints(changes: readonly Operation[], live: Schema): readonly string[] {
  return changes.flatMap((operation): readonly string[] => {
    if (operation.kind === 'dropTable')
      return [`Drops table ${operation.table} with its rows: review this file before it runs.`]
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

/** What the review of a generated file consents to lose, as its `allowDataLoss` names it: all drops but those that may be renames. */
export function reviewedLoss(
  changes: readonly Operation[],
  live: Schema,
  capabilities: Pick<Capabilities, 'caseless'>,
): readonly string[] {
  return dropsOf(changes, capabilities)
    .filter(({ operation }) => likelyRenames(operation, changes, live).length === 0)
    .map(dropName)
}

function dropHints(drop: OperationOf<'dropColumn'>, changes: readonly Operation[], live: Schema): string[] {
  const { table, column } = drop
  const renames = likelyRenames(drop, changes, live)
  const what = `Drops column ${table}.${column} with its values`
  if (renames.length === 0) return [`${what}: review this file before it runs.`]
  return [
    `${what}.`,
    ...renames.map(
      (name) =>
        `If ${table}.${name} is the new name of ${column}, replace its dropColumn and addColumn by op.renameColumn('${table}', '${column}', '${name}'), and the other way round below; or generate again with --rename ${table}.${column}:${name}.`,
    ),
  ]
}

/** New columns of the same table and type. */
function likelyRenames(drop: Drop['operation'], changes: readonly Operation[], live: Schema): string[] {
  if (drop.kind === 'dropTable') return []
  const old = tableNamed(live, drop.table)?.columns.find(({ name }) => name === drop.column)
  return changes.flatMap((change) => {
    if (change.kind !== 'addColumn' || change.table !== drop.table || !old) return []
    const { name, type } = change.column
    return JSON.stringify(type) === JSON.stringify(old.type) ? [name] : []
  })
}
