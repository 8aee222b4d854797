/** Operations as the TypeScript that a person would write. */
import { definitionOf } from './all.ts'
import type { Operation } from './operation.ts'
import { callText } from './typescript.ts'

/**
 * One call of `op`, without indentation at its start.
 * @param indent how far the call will stand in, in spaces; lines that would pass column 110 are broken
 */
export function operationText(operation: Operation, indent = 2): string {
  return callText(`op.${operation.kind}`, argumentsOf(operation), indent)
}

/** What the call of `op` that records it is given. */
export function argumentsOf(operation: Operation): readonly unknown[] {
  return definitionOf(operation).values(operation)
}
