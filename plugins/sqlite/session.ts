import type { Database } from 'better-sqlite3'
import { setTimeout as pause } from 'node:timers/promises'
import type { Session } from '../../src/dialect.ts'
import { explain, isBusy, readOnly } from './errors.ts'
import { locked } from './holder.ts'

/** One connection of better-sqlite3. Each statement blocks the event loop until it is done. */
export class SqliteSession implements Session {
  readonly #database: Database
  /** The database; `:memory:` when it is none. */
  readonly file: string
  readonly #patience: number

  /** @param patience milliseconds to go on trying, outside a transaction, while another connection writes */
  constructor(database: Database, file: string, patience: number) {
    this.#database = database
    this.file = file
    this.#patience = patience
  }

  get closed(): boolean {
    return !this.#database.open
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#database.inTransaction
  }

  async query<T>(sql: string, params: readonly unknown[] = []): Promise<readonly T[]> {
    return this.#patiently(sql, () => this.#run<T>(sql, params))
  }

  async simple(sql: string): Promise<void> {
    // SQLite lets a transaction begin that cannot write.
    if (this.#database.readonly && /^\s*begin immediate\b/i.test(sql)) throw readOnly(this.file)
    await this.query(sql)
  }

  /** Nothing runs while other code does. */
  async cancel(): Promise<void> {}

  ref(): void {}

  unref(): void {}

  async close(): Promise<void> {
    this.#database.close()
  }

  /** Beginning is left to who waits for the lock; inside a transaction waiting could last for ever. */
  async #patiently<T>(sql: string, run: () => T): Promise<T> {
    const end = Date.now() + this.#patience
    for (;;) {
      const alone = !this.#database.inTransaction && !/^\s*begin\b/i.test(sql)
      try {
        return run()
      } catch (error) {
        if (!alone || !isBusy(error)) throw explain(error, this.file)
        if (Date.now() > end) throw locked(this.file, this.#patience, { cause: error })
        await pause(5 + Math.random() * 20)
      }
    }
  }

  #run<T>(sql: string, params: readonly unknown[]): readonly T[] {
    const statement = this.#database.prepare(sql)
    const values = params.map(toDriver)
    if (!statement.reader) {
      statement.run(...values)
      return []
    }
    // What the rows hold is the caller's promise.
    return statement
      .safeIntegers()
      .all(...values)
      .map(fromDriver) as T[]
  }
}

/** The driver knows no booleans, dates, undefined or JSON, and takes every number for a real one. */
function toDriver(value: unknown): unknown {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : value
  if (typeof value === 'boolean') return value ? 1n : 0n
  // As MikroORM keeps dates in SQLite.
  if (value instanceof Date) return BigInt(value.getTime())
  if (typeof value === 'object' && value !== null && !ArrayBuffer.isView(value)) return JSON.stringify(value)
  return value === undefined ? null : value
}

/** Makes numbers of the integers that a number holds, in the driver's own rows: they are many. */
function fromDriver(row: unknown): unknown {
  if (!isRecord(row)) return row
  for (const name in row) {
    const value = row[name]
    if (typeof value === 'bigint' && Number.isSafeInteger(Number(value))) row[name] = Number(value)
  }
  return row
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
