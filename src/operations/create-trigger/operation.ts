import type { Trigger } from '../../schema/schema.ts'

/** Makes a trigger. */
export interface CreateTrigger {
  /** Or a view. */
  readonly table: string
  readonly trigger: Trigger
}
