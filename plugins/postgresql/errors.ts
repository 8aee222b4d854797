/** What the driver throws, in aludel's words. */
import { AludelError, type ErrorCode } from '../../src/errors.ts'
import { quote } from './literal.ts'
import type { SslMode, Target } from './url.ts'

/** Where a connection was to go; what messages may show. */
export interface Destination {
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly database: string | undefined
}

/** The SQLSTATE of a server's error, or the code of a socket's. */
export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/**
 * Tells whether the server ended the connection with this error: shut down, crashed, or out of patience with
 * an idle session. The socket's own end is seen only later.
 */
export function endsConnection(error: unknown): boolean {
  const code = codeOf(error) ?? ''
  return /^(?:57P0[1235]|25P03|08...)$/.test(code) || (isTransient(error) && code !== '53300')
}

/** Tells whether the server was away, starting or full, when it was connected to or while a statement ran. */
export function isTransient(error: unknown): boolean {
  if (error instanceof AludelError) return error.code === 'DATABASE_UNREACHABLE' && isTransient(error.cause)
  if (!(error instanceof Error)) return false
  const code = codeOf(error)
  if (code === undefined || code === protocolViolation || code === internal)
    return awayWords.test(error.message)
  return awayCodes.test(code)
}

/**
 * Tells whether there were as many connections as there may be, or a session was lost: who only waits has lost nothing by it. A
 * server that cannot be connected to for another reason has been tried for long enough.
 */
export function mayWaitOn(error: unknown): boolean {
  if (!(error instanceof AludelError)) return isTransient(error)
  const { code, cause } = error
  return code === 'DATABASE_UNREACHABLE' && (codeOf(cause) === '53300' || isFullPooler(cause))
}

function isFullPooler(error: unknown): boolean {
  return (
    error instanceof Error &&
    /no more connections allowed|query_wait_timeout|max clients reached/i.test(error.message)
  )
}

/** Sockets and name servers; then shut down, crashed, starting; too many connections; class 08 the connection. */
const awayCodes =
  /^(?:ECONN\w+|ETIMEDOUT|EPIPE|ENET\w+|EHOST\w+|ENOTFOUND|EAI_AGAIN|ENOENT|57P0[123]|53300|080\d\d)$/

// PgBouncer and Supavisor have one code for all that they say.
const [protocolViolation, internal] = ['08P01', 'XX000']

/** What pg says without a code; then poolers that are full or have no server. */
const awayWords =
  /^(?:timeout expired|Connection terminated\b.*|Client has encountered a connection error.*)$|no more connections allowed|server_login_retry|server login has been failing|pgbouncer cannot connect|query_wait_timeout|server conn crashed|max clients reached/i

/** Tells whether an attempt with TLS failed because the server has none; pg marks it by its text alone. */
export function hasNoTls(error: unknown): boolean {
  return error instanceof Error && error.message === 'The server does not support SSL connections'
}

/** Tells whether the server may take the same login another way: with TLS, or without it. */
export function refusesWay(error: unknown): boolean {
  return codeOf(error) === '28000' || isTls(error, codeOf(error))
}

/** @param waited milliseconds */
export function noneFree(waited: number): AludelError {
  return new AludelError(
    'LOCK_NOT_OBTAINED',
    `PostgreSQL did not answer within ${Math.round(waited / 1000)} s: others have all connections that the pooler before it may open.`,
    {
      state: 'Nothing was changed.',
      fix: 'Run again when they have ended (--lock-wait waits longer), or let DIRECT_URL name the server without the pooler.',
      details: { waited },
    },
  )
}

/** An attempt to connect that failed. Shows no password, also when the driver's text does. */
export function connectError(
  error: unknown,
  destination: Destination,
  { password, tls: { mode } }: Pick<Target, 'password' | 'tls'>,
): AludelError {
  const said = withoutPassword(describe(error), destination, password)
  const { code, message, fix } = explain(error, said, destination, mode)
  const sqlState = codeOf(error)
  return new AludelError(code, message, {
    state: 'Nothing was read or changed.',
    fix,
    details: { ...destination, ...(sqlState === undefined ? {} : { reason: sqlState }) },
    cause: said === describe(error) ? error : Object.assign(new Error(said), { code: sqlState }),
  })
}

