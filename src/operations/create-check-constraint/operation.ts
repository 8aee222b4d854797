import type { Check } from '../../schema/schema.ts'

export interface CreateCheckConstraint {
  readonly table: string
  readonly check: Check
}
