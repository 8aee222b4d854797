/** What the driver throws, in aludel's words. */
import { AludelError, type ErrorCode } from '../../src/errors.ts'
import { quote } from './literal.ts'
import { type Name, titles } from './name.ts'
import type { SslMode, Target } from './url.ts'

/** ER_NO_SUCH_TABLE. */
export const missingTable = 1146

/** Tells whether an error is the server's of that number. */
export function isNumbered(error: unknown, number: number): boolean {
  return error instanceof Error && 'errno' in error && error.errno === number
}

/** An attempt to connect that failed. */
export function connectError(name: Name, cause: unknown, target: Target): AludelError {
  const { host, port, socketPath, user, database, ssl } = target
  const at = socketPath ?? `${host.includes(':') ? `[${host}]` : host}:${port}`
  const said = describe(cause)
  const { code, message, fix } = explain(cause, {
    server: `${titles[name]} at ${at}`,
    user: user === undefined ? 'no user' : `user ${user}`,
    database,
    said,
    mode: ssl,
  })
  return new AludelError(code, message, {
    state: 'Nothing was read or changed.',
    fix,
    details: {
      host,
      port,
      database,
      ...(user === undefined ? {} : { user }),
      ...(socketPath ? { socketPath } : {}),
    },
    cause,
  })
}

interface Facts {
  readonly server: string
  readonly user: string
  readonly database: string
  readonly said: string
  readonly mode: SslMode
}

interface Explanation {
  readonly code: ErrorCode
  readonly message: string
  readonly fix: string
}

function explain(cause: unknown, { server, user, database, said, mode }: Facts): Explanation {
  const isAnyOf = (numbers: readonly number[]): boolean => numbers.some((number) => isNumbered(cause, number))
  if (isAnyOf(badDatabase)) {
    return {
      code: 'DATABASE_MISSING',
      message: `${server} has no database ${database}.`,
      fix: `Create it (create database ${database}), or correct the URL; aludel never creates a database.`,
    }
  }
  if (isAnyOf(databaseDenied)) {
    return {
      code: 'PERMISSION',
      message: `${server} does not let ${user} into database ${database}: ${said}.`,
      fix: `Correct the database of the URL, or let somebody who may run: grant all privileges on ${quote(database)}.* to ${accountIn(said)};`,
    }
  }
  if (isAnyOf(accessDenied) || reasonOf(cause) === 'AUTH_SWITCH_PLUGIN_ERROR') {
    return {
      code: 'AUTHENTICATION',
      message: `${server} did not accept ${user} for database ${database}: ${said}.`,
      fix: `Correct the user or password of the URL${mode === 'disabled' ? '; where the login needs TLS, add ssl-mode=REQUIRED' : ''}.`,
    }
  }
  const where = `${server} (database ${database}, ${user})`
  if (isTls(cause)) {
    return {
      code: 'DATABASE_UNREACHABLE',
      message: `TLS with ${where} failed under ssl-mode=${mode.toUpperCase()}: ${said}.`,
      fix: tlsFix(cause, said, mode),
    }
  }
  return {
    code: 'DATABASE_UNREACHABLE',
    message: `${where} cannot be reached: ${said}.`,
    fix: isAnyOf(full)
      ? 'Wait until other clients have gone, or raise the limit of connections.'
      : 'Start the server, or correct host and port of the URL.',
  }
}

/** `'app'@'%'`, as it is granted to. */
function accountIn(said: string): string {
  return /for user ('.*'@'.*') to database/.exec(said)?.[1] ?? 'the user'
}

function tlsFix(cause: unknown, said: string, mode: SslMode): string {
  if (isNumbered(cause, secureTransport))
    return 'The server takes TLS only: let the URL say ssl-mode=REQUIRED.'
  if (hasNoTls(cause)) {
    return 'Turn TLS on at the server, or let the URL say ssl-mode=PREFERRED or ssl-mode=DISABLED.'
  }
  // The driver hides Node's code of this.
  if (mode === 'verify_identity' && /^Hostname/.test(said)) {
    return 'Name the host as its certificate does, or let the URL say ssl-mode=VERIFY_CA, which takes any name.'
  }
  return 'Name the root certificate of the server by ssl-ca in the URL, or let it say ssl-mode=REQUIRED, which checks none.'
}

