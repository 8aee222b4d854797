/** What a drop took away is read in the schema before it. */
import { AludelError } from '../errors.ts'
import { type Column, type Schema, type Table, tableNamed } from '../schema/schema.ts'

/** @throws {AludelError} IRREVERSIBLE */
export function tableBefore(before: Schema, name: string): Table {
  const table = tableNamed(before, name)
  if (!table) throw irreversible(`table ${name}`)
  return table
}

/** @throws {AludelError} IRREVERSIBLE */
export function columnBefore(before: Schema, table: string, name: string): Column {
  const column = tableBefore(before, table).columns.find((each) => each.name === name)
  if (!column) throw irreversible(`column ${table}.${name}`)
  return column
}

export function irreversible(what: string, fix = 'Write the downgrade by hand.'): AludelError {
  return new AludelError('IRREVERSIBLE', `What undoes the change of ${what} is not known.`, { fix })
}