interface Explanation {
  readonly code: ErrorCode
  readonly message: string
  readonly fix: string
}

function explain(
  error: unknown,
  said: string,
  { host, port, user, database }: Destination,
  mode: SslMode,
): Explanation {
  const server = `PostgreSQL at ${host.includes(':') ? `[${host}]` : host}:${port}`
  const reason = codeOf(error)
  if (reason === '3D000') {
    return {
      code: 'DATABASE_MISSING',
      message: `${server} has no database ${database}.`,
      fix: `Create it (createdb ${database}), or correct the URL; aludel never creates a database.`,
    }
  }
  if (reason === '42501') {
    return {
      code: 'PERMISSION',
      message: `${server} does not let user ${user} into database ${database}: ${said}.`,
      fix: `Let somebody who may run: grant connect on database ${quote(database ?? '')} to ${quote(user ?? '')};`,
    }
  }
  if (reason === '28P01' || reason === '28000' || said.startsWith('SASL')) {
    return {
      code: 'AUTHENTICATION',
      message: `${server} did not let user ${user} into database ${database}: ${said}.`,
      fix:
        mode === 'disable'
          ? 'Correct the user or password of the URL; where the server wants TLS, add sslmode=require.'
          : 'Correct the user or password of the URL; where the server wants a certificate, name it by sslcert and sslkey.',
    }
  }
  const where = `${server} (database ${database}, user ${user})`
  if (isTls(error, reason)) {
    return {
      code: 'DATABASE_UNREACHABLE',
      message: `TLS with ${where} failed under sslmode=${mode}: ${said}.`,
      fix: tlsFix(error, reason),
    }
  }
  if (isSqlState(reason)) {
    return {
      code: 'DATABASE_UNREACHABLE',
      message: `${where} refused the connection: ${said}.`,
      fix: 'Try again when the server can take the connection, or correct the URL.',
    }
  }
  return {
    code: 'DATABASE_UNREACHABLE',
    message: `${where} cannot be reached: ${said}.`,
    fix: 'Start the server, or correct host and port of the URL.',
  }
}

function tlsFix(error: unknown, reason = ''): string {
  if (hasNoTls(error)) {
    return 'Turn TLS on at the server, or let the URL say sslmode=prefer or sslmode=disable.'
  }
  if (/HOSTNAME|ALTNAME/.test(reason)) {
    return 'Name the host as its certificate does, or let the URL say sslmode=verify-ca, which takes any name.'
  }
  return 'Name the root certificate of the server by sslrootcert in the URL, or let it say sslmode=require, which checks none.'
}

function isSqlState(reason: string | undefined): boolean {
  return reason !== undefined && /^[\dA-Z]{5}$/.test(reason) && /\d/.test(reason)
}

function isTls(error: unknown, reason: string | undefined): boolean {
  if (hasNoTls(error) || (error instanceof Error && error.message.endsWith('an SSL connection'))) return true
  return (
    reason !== undefined &&
    /^(?:ERR_SSL|ERR_TLS|ERR_OSSL|EPROTO|CERT_|HOSTNAME_|INVALID_CA|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/.test(
      reason,
    )
  )
}

/** Its text without the full stop. For a name with two addresses that is in the errors inside. */
function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const first =
    error instanceof AggregateError ? error.errors.find((each) => each instanceof Error) : undefined
  const text = error.message || (first instanceof Error ? first.message : '') || codeOf(error) || error.name
  return text.replace(/\.$/, '')
}

function withoutPassword(
  text: string,
  { user, database, host }: Destination,
  password: string | undefined,
): string {
  // Where the password is also a name that is shown anyway, masking it would tell more.
  return password === undefined || [user, database, host].includes(password)
    ? text
    : text.replaceAll(password, '***')
}
