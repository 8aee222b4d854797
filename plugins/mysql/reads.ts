/** Which operations cannot be written from what they say alone. */
import type { Operation } from '../../src/operations/operation.ts'
import { compareTexts } from './texts.ts'

/** The tables whose present shape is needed, by the names that they have before the first operation. */
export function reads(operations: readonly Operation[]): readonly string[] {
  // The present name of a table, and what it was called before; undefined when these operations made it.
  const names = new Map<string, string | undefined>()
  const needed = new Set<string>()
  for (const operation of operations) {
    if (operation.kind === 'execute') continue
    if (operation.kind === 'createTable') {
      names.set(operation.table.name, undefined)
      continue
    }
    const { table } = operation
    const before = names.has(table) ? names.get(table) : table
    if (operation.kind === 'renameTable') names.set(operation.to, before).delete(table)
    if (before !== undefined && needsShape(operation)) needed.add(before)
  }
  return [...needed].sort(compareTexts)
}

function needsShape(operation: Operation): boolean {
  switch (operation.kind) {
    // `modify` says everything of a column again.
    case 'alterColumn':
    // An index may be all that a foreign key has, or the key of an automatic number.
    case 'dropIndex':
    case 'createPrimaryKey':
      return true
    case 'dropConstraint':
      return operation.type === 'primary' || operation.type === 'unique' || operation.name === undefined
    case 'createCheckConstraint':
      return operation.check.name === undefined
    default:
      return false
  }
}
