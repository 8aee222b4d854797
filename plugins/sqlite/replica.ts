import type { Session, Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Schema, Table } from '../../src/schema/schema.ts'
import { openMemory } from './connect.ts'
import { createTable } from './create.ts'
import { messageOf } from './errors.ts'
import { isIndex } from './index-text.ts'
import { neighboursOf } from './neighbours.ts'
import { readShape, type Shape } from './shape.ts'
import { quoteStringsOfIndex, quoteStringsOfTable } from './strings.ts'

/** The tables in question without their rows, in memory: SQLite itself says what each operation makes of them. */
export class Replica {
  readonly #session: Session

  private constructor(session: Session) {
    this.#session = session
  }

  static async open(before: Schema): Promise<Replica> {
    const session = await openMemory()
    const replica = new Replica(session)
    // As in a step.
    await session.simple('pragma foreign_keys = off')
    const tables = Object.values(before.tables)
    for (const sql of tables.flatMap(textsOf)) await session.simple(sql)
    // Some are among the tables; a virtual table may want an extension that is not here.
    for (const sql of tables.flatMap(neighboursOf)) await replica.#try(sql)
    for (const sql of tables.flatMap(dependentsOf)) await session.simple(sql)
    return replica
  }

  /** @throws {AludelError} SHAPE_UNKNOWN */
  shape(table: string): Promise<Shape> {
    return readShape(this.#session, table)
  }

  /** @throws {AludelError} NOT_SUPPORTED when SQLite refuses a statement */
  async run(operation: Operation, statements: readonly Statement[]): Promise<void> {
    if (operation.kind === 'execute') {
      // What it does to other tables, or to rows, is no matter here.
      if (/^\s*(?:create|alter|drop)\b/i.test(operation.sql)) await this.#try(operation.sql)
      return
    }
    if (operation.kind !== 'createTable' && !(await this.#has(operation.table))) return
    for (const { sql } of statements) {
      try {
        await this.#session.simple(sql)
      } catch (error) {
        const table = operation.kind === 'createTable' ? operation.table.name : operation.table
        throw new AludelError(
          'NOT_SUPPORTED',
          `SQLite refuses ${operation.kind} on table ${table}: ${messageOf(error)}.`,
          { fix: 'Correct the revision.', details: { table, sql }, cause: error },
        )
      }
    }
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  async #has(table: string): Promise<boolean> {
    const rows = await this.#session.query(
      `select 1 from sqlite_master where type = 'table' and name = ? collate nocase`,
      [table],
    )
    return rows.length > 0
  }

  async #try(sql: string): Promise<void> {
    try {
      await this.#session.simple(sql)
    } catch {
      // See above, where it is called.
    }
  }
}

function textsOf(table: Table): readonly string[] {
  return table.source ? [quoteStringsOfTable(table.source.table)] : createTable(table).map(({ sql }) => sql)
}

function dependentsOf({ source, columns }: Table): readonly string[] {
  const names = columns.map(({ name }) => name)
  return (source?.dependents ?? []).map((sql) => (isIndex(sql) ? quoteStringsOfIndex(sql, names) : sql))
}
