/** Which operations cannot be written from what they say alone. */
import type { OperationKind, OperationOf } from '../src/operations/operation.ts'

type Needs = { readonly [K in OperationKind]: (operation: OperationOf<K>) => boolean }

export const always = (): boolean => true
export const never = (): boolean => false

/** These say all themselves, on every database. */
const nowhere = {
  createTable: never,
  dropTable: never,
  renameTable: never,
  setTableComment: never,
  renameColumn: never,
  createIndex: never,
  validateConstraint: never,
  createEnum: never,
  alterEnum: never,
  dropEnum: never,
  createView: never,
  dropView: never,
  createTrigger: never,
  dropTrigger: never,
  createSchema: never,
  dropSchema: never,
  bulkInsert: never,
  execute: never,
} as const satisfies Partial<Needs>

/** @returns tells whether the present shape of the operation's table must be known */
export function shapeNeeds(
  here: Omit<Needs, keyof typeof nowhere>,
): <K extends OperationKind>(operation: OperationOf<K>) => boolean {
  const needs: Needs = { ...nowhere, ...here }
  return (operation) => needs[operation.kind](operation)
}
