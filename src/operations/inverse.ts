/** The operations that take one back. */
import type { Schema } from '../schema/schema.ts'
import { definitionOf } from './all.ts'
import type { Operation } from './operation.ts'

/**
 * The operations that undo one, in their order.
 * @param before the schema before it: what a drop took away is read there
 * @throws {AludelError} IRREVERSIBLE for `execute`, or when `before` does not hold what is dropped
 */
export function inverse(operation: Operation, before: Schema): readonly Operation[] {
  return definitionOf(operation).inverse(operation, before)
}
