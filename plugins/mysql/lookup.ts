/** Finds what an operation means in the shape that is known. */
import { AludelError } from '../../src/errors.ts'
import { isMeant } from '../../src/operations/constraint-ref.ts'
import type { OperationOf } from '../../src/operations/operation.ts'
import { type Check, type Column, type Schema, type Table, tableNamed } from '../../src/schema/schema.ts'

type DropConstraint = OperationOf<'dropConstraint'>

/** The name of a constraint, which the server gave it when the revision did not. */
export function nameOf(operation: DropConstraint, before: Schema, list: 'uniques' | 'foreignKeys'): string {
  const { table, name } = operation
  if (name !== undefined) return name
  const found = tableIn(before, table)[list]?.find((constraint) => isMeant(operation, constraint))
  if (found?.name !== undefined) return found.name
  throw unknownShape(
    `The name of the constraint of ${table} (${operation.columns?.join(', ') ?? ''}) is not known`,
  )
}

export function checkMeant(operation: DropConstraint, before: Schema): Check {
  const found = tableIn(before, operation.table).checks?.find((check) => isMeant(operation, check))
  if (found) return found
  throw unknownShape(`The check of ${operation.table} is not known`)
}

export function tableIn(schema: Schema, name: string): Table {
  const table = tableNamed(schema, name)
  if (!table) throw unknownShape(`Table ${name} is not known`)
  return table
}

export function columnIn({ name: table, columns }: Table, name: string): Column {
  const column = columns.find((each) => each.name === name)
  if (!column) throw unknownShape(`Column ${table}.${name} is not known`)
  return column
}

export function unknownShape(what: string): AludelError {
  return new AludelError('SHAPE_UNKNOWN', `${what}.`, {
    fix: 'Correct the name in the revision. What raw SQL of the same revision makes is not known to it: put this change into the next one.',
  })
}
