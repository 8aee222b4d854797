import type { Session, Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Schema, Table } from '../../src/schema/schema.ts'
import { openMemory } from './connect.ts'
import { createTable } from './create.ts'
import { messageOf } from './errors.ts'
import { isIndex } from './index-text.ts'
import { neighboursOf } from './neighbours.ts'
import { reflect } from './reflect.ts'
import { readShape, type Shape, shapeUnknown } from './shape.ts'
import { quoteStringsOfIndex, quoteStringsOfTable } from './strings.ts'
import { is, nameOf, tokenize } from './tokens.ts'

/** The tables in question without their rows, in memory: SQLite itself says what each operation makes of them. */
export class Replica {
  readonly #session: Session
  /** Lower-case names of tables of which nobody can say what they are now. */
  readonly #unknown = new Set<string>()

  private constructor(session: Session) {
    this.#session = session
  }

  /** @throws {AludelError} NOT_SUPPORTED when a text is none that SQLite takes again */
  static async open(before: Schema): Promise<Replica> {
    const session = await openMemory()
    const replica = new Replica(session)
    try {
      // As in a step.
      await session.simple('pragma foreign_keys = off')
      const tables = Object.values(before.tables)
      for (const table of tables) await replica.#make(table.name, textsOf(table))
      // Some are among the tables; a virtual table may want an extension that is not here.
      for (const sql of tables.flatMap(neighboursOf)) await replica.#try(sql)
      for (const table of tables) await replica.#make(table.name, dependentsOf(table))
      return replica
    } catch (error) {
      await session.close()
      throw error
    }
  }

  /** @throws {AludelError} SHAPE_UNKNOWN */
  async shape(table: string): Promise<Shape> {
    if (this.#unknown.has(table.toLowerCase())) throw shapeUnknown(table)
    return readShape(this.#session, table)
  }

  /** @throws {AludelError} SHAPE_UNKNOWN also when one is not there */
  async schema(tables: readonly string[]): Promise<Schema> {
    for (const table of tables)
      if (this.#unknown.has(table.toLowerCase()) || !(await this.#has(table))) throw shapeUnknown(table)
    return reflect(this.#session, { tables })
  }

  /** Of the tables that a text names nobody can say any more what they are. */
  async forget(text: string): Promise<void> {
    const all = await this.#session.query<{ readonly name: string }>(
      `select name from sqlite_master where type = 'table'`,
    )
    const folded = text.toLowerCase()
    for (const { name } of all) if (folded.includes(name.toLowerCase())) this.#unknown.add(name.toLowerCase())
  }

  /** @throws {AludelError} NOT_SUPPORTED when SQLite refuses a statement */
  async run(operation: Operation, statements: readonly Statement[]): Promise<void> {
    if (operation.kind === 'execute') return this.#execute(operation.sql)
    const table = operation.kind === 'createTable' ? operation.table.name : operation.table
    if (operation.kind !== 'createTable' && !(await this.#has(table))) return
    for (const { sql } of statements) {
      try {
        await this.#session.simple(sql)
      } catch (error) {
        // It may be another one in the database.
        if (this.#unknown.has(table.toLowerCase())) break
        throw new AludelError(
          'NOT_SUPPORTED',
          `SQLite refuses ${operation.kind} on table ${table}: ${messageOf(error)}.`,
          { fix: 'Correct the revision.', details: { table, sql }, cause: error },
        )
      }
    }
    this.#follow(operation)
  }

  /** What is unknown of a table goes with its name, and ends with the table. */
  #follow(operation: Operation): void {
    if (operation.kind !== 'dropTable' && operation.kind !== 'renameTable') return
    const wasUnknown = this.#unknown.delete(operation.table.toLowerCase())
    if (wasUnknown && operation.kind === 'renameTable') this.#unknown.add(operation.to.toLowerCase())
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

  /** What a statement of the user's own makes of tables that are here; what it does to rows is no matter. */
  async #execute(sql: string): Promise<void> {
    const tokens = tokenize(sql)
    const changesShape = ['create', 'alter', 'drop'].some((word) => is(tokens[0], word))
    if (!changesShape || (await this.#try(sql))) return
    // It may do in the database what it could not do here, for want of another table.
    for (const token of tokens) this.#unknown.add(nameOf(token).toLowerCase())
  }

  async #make(table: string, texts: readonly string[]): Promise<void> {
    for (const sql of texts) {
      try {
        await this.#session.simple(sql)
      } catch (error) {
        throw new AludelError(
          'NOT_SUPPORTED',
          `SQLite would not make table ${table} again: ${messageOf(error)}.`,
          {
            fix: 'Correct the table, its indexes or its triggers by hand (`op.execute`).',
            details: { table, sql },
            cause: error,
          },
        )
      }
    }
  }

  async #try(sql: string): Promise<boolean> {
    try {
      await this.#session.simple(sql)
      return true
    } catch {
      return false
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
