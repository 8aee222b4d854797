/** Reads a connection URL. Nothing here opens or reads a file. */
import { isIP } from 'node:net'
import { AludelError } from '../../src/errors.ts'

export type SslMode = 'disabled' | 'preferred' | 'required' | 'verify_ca' | 'verify_identity'

export interface Target {
  readonly host: string
  readonly port: number
  readonly user: string | undefined
  readonly password: string | undefined
  readonly database: string
  /** A Unix socket; host and port are not used then. */
  readonly socketPath: string | undefined
  /** Milliseconds for one attempt. */
  readonly timeout: number | undefined
  readonly ssl: SslMode
  /** Path of a PEM file. */
  readonly ca: string | undefined
}

/** @throws {AludelError} URL_INVALID, without a word of the URL's text: any part of it may be the password */
export function parseUrl(text: string): Target {
  checkForm(text)
  const url = URL.parse(text)
  if (!url) throw invalid('the host cannot be read; an IPv6 address stands in []')
  const database = decode(url.pathname.slice(1))
  if (database === '') throw invalid('it names no database')
  const parameters = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]))
  const host = decode(url.hostname.replace(/^\[(.*)\]$/, '$1')) || 'localhost'
  const socketPath = parameters.get('socketpath') ?? parameters.get('socket')
  const ssl = readSsl(parameters) ?? (socketPath !== undefined || isLoopback(host) ? 'disabled' : 'preferred')
  // The driver would compare the certificate with the name localhost.
  if (ssl === 'verify_identity' && isIP(host)) {
    throw invalid('VERIFY_IDENTITY needs the name of the host; with an address there is VERIFY_CA')
  }
  return {
    host,
    port: Number(url.port || 3306),
    user: decode(url.username) || parameters.get('user'),
    password: decode(url.password) || parameters.get('password'),
    database,
    socketPath,
    timeout: readTimeout(parameters),
    ssl,
    ca: parameters.get('ssl-ca') ?? parameters.get('sslca') ?? parameters.get('sslrootcert'),
  }
}

/** What a parser takes for something else, or refuses without a reason. */
function checkForm(text: string): void {
  if (/\p{Cc}/u.test(text)) throw invalid('it holds a line end or another control character')
  if (text.includes('#')) throw invalid('it holds a #, which is written %23')
  const [, authority, path = '', query = ''] = /^\w+:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(text) ?? []
  if (authority === undefined) throw invalid('it does not begin with mysql:// or mariadb://')
  if (path.includes('@') || query.includes('@')) {
    throw invalid('a / or ? in the user or password is written %2F or %3F, an @ after the host %40')
  }
  if (path.includes('/')) throw invalid('a / in the name of the database is written %2F')
  const host = authority.slice(authority.lastIndexOf('@') + 1)
  if (host.includes(',')) throw invalid('it names several hosts, and only one can be used')
  const port = /^(?:\[[^\]]*\]|[^:[\]]*):(.*)$/.exec(host)?.[1] ?? ''
  if (port !== '' && (!/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535)) {
    throw invalid('the port is not a number from 1 to 65535')
  }
}

/** `connect_timeout` in seconds, as everywhere; `connectTimeout` in milliseconds, as mysql2's. */
function readTimeout(parameters: ReadonlyMap<string, string>): number | undefined {
  const seconds = parameters.get('connect_timeout')
  const text = seconds ?? parameters.get('connecttimeout')
  if (text === undefined) return undefined
  const number = Number(text) * (seconds === undefined ? 1 : 1000)
  if (Number.isNaN(number)) throw invalid('connect_timeout is not a number of seconds')
  return number > 0 ? number : undefined
}

/** The words of MySQL's client, of libpq, of Prisma (`sslaccept`) and of mysql2 for the same five. */
const sslWords: Readonly<Record<string, SslMode>> = {
  disabled: 'disabled',
  disable: 'disabled',
  false: 'disabled',
  '0': 'disabled',
  preferred: 'preferred',
  prefer: 'preferred',
  required: 'required',
  require: 'required',
  accept_invalid_certs: 'required',
  verify_ca: 'verify_ca',
  verify_identity: 'verify_identity',
  verify_full: 'verify_identity',
  strict: 'verify_identity',
  true: 'verify_identity',
  '1': 'verify_identity',
}

function readSsl(parameters: ReadonlyMap<string, string>): SslMode | undefined {
  const text = ['ssl-mode', 'ssl_mode', 'sslmode', 'ssl', 'sslaccept']
    .map((name) => parameters.get(name))
    .find(Boolean)
  if (text === undefined) return undefined
  if (text.startsWith('{'))
    return /"rejectUnauthorized"\s*:\s*false/.test(text) ? 'required' : 'verify_identity'
  const mode = sslWords[text.toLowerCase().replaceAll('-', '_')]
  if (!mode) throw invalid('ssl-mode is none of DISABLED, PREFERRED, REQUIRED, VERIFY_CA, VERIFY_IDENTITY')
  return mode
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1)$/i.test(host)
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid('it holds a % that no two hexadecimal digits follow; a % is written %25')
  }
}

function invalid(fault: string): AludelError {
  return new AludelError('URL_INVALID', `The database URL cannot be read: ${fault}.`, {
    fix: 'Write it as mysql://user:password@host:3306/database, special characters of a part percent-encoded.',
  })
}
