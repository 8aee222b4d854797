import type { Trigger } from '../../schema/schema.ts'
import type { OperationOf } from '../operation.ts'

/** Makes the triggers of a table or view that was made again. */
export function createTriggers(
  table: string,
  triggers: readonly Trigger[] = [],
): readonly OperationOf<'createTrigger'>[] {
  return triggers.map((trigger) => ({ kind: 'createTrigger', table, trigger }))
}
