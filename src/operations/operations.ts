/** What a revision file is given as `op`. */
import type { Kysely } from 'kysely'
import type { Check, Column, ForeignKey, Index, Table, Trigger, UniqueConstraint } from '../schema/schema.ts'
import type { ColumnChange } from './alter-column/operation.ts'
import type { AlterEnum } from './alter-enum/operation.ts'
import type { Row } from './bulk-insert/operation.ts'
import type { Concurrently } from './concurrently.ts'
import type { ConstraintRef } from './constraint-ref.ts'
import type { PlainView } from './create-view/operation.ts'
import type { WrittenKey } from './primary-key.ts'

/** The parts of a table to create; columns in the order of the table. */
export interface TableDefinition extends Omit<Table, 'name' | 'primaryKey' | 'triggers' | 'source'> {
  readonly primaryKey?: WrittenKey
}

/** A view's query and what else is said of it. */
export type ViewDefinition = Omit<PlainView, 'name'>

/**
 * What a revision does goes through it: `downgrade` and `upgrade` are also called without a database, for what they record up to
 * their first query.
 *
 * Schema operations are recorded when they are called and run in that order when the function has returned, or before the
 * next {@link query} or use of {@link db}: a forgotten `await` can neither reorder nor lose a change.
 */
export interface Operations {
  /** The dialect's name: `sqlite`, `postgresql`, `pglite`, `mysql`, `mariadb`, or a plugin's. */
  readonly dialect: string
  createTable(table: string, definition: TableDefinition): void
  dropTable(table: string): void
  /** Rows, indexes and the foreign keys of other tables stay. */
  renameTable(table: string, to: string): void
  /** `null` takes the comment away. A database without comments (SQLite) keeps none. */
  setTableComment(table: string, comment: string | null): void
  addColumn(table: string, column: Column): void
  dropColumn(table: string, column: string): void
  alterColumn(table: string, column: string, change: ColumnChange): void
  renameColumn(table: string, column: string, to: string): void
  /** `concurrently` (PostgreSQL) needs `export const transaction = false` in the revision. */
  createIndex(table: string, index: Index & Concurrently): void
  dropIndex(table: string, index: string, options?: Concurrently): void
  renameIndex(table: string, index: string, to: string): void
  createPrimaryKey(table: string, primaryKey: WrittenKey): void
  createUniqueConstraint(table: string, unique: UniqueConstraint): void
  createForeignKey(table: string, foreignKey: ForeignKey): void
  createCheckConstraint(table: string, check: Check): void
  /** A constraint without a name is meant by its `columns` or `expression`. */
  dropConstraint(table: string, constraint: ConstraintRef): void
  /** PostgreSQL: checks the rows that were there before a foreign key or check that was made `notValid`. */
  validateConstraint(table: string, constraint: string): void
  /** PostgreSQL; elsewhere a column of type `enum` has its `items`. A type of another schema is `schema.type`. */
  createEnum(name: string, items: readonly string[]): void
  /** `items`: all values from now on, in their order. `renamed`: new names by old ones; any other value that is left out goes. */
  alterEnum(name: string, change: Omit<AlterEnum, 'name'>): void
  dropEnum(name: string): void
  createView(view: string, definition: ViewDefinition): void
  /** Takes the place of the whole definition; what depends on the view stays. */
  replaceView(view: string, definition: ViewDefinition): void
  dropView(view: string): void
  /** On a table or a view. `body` is in the database's own words. */
  createTrigger(table: string, trigger: Trigger): void
  dropTrigger(table: string, trigger: string): void
  /** PostgreSQL. */
  createSchema(schema: string): void
  /** Nothing may stand in it any more. */
  dropSchema(schema: string): void
  /**
   * Adds rows: values by column, `{ sql }` for an expression; a column that a row leaves out has its default. Ids that are given do not
   * move a sequence on. What undoes it stands in `downgrade` by hand.
   */
  bulkInsert(table: string, rows: readonly Row[]): void
  /** One statement, as it is, recorded like the other operations. */
  execute(sql: string): void
  /**
   * Runs what is recorded so far, then this statement, on the step's own connection and transaction.
   * @param params as the driver writes them: `$1` on PostgreSQL, `?` elsewhere
   */
  query<T = Record<string, unknown>>(sql: string, params?: readonly unknown[]): Promise<readonly T[]>
  /** A Kysely on the step's own connection and transaction; each of its statements first runs what is recorded so far. */
  // Any tables: the shape of the past is not in today's types.
  // oxlint-disable-next-line typescript/no-explicit-any
  readonly db: Kysely<any>
}
