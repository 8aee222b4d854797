import type { Column } from '../../schema/schema.ts'
import type { ColumnChange } from './operation.ts'

/** What can be changed of a column by itself; `length` and its like count as the type. */
export const columnProperties = [
  'type',
  'nullable',
  'default',
  'autoincrement',
  'generated',
  'collation',
  'comment',
  'extra',
] as const satisfies readonly (keyof ColumnChange)[]

export type ColumnProperty = (typeof columnProperties)[number]

/** The change that gives a column these properties of `wanted`; the type with its length, precision and so on. */
export function columnChange(wanted: Column, properties: readonly ColumnProperty[]): ColumnChange {
  const { type, length, precision, scale, items, unsigned } = wanted
  const typed = { type, length, precision, scale, items, unsigned }
  const entries = properties.flatMap((property): [string, unknown][] => {
    if (property === 'type')
      return Object.entries(typed).filter(([, value]) => value !== undefined && value !== false)
    if (property === 'nullable' || property === 'autoincrement')
      return [[property, wanted[property] ?? false]]
    return [[property, wanted[property] ?? null]]
  })
  return Object.fromEntries(entries)
}
