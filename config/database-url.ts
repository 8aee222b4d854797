/** Which database: the first place that says. */
import path from 'node:path'
import { AludelError, type ErrorParts } from '../src/errors.ts'
import type { CheckedConfig } from './check.ts'
import type { Environment } from './environment.ts'
import type { FoundConfig } from './find.ts'

/** Environment variables that are looked at, in order. */
export const urlVariables = ['ALUDEL_DATABASE_URL', 'DIRECT_URL', 'DATABASE_URL'] as const

export interface UrlSources {
  /** Absolute; what paths in the option and in variables are relative to. */
  readonly cwd: string
  readonly env: Environment
  /** `--url` */
  readonly option: string | undefined
  readonly found: FoundConfig
  readonly config: CheckedConfig
}

/** @throws {AludelError} URL_MISSING naming the places */
export async function databaseUrl({ cwd, env, option, found, config }: UrlSources): Promise<string> {
  const near = [option, ...urlVariables.map((name) => env[name])].find(Boolean)
  if (near) return absoluteUrl(near, cwd)
  const [missing] = config.urlMissing
  if (missing !== undefined) {
    const message = `No database URL is given: \`url\` in ${found.file} needs the variable ${missing}, which is not set.`
    throw urlMissing(message, found, { fix: `Set ${missing}, or one of ${urlVariables.join(', ')}.` })
  }
  if (config.url !== undefined) return absoluteUrl(config.url, found.root)
  const url = await fromOrmConfig(found, config, env)
  if (url) return url
  const places = `--url, ${urlVariables.join(', ')}, \`url\` in ${found.file}, a mikro-orm.config file`
  throw urlMissing(`No database URL is given in any of: ${places}.`, found, { fix })
}

const fix = 'Set DATABASE_URL, or `url` in the configuration.'

async function fromOrmConfig(
  found: FoundConfig,
  { entities }: CheckedConfig,
  env: Environment,
): Promise<string | undefined> {
  const { ormConfigUrl } = await import('../plugins/mikro-orm/config-url.ts')
  try {
    return await ormConfigUrl({ root: found.root, paths: entities }, env)
  } catch (cause) {
    if (!(cause instanceof AludelError)) throw cause
    throw urlMissing(`No database URL is given, and ${cause.message}`, found, { fix, cause })
  }
}

function urlMissing(message: string, { file }: FoundConfig, parts: ErrorParts): AludelError {
  const places = ['--url', ...urlVariables, `url in ${file}`, 'mikro-orm.config']
  return new AludelError('URL_MISSING', message, { ...parts, details: { places } })
}

/** Makes the path of a SQLite or PGlite URL absolute, and takes a driver out of the scheme (`postgresql+psycopg:`, as SQLAlchemy has it). */
export function absoluteUrl(url: string, base: string): string {
  const plain = url.trim().replace(/^([a-z][a-z0-9.-]*)\+[a-z0-9.-]+:/i, '$1:')
  const [, scheme, slashes = '', rest = ''] = /^(sqlite|file|pglite):(\/\/(?=[^/]))?(.*)$/is.exec(plain) ?? []
  const name = rest.split('?', 1)[0] ?? ''
  if (
    scheme === undefined ||
    name === '' ||
    name === ':memory:' ||
    path.isAbsolute(name) ||
    /^\/\//.test(name)
  )
    return plain
  if (slashes && name.startsWith('localhost/')) return plain
  // A path is percent-decoded when the URL is read.
  const folder = base.replaceAll(/[%?#]/g, encodeURIComponent)
  return `${scheme}:${path.join(folder, name)}${rest.slice(name.length)}`
}
