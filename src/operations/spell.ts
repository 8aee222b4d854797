/** Operations in the words that people write: neutral types and literal defaults instead of a database's own. */
import {
  type Check,
  type Column,
  type ForeignKey,
  type Index,
  type Schema,
  type Table,
  type UniqueConstraint,
  tableNamed,
} from '../schema/schema.ts'
import { type ColumnProperty, columnChange } from './inverse.ts'
import type { Operation } from './operation.ts'

/**
 * The same operation as `declared` spells what it makes. What `declared` does not hold stays as it is.
 * @param operation with the database's spelling, as `diff` gives it
 */
export function spell(operation: Operation, declared: Schema): Operation {
  const table = tableNamed(
    declared,
    operation.kind === 'createTable' ? operation.table.name : tableName(operation),
  )
  if (!table) return operation
  switch (operation.kind) {
    case 'createTable':
      return { ...operation, table: spellTable(operation.table, table) }
    case 'addColumn':
      return { ...operation, column: spellColumn(operation.column, table) }
    case 'alterColumn': {
      const column = table.columns.find(({ name }) => name === operation.column)
      if (!column) return operation
      const { change } = operation
      const spelled = (['type', 'default', 'generated'] as const).filter(
        (name: ColumnProperty) => change[name] != null,
      )
      return { ...operation, change: { ...change, ...columnChange(column, spelled) } }
    }
    case 'createIndex':
      return { ...operation, index: named(table.indexes, operation.index) }
    case 'createUniqueConstraint':
      return { ...operation, unique: named(table.uniques, operation.unique) }
    case 'createForeignKey':
      return { ...operation, foreignKey: named(table.foreignKeys, operation.foreignKey) }
    case 'createCheckConstraint':
      return { ...operation, check: spellCheck(operation.check, table) }
    default:
      return operation
  }
}

function tableName(operation: Exclude<Operation, { kind: 'createTable' }>): string {
  return operation.kind === 'execute' ? '' : operation.table
}

function spellTable(actual: Table, declared: Table): Table {
  const map = <T>(list: readonly T[] | undefined, spelled: (each: T) => T): readonly T[] | undefined =>
    list?.map(spelled)
  const parts = {
    columns: actual.columns.map((column) => spellColumn(column, declared)),
    primaryKey: actual.primaryKey && (declared.primaryKey ?? actual.primaryKey),
    uniques: map<UniqueConstraint>(actual.uniques, (unique) => named(declared.uniques, unique)),
    indexes: map<Index>(actual.indexes, (index) => named(declared.indexes, index)),
    foreignKeys: map<ForeignKey>(actual.foreignKeys, (key) => named(declared.foreignKeys, key)),
    checks: map<Check>(actual.checks, (check) => spellCheck(check, declared)),
  }
  return { ...actual, ...present(parts) }
}

/** Type, default and generated expression are a matter of spelling; all else is as the database says. */
function spellColumn(actual: Column, table: Table): Column {
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
function spellCheck(actual: Check, table: Table): Check {
  const byName = table.checks?.find(({ name }) => name !== undefined && name === actual.name)
  if (byName) return byName
  const beside = table.checks?.filter(({ column }) => column !== undefined && column === actual.column) ?? []
  return beside.length === 1 && actual.name === undefined ? (beside[0] ?? actual) : actual
}

function named<T extends { readonly name?: string }>(list: readonly T[] | undefined, actual: T): T {
  return list?.find(({ name }) => name !== undefined && name === actual.name) ?? actual
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> }

function present<T extends object>(values: T): Present<T> {
  const entries = Object.entries(values).filter(([, value]) => value !== undefined)
  // Object.fromEntries forgets which keys there were.
  return Object.fromEntries(entries) as Present<T>
}
