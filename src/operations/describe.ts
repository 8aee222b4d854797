/** Operations as a person would name them in a line. */
import { definitionOf } from './all.ts'
import type { Operation } from './operation.ts'

/** `addColumn users.address` */
export function describeOperation(operation: Operation): string {
  return `${operation.kind} ${objectOf(operation)}`
}

/** What it changes: `users`, `users.email`, `users.users_email_unique`. */
export function objectOf(operation: Operation): string {
  return definitionOf(operation).object(operation)
}
