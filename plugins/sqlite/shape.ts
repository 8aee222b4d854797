/** A table as a rebuild sees it. */
import type { Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import type { Table } from '../../src/schema/schema.ts'
import { type ColumnPart, type CreateText, findColumn, parseCreate } from './create-text.ts'
import { reflect } from './reflect.ts'

export interface Shape {
  readonly table: Table
  readonly create: CreateText
  /** Create texts of its indexes and triggers. */
  readonly dependents: readonly string[]
}

/** What is known before an operation. */
export interface Shapes {
  /** @throws {AludelError} SHAPE_UNKNOWN */
  shape(table: string): Promise<Shape>
  /**
   * The create texts of a view's triggers, in the order in which they fire.
   * @throws {AludelError} SHAPE_UNKNOWN
   */
  triggersOfView(view: string): Promise<readonly string[]>
}

/** @throws {AludelError} SHAPE_UNKNOWN when there is no such table */
export async function readShape(session: Session, name: string): Promise<Shape> {
  const { tables } = await reflect(session, { tables: [name] })
  const [table] = Object.values(tables)
  if (!table?.source) throw shapeUnknown(name)
  const { table: text, dependents } = table.source
  return { table, create: parseCreate(text), dependents }
}

/** @throws {AludelError} SHAPE_UNKNOWN when there is no such column */
export function columnOf({ table, create }: Shape, name: string): ColumnPart {
  const column = findColumn(create, name)
  if (column) return column
  throw new AludelError('SHAPE_UNKNOWN', `Table ${table.name} has no column ${name}.`, {
    fix: 'Correct the name; `aludel check` compares history and database.',
    details: { table: table.name, column: name },
  })
}

export function shapeUnknown(table: string): AludelError {
  return new AludelError('SHAPE_UNKNOWN', `The shape of table ${table} is not known.`, {
    fix: 'Correct the name; where `op.execute` makes or changes the table, put what follows into a revision of its own.',
    details: { table },
  })
}

export function viewUnknown(view: string): AludelError {
  return new AludelError('SHAPE_UNKNOWN', `View ${view} is not known.`, {
    fix: 'Correct the name; where `op.execute` makes it or what it reads, put what follows into a revision of its own.',
    details: { view },
  })
}
