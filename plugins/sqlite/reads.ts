/** Which operations need to know a table's shape. */
import type { Operation } from '../../src/operations/operation.ts'
import type { Column } from '../../src/schema/schema.ts'
import { isConstant } from './default.ts'

export function needsShape(operation: Operation): boolean {
  switch (operation.kind) {
    case 'addColumn':
      return !isAddedAsIs(operation.column)
    case 'createUniqueConstraint':
      return operation.unique.name === undefined
    case 'dropColumn':
    case 'alterColumn':
    case 'createPrimaryKey':
    case 'createForeignKey':
    case 'createCheckConstraint':
    case 'dropConstraint':
      return true
    case 'createTable':
    case 'dropTable':
    case 'renameTable':
    case 'renameColumn':
    case 'createIndex':
    case 'dropIndex':
    case 'execute':
      return false
  }
}

/** Tells whether `add column` takes a column also where there are rows; without a default it may say that it needs one. */
export function isAddedAsIs({ autoincrement, generated, default: value }: Column): boolean {
  return !autoincrement && !generated?.stored && (value === undefined || isConstant(value))
}

/**
 * The tables whose shape is needed, by the names that they have before the first operation. A renamed table counts too
 * when anything is rebuilt: foreign keys and triggers of others follow its name.
 */
export function reads(operations: readonly Operation[]): readonly string[] {
  if (!operations.some(needsShape)) return []
  const wanted = new Set<string>()
  /** Present names of tables that came to be, or were renamed, in this list; undefined: made here. */
  const names = new Map<string, string | undefined>()
  for (const operation of operations) {
    if (operation.kind === 'execute') continue
    const table = operation.kind === 'createTable' ? operation.table.name : operation.table
    const before = names.has(table) ? names.get(table) : table
    if (operation.kind === 'createTable') names.set(table, undefined)
    if (operation.kind === 'renameTable') {
      names.set(operation.to, before)
      names.set(table, undefined)
    }
    const renames = operation.kind === 'renameTable' || operation.kind === 'renameColumn'
    if ((renames || needsShape(operation)) && before !== undefined) wanted.add(before)
  }
  return [...wanted]
}
