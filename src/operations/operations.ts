/** What a revision file is given as `op`. */
import type { Kysely } from 'kysely'
import type {
  Check,
  Column,
  ForeignKey,
  Index,
  PrimaryKey,
  Table,
  UniqueConstraint,
} from '../schema/schema.ts'
import type { ColumnChange, Concurrently, ConstraintRef } from './operation.ts'

/** The parts of a table to create; columns in the order of the table. */
export interface TableDefinition extends Omit<Table, 'name' | 'primaryKey' | 'source'> {
  readonly primaryKey?: PrimaryKey | readonly string[]
}

/**
 * What a revision does goes through it: `downgrade` and `upgrade` are also called without a database, for what they record up to
 * their first query.
 *
 * Schema operations are recorded when they are called and run in that order when the function has returned, or before the
 * next {@link query} or use of {@link db}: a forgotten `await` can neither reorder nor lose a change.
 */
export interface Operations {
  /** The dialect's name: `sqlite`, `postgresql`, `mysql`, `mariadb`, or a plugin's. */
  readonly dialect: string
  createTable(table: string, definition: TableDefinition): void
  dropTable(table: string): void
  /** Rows, indexes and the foreign keys of other tables stay. */
  renameTable(table: string, to: string): void
  addColumn(table: string, column: Column): void
  dropColumn(table: string, column: string): void
  alterColumn(table: string, column: string, change: ColumnChange): void
  renameColumn(table: string, column: string, to: string): void
  /** `concurrently` (PostgreSQL) needs `export const transaction = false` in the revision. */
  createIndex(table: string, index: Index & Concurrently): void
  dropIndex(table: string, index: string, options?: Concurrently): void
  createPrimaryKey(table: string, primaryKey: PrimaryKey | readonly string[]): void
  createUniqueConstraint(table: string, unique: UniqueConstraint): void
  createForeignKey(table: string, foreignKey: ForeignKey): void
  createCheckConstraint(table: string, check: Check): void
  /** A constraint without a name is meant by its `columns` or `expression`. */
  dropConstraint(table: string, constraint: ConstraintRef): void
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
