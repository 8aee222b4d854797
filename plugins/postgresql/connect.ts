/** Opens connections: pg alone, one socket each, no pool, no query. */
import type { ClientConfig, CustomTypesConfig } from 'pg'
import type { ConnectOptions, Session } from '../../src/dialect.ts'
import { connectError, hasNoTls } from './errors.ts'
import { type Driver, PostgresqlSession } from './session.ts'
import { type Ssl, sslAttempts } from './tls.ts'
import { parseUrl, type Target } from './url.ts'

/** @throws {AludelError} URL_INVALID, DATABASE_UNREACHABLE, AUTHENTICATION, DATABASE_MISSING */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Session> {
  const target = parseUrl(url)
  const [ssl, ...others] = sslAttempts(target)
  const driver = await import('pg')
  return attempt(driver, target, options, ssl, others)
}

async function attempt(
  driver: Driver,
  target: Target,
  options: ConnectOptions,
  ssl: Ssl,
  [next, ...others]: readonly Ssl[],
): Promise<Session> {
  const client = new driver.Client(clientConfig(driver, target, ssl, options))
  const session = new PostgresqlSession(driver, client, ssl)
  try {
    await client.connect()
    return session
  } catch (error) {
    void session.close()
    if (next !== undefined && hasNoTls(error)) return attempt(driver, target, options, next, others)
    const { host, port } = target
    // What the URL left out pg has filled in.
    throw connectError(error, { host, port, user: client.user, database: client.database }, target.password)
  }
}

function clientConfig(driver: Driver, target: Target, ssl: Ssl, options: ConnectOptions): ClientConfig {
  const { host, port, user, password, database } = target
  return {
    host,
    port,
    user,
    password,
    database,
    ssl,
    // Said, so that PGSSLNEGOTIATION and PGAPPNAME are not read.
    sslnegotiation: 'postgres',
    application_name: target.applicationName ?? options.applicationName ?? 'aludel',
    options: target.options,
    // A long ALTER TABLE sends nothing, and routers forget connections that are silent.
    keepAlive: true,
    connectionTimeoutMillis: Math.min(
      target.timeout ?? Infinity,
      options.timeout ?? target.timeout ?? 10_000,
    ),
    types: typeParsers(driver),
  }
}

const int8 = 20

/** pg's own, but a bigint is a number where that is exact, else a BigInt. */
function typeParsers({ types }: Driver): CustomTypesConfig {
  const parseInt8 = (text: string): number | bigint => {
    const number = Number(text)
    return Number.isSafeInteger(number) ? number : BigInt(text)
  }
  const getTypeParser = (oid: number, format?: 'text'): unknown =>
    oid === int8 ? parseInt8 : types.getTypeParser(oid, format)
  // pg's type has one signature for each oid that it knows.
  return { getTypeParser: getTypeParser as CustomTypesConfig['getTypeParser'] }
}
