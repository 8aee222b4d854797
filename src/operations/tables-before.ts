import type { Operation } from './operation.ts'
import { tableOf } from './table-of.ts'

/**
 * The tables that some operations work on, by the names that they have before the first of all; those that the operations make
 * themselves are not among them.
 */
export function tablesBefore(
  operations: readonly Operation[],
  isMeant: (operation: Operation) => boolean,
): readonly string[] {
  // The present name of a table, and what it was called before; undefined when nothing was called so, or is any more.
  const names = new Map<string, string | undefined>()
  const found = new Set<string>()
  for (const operation of operations) {
    const table = tableOf(operation)
    if (table === undefined) continue
    const before = names.has(table) ? names.get(table) : table
    if (operation.kind === 'createTable') names.set(table, undefined)
    if (operation.kind === 'renameTable') names.set(table, undefined).set(operation.to, before)
    if (before !== undefined && operation.kind !== 'createTable' && isMeant(operation)) found.add(before)
  }
  return [...found]
}
