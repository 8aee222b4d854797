/** The database that a project's `mikro-orm.config.*` connects to, as a URL. */
import { resolve } from 'node:path'
import type { EntitySource } from '../../src/dialect.ts'
import { moduleLoader } from './load-module.ts'
import { type OrmOptions, findOrmConfig, isOrmConfigFile, unwrapOrmConfig } from './orm-config.ts'

const schemes: Readonly<Record<string, string>> = {
  SqliteDriver: 'sqlite',
  LibSqlDriver: 'sqlite',
  PostgreSqlDriver: 'postgresql',
  PgliteDriver: 'pglite',
  MySqlDriver: 'mysql',
  MariaDbDriver: 'mariadb',
}

/**
 * Loads the configuration, so this costs what it imports (MikroORM: 250 ms). Undefined when there is none, or when it
 * names no database that aludel knows.
 * @param env MikroORM fills what the configuration leaves open from `MIKRO_ORM_*`
 * @throws {AludelError} ENTITIES_INVALID when it fails
 */
export async function ormConfigUrl(
  { root, paths }: EntitySource,
  env: Readonly<Record<string, string | undefined>>,
): Promise<string | undefined> {
  const [path] = paths
  const file =
    paths.length === 1 && path !== undefined && isOrmConfigFile(path)
      ? resolve(root, path)
      : await findOrmConfig(root)
  if (file === undefined) return undefined
  const loader = moduleLoader(root)
  try {
    return await urlOf(await unwrapOrmConfig(await loader.load(file), file), env, root)
  } finally {
    await loader.close()
  }
}

async function urlOf(
  options: OrmOptions,
  env: Readonly<Record<string, string | undefined>>,
  root: string,
): Promise<string | undefined> {
  const option = (key: string, variable: string): unknown =>
    options.preferEnvVars ? (env[variable] ?? options[key]) : (options[key] ?? env[variable])
  const text = (key: string, variable: string): string | undefined => {
    const value = option(key, variable)
    return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
  }
  const clientUrl = text('clientUrl', 'MIKRO_ORM_CLIENT_URL')
  const database = text('dbName', 'MIKRO_ORM_DB_NAME')
  const scheme = driverScheme(options.driver) ?? clientUrl?.split(':', 1)[0]
  if (scheme === undefined) return undefined
  if (scheme === 'sqlite' || scheme === 'file') {
    const name = database ?? clientUrl?.replace(/^\w+:(?:\/\/)?/, '')
    if (name === undefined || name === ':memory:') return name && 'sqlite::memory:'
    return `sqlite:${resolve(root, name.replace(/^file:/, '')).replaceAll(/[%?#]/g, encodeURIComponent)}`
  }
  if (scheme === 'pglite') return pgliteUrl(options.driverOptions, database, root)
  const url = URL.parse(clientUrl ?? `${scheme}://localhost`)
  if (!url) return clientUrl
  const password = option('password', 'MIKRO_ORM_PASSWORD')
  const secret: unknown = typeof password === 'function' ? await password() : password
  const part = (value: string | undefined, old: string): string =>
    value === undefined ? old : encodeURIComponent(value)
  const user = part(text('user', 'MIKRO_ORM_USER'), url.username)
  const pass = part(typeof secret === 'string' ? secret : undefined, url.password)
  const host = text('host', 'MIKRO_ORM_HOST') ?? url.hostname
  const port = text('port', 'MIKRO_ORM_PORT') ?? url.port
  const userinfo = user === '' && pass === '' ? '' : `${user}${pass === '' ? '' : `:${pass}`}@`
  const name = database === undefined ? url.pathname.slice(1) : encodeURIComponent(database)
  return `${scheme}://${userinfo}${host}${port === '' ? '' : `:${port}`}/${name}${withTls(url.search, options.driverOptions)}`
}

/** The name of the database is the folder, unless `driverOptions` says that. Undefined where an open PGlite is handed over. */
function pgliteUrl(driverOptions: unknown, database: string | undefined, root: string): string | undefined {
  const option = (key: string): unknown =>
    typeof driverOptions === 'object' && driverOptions !== null ? Reflect.get(driverOptions, key) : undefined
  if (option('pglite') !== undefined) return undefined
  const given = option('dataDir')
  const folder = typeof given === 'string' ? given : database
  if (folder === undefined || folder === '' || folder.startsWith('memory:')) return 'pglite:'
  const escaped = resolve(root, folder.replace(/^file:\/\//, '')).replaceAll(/[%?#]/g, encodeURIComponent)
  return `pglite:${escaped}${typeof given === 'string' && database ? `?database=${encodeURIComponent(database)}` : ''}`
}

/** By the name of the driver's class, or of the one that it extends. */
function driverScheme(driver: unknown): string | undefined {
  for (let each: unknown = driver; typeof each === 'function'; each = Object.getPrototypeOf(each)) {
    const scheme = schemes[each.name]
    if (scheme) return scheme
  }
  return undefined
}

/** MikroORM takes TLS from `driverOptions.ssl` only; a URL says it with `sslmode`. */
function withTls(search: string, driverOptions: unknown): string {
  const ssl: unknown =
    typeof driverOptions === 'object' && driverOptions !== null && 'ssl' in driverOptions
      ? driverOptions.ssl
      : false
  if (!ssl || /[?&]ssl-?mode=/i.test(search)) return search
  const isLax = typeof ssl === 'object' && 'rejectUnauthorized' in ssl && ssl.rejectUnauthorized === false
  return `${search === '' ? '?' : `${search}&`}sslmode=${isLax ? 'require' : 'verify-full'}`
}
