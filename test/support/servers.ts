/** Finds the database servers that the tests run on, or starts them, before the first test. */
import type { TestProject } from 'vitest/node'
import { newCanary, withCanary } from './login.ts'
import { pgliteVersion } from './pglite.ts'
import { serverVersion, sql } from './sql.ts'
import { pgbouncerVersion, startMariadb, startPostgres, type Throwaway } from './throwaway.ts'

export const dialectNames = ['sqlite', 'postgresql', 'mariadb', 'mysql', 'pglite'] as const
export type DialectName = (typeof dialectNames)[number]
/** Those that need a server. */
export type ServerName = Exclude<DialectName, 'sqlite' | 'pglite'>

/** A server that answers, or why there is none. */
export type Server = { readonly url: string; readonly version: string } | { readonly missing: string }

/** A pooler that can be started in front of the PostgreSQL server, or why there is none. */
export type Pooler = { readonly version: string } | { readonly missing: string }

declare module 'vitest' {
  interface ProvidedContext {
    servers: Readonly<Record<DialectName, Server>>
    /** A password that stands in the URLs of servers and databases; nothing that is printed or kept may hold a piece of it. */
    canary: string
    pgbouncer: Pooler
  }
}

interface Wanted {
  readonly product: string
  /** The environment variable that names a server; the server that it names must answer. */
  readonly variable: string
  /** Where else to look. */
  readonly url: string
  /** @throws why none can be started here */
  readonly start?: () => Promise<Throwaway>
}

const wanted: Readonly<Record<ServerName, Wanted>> = {
  postgresql: {
    product: 'PostgreSQL',
    variable: 'TEST_POSTGRES_URL',
    url: 'postgresql://postgres@127.0.0.1:5432/postgres',
    start: () => startPostgres(),
  },
  mariadb: {
    product: 'MariaDB',
    variable: 'TEST_MARIADB_URL',
    url: 'mariadb://root@127.0.0.1:3306',
    start: () => startMariadb(),
  },
  mysql: { product: 'MySQL', variable: 'TEST_MYSQL_URL', url: 'mysql://root@127.0.0.1:3306' },
}

/** Vitest calls it before the run; what it returns, after the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const started: Throwaway[] = []
  const stop = async () => {
    await Promise.all(started.map((server) => server.stop()))
  }
  const servers = {
    sqlite: {
      url: 'sqlite:',
      version: `SQLite ${String((await sql('sqlite::memory:', 'select sqlite_version()'))[0]?.[0])}`,
    },
    postgresql: await find(wanted.postgresql, started),
    mariadb: await find(wanted.mariadb, started),
    mysql: await find(wanted.mysql, started),
    pglite: { url: 'pglite:', version: await pgliteVersion() },
  }
  const pgbouncer = findPooler(servers.postgresql)
  const { postgresql, mariadb } = servers
  for (const [name, found] of Object.entries(process.env['CI'] ? { postgresql, mariadb, pgbouncer } : {})) {
    if (!('missing' in found)) continue
    await stop()
    throw new Error(`CI tests every dialect but mysql, and there is no ${name}: ${found.missing}`)
  }
  const canary = newCanary()
  const logins: { remove(): Promise<void> }[] = []
  for (const name of ['postgresql', 'mariadb', 'mysql'] as const) {
    const server = servers[name]
    if ('missing' in server) continue
    const login = await withCanary(name, server.url, canary)
    logins.push(login)
    servers[name] = { ...server, url: login.url }
  }
  project.provide('canary', canary)
  project.provide('servers', servers)
  project.provide('pgbouncer', pgbouncer)
  return async () => {
    for (const login of logins) await login.remove()
    await stop()
  }
}

function findPooler(behind: Server): Pooler {
  if ('missing' in behind) return { missing: 'there is no PostgreSQL' }
  try {
    return { version: pgbouncerVersion() }
  } catch (error) {
    return { missing: reason(error) }
  }
}

async function find(server: Wanted, started: Throwaway[]): Promise<Server> {
  const named = process.env[server.variable]
  const url = named || server.url
  const found = await answer(server.product, url)
  if (!('missing' in found)) return found
  if (named) return { missing: `${server.variable}: ${found.missing}` }
  const missing = `${server.variable} is not set, ${found.missing}`
  try {
    const own = await server.start?.()
    if (own) started.push(own)
    return own ? { url: own.url, version: `${own.version}, started for this run` } : { missing }
  } catch (error) {
    return { missing: `${missing}, ${reason(error)}` }
  }
}

async function answer(product: string, url: string): Promise<Server> {
  try {
    const version = await serverVersion(url)
    return version.startsWith(product) ? { url, version } : { missing: `${new URL(url).host} is ${version}` }
  } catch (error) {
    return { missing: reason(error) }
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message || error.name : String(error)
}
