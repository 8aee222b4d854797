/** Opens connections: pg alone, one socket each, no pool, no query. */
import type { ClientConfig, CustomTypesConfig } from 'pg'
import type { ConnectOptions, Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { connectError, type Destination, hasNoTls, refusesWay } from './errors.ts'
import { type Driver, PostgresqlSession } from './session.ts'
import { type Ssl, sslAttempts } from './tls.ts'
import { parseUrl, type Target } from './url.ts'

/** @throws {AludelError} URL_INVALID, DATABASE_UNREACHABLE, AUTHENTICATION, DATABASE_MISSING */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Session> {
  const target = parseUrl(url)
  const attempts = sslAttempts(target)
  const driver = await import('pg')
  const end = performance.now() + Math.min(options.timeout ?? Infinity, target.timeout ?? 10_000)
  const failures: Failure[] = []
  for (const ssl of attempts) {
    const client = new driver.Client({ ...clientConfig(driver, target, options), ssl, ...timeUntil(end) })
    const session = new PostgresqlSession(driver, client, ssl, patienceOf(options))
    try {
      await client.connect()
      return session
    } catch (error) {
      void session.close()
      const { host, port } = target
      // What the URL left out pg has filled in.
      failures.push({ error, ssl, destination: { host, port, user: client.user, database: client.database } })
      if (!refusesWay(error)) break
    }
  }
  const { error, destination } = tellingOf(failures)
  throw connectError(error, destination, target)
}

/** A server that works answers in far less than the seconds that are added. */
function patienceOf({ lockWait }: ConnectOptions): number | undefined {
  return lockWait === undefined ? undefined : lockWait + 5000
}

interface Failure {
  readonly error: unknown
  readonly ssl: Ssl
  readonly destination: Destination
}

/** The one that is not about the way; else what was said over TLS; else without it. */
function tellingOf(failures: readonly Failure[]): Failure {
  const [first, last = first] = failures
  const telling =
    failures.find(({ error }) => !refusesWay(error)) ??
    failures.find(({ ssl, error }) => ssl && !hasNoTls(error)) ??
    failures.find(({ ssl }) => !ssl) ??
    last
  if (telling) return telling
  throw new AludelError('INTERNAL', 'No way to connect was tried.')
}

/** Its timer has no limit for 0. */
function timeUntil(end: number): Pick<ClientConfig, 'connectionTimeoutMillis'> {
  return { connectionTimeoutMillis: Math.max(1, Math.ceil(end - performance.now())) }
}

function clientConfig(driver: Driver, target: Target, options: ConnectOptions): ClientConfig {
  const { host, port, user, password, database } = target
  return {
    host,
    port,
    user,
    password,
    database,
    // Said, so that PGSSLNEGOTIATION and PGAPPNAME are not read.
    sslnegotiation: 'postgres',
    application_name: target.applicationName ?? options.applicationName ?? 'aludel',
    options: target.options,
    // A long ALTER TABLE sends nothing, and routers forget connections that are silent.
    keepAlive: true,
    types: typeParsers(driver),
  }
}

const int8 = 20

/** pg's own, but a bigint is a number where that is exact, else a BigInt. */
export function typeParsers({ types }: Driver): CustomTypesConfig {
  const parseInt8 = (text: string): number | bigint => {
    const number = Number(text)
    return Number.isSafeInteger(number) ? number : BigInt(text)
  }
  const getTypeParser = (oid: number, format?: 'text'): unknown =>
    oid === int8 ? parseInt8 : types.getTypeParser(oid, format)
  // pg's type has one signature for each oid that it knows.
  return { getTypeParser: getTypeParser as CustomTypesConfig['getTypeParser'] }
}
