/** Which operations cannot be written from what they say alone. */
import type { Operation, OperationKind } from '../../src/operations/operation.ts'
import { tablesBefore } from '../../src/operations/tables-before.ts'
import { always, never, shapeNeeds } from '../needs-shape.ts'
import { compareTexts } from './texts.ts'

/** The tables whose present shape is needed, by the names that they have before the first operation. */
export function reads(operations: readonly Operation[]): readonly string[] {
  return tablesBefore(operations, needsShape).toSorted(compareTexts)
}

/** A table whose triggers may name what changes, or fire before or after a new one. */
export function looksAt(operations: readonly Operation[]): readonly string[] {
  return tablesBefore(operations, ({ kind }) => besideTriggers.has(kind))
}

const besideTriggers: ReadonlySet<OperationKind> = new Set(['renameColumn', 'dropColumn', 'createTrigger'])

export const needsShape = shapeNeeds({
  addColumn: never,
  dropColumn: never,
  // `modify` says everything of a column again.
  alterColumn: always,
  // An index may be all that a foreign key has, or the key of an automatic number.
  dropIndex: always,
  createPrimaryKey: always,
  createUniqueConstraint: never,
  createForeignKey: never,
  createCheckConstraint: ({ check }) => check.name === undefined,
  dropConstraint: ({ type, name }) => type === 'primary' || type === 'unique' || name === undefined,
  renameIndex: never,
  replaceView: never,
})
