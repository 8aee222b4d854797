import type { ConstraintRef } from '../constraint-ref.ts'

/** Drops a primary key, unique constraint, foreign key or check. */
export interface DropConstraint extends ConstraintRef {
  readonly table: string
}
