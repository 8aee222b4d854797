/** Reads the history of a project's own MikroORM migrator. Opens no connection. */
import { createRequire } from 'node:module'
import path from 'node:path'
import type { AbstractSqlDriver, MikroORM } from '@mikro-orm/sql'
import type { EntitySource, MigrationHistory, RecordedMigration, RecordedWay } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { firstLine } from './first-line.ts'
import { type ModuleLoader, moduleLoader } from './load-module.ts'
import { type FoundMigration, type FoundMigrations, findMigrations } from './migration-files.ts'
import { type OrmOptions, findOrmConfig, isObject, offlineOptions, unwrapOrmConfig } from './orm-config.ts'
import { migratorTable } from './migrator-table.ts'
import type { PlatformName } from './platform.ts'
import { type ProjectEntities, projectEntities } from './project-entities.ts'
import { recordingDriver } from './record-migration.ts'

/** @throws {AludelError} MIKRO_ORM_MISSING, ENTITIES_INVALID, MIGRATIONS_UNREADABLE */
export async function readMigrations(name: PlatformName, source: EntitySource): Promise<MigrationHistory> {
  const { root } = source
  const loader = moduleLoader(root)
  try {
    const project = await projectEntities(name, source)
    const { file, config } = await configuration(project, root, loader)
    requireMigrations(root, file)
    const orm = await offline(project, config)
    const options: OrmOptions = { ...orm.config.get('migrations') }
    const base = path.resolve(root, typeof config.baseDir === 'string' ? config.baseDir : '.')
    const preferTs =
      typeof config.preferTs === 'boolean' ? config.preferTs : file === undefined || /\.[cm]?ts$/.test(file)
    const found = await findMigrations({ base, options, preferTs, loader })
    if (found.found.length === 0) throw noneFound(found, root)
    return {
      migrations: await record(orm, options, found.found),
      table: migratorTable(
        options,
        orm.config.get('schema') ?? orm.driver.getPlatform().getDefaultSchemaName(),
      ),
      folder: found.folder,
      warnings: warningsFor(options),
    }
  } finally {
    await loader.close()
  }
}

interface Configured {
  /** Absolute; undefined when there is none. */
  readonly file: string | undefined
  readonly config: OrmOptions
}

/** Where aludel is told where the entities are, MikroORM's configuration is looked for all the same. */
async function configuration(
  { options }: ProjectEntities,
  root: string,
  loader: ModuleLoader,
): Promise<Configured> {
  const file = await findOrmConfig(root)
  if (Object.keys(options).length > 0 || file === undefined) return { file, config: options }
  return { file, config: await unwrapOrmConfig(await loader.load(file), file) }
}

/** Their files import it; the error of a module that is not found would name one of them. */
function requireMigrations(root: string, file: string | undefined): void {
  for (const place of [...(file === undefined ? [] : [file]), path.join(root, 'package.json')]) {
    try {
      createRequire(place).resolve('@mikro-orm/migrations')
      return
    } catch {
      // The next place may have it.
    }
  }
  throw new AludelError('MIKRO_ORM_MISSING', '@mikro-orm/migrations cannot be found from the project.', {
    state: 'Nothing was written.',
    fix: 'npm install @mikro-orm/migrations (the version of @mikro-orm/core): the migrations are classes that extend its `Migration`.',
    details: { missing: ['@mikro-orm/migrations'] },
  })
}

async function offline(
  { orm, entities }: ProjectEntities,
  config: OrmOptions,
): Promise<MikroORM<AbstractSqlDriver>> {
  const migrations = isObject(config.migrations) ? config.migrations : {}
  const options = { ...offlineOptions(config, entities, orm.driver), migrations } as never
  try {
    return await orm.MikroORM.init(options)
  } catch (cause) {
    throw new AludelError('ENTITIES_INVALID', `MikroORM refuses its configuration: ${firstLine(cause)}`, {
      state: 'Nothing was written.',
      fix: 'Correct what it names; --debug prints all that MikroORM says.',
      cause,
    })
  }
}

async function record(
  orm: MikroORM<AbstractSqlDriver>,
  options: OrmOptions,
  found: readonly FoundMigration[],
): Promise<readonly RecordedMigration[]> {
  const driver = recordingDriver(orm.driver, orm.config)
  const helper = orm.driver.getPlatform().getSchemaHelper()
  const off = options.disableForeignKeys === true && helper !== undefined
  const charset = String(orm.config.get('charset') ?? 'utf8mb4')
  const framed = (way: RecordedWay): RecordedWay => {
    if (!off || way.texts.length === 0) return way
    const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line.trim() !== '')
    const [begin, end] = [helper.getSchemaBeginning(charset, true), helper.getSchemaEnd(true)]
    return { ...way, texts: [...lines(begin), ...way.texts, ...lines(end)] }
  }
  const recorded: RecordedMigration[] = []
  for (const { name, path: file, load } of found) {
    const type = await load()
    const up = await driver.record(type, 'up')
    if (up.refuses !== undefined) throw failed(name, file, up.refuses)
    const own = new type(orm.driver, orm.config).isTransactional()
    recorded.push({
      name,
      path: file,
      transactional: own && options.transactional === false ? 'unsaid' : own,
      up: framed(up),
      down: framed(await driver.record(type, 'down')),
    })
  }
  return recorded
}

function warningsFor({ schema }: OrmOptions): readonly string[] {
  if (typeof schema !== 'string') return []
  return [
    `MikroORM runs these migrations in the schema ${schema} (\`migrations.schema\`). aludel runs them where its connection is: let the search path of the URL begin with it.`,
  ]
}

function failed(name: string, file: string | undefined, said: string): AludelError {
  return new AludelError(
    'MIGRATIONS_UNREADABLE',
    `\`up\` of ${name}${file === undefined ? '' : ` (${file})`} fails without a database: ${said}`,
    {
      state: 'Nothing was written.',
      fix: 'Let it run in this environment (a variable that it reads may be missing), or correct it.',
      details: { migration: name, file },
    },
  )
}

function noneFound({ looked }: FoundMigrations, root: string): AludelError {
  const places = looked.map((folder) => path.relative(root, folder) || '.').join(' and ')
  return new AludelError(
    'MIGRATIONS_UNREADABLE',
    `There are no migrations of MikroORM in ${places || 'its list'}.`,
    {
      state: 'Nothing was written.',
      fix: 'Correct `migrations` in the configuration of MikroORM (path, pathTs, glob), or the project has none to adopt.',
      details: { looked },
    },
  )
}