// Numbers, since the driver knows the names of MySQL's alone.
const badDatabase = [1049]
const databaseDenied = [1044]
/** Wrong password, none, expired (two), locked (MySQL, MariaDB). */
const accessDenied = [1045, 1698, 1820, 1862, 3118, 4151]
/** Of the server, of the user on all servers, of the user on this one. */
const full = [1040, 1203, 1226]
/** ER_SECURE_TRANSPORT_REQUIRED. */
const secureTransport = 3159

function isTls(cause: unknown): boolean {
  if (isNumbered(cause, secureTransport)) return true
  const reason = reasonOf(cause)
  return (
    reason !== undefined &&
    /^(?:HANDSHAKE_|ERR_SSL|ERR_TLS|ERR_OSSL|EPROTO|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED)/.test(reason)
  )
}

/**
 * Tells whether there were as many connections as there may be, or a session was lost: who only waits has lost nothing by it. A
 * server that cannot be connected to for another reason has been tried for long enough.
 */
export function mayWaitOn(error: unknown): boolean {
  if (!(error instanceof AludelError)) return isTransient(error) || isClosed(error)
  return full.some((number) => isNumbered(error.cause, number))
}

/** Tells whether no statement can follow on the connection; its socket's own end may be seen only later. */
export function endsConnection(error: unknown): boolean {
  return isClosed(error) || (error instanceof Error && 'fatal' in error && error.fatal === true)
}

/** What the driver says of a connection that it has seen the end of. */
function isClosed(error: unknown): boolean {
  return error instanceof Error && /closed state$/.test(error.message)
}

/** Tells whether the server was away, starting or full, when it was connected to or while a statement ran. */
export function isTransient(error: unknown): boolean {
  if (error instanceof AludelError) return error.code === 'DATABASE_UNREACHABLE' && isTransient(error.cause)
  return away.some((number) => isNumbered(error, number)) || awayCodes.test(reasonOf(error) ?? '')
}

/** Full; ER_SERVER_SHUTDOWN; ER_NET_… of both directions; ER_CONNECTION_KILLED of MariaDB, ER_CLIENT_INTERACTION_TIMEOUT of MySQL. */
const away = [...full, 1053, 1158, 1159, 1160, 1161, 1927, 4031]
const awayCodes =
  /^(?:ECONN\w+|ETIMEDOUT|EPIPE|ENET\w+|EHOST\w+|ENOTFOUND|EAI_AGAIN|ENOENT|PROTOCOL_CONNECTION_LOST)$/

/** ER_OPTION_PREVENTS_STATEMENT, which speaks of other options too; of a read-only transaction; MySQL's ER_READ_ONLY_MODE. */
export function isReadOnly(error: unknown): error is Error {
  if (isNumbered(error, 1290)) return error instanceof Error && /read[-_]only/.test(error.message)
  return isNumbered(error, 1792) || isNumbered(error, 1836)
}

export function readOnly(cause: Error): AludelError {
  const { message } = cause
  return new AludelError('READ_ONLY', `The database can only be read: ${message}.`, {
    state: 'Nothing was changed.',
    fix: 'Let the URL name the primary server, not a replica; where it is the primary, let somebody who may run: set global read_only = 0;',
    cause,
  })
}

/** Tells whether an attempt with TLS failed because the server has none. */
export function hasNoTls(cause: unknown): boolean {
  return reasonOf(cause) === 'HANDSHAKE_NO_SSL_SUPPORT'
}

function reasonOf(cause: unknown): string | undefined {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' ? cause.code : undefined
}

/** Without a full stop. A name with two addresses gives one error for each and no text. */
function describe(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  const first =
    cause instanceof AggregateError ? cause.errors.find((each) => each instanceof Error) : undefined
  const text = cause.message || (first instanceof Error ? first.message : '') || reasonOf(cause) || cause.name
  return text.replace(/\.$/, '')
}
