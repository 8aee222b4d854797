import type { Client } from 'pg'
import type { Session } from '../../src/dialect.ts'
import { endsConnection, noneFree } from './errors.ts'
import { explained } from './rights.ts'
import type { Ssl } from './tls.ts'

export type Driver = typeof import('pg')

/** One client of pg. */
export class PostgresqlSession implements Session {
  readonly #driver: Driver
  readonly #client: Client
  readonly #ssl: Ssl
  #patience: number | undefined
  #lost = false
  #closing: Promise<void> | undefined
  /** Settles with the statement given last; pg warns of a second one beside it. */
  #last: Promise<unknown> = Promise.resolve()

  /** @param patience milliseconds to wait for the first answer; none: for ever */
  constructor(driver: Driver, client: Client, ssl: Ssl, patience?: number) {
    this.#patience = patience
    this.#driver = driver
    this.#client = client
    this.#ssl = ssl
    // Without a listener a connection that is lost while idle would end the process.
    client.on('error', () => (this.#lost = true))
    client.on('end', () => (this.#lost = true))
  }

  get closed(): boolean {
    return this.#lost || this.#closing !== undefined
  }

  /** As the other side of the connection gave it: a pooler gives one of its own. */
  get processId(): number {
    return this.#untyped.processID
  }

  /** Whether a transaction is open. */
  get inTransaction(): boolean {
    return this.#client.getTransactionStatus() !== 'I'
  }

  /** Without parameters by the simple protocol; of several statements in one text the rows of the last. */
  async query<T>(sql: string, params: readonly unknown[] = []): Promise<readonly T[]> {
    const result = await this.#run(sql, params)
    // For several statements pg gives a list, which its types do not say; what rows hold the caller says.
    const results: readonly unknown[] = Array.isArray(result) ? result : [result]
    return (results.at(-1) as { readonly rows: readonly T[] }).rows
  }

  async simple(sql: string): Promise<void> {
    await this.#run(sql, [])
  }

  /** By the protocol's own request: behind a pooler the process id is none that pg_cancel_backend knows. */
  async cancel(): Promise<void> {
    const { processID, secretKey } = this.#untyped
    const wire = new this.#driver.Connection({ ssl: this.#ssl }) as unknown as Wire
    const { host, port } = this.#client
    await new Promise<void>((resolve, reject) => {
      wire.on('connect', () => (this.#ssl ? wire.requestSsl() : wire.cancel(processID, secretKey)))
      wire.on('sslconnect', () => wire.cancel(processID, secretKey))
      wire.on('error', reject)
      wire.on('end', resolve)
      if (host.startsWith('/')) wire.connect(`${host}/.s.PGSQL.${port}`)
      else wire.connect(port, host)
    })
  }

  ref(): void {
    this.#untyped.ref()
  }

  unref(): void {
    this.#untyped.unref()
  }

  close(): Promise<void> {
    this.#closing ??= this.#end()
    return this.#closing
  }

  get #untyped(): Untyped {
    return this.#client as unknown as Untyped
  }

  #run(sql: string, params: readonly unknown[]): Promise<unknown> {
    const result = this.#last.then((): Promise<unknown> =>
      this.#answered(params.length > 0 ? this.#client.query(sql, [...params]) : this.#client.query(sql)),
    )
    this.#last = result.catch((error: unknown) => {
      this.#lost ||= endsConnection(error)
    })
    return result.catch((error: unknown) => {
      throw explained(error, sql, this.#client.user)
    })
  }

  /** A pooler lets everybody in, and the first statement then waits until it has a connection to the server free. */
  async #answered<T>(query: Promise<T>): Promise<T> {
    const patience = this.#patience
    if (patience === undefined) return query
    this.#patience = undefined
    const { promise, reject } = Promise.withResolvers<never>()
    const timer = setTimeout(() => {
      this.#lost = true
      reject(noneFree(patience))
      this.#client.connection.stream.destroy()
    }, patience)
    try {
      return await Promise.race([query, promise])
    } finally {
      clearTimeout(timer)
    }
  }

  /** A peer that is gone never answers the goodbye. */
  async #end(): Promise<void> {
    const patience = setTimeout(() => this.#client.connection.stream.destroy(), 1000)
    await this.#client.end()
    clearTimeout(patience)
  }
}

/** What pg's Client has beyond its types. */
interface Untyped {
  readonly processID: number
  readonly secretKey: number
  ref(): void
  unref(): void
}

/** What pg's Connection does beyond its types. */
interface Wire {
  connect(portOrPath: number | string, host?: string): void
  requestSsl(): void
  cancel(processId: number, secretKey: number): void
  on(event: 'connect' | 'sslconnect' | 'end', listener: () => void): void
  on(event: 'error', listener: (error: Error) => void): void
}
