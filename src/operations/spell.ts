/** Operations in the words that people write: neutral types and literal defaults instead of a database's own. */
import type { Schema } from '../schema/schema.ts'
import { definitionOf } from './all.ts'
import type { Operation } from './operation.ts'

/**
 * The same operation as `declared` spells what it makes. What `declared` does not hold stays as it is.
 * @param operation with the database's spelling, as `diff` gives it
 */
export function spell(operation: Operation, declared: Schema): Operation {
  return definitionOf(operation).spell?.(operation, declared) ?? operation
}
