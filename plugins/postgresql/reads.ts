/** Which operations cannot be written from what they say alone. */
import type { ColumnChange } from '../../src/operations/alter-column/operation.ts'
import type { Operation, OperationKind } from '../../src/operations/operation.ts'
import { tablesBefore } from '../../src/operations/tables-before.ts'
import { never, shapeNeeds } from '../needs-shape.ts'

/** The tables whose shape the compiler needs, under the names that they have before the operations. */
export function reads(operations: readonly Operation[]): readonly string[] {
  return tablesBefore(operations, needsShape)
}

/**
 * What goes or moves with a table or view, of which kind a view is, and which values a type has: the database's own answer is what
 * is written then, and without one the plain form.
 */
export function looksAt(operations: readonly Operation[]): readonly string[] {
  const names = operations.flatMap((operation): readonly string[] => {
    if (operation.kind === 'alterEnum') return [operation.name]
    if (operation.kind === 'dropView') return [operation.view]
    return operation.kind === 'replaceView' ? [operation.view.name] : []
  })
  return [...new Set([...tablesBefore(operations, ({ kind }) => withTriggers.has(kind)), ...names])]
}

const withTriggers: ReadonlySet<OperationKind> = new Set(['dropTable', 'renameTable', 'dropTrigger'])

const needsShape = shapeNeeds({
  addColumn: never,
  dropColumn: never,
  alterColumn: ({ change }) => changesMore(change),
  dropIndex: never,
  createPrimaryKey: never,
  createUniqueConstraint: never,
  createForeignKey: never,
  createCheckConstraint: never,
  dropConstraint: ({ name }) => name === undefined,
  renameIndex: never,
  replaceView: never,
})

/** Tells whether a change can only be made well when the column's present shape is known. */
function changesMore({ nullable: _, default: __, comment: ___, ...rest }: ColumnChange): boolean {
  return Object.values(rest).some((value) => value !== undefined)
}
