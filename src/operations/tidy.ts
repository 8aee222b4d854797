/** How lists and records of a schema are kept: sorted by name, and nothing that is empty. */
import type { Schema, Table } from '../schema/schema.ts'

export function byName<T extends { readonly name?: string }>(list: readonly T[]): readonly T[] {
  return list.toSorted((a, b) =>
    (a.name ?? '') < (b.name ?? '') ? -1 : (a.name ?? '') > (b.name ?? '') ? 1 : 0,
  )
}

export function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}

/** A table without the lists and the key that became empty. */
export function tidy(table: { [K in keyof Table]: Table[K] | undefined }): Table {
  return dropEmpty<Table>(table)
}

/** A schema without the lists and records that became empty. */
export function tidySchema({ views, enums, schemas, ...schema }: Schema): Schema {
  return {
    ...schema,
    ...(views && Object.keys(views).length > 0 ? { views } : {}),
    ...(enums && Object.keys(enums).length > 0 ? { enums } : {}),
    ...(schemas && schemas.length > 0 ? { schemas } : {}),
  }
}

/** Leaves out what is undefined, null, an empty list, or a flag that is false: absent and empty mean the same. */
export function dropEmpty<T extends object>(value: object): T {
  const entries = Object.entries(value).filter(([name, each]) => {
    if (each === undefined || each === null) return false
    return Array.isArray(each) ? each.length > 0 : each !== false || name === 'default'
  })
  // Only optional properties can be empty.
  return Object.fromEntries(entries) as T
}
