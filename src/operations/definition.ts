/** What there is to know of one kind of operation. */
import type { Schema } from '../schema/schema.ts'
import type { Naming } from './naming.ts'
import type { Operation, OperationData, OperationKind, OperationOf } from './operation.ts'
import type { Operations } from './operations.ts'

export interface Definition<K extends OperationKind> {
  /** The data of a call of `op`; of a file that was never checked its values may be anything. */
  record(...values: Parameters<Operations[K]>): OperationData[K]
  /** The values of the call that records it. */
  values(operation: OperationOf<K>): readonly unknown[]
  /**
   * Finds what types cannot promise.
   * @throws {AludelError} OPERATION_INVALID
   */
  check(operation: OperationOf<K>): void
  /**
   * The schema after it.
   * @throws {AludelError} SHAPE_UNKNOWN when the table or column that it needs is not there, or is there already
   */
  apply(schema: Schema, operation: OperationOf<K>): Schema
  /**
   * The operations that undo it, in their order.
   * @param before the schema before it: what a drop took away is read there
   * @throws {AludelError} IRREVERSIBLE when they are not known
   */
  inverse(operation: OperationOf<K>, before: Schema): readonly Operation[]
  /** What it changes, as a person names it: `users`, `users.email`, `users.users_email_unique`. */
  object(operation: OperationOf<K>): string
  /** Left out: it makes, renames and drops nothing that holds data. */
  readonly naming?: (operation: OperationOf<K>) => Naming
  /** The same operation as `declared` spells what it makes. Left out: there is nothing to spell. */
  readonly spell?: (operation: OperationOf<K>, declared: Schema) => OperationOf<K>
}
