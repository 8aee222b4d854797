/** Which operations need to know a table's shape. */
import type { Operation } from '../../src/operations/operation.ts'
import { tablesBefore } from '../../src/operations/tables-before.ts'
import type { Column } from '../../src/schema/schema.ts'
import { always, never, shapeNeeds } from '../needs-shape.ts'
import { isConstant } from './default.ts'
import { isInline } from './definition.ts'

export const needsShape = shapeNeeds({
  addColumn: ({ column }) => !isAddedAsIs(column),
  dropColumn: always,
  alterColumn: always,
  dropIndex: never,
  createPrimaryKey: always,
  createUniqueConstraint: ({ unique }) => isInline(unique),
  createForeignKey: always,
  createCheckConstraint: always,
  dropConstraint: always,
  // It is made again by its text.
  renameIndex: always,
  // Its triggers are made again by their texts.
  replaceView: always,
})

/** Tells whether `add column` takes a column also where there are rows; without a default it may say that it needs one. */
export function isAddedAsIs({ autoincrement, generated, default: value }: Column): boolean {
  return !autoincrement && !generated?.stored && (value === undefined || isConstant(value))
}

/**
 * The tables and views whose shape is needed, by the names that they have before the first operation. A renamed table counts too
 * when anything is rebuilt: foreign keys and triggers of others follow its name.
 */
export function reads(operations: readonly Operation[]): readonly string[] {
  if (!operations.some(needsShape)) return []
  const renames = ({ kind }: Operation): boolean => kind === 'renameTable' || kind === 'renameColumn'
  const tables = tablesBefore(operations, (operation) => renames(operation) || needsShape(operation))
  return [...tables, ...replacedViews(operations)]
}

/** Those that were not made by an operation before. */
function replacedViews(operations: readonly Operation[]): readonly string[] {
  const made = new Set<string>()
  const replaced = new Set<string>()
  for (const operation of operations) {
    if (operation.kind === 'createView') made.add(operation.view.name.toLowerCase())
    if (operation.kind !== 'replaceView') continue
    const { name } = operation.view
    if (!made.has(name.toLowerCase())) replaced.add(name)
  }
  return [...replaced]
}
