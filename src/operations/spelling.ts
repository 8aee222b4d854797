/** Parts of a schema in the words that people write: neutral types and literal defaults instead of a database's own. */
import type { Check, Column, Table } from '../schema/schema.ts'

/** @param declared what it does not hold stays as it is */
export function spellTable(actual: Table, declared: Table): Table {
  const map = <T>(list: readonly T[] | undefined, spelled: (each: T) => T): readonly T[] | undefined =>
    list?.map(spelled)
  const parts = {
    columns: actual.columns.map((column) => spellColumn(column, declared)),
    primaryKey: actual.primaryKey && (declared.primaryKey ?? actual.primaryKey),
    uniques: map(actual.uniques, (unique) => spellNamed(declared.uniques, unique)),
    indexes: map(actual.indexes, (index) => spellNamed(declared.indexes, index)),
    foreignKeys: map(actual.foreignKeys, (key) => spellNamed(declared.foreignKeys, key)),
    checks: map(actual.checks, (check) => spellCheck(check, declared)),
  }
  return { ...actual, ...present(parts) }
}

/** Type, default and generated expression are a matter of spelling; all else is as the database says. */
export function spellColumn(actual: Column, table: Table): Column {
  const declared = table.columns.find(({ name }) => name === actual.name)
  if (!declared) return actual
  const { type, length, precision, scale, items, unsigned } = declared
  return {
    ...actual,
    ...present({ type, length, precision, scale, items, unsigned }),
    ...(actual.default === undefined ? {} : present({ default: declared.default })),
    ...(actual.generated === undefined ? {} : present({ generated: declared.generated })),
  }
}

/** Checks without a name in the database (SQLite beside a column) are found by their column. */
export function spellCheck(actual: Check, table: Table): Check {
  const byName = table.checks?.find(({ name }) => name !== undefined && name === actual.name)
  if (byName) return byName
  const beside = table.checks?.filter(({ column }) => column !== undefined && column === actual.column) ?? []
  return beside.length === 1 && actual.name === undefined ? (beside[0] ?? actual) : actual
}

export function spellNamed<T extends { readonly name?: string }>(
  list: readonly T[] | undefined,
  actual: T,
): T {
  return list?.find(({ name }) => name !== undefined && name === actual.name) ?? actual
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function present<T extends object>(values: T): Present<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  // Object.fromEntries forgets which keys there were.
  return Object.fromEntries(entries) as Present<T>
}
