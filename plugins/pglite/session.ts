import type { Client } from 'pg'
import { type LockRequest, type LockWork, describeHolder, lockNotObtained } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { type Driver, PostgresqlSession } from '../postgresql/session.ts'
import type { Instance, User } from './instance.ts'

export interface SessionOptions {
  readonly application: string
  /** Milliseconds to wait for other sessions of the process. */
  readonly patience: number
}

/** A client of pg that shares its server with others: from the first statement of a transaction to its end they wait. */
export class PgliteSession extends PostgresqlSession {
  readonly #instance: Instance
  readonly #user: { holding: User['holding']; readonly application: string }
  readonly #patience: number
  #running = 0
  #leaving: Promise<void> | undefined

  constructor(driver: Driver, client: Client, instance: Instance, { application, patience }: SessionOptions) {
    super(driver, client, false)
    this.#instance = instance
    this.#user = { holding: undefined, application }
    this.#patience = patience
  }

  get instance(): Instance {
    return this.#instance
  }

  override query<T>(sql: string, params?: readonly unknown[]): Promise<readonly T[]> {
    return this.#inTurn(sql, () => super.query<T>(sql, params))
  }

  override simple(sql: string): Promise<void> {
    return this.#inTurn(sql, () => super.simple(sql))
  }

  /** Nothing runs while other code does. */
  override async cancel(): Promise<void> {}

  /**
   * Keeps the others waiting until `letGo`.
   * @throws {AludelError} LOCK_NOT_OBTAINED
   */
  async hold(lock: LockRequest): Promise<void> {
    const { turns } = this.#instance
    const take = (wait: number): Promise<boolean> => turns.take(this.#user, wait)
    if (!(await take(0))) {
      lock.onWait?.(this.#instance.holder())
      if (!(await take(lock.wait))) throw lockNotObtained(lock, this.#instance.holder())
    }
    this.#user.holding = { since: now(), ...(lock.work ? { work: lock.work } : {}) }
  }

  /** Tells those that wait what it holds them up for. */
  tell(work: LockWork): void {
    if (this.#user.holding) this.#user.holding = { ...this.#user.holding, work }
  }

  letGo(): void {
    this.#user.holding = undefined
    this.#giveTurn()
  }

  /** A transaction that is open is rolled back. */
  override close(): Promise<void> {
    this.#leaving ??= this.#leave()
    return this.#leaving
  }

  async #leave(): Promise<void> {
    if (!this.closed && this.inTransaction) await super.simple('rollback').catch(() => undefined)
    await super.close()
    this.#instance.turns.give(this.#user)
    await this.#instance.leave()
  }

  async #inTurn<T>(sql: string, send: () => Promise<T>): Promise<T> {
    if (copiesIn.test(sql.replaceAll(texts, ' '))) throw noCopy()
    if (!(await this.#instance.turns.take(this.#user, this.#patience))) throw this.#kept()
    this.#running += 1
    try {
      return await send()
    } finally {
      this.#running -= 1
      this.#giveTurn()
    }
  }

  #giveTurn(): void {
    const isDone = this.#running === 0 && this.#user.holding === undefined
    if (isDone && (this.closed || !this.inTransaction)) this.#instance.turns.give(this.#user)
  }

  #kept(): AludelError {
    const holder = this.#instance.holder()
    const who = holder ? `: ${describeHolder(holder)}` : ''
    return new AludelError(
      'LOCK_NOT_OBTAINED',
      `Another session of this process is in a transaction, and still was after ${Math.round(this.#patience / 1000)} s${who}.`,
      {
        state: 'Nothing was changed by this statement.',
        fix: 'Let it end first: all sessions of a PGlite database take turns.',
        details: { waited: this.#patience, ...(holder ? { holder } : {}) },
      },
    )
  }
}

function now(): string {
  return new Date().toISOString().replace(/\.\d+Z$/, 'Z')
}

/** Literals, quoted names and comments. */
const texts = /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[^]*?\$\1\$|--[^\n]*|\/\*[^]*?\*\//g
const copiesIn = /(?:^|;)\s*copy\b[^;]*\bfrom\s+stdin\b/i

/** PGlite's server would wait for rows that cannot come, and end. */
function noCopy(): AludelError {
  return new AludelError('NOT_SUPPORTED', '`copy … from stdin` cannot be run by PGlite.', {
    fix: 'Write the rows as `insert into … values …`.',
  })
}
