/** Which operations cannot be written from what they say alone. */
import type { Operation, OperationKind, OperationOf } from '../../src/operations/operation.ts'
import { tablesBefore } from '../../src/operations/tables-before.ts'
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

export function needsShape<K extends OperationKind>(operation: OperationOf<K>): boolean {
  return needs[operation.kind](operation)
}

const always = (): boolean => true
const never = (): boolean => false

const needs: { readonly [K in OperationKind]: (operation: OperationOf<K>) => boolean } = {
  createTable: never,
  dropTable: never,
  renameTable: never,
  addColumn: never,
  dropColumn: never,
  // `modify` says everything of a column again.
  alterColumn: always,
  renameColumn: never,
  createIndex: never,
  // An index may be all that a foreign key has, or the key of an automatic number.
  dropIndex: always,
  createPrimaryKey: always,
  createUniqueConstraint: never,
  createForeignKey: never,
  createCheckConstraint: ({ check }) => check.name === undefined,
  dropConstraint: ({ type, name }) => type === 'primary' || type === 'unique' || name === undefined,
  renameIndex: never,
  setTableComment: never,
  validateConstraint: never,
  createEnum: never,
  alterEnum: never,
  dropEnum: never,
  createView: never,
  replaceView: never,
  dropView: never,
  createTrigger: never,
  dropTrigger: never,
  createSchema: never,
  dropSchema: never,
  bulkInsert: never,
  execute: never,
}
