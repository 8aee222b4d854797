/** How a constraint is named that may have no name. */
import type { Check, PrimaryKey } from '../schema/schema.ts'
import type { Keys } from './needs.ts'

export type ConstraintType = 'primary' | 'unique' | 'foreignKey' | 'check'

/**
 * Names a constraint. One that the database gave no name is meant by what it holds:
 * its columns (primary, unique, foreignKey) or its expression (check).
 */
export interface ConstraintRef {
  readonly type: ConstraintType
  readonly name?: string
  readonly columns?: readonly string[]
  readonly expression?: Check['expression']
}

export const refKeys: Keys<ConstraintRef> = { type: true, name: true, columns: true, expression: true }

interface Constraint {
  readonly name?: string
  readonly columns?: readonly string[]
  readonly expression?: Check['expression']
}

/** Tells whether a constraint is the one that is meant. */
export function isMeant(ref: ConstraintRef, constraint: Constraint): boolean {
  if (ref.name !== undefined) return ref.name === constraint.name
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  if (ref.type === 'check') return same(ref.expression, constraint.expression)
  return ref.columns === undefined ? ref.type === 'primary' : same(ref.columns, constraint.columns)
}

/** Names a constraint by its name; one without by what it holds. */
export function refTo(type: ConstraintType, { name, columns, expression }: Constraint): ConstraintRef {
  if (name !== undefined) return { type, name }
  if (type === 'check') return expression === undefined ? { type } : { type, expression }
  return columns === undefined ? { type } : { type, columns }
}

/** With its columns, for the reader: a table has one primary key, whatever its name. */
export function refToPrimaryKey({ name, columns }: PrimaryKey): ConstraintRef {
  return { type: 'primary', ...(name === undefined ? {} : { name }), columns }
}
