/** The project's own `mikro-orm.config.*`: where it is, and what it exports. */
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { AludelError } from '../../src/errors.ts'
import { firstLine } from './first-line.ts'
import type { Exports } from './load-module.ts'

/** MikroORM's `Options`, made by another copy of its code: looked at key by key. */
export type OrmOptions = Readonly<Record<string, unknown>>

/**
 * Finds it where MikroORM's own command line does: `mikro-orm.configPaths` of package.json, `src` and the root for
 * TypeScript, then `dist`, `build` or `src` and the root for JavaScript.
 */
export async function findOrmConfig(root: string): Promise<string | undefined> {
  const built = ['dist', 'build'].find((folder) => existsSync(join(root, folder))) ?? 'src'
  const named = (folder: string, extensions: readonly string[]): readonly string[] =>
    extensions.map((extension) => join(folder, `mikro-orm.config.${extension}`))
  const places = [
    ...(await configPaths(root)),
    ...['src', '.'].flatMap((folder) => named(folder, ['ts', 'mts', 'cts'])),
    ...[built, '.'].flatMap((folder) => named(folder, ['js', 'mjs', 'cjs'])),
  ]
  return places.map((place) => resolve(root, place)).find((path) => existsSync(path))
}

async function configPaths(root: string): Promise<readonly string[]> {
  const file = join(root, 'package.json')
  if (!existsSync(file)) return []
  const json: unknown = JSON.parse(await readFile(file, 'utf8'))
  const section = isObject(json) ? json['mikro-orm'] : undefined
  const paths = isObject(section) ? section.configPaths : undefined
  return Array.isArray(paths) ? paths.filter((path) => typeof path === 'string') : []
}

export function isOrmConfigFile(file: string): boolean {
  return /(^|[\\/])mikro-orm\.config\.[cm]?[jt]s$/.test(file)
}

/** Tells a configuration (or a function, promise or list of them) from other exports. */
export function looksLikeOrmConfig(value: unknown): boolean {
  if (Array.isArray(value)) return value.some((each) => looksLikeOrmConfig(each))
  if (!isObject(value))
    return typeof value === 'function' && !/^class\b/.test(Function.prototype.toString.call(value))
  return (
    'then' in value || ['entities', 'entitiesTs', 'driver', 'dbName', 'clientUrl'].some((key) => key in value)
  )
}

/**
 * Unwraps what a configuration module exports: an object, a promise, a function of the context's name, or a list of
 * which the context `default` (else the first) is taken.
 * @throws {AludelError} ENTITIES_INVALID
 */
export async function unwrapOrmConfig(exports: Exports, file: string): Promise<OrmOptions> {
  try {
    const exported: unknown = await ('default' in exports ? exports.default : exports)
    const chosen = Array.isArray(exported) ? (exported.find(isDefaultContext) ?? exported[0]) : exported
    const options: unknown = typeof chosen === 'function' ? await chosen('default') : await chosen
    // A CommonJS module seen through `import` wraps its default once more.
    const inner =
      isObject(options) && options.__esModule === true && 'default' in options
        ? await options.default
        : options
    if (isObject(inner) && !Array.isArray(inner)) return inner
  } catch (cause) {
    throw new AludelError('ENTITIES_INVALID', `${file} failed: ${firstLine(cause)}`, {
      cause,
      details: { file },
    })
  }
  throw new AludelError('ENTITIES_INVALID', `${file} does not export a MikroORM configuration.`, {
    fix: 'export default defineConfig({ entities: […] })',
    details: { file },
  })
}

function isDefaultContext(config: unknown): boolean {
  return isObject(config) && (config.contextName ?? 'default') === 'default'
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

/**
 * The configuration as the user wrote it, but with nothing that connects, caches, logs or runs beside discovery.
 * A key that is set to undefined here is also safe from `MIKRO_ORM_*` variables.
 * @param entities what to discover, as objects
 */
export function offlineOptions(
  options: OrmOptions,
  entities: readonly unknown[],
  driver: unknown,
): OrmOptions {
  const discovery = isObject(options.discovery) ? options.discovery : {}
  return {
    ...options,
    ...Object.fromEntries(connecting.map((key) => [key, undefined])),
    driver,
    dbName: 'none',
    entities,
    entitiesTs: [],
    extensions: [],
    subscribers: [],
    discovery: { ...discovery, warnWhenNoEntities: false, skipSyncDiscovery: undefined },
    metadataCache: { enabled: false },
    ensureDatabase: false,
    ensureIndexes: false,
    preferEnvVars: false,
    debug: false,
    logger: () => {},
  }
}

const connecting = [
  'clientUrl',
  'host',
  'port',
  'user',
  'password',
  'pool',
  'replicas',
  'driverOptions',
  'onCreateConnection',
  'sessionContext',
  'loggerFactory',
  'slowQueryLoggerFactory',
  'resultCache',
  'compiledFunctions',
  'seeder',
  'migrations',
  'entityGenerator',
]
