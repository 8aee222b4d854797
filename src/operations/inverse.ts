/** The operation that takes one back. */
import { AludelError } from '../errors.ts'
import { type Column, type Schema, type Table, tableNamed } from '../schema/schema.ts'
import { isMeant } from './apply.ts'
import type { ColumnChange, ConstraintRef, Operation, OperationKind, OperationOf } from './operation.ts'

/**
 * The operation that undoes one.
 * @param before the schema before it: what a drop took away is read there
 * @throws {AludelError} IRREVERSIBLE for `execute`, or when `before` does not hold what is dropped
 */
export function inverse(operation: Operation, before: Schema): Operation {
  // The table of functions is indexed by the operation's own kind.
  const make = inverses[operation.kind] as (operation: Operation, before: Schema) => Operation
  return make(operation, before)
}

const inverses: { [K in OperationKind]: (operation: OperationOf<K>, before: Schema) => Operation } = {
  createTable: ({ table }) => ({ kind: 'dropTable', table: table.name }),
  dropTable: ({ table }, before) => {
    const { source: _, ...dropped } = tableOf(before, table)
    return { kind: 'createTable', table: dropped }
  },
  renameTable: ({ table, to }) => ({ kind: 'renameTable', table: to, to: table }),
  addColumn: ({ table, column }) => ({ kind: 'dropColumn', table, column: column.name }),
  dropColumn: ({ table, column }, before) => ({
    kind: 'addColumn',
    table,
    column: columnOf(before, table, column),
  }),
  alterColumn: ({ table, column, change }, before) => ({
    kind: 'alterColumn',
    table,
    column,
    change: changeBack(change, columnOf(before, table, column)),
  }),
  renameColumn: ({ table, column, to }) => ({ kind: 'renameColumn', table, column: to, to: column }),
  createIndex: ({ table, index, ...how }) => ({ ...how, kind: 'dropIndex', table, index: index.name }),
  dropIndex: ({ table, index: name, ...how }, before) => {
    const found = tableOf(before, table)
    const index = found.indexes?.find((each) => each.name === name)
    if (index) return { ...how, kind: 'createIndex', table, index }
    const unique = found.uniques?.find((each) => each.name === name)
    if (unique) return { kind: 'createUniqueConstraint', table, unique }
    throw irreversible(`index ${name} of ${table}`)
  },
  createPrimaryKey: ({ table, primaryKey }) => ({
    kind: 'dropConstraint',
    table,
    type: 'primary',
    ...primaryKey,
  }),
  createUniqueConstraint: ({ table, unique }) => ({
    kind: 'dropConstraint',
    table,
    ...refTo('unique', unique),
  }),
  createForeignKey: ({ table, foreignKey }) => ({
    kind: 'dropConstraint',
    table,
    ...refTo('foreignKey', foreignKey),
  }),
  createCheckConstraint: ({ table, check }) => ({ kind: 'dropConstraint', table, ...refTo('check', check) }),
  dropConstraint: ({ table, kind: _, ...ref }, before) => recreate(tableOf(before, table), ref),
  execute: ({ sql }) => {
    throw irreversible(`\`${sql.slice(0, 80)}\``)
  },
}

/** Names a constraint by its name; one without by what it holds. */
export function refTo(
  type: ConstraintRef['type'],
  constraint: {
    readonly name?: string
    readonly columns?: readonly string[]
    readonly expression?: ConstraintRef['expression']
  },
): ConstraintRef {
  if (constraint.name !== undefined) return { type, name: constraint.name }
  if (type === 'check')
    return constraint.expression === undefined ? { type } : { type, expression: constraint.expression }
  return constraint.columns === undefined ? { type } : { type, columns: constraint.columns }
}

function recreate(table: Table, ref: ConstraintRef): Operation {
  const name = table.name
  switch (ref.type) {
    case 'primary':
      if (table.primaryKey) return { kind: 'createPrimaryKey', table: name, primaryKey: table.primaryKey }
      break
    case 'unique': {
      const unique = table.uniques?.find((each) => isMeant(ref, each))
      if (unique) return { kind: 'createUniqueConstraint', table: name, unique }
      break
    }
    case 'foreignKey': {
      const foreignKey = table.foreignKeys?.find((each) => isMeant(ref, each))
      if (foreignKey) return { kind: 'createForeignKey', table: name, foreignKey }
      break
    }
    case 'check': {
      const check = table.checks?.find((each) => isMeant(ref, each))
      if (check) return { kind: 'createCheckConstraint', table: name, check }
      break
    }
  }
  throw irreversible(`constraint ${ref.name ?? ref.type} of ${name}`)
}

function changeBack(change: ColumnChange, old: Column): ColumnChange {
  return columnChange(
    old,
    (
      ['type', 'nullable', 'default', 'autoincrement', 'generated', 'collation', 'comment', 'extra'] as const
    ).filter((property) => change[property] !== undefined),
  )
}

export type ColumnProperty = Exclude<
  keyof ColumnChange,
  'length' | 'precision' | 'scale' | 'items' | 'unsigned' | 'using'
>

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

function tableOf(schema: Schema, name: string): Table {
  const table = tableNamed(schema, name)
  if (!table) throw irreversible(`table ${name}`)
  return table
}

function columnOf(schema: Schema, table: string, name: string): Column {
  const column = tableOf(schema, table).columns.find((each) => each.name === name)
  if (!column) throw irreversible(`column ${table}.${name}`)
  return column
}

function irreversible(what: string): AludelError {
  return new AludelError('IRREVERSIBLE', `What undoes the change of ${what} is not known.`, {
    fix: 'Write the downgrade by hand.',
  })
}
