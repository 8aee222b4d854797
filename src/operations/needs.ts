/** What every check of an operation is made of. */
import { AludelError } from '../errors.ts'

/** An operation, as far as messages name it. */
export interface Told {
  readonly kind: string
}

/** All keys of a type, each as true, so that none is forgotten. */
export type Keys<T> = Record<keyof T, true>

/** @throws {AludelError} OPERATION_INVALID when it is no object, or has keys that mean nothing */
export function needKeys(operation: Told, value: unknown, keys: Readonly<Record<string, true>>): void {
  if (typeof value !== 'object' || value === null)
    throw invalid(operation, 'what it is to make or change is missing')
  const unknown = Object.keys(value).filter((key) => !Object.hasOwn(keys, key))
  if (unknown.length === 0) return
  const named = unknown.map((key) => `\`${key}\``).join(', ')
  const known = Object.keys(keys).filter((key) => key !== 'source')
  throw invalid(operation, `${named} is unknown here (there are ${known.join(', ')})`)
}

/** @throws {AludelError} OPERATION_INVALID when it is no text, or an empty one */
export function needName(operation: Told, value: unknown, what: string): void {
  if (typeof value !== 'string' || value.trim() === '') throw invalid(operation, `${what} is missing`)
}

/** @throws {AludelError} OPERATION_INVALID */
export function needTable(operation: Told & { readonly table: string }): void {
  needName(operation, operation.table, 'the name of a table')
}

/** @throws {AludelError} OPERATION_INVALID */
export function needColumn(operation: Told & { readonly table: string; readonly column: string }): void {
  needTable(operation)
  needName(operation, operation.column, 'the name of a column')
}

export function invalid(operation: Told, why: string): AludelError {
  return new AludelError('OPERATION_INVALID', `op.${operation.kind}: ${why}.`)
}
