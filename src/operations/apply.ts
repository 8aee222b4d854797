/** What an operation makes of a schema, without a database. */
import type { Schema } from '../schema/schema.ts'
import { definitionOf } from './all.ts'
import type { Operation } from './operation.ts'

/**
 * The schema after the operation. `execute` changes nothing that can be known.
 * @throws {AludelError} SHAPE_UNKNOWN when the table or column that it needs is not there, or is there already
 */
export function apply(schema: Schema, operation: Operation): Schema {
  return definitionOf(operation).apply(schema, operation)
}
