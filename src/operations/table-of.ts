import type { Operation } from './operation.ts'

/** The table that an operation works on, by the name that it has before; undefined when it works on none. */
export function tableOf(operation: Operation): string | undefined {
  if (!('table' in operation)) return undefined
  return typeof operation.table === 'string' ? operation.table : operation.table.name
}
