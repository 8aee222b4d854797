/** What `createIndex` and `dropIndex` say of how they are carried out. */
import { type Keys, type Told, invalid, needKeys } from './needs.ts'

/** PostgreSQL: without keeping others from writing to the table; elsewhere ignored. */
export interface Concurrently {
  readonly concurrently?: boolean | undefined
}

const keys: Keys<Concurrently> = { concurrently: true }

/** @throws {AludelError} OPERATION_INVALID */
export function checkConcurrently(
  operation: Told & Concurrently & { readonly table: string; readonly index: unknown },
): void {
  const { kind: _, table: __, index: ___, ...how } = operation
  needKeys(operation, how, keys)
  const { concurrently } = operation
  if (concurrently !== undefined && typeof concurrently !== 'boolean')
    throw invalid(operation, '`concurrently` must be true or false')
}
