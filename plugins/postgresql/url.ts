/** Reads a connection URL as libpq does. Nothing here opens or reads a file. */
import { AludelError } from '../../src/errors.ts'

const sslModes = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const
export type SslMode = (typeof sslModes)[number]

export interface Target {
  /** A name, an address, or the folder of a unix socket. */
  readonly host: string
  readonly port: number
  /** Left out what the URL does not say: pg then takes PGUSER, PGDATABASE, PGPASSWORD, or its own default. */
  readonly user?: string
  readonly password?: string
  readonly database?: string
  readonly applicationName?: string
  /** Settings for the server, as on its command line: `-c search_path=app`. */
  readonly options?: string
  /** Milliseconds for one attempt. */
  readonly timeout?: number
  readonly tls: Tls
}

export interface Tls {
  readonly mode: SslMode
  /** Paths of PEM files; `system` as root certificate means the ones that Node trusts. */
  readonly rootCertificate?: string
  readonly certificate?: string
  readonly key?: string
  readonly keyPassword?: string
}

/** @throws {AludelError} URL_INVALID without any of its text: in a wrong URL each part may be the password */
export function parseUrl(url: string): Target {
  if (url.includes('#')) throw invalid('it holds a #, which is written %23')
  const [, authority, path = '', query = ''] =
    /^postgres(?:ql)?:\/\/([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/is.exec(url) ?? []
  if (authority === undefined) throw invalid('it does not begin with postgresql://')
  const at = authority.lastIndexOf('@')
  if (path.includes('@') || query.includes('@')) {
    throw invalid('a / or ? in the user or password is written %2F or %3F, an @ after the host %40')
  }
  if (path.includes('/')) throw invalid('a / in the name of the database is written %2F')
  const parameters = readParameters(query)
  const { host, port } = readHost(authority.slice(at + 1))
  const [, user, , password] = /^([^:]*)(:(.*))?$/s.exec(at < 0 ? '' : authority.slice(0, at)) ?? []
  const where = parameters.get('host') || host || 'localhost'
  return {
    host: where,
    port: readPort(parameters.get('port') ?? port),
    ...given('user', parameters.get('user') ?? decode(user, 'the user')),
    ...given('password', parameters.get('password') ?? decode(password, 'the password')),
    ...given('database', parameters.get('dbname') ?? decode(path, 'the name of the database')),
    ...given('applicationName', parameters.get('application_name')),
    ...given('options', parameters.get('options')),
    ...given('timeout', readSeconds(parameters.get('connect_timeout'))),
    tls: readTls(parameters, where),
  }
}

function readParameters(query: string): ReadonlyMap<string, string> {
  const pairs = query.split('&').filter((pair) => pair !== '')
  return new Map(
    pairs.map((pair) => {
      const [name, value] = pair.split(/=(.*)/s)
      if (name === undefined || value === undefined) throw invalid('a parameter after the ? has no value')
      return [decode(name, 'a parameter') ?? '', decode(value, 'a parameter') ?? '']
    }),
  )
}

function readHost(text: string): { readonly host: string; readonly port: string } {
  if (text.includes(',')) throw invalid('it names several hosts, and only one can be used')
  const [, address, name, port] = /^(?:\[([\da-f:.%]+)\]|([^:[\]]*))(?::([^:]*))?$/is.exec(text) ?? []
  if (address === undefined && name === undefined)
    throw invalid('the host cannot be read; an IPv6 address stands in []')
  return { host: address ?? decode(name, 'the host') ?? '', port: port ?? '' }
}

function readPort(text: string): number {
  if (text === '') return 5432
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw invalid('the port is not a number from 1 to 65535')
  return port
}

/** Nothing, zero or less: no limit of the URL's own. */
function readSeconds(text: string | undefined): number | undefined {
  const seconds = Number(text ?? 0)
  if (Number.isNaN(seconds)) throw invalid('connect_timeout is not a number of seconds')
  return seconds > 0 ? seconds * 1000 : undefined
}

function readTls(parameters: ReadonlyMap<string, string>, host: string): Tls {
  const rootCertificate = parameters.get('sslrootcert')
  return {
    mode: isSocket(host) ? 'disable' : readMode(parameters, host),
    ...given('rootCertificate', rootCertificate),
    ...given('certificate', parameters.get('sslcert')),
    ...given('key', parameters.get('sslkey')),
    ...given('keyPassword', parameters.get('sslpassword')),
  }
}

function readMode(parameters: ReadonlyMap<string, string>, host: string): SslMode {
  // `no-verify` and `ssl=` are other drivers' words.
  const ssl = parameters.get('ssl')
  const asked =
    parameters.get('sslmode') ??
    (ssl === 'true' || ssl === '1' || ssl === 'no-verify' ? 'require' : undefined)
  const root = parameters.get('sslrootcert')
  if (asked === undefined) return root === 'system' ? 'verify-full' : isLoopback(host) ? 'disable' : 'prefer'
  if (asked === 'no-verify') return 'require'
  const mode = sslModes.find((name) => name === asked)
  if (mode === undefined) throw invalid(`sslmode is none of ${sslModes.join(', ')}`)
  // As libpq: who names a root certificate wants it checked.
  if (root === 'system' && mode !== 'verify-full') {
    throw invalid(
      'sslrootcert=system needs sslmode=verify-full: anybody has a certificate of a public authority',
    )
  }
  return mode === 'require' && root ? 'verify-ca' : mode
}

function isSocket(host: string): boolean {
  return host.startsWith('/')
}

function isLoopback(host: string): boolean {
  return /^(?:localhost|.*\.localhost|127(?:\.\d+){3}|::1)$/i.test(host)
}

function decode(text: string | undefined, what: string): string | undefined {
  try {
    return text === undefined ? undefined : decodeURIComponent(text)
  } catch {
    throw invalid(`${what} holds a % that no two hexadecimal digits follow; a % is written %25`)
  }
}

/** Empty means absent. */
function given<K extends string, V extends string | number>(name: K, value: V | undefined): { [_ in K]?: V } {
  // A computed key widens to string.
  return value === undefined || value === '' ? {} : ({ [name]: value } as { [_ in K]: V })
}

function invalid(fault: string): AludelError {
  return new AludelError('URL_INVALID', `The database URL cannot be read: ${fault}.`, {
    fix: 'Write it as postgresql://user:password@host:5432/database, with special characters percent-encoded.',
  })
}
