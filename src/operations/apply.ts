/** What an operation makes of a schema, without a database. */
import { AludelError } from '../errors.ts'
import {
  type Column,
  type ForeignKey,
  type Index,
  type IndexColumn,
  type Schema,
  type Table,
  tableNamed,
} from '../schema/schema.ts'
import type { ColumnChange, ConstraintRef, Operation, OperationKind, OperationOf } from './operation.ts'
import { renameInSql } from './rename-in-sql.ts'
import { resized } from './resized.ts'

/**
 * The schema after the operation. `execute` changes nothing that can be known.
 * @throws {AludelError} SHAPE_UNKNOWN when the table or column that it needs is not there, or is there already
 */
export function apply(schema: Schema, operation: Operation): Schema {
  // The table of functions is indexed by the operation's own kind.
  const make = appliers[operation.kind] as (schema: Schema, operation: Operation) => Schema
  return make(schema, operation)
}

const appliers: { [K in OperationKind]: (schema: Schema, operation: OperationOf<K>) => Schema } = {
  createTable: (schema, { table }) => {
    if (tableNamed(schema, table.name)) throw unknown(`Table ${table.name} is there already`)
    return put(schema, table)
  },
  dropTable: (schema, { table }) => {
    tableOf(schema, table)
    return { ...schema, tables: without(schema.tables, table) }
  },
  renameTable: (schema, { table, to }) => {
    const { source: _, ...renamed } = { ...tableOf(schema, table), name: to }
    if (tableNamed(schema, to)) throw unknown(`Table ${to} is there already`)
    return mapForeignKeys({ ...schema, tables: { ...without(schema.tables, table), [to]: renamed } }, (key) =>
      key.references.table === table ? { ...key, references: { ...key.references, table: to } } : key,
    )
  },
  addColumn: (schema, { table, column }) =>
    change(schema, table, (found) => {
      if (found.columns.some(({ name }) => name === column.name)) {
        throw unknown(`Column ${table}.${column.name} is there already`)
      }
      return { ...found, columns: [...found.columns, column] }
    }),
  dropColumn: (schema, { table, column }) =>
    change(schema, table, (found) => {
      columnOf(found, column)
      const uses = (columns: readonly string[]): boolean => columns.includes(column)
      return tidy({
        ...found,
        columns: found.columns.filter(({ name }) => name !== column),
        ...(found.primaryKey && uses(found.primaryKey.columns) ? { primaryKey: undefined } : {}),
        uniques: found.uniques?.filter(({ columns }) => !uses(columns)),
        indexes: found.indexes?.filter((index) => !uses(indexColumns(index))),
        foreignKeys: found.foreignKeys?.filter(({ columns }) => !uses(columns)),
        checks: found.checks?.filter((check) => check.column !== column),
      })
    }),
  alterColumn: (schema, { table, column, change: wanted }) =>
    change(schema, table, (found) => {
      columnOf(found, column)
      const columns = found.columns.map((old) => (old.name === column ? alter(old, wanted) : old))
      return { ...found, columns }
    }),
  renameColumn: (schema, { table, column, to }) => {
    const renamed = change(schema, table, (found) => {
      columnOf(found, column)
      return renameIn(found, column, to)
    })
    return mapForeignKeys(renamed, (key) =>
      key.references.table === table
        ? { ...key, references: { table, columns: swap(key.references.columns, column, to) } }
        : key,
    )
  },
  createIndex: (schema, { table, index }) =>
    change(schema, table, (found) => ({ ...found, indexes: byName([...(found.indexes ?? []), index]) })),
  dropIndex: (schema, { table, index }) =>
    change(schema, table, (found) => {
      const indexes = found.indexes?.filter(({ name }) => name !== index)
      const uniques = found.uniques?.filter(({ name }) => name !== index)
      return tidy({ ...found, indexes, uniques })
    }),
  createPrimaryKey: (schema, { table, primaryKey }) =>
    change(schema, table, (found) => ({ ...found, primaryKey })),
  createUniqueConstraint: (schema, { table, unique }) =>
    change(schema, table, (found) => ({ ...found, uniques: byName([...(found.uniques ?? []), unique]) })),
  createForeignKey: (schema, { table, foreignKey }) =>
    change(schema, table, (found) => ({
      ...found,
      foreignKeys: byName([...(found.foreignKeys ?? []), foreignKey]),
    })),
  createCheckConstraint: (schema, { table, check }) =>
    change(schema, table, (found) => ({ ...found, checks: byName([...(found.checks ?? []), check]) })),
  dropConstraint: (schema, { table, ...constraint }) =>
    change(schema, table, (found) => dropConstraint(found, constraint)),
  execute: (schema) => schema,
}

/**
 * A column as a change leaves it.
 * @throws {AludelError} SHAPE_UNKNOWN when a type in the database's own words cannot take the new size
 */
export function alter(column: Column, { using: _, ...wanted }: ColumnChange): Column {
  const { length, precision, scale, items, unsigned, ...rest } = column
  if (wanted.type === undefined && typeof column.type === 'object') {
    const { length: __, precision: ___, scale: ____, items: _____, ...others } = wanted
    return dropEmpty<Column>({ ...column, ...others, type: resized(column.name, column.type, wanted) })
  }
  const kept = wanted.type === undefined ? column : rest
  return dropEmpty<Column>({ ...kept, ...wanted })
}

