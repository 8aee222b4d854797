import type { Session, Statement } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Schema, Table, View } from '../../src/schema/schema.ts'
import { openMemory } from './connect.ts'
import { createTable } from './create.ts'
import { messageOf } from './errors.ts'
import { isIndex } from './index-text.ts'
import { LeftOutViews, relationOf } from './left-out.ts'
import { quote } from './literal.ts'
import { neighboursOf } from './neighbours.ts'
import { reflect } from './reflect.ts'
import { readShape, type Shape, type Shapes, shapeUnknown, viewUnknown } from './shape.ts'
import { quoteStringsOfIndex, quoteStringsOfTable } from './strings.ts'
import { is, nameOf, tokenize } from './tokens.ts'
import { createTrigger } from './trigger-text.ts'
import { createView } from './view.ts'

/** The tables in question without their rows, in memory: SQLite itself says what each operation makes of them. */
export class Replica implements Shapes {
  readonly #session: Session
  /** Lower-case names of tables and views of which nobody can say what they are now. */
  readonly #unknown = new Set<string>()
  readonly #leftOut = new LeftOutViews()

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
      for (const view of Object.values(before.views ?? {})) await replica.#makeView(view)
      return replica
    } catch (error) {
      await session.close()
      throw error
    }
  }

  /** @throws {AludelError} SHAPE_UNKNOWN */
  async shape(table: string): Promise<Shape> {
    if (this.#isUnknown(table)) throw shapeUnknown(table)
    return readShape(this.#session, table)
  }

  /** @throws {AludelError} SHAPE_UNKNOWN */
  async triggersOfView(view: string): Promise<readonly string[]> {
    const triggers = this.#leftOut.triggersOf(view)
    if (triggers) return triggers
    if (this.#isUnknown(view) || !(await this.#has(view))) throw viewUnknown(view)
    const rows = await this.#session.query<{ readonly sql: string }>(
      `select sql from sqlite_master where type = 'trigger' and tbl_name = ? collate nocase order by rowid`,
      [view],
    )
    return rows.map(({ sql }) => sql)
  }

  /** @throws {AludelError} SHAPE_UNKNOWN also when one is not there */
  async schema(tables: readonly string[]): Promise<Schema> {
    for (const table of tables)
      if (this.#isUnknown(table) || !(await this.#has(table))) throw shapeUnknown(table)
    return reflect(this.#session, { tables })
  }

  /** Of the tables that a text names nobody can say any more what they are. */
  async forget(text: string): Promise<void> {
    const all = await this.#session.query<{ readonly name: string }>(
      `select name from sqlite_master where type in ('table', 'view')`,
    )
    const folded = text.toLowerCase()
    for (const { name } of all) if (folded.includes(name.toLowerCase())) this.#unknown.add(name.toLowerCase())
  }

  /** @throws {AludelError} NOT_SUPPORTED when SQLite refuses a statement */
  async run(operation: Operation, statements: readonly Statement[]): Promise<void> {
    if (operation.kind === 'execute') return this.#execute(operation.sql)
    const name = relationOf(operation)
    const makes = operation.kind === 'createTable' || operation.kind === 'createView'
    for (const view of this.#leftOut.follow(operation, statements)) this.#unknown.add(view)
    if (!makes && !(await this.#has(name))) return
    for (const { sql } of statements) {
      try {
        await this.#carryOut(sql, name)
      } catch (error) {
        // It may be another one in the database.
        if (this.#isUnknown(name)) break
        throw new AludelError(
          'NOT_SUPPORTED',
          `SQLite refuses ${operation.kind} on ${'view' in operation ? 'view' : 'table'} ${name}: ${messageOf(error)}.`,
          { fix: 'Correct the revision.', details: { table: name, sql }, cause: error },
        )
      }
    }
    this.#follow(operation)
  }

  /**
   * SQLite renames nothing, and drops no column, while a view or trigger names a table that is not there. Here that is one that nobody
   * asked for: the view or trigger is left out. Where its text may have changed, nobody can say any more what it has become.
   */
  async #carryOut(sql: string, table: string): Promise<void> {
    for (;;) {
      try {
        return await this.#session.simple(sql)
      } catch (error) {
        const [, type, name] =
          /^error in (view|trigger) (.+?)(?: after [a-z ]+)?: no such table: /s.exec(messageOf(error)) ?? []
        if (type === undefined || name === undefined) throw error
        const rows = await this.#session.query<{ readonly owner: string; readonly sql: string }>(
          `select tbl_name as owner, sql from sqlite_master where (type = ? and name = ?) or (type = 'trigger' and tbl_name = ?)
           order by type = 'trigger', rowid`,
          [type, name, type === 'view' ? name : ''],
        )
        const [owner] = rows.map((row) => row.owner.toLowerCase())
        const texts = rows.map((row) => row.sql)
        const isKnown = type === 'view' && this.#leftOut.add(name, texts, table)
        if (owner !== undefined && !isKnown) this.#unknown.add(owner)
        await this.#session.simple(`drop ${type} ${quote(name)}`)
      }
    }
  }

  /** What is unknown of a table or view goes with its name, and ends with it. */
  #follow(operation: Operation): void {
    if (!['dropTable', 'dropView', 'renameTable'].includes(operation.kind)) return
    const wasUnknown = this.#unknown.delete(relationOf(operation).toLowerCase())
    if (wasUnknown && operation.kind === 'renameTable') this.#unknown.add(operation.to.toLowerCase())
  }

  #isUnknown(name: string): boolean {
    return this.#unknown.has(name.toLowerCase())
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  async #has(name: string): Promise<boolean> {
    const rows = await this.#session.query(
      `select 1 from sqlite_master where type in ('table', 'view') and name = ? collate nocase`,
      [name],
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

  /** It may be there already, as what a trigger names. */
  async #makeView({ triggers = [], ...view }: View): Promise<void> {
    await this.#try(createView(view).sql)
    await this.#make(
      view.name,
      triggers.map((trigger) => createTrigger(view.name, trigger).sql),
    )
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
