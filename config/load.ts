/** Makes a project's settings from its configuration, the environment and the options of a command. */
import path from 'node:path'
import type { Settings } from '../src/config.ts'
import type { Dialect } from '../src/dialect.ts'
import { AludelError } from '../src/errors.ts'
import { type CheckedConfig, checkConfig } from './check.ts'
import { absoluteUrl, databaseUrl, urlVariables } from './database-url.ts'
import { dialectOfUrl, loadDialect } from './dialects.ts'
import type { Environment } from './environment.ts'
import { findConfig } from './find.ts'
import { isWord, secretsOf } from './url.ts'

export interface LoadOptions {
  /** Absolute. */
  readonly cwd: string
  readonly env: Environment
  /** A configuration file, relative to `cwd`; default ALUDEL_CONFIG, else the one that is found. */
  readonly config?: string
  readonly url?: string
  /** A name, a package, or a path relative to `cwd`. */
  readonly dialect?: string
}

/**
 * Reads and checks the configuration. Loads no dialect and connects to nothing before the settings are asked.
 * @throws {AludelError} CONFIG_NOT_FOUND, CONFIG_FAILED, CONFIG_INVALID
 */
export async function loadSettings(options: LoadOptions): Promise<Settings> {
  const { cwd, env } = options
  const given = [options.url, ...urlVariables.map((name) => env[name])]
  const secretsIn = (urls: readonly (string | undefined)[]): readonly string[] =>
    urls.flatMap((each) => (each ? secretsOf(each) : []))
  const found = await findConfig({
    cwd,
    file: options.config ?? (env['ALUDEL_CONFIG'] || undefined),
    secrets: secretsIn(given),
  })
  const config = checkConfig(found.value, { file: found.file, env })
  const url = once(() => databaseUrl({ cwd, env, option: options.url, found, config }))
  const { schema, revisionTable = 'aludel_revision', journalTable = 'aludel_journal' } = config.ledger ?? {}
  return {
    root: found.root,
    file: found.file,
    migrations: config.migrations.map((folder) => path.resolve(found.root, folder)),
    url,
    dialect: once(() => dialectFor(config, { ...options, root: found.root, url })),
    entities: { root: found.root, paths: entityPaths(config, env) },
    scratchUrl: config.scratchUrl && absoluteUrl(config.scratchUrl, found.root),
    secrets: async () => {
      const known = await url().catch(unlessMissing)
      return secretsIn([...given, config.scratchUrl, known]).filter((secret) => !isWord(secret))
    },
    ledger: { ...(schema !== undefined && { schema }), revisionTable, journalTable },
    lockWait: (config.lockWait ?? 240) * 1000,
    ...(config.lockTimeout !== undefined && { lockTimeout: config.lockTimeout * 1000 }),
    ...(config.statementTimeout !== undefined && { statementTimeout: config.statementTimeout * 1000 }),
    connectTimeout: (config.connectTimeout ?? 60) * 1000,
    owns: config.owns,
    newFiles: config.newFiles,
    filter: config.filter,
    writeHooks: config.writeHooks,
    ...(config.processRevision && { processRevision: config.processRevision }),
  }
}

interface DialectOptions extends Pick<LoadOptions, 'cwd' | 'dialect'> {
  readonly root: string
  readonly url: () => Promise<string>
}

async function dialectFor(config: CheckedConfig, options: DialectOptions): Promise<Dialect> {
  if (options.dialect) return loadDialect(options.dialect, options.cwd)
  if (typeof config.dialect === 'object') return config.dialect
  return loadDialect(config.dialect ?? dialectOfUrl(await options.url()), options.root)
}

/** MIKRO_ORM_CLI_CONFIG is MikroORM's own way to name its configuration. */
function entityPaths({ entities }: CheckedConfig, env: Environment): readonly string[] {
  const named = env['MIKRO_ORM_CLI_CONFIG']
  return entities.length === 0 && named ? [named] : entities
}

/** Without a URL there is none to keep secret: a script needs only the dialect. */
function unlessMissing(error: unknown): undefined {
  if (!(error instanceof AludelError && error.code === 'URL_MISSING')) throw error
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