/** Tells whether a constraint is the one that is meant. */
export function isMeant(
  ref: ConstraintRef,
  constraint: { readonly name?: string; readonly columns?: readonly string[]; readonly expression?: unknown },
): boolean {
  if (ref.name !== undefined) return ref.name === constraint.name
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)
  if (ref.type === 'check') return same(ref.expression, constraint.expression)
  return ref.columns === undefined ? ref.type === 'primary' : same(ref.columns, constraint.columns)
}

function dropConstraint(table: Table, ref: ConstraintRef): Table {
  const others = <T extends Parameters<typeof isMeant>[1]>(
    list: readonly T[] | undefined,
  ): readonly T[] | undefined => list?.filter((constraint) => !isMeant(ref, constraint))
  switch (ref.type) {
    case 'primary':
      return tidy({ ...table, primaryKey: undefined })
    case 'unique':
      return tidy({ ...table, uniques: others(table.uniques) })
    case 'foreignKey':
      return tidy({ ...table, foreignKeys: others(table.foreignKeys) })
    case 'check':
      return tidy({ ...table, checks: others(table.checks) })
  }
}

function renameIn(table: Table, from: string, to: string): Table {
  const inColumns = <T extends { readonly columns: readonly string[] }>(list: readonly T[] | undefined) =>
    list?.map((each) => ({ ...each, columns: swap(each.columns, from, to) }))
  return tidy({
    ...table,
    columns: table.columns.map((column) => renameInColumn(column, from, to)),
    primaryKey: table.primaryKey && {
      ...table.primaryKey,
      columns: swap(table.primaryKey.columns, from, to),
    },
    uniques: inColumns(table.uniques),
    indexes: table.indexes?.map((index) => ({
      ...index,
      columns: index.columns.map((part): IndexColumn => {
        if (typeof part === 'string') return part === from ? to : part
        if ('sql' in part) return { ...part, sql: renameInSql(part.sql, from, to) }
        return part.column === from ? { ...part, column: to } : part
      }),
      ...(index.include === undefined ? {} : { include: swap(index.include, from, to) }),
      ...(index.where === undefined ? {} : { where: renameInSql(index.where, from, to) }),
    })),
    foreignKeys: inColumns(table.foreignKeys),
    checks: table.checks?.map(({ expression, ...check }) => ({
      ...check,
      ...(check.column === from ? { column: to } : {}),
      expression: typeof expression === 'string' ? renameInSql(expression, from, to) : expression,
    })),
  })
}

function renameInColumn(column: Column, from: string, to: string): Column {
  const { name, generated } = column
  return {
    ...column,
    name: name === from ? to : name,
    ...(generated === undefined
      ? {}
      : { generated: { ...generated, expression: renameInSql(generated.expression, from, to) } }),
  }
}

/** Names of the plain columns of an index, its `include` among them. */
function indexColumns(index: Index): readonly string[] {
  const parts = index.columns.flatMap((part) => {
    if (typeof part === 'string') return [part]
    return 'column' in part ? [part.column] : []
  })
  return [...parts, ...(index.include ?? [])]
}

function mapForeignKeys(schema: Schema, map: (key: ForeignKey) => ForeignKey): Schema {
  const tables = Object.entries(schema.tables).map(([name, table]): [string, Table] => {
    const foreignKeys = table.foreignKeys?.map(map)
    const same = foreignKeys?.every((key, at) => key === table.foreignKeys?.[at]) ?? true
    if (same || foreignKeys === undefined) return [name, table]
    const { source: _, ...rest } = table
    return [name, { ...rest, foreignKeys }]
  })
  return { ...schema, tables: Object.fromEntries(tables) }
}

/** Changes one table; its source text is no longer true then. */
function change(schema: Schema, name: string, map: (table: Table) => Table): Schema {
  const { source: _, ...table } = map(tableOf(schema, name))
  return put(schema, table)
}

function put(schema: Schema, table: Table): Schema {
  return { ...schema, tables: { ...schema.tables, [table.name]: table } }
}

function tableOf(schema: Schema, name: string): Table {
  const table = tableNamed(schema, name)
  if (!table) throw unknown(`Table ${name} is not known`)
  return table
}

function columnOf(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name)
  if (!column) throw unknown(`Column ${table.name}.${name} is not known`)
  return column
}

function swap(list: readonly string[], from: string, to: string): readonly string[] {
  return list.map((each) => (each === from ? to : each))
}

function byName<T extends { readonly name?: string }>(list: readonly T[]): readonly T[] {
  return list.toSorted((a, b) =>
    (a.name ?? '') < (b.name ?? '') ? -1 : (a.name ?? '') > (b.name ?? '') ? 1 : 0,
  )
}

function without<T>(record: Readonly<Record<string, T>>, key: string): Record<string, T> {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== key))
}

/** A table without the lists and the key that became empty. */
function tidy(table: { [K in keyof Table]: Table[K] | undefined }): Table {
  return dropEmpty<Table>(table)
}

/** Leaves out what is undefined, null, an empty list, or a flag that is false: absent and empty mean the same. */
function dropEmpty<T extends object>(value: object): T {
  const entries = Object.entries(value).filter(([name, each]) => {
    if (each === undefined || each === null) return false
    return Array.isArray(each) ? each.length > 0 : each !== false || name === 'default'
  })
  // Only optional properties can be empty.
  return Object.fromEntries(entries) as T
}

function unknown(what: string): AludelError {
  return new AludelError('SHAPE_UNKNOWN', `${what}.`, {
    fix: 'Correct the table or column that the revision names; `aludel check` compares history and database.',
  })
}
