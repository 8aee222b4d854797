/** Operations on what SQLite has not. */
import { AludelError } from '../../src/errors.ts'
import type { Operation } from '../../src/operations/operation.ts'

/** @throws {AludelError} NOT_SUPPORTED */
export function refuseEnum(operation: Operation): never {
  throw refused(
    operation,
    'there are no enum types',
    "Say it of the columns (`type: 'enum', items: […]`), and leave the type out where the database is this one.",
  )
}

/** @throws {AludelError} NOT_SUPPORTED */
export function refuseSchema(operation: Operation): never {
  throw refused(
    operation,
    'a database has no schemas',
    'Leave it out where the database is this one, and give tables names without a schema.',
  )
}

function refused({ kind }: Operation, why: string, fix: string): AludelError {
  return new AludelError('NOT_SUPPORTED', `op.${kind} is not possible on SQLite: ${why}.`, {
    fix,
    details: { kind },
  })
}
