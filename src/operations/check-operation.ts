/** Finds at the call what types cannot promise to a file that was never checked. */
import { definitionOf } from './all.ts'
import type { Operation } from './operation.ts'

/** @throws {AludelError} OPERATION_INVALID */
export function checkOperation(operation: Operation): void {
  definitionOf(operation).check(operation)
}
