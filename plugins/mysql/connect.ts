/** Opens connections: one mysql2 connection, one socket, no pool. */
import { readFileSync } from 'node:fs'
import { connect as openSocket } from 'node:net'
import type { SslOptions } from 'mysql2'
import type { ConnectOptions, Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { connectError, hasNoTls } from './errors.ts'
import { type Name, titles } from './name.ts'
import { type Link, sessionOn } from './session.ts'
import { parseUrl, type Target } from './url.ts'

/**
 * @throws {AludelError} URL_INVALID, DATABASE_UNREACHABLE, AUTHENTICATION, DATABASE_MISSING, PERMISSION,
 * DIALECT_MISMATCH
 */
export async function connect(name: Name, url: string, options: ConnectOptions = {}): Promise<Session> {
  const target = parseUrl(url)
  const limits = limitsOf(target, options)
  const link = await open(name, target, limits)
  const session = sessionOn(link, async (id) => {
    const other = await open(name, target, limitsOf(target, options))
    const killer = sessionOn(other, async () => {})
    try {
      await killer.simple(`kill query ${id}`)
    } finally {
      await killer.close()
    }
  })
  // A server or proxy can fall silent after its greeting too.
  const patience = setTimeout(() => link.socket.destroy(), limits.end - performance.now())
  try {
    await checkServer(name, session, link.version)
    await session.simple(settings)
    return session
  } catch (error) {
    await session.close()
    throw error instanceof AludelError ? error : connectError(name, error, target)
  } finally {
    clearTimeout(patience)
  }
}

interface Limits extends Pick<ConnectOptions, 'applicationName'> {
  /** Of the attempt, as `performance.now()` has it. */
  readonly end: number
}

function limitsOf({ timeout = 10_000 }: Target, options: ConnectOptions): Limits {
  return { ...options, end: performance.now() + Math.min(options.timeout ?? Infinity, timeout) }
}

/**
 * What every session relies on. Without the first, statements would not commit; half a minute is what a change
 * of a table may hold up the queries that queue behind it; a step may pause between statements longer than a
 * host lets a connection idle; literals are written with backslashes.
 */
const settings =
  'set session autocommit = 1, lock_wait_timeout = 30, ' +
  'wait_timeout = greatest(@@wait_timeout, 28800), ' +
  "sql_mode = replace(@@sql_mode, 'NO_BACKSLASH_ESCAPES', '')"

interface Opened extends Link {
  /** As the server said it in its greeting. */
  readonly version: string
}

async function open(name: Name, target: Target, limits: Limits): Promise<Opened> {
  const attempts = sslAttempts(target)
  for (const [index, ssl] of attempts.entries()) {
    try {
      return await attempt(target, ssl, limits)
    } catch (error) {
      if (index < attempts.length - 1 && hasNoTls(error)) continue
      throw connectError(name, error, target)
    }
  }
  throw new AludelError('INTERNAL', 'No way to connect was tried.')
}

async function attempt(
  target: Target,
  ssl: SslOptions | undefined,
  { end, applicationName = 'aludel' }: Limits,
): Promise<Opened> {
  const { createConnection } = await import('mysql2')
  const { host, port, socketPath, user, password, database } = target
  const socket = socketPath === undefined ? openSocket({ host, port, noDelay: true }) : openSocket(socketPath)
  // A long ALTER TABLE sends nothing; routers forget connections that are silent.
  socket.setKeepAlive(true, 10_000)
  const connection = createConnection({
    stream: () => socket,
    host,
    port,
    database,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(ssl ? { ssl } : {}),
    charset: 'utf8mb4',
    supportBigNumbers: true,
    multipleStatements: false,
    // 0 would be no limit.
    connectTimeout: Math.max(1, Math.ceil(end - performance.now())),
    connectAttributes: { program_name: applicationName },
  })
  return new Promise((resolve, reject) => {
    const fail = (error: unknown): void => {
      socket.destroy()
      reject(error)
    }
    // Stays after a failure, which can have a second one for a consequence.
    connection.on('error', fail)
    connection.once('connect', (greeting: unknown) => {
      connection.removeListener('error', fail)
      resolve({ connection, socket, version: versionIn(greeting) })
    })
  })
}

/** The ways to connect, in the order to try. */
function sslAttempts({ ssl, ca }: Target): readonly (SslOptions | undefined)[] {
  if (ssl === 'disabled') return [undefined]
  const options: SslOptions = {
    rejectUnauthorized: ssl.startsWith('verify'),
    verifyIdentity: ssl === 'verify_identity',
    ...(ca === undefined ? {} : { ca: read(ca) }),
  }
  return ssl === 'preferred' ? [options, undefined] : [options]
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (cause) {
    throw new AludelError(
      'URL_INVALID',
      `The file that ssl-ca names in the database URL cannot be read: ${path}.`,
      {
        fix: 'Correct ssl-ca, or put the file there.',
        cause,
      },
    )
  }
}

function versionIn(greeting: unknown): string {
  const is = typeof greeting === 'object' && greeting !== null && 'serverVersion' in greeting
  return is ? String(greeting.serverVersion) : ''
}

/** Asks the server when its greeting does not settle it: a proxy in front of MariaDB greets as MySQL. */
async function checkServer(name: Name, session: Session, greeting: string): Promise<void> {
  const isMariadb = (text: string): boolean => /mariadb/i.test(text)
  if (isMariadb(greeting) === (name === 'mariadb')) return
  const rows = await session.query<{ version: string }>(
    "select concat(version(), ' ', @@version_comment) as version",
  )
  const version = rows[0]?.version ?? greeting
  if (isMariadb(version) === (name === 'mariadb')) return
  const other = name === 'mysql' ? 'mariadb' : 'mysql'
  throw new AludelError(
    'DIALECT_MISMATCH',
    `The server is ${titles[other]} (${version}), the dialect ${name}.`,
    {
      state: 'Nothing was read or changed.',
      fix: `Set \`dialect: '${other}'\` in the configuration, or write the URL with ${other}://.`,
      details: { dialect: name, server: other, version },
    },
  )
}
