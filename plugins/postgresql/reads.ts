import type { ColumnChange, Operation } from '../../src/operations/operation.ts'

/** The tables whose shape the compiler needs, under the names that they have before the operations. */
export function reads(operations: readonly Operation[]): readonly string[] {
  const present = new Map<string, string>()
  const tables = operations.flatMap((operation) => {
    if (operation.kind === 'renameTable')
      present.set(operation.to, present.get(operation.table) ?? operation.table)
    const isRead =
      (operation.kind === 'alterColumn' && needsShape(operation.change)) ||
      (operation.kind === 'dropConstraint' && operation.name === undefined)
    return isRead ? [present.get(operation.table) ?? operation.table] : []
  })
  return [...new Set(tables)]
}

/** Tells whether a change can only be made well when the column's present shape is known. */
function needsShape({ nullable: _, default: __, comment: ___, ...rest }: ColumnChange): boolean {
  return Object.values(rest).some((value) => value !== undefined)
}
