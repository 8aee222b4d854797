/** Tables of a schema, found and changed. */
import { AludelError } from '../errors.ts'
import { type Column, type ForeignKey, type Schema, type Table, tableNamed } from '../schema/schema.ts'

/** @throws {AludelError} SHAPE_UNKNOWN */
export function knownTable(schema: Schema, name: string): Table {
  const table = tableNamed(schema, name)
  if (!table) throw unknownShape(`Table ${name} is not known`)
  return table
}

/** @throws {AludelError} SHAPE_UNKNOWN */
export function knownColumn(table: Table, name: string): Column {
  const column = table.columns.find((each) => each.name === name)
  if (!column) throw unknownShape(`Column ${table.name}.${name} is not known`)
  return column
}

/** Changes one table; its source text is no longer true then. */
export function changeTable(schema: Schema, name: string, map: (table: Table) => Table): Schema {
  const { source: _, ...table } = map(knownTable(schema, name))
  return putTable(schema, table)
}

export function putTable(schema: Schema, table: Table): Schema {
  return { ...schema, tables: { ...schema.tables, [table.name]: table } }
}

export function mapForeignKeys(schema: Schema, map: (key: ForeignKey) => ForeignKey): Schema {
  const tables = Object.entries(schema.tables).map(([name, table]): [string, Table] => {
    const foreignKeys = table.foreignKeys?.map(map)
    const same = foreignKeys?.every((key, at) => key === table.foreignKeys?.[at]) ?? true
    if (same || foreignKeys === undefined) return [name, table]
    const { source: _, ...rest } = table
    return [name, { ...rest, foreignKeys }]
  })
  return { ...schema, tables: Object.fromEntries(tables) }
}

export function unknownShape(what: string): AludelError {
  return new AludelError('SHAPE_UNKNOWN', `${what}.`, {
    fix: 'Correct what the revision names; `aludel check` compares history and database.',
  })
}
