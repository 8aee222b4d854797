/** The project's `Migration` classes: those of a list in its configuration, else those in files, found as MikroORM finds them. */
import { existsSync } from 'node:fs'
import { glob } from 'node:fs/promises'
import path from 'node:path'
import { AludelError } from '../../src/errors.ts'
import type { Exports, ModuleLoader } from './load-module.ts'
import { type OrmOptions, isObject } from './orm-config.ts'

/** What is called of a class that extends `Migration`. */
export interface Migration {
  readonly name?: unknown
  up(): unknown
  down(): unknown
  isTransactional(): boolean
  getQueries(): readonly unknown[]
}

export type MigrationClass = new (driver: unknown, config: unknown) => Migration

export interface FoundMigration {
  readonly name: string
  /** Absolute; undefined for one of a list. */
  readonly path: string | undefined
  load(): Promise<MigrationClass>
}

export interface MigrationPlace {
  /** Absolute: what folders are relative to. */
  readonly base: string
  /** MikroORM's `migrations`, defaults filled in. */
  readonly options: OrmOptions
  /** Files are looked for where TypeScript is, first. */
  readonly preferTs: boolean
  readonly loader: ModuleLoader
}

export interface FoundMigrations {
  readonly found: readonly FoundMigration[]
  /** Absolute; undefined for a list. */
  readonly folder: string | undefined
  /** Absolute: where was looked. */
  readonly looked: readonly string[]
}

/** In the order in which MikroORM runs them; of one that is there as TypeScript and as JavaScript, one. */
export async function findMigrations(place: MigrationPlace): Promise<FoundMigrations> {
  const { options } = place
  if (Array.isArray(options.migrationsList)) {
    const list: readonly unknown[] = options.migrationsList
    return { found: list.map(listed), folder: undefined, looked: [] }
  }
  const looked = foldersOf(place)
  for (const folder of looked) {
    const found = await filesIn(folder, place)
    if (found.length > 0) return { found, folder, looked }
  }
  return { found: [], folder: undefined, looked }
}

/** As MikroORM's `detectSourceFolder` finds them where the configuration says nothing. */
function foldersOf({ base, options, preferTs }: MigrationPlace): readonly string[] {
  const has = (folder: string): boolean => existsSync(path.join(base, folder))
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  let [built, source] = [text(options.path), text(options.pathTs)]
  if (built === undefined && source === undefined && has('src') && !has('migrations')) {
    built = `${['dist', 'build'].find(has) ?? 'src'}/migrations`
    source = 'src/migrations'
  }
  const order = preferTs ? [source, built ?? 'migrations'] : [built ?? 'migrations', source]
  const folders = order.filter((each) => each !== undefined).map((each) => path.resolve(base, each))
  return [...new Set(folders)]
}

async function filesIn(
  folder: string,
  { options, preferTs, loader }: MigrationPlace,
): Promise<readonly FoundMigration[]> {
  if (!existsSync(folder)) return []
  const files: string[] = []
  for await (const entry of glob(String(options.glob), { cwd: folder, withFileTypes: true })) {
    if (entry.isFile()) files.push(path.join(entry.parentPath, entry.name))
  }
  const byName = new Map<string, string>()
  for (const file of files.toSorted()) {
    const name = migrationName(path.basename(file))
    if (!byName.has(name) || /\.ts$/.test(file) === preferTs) byName.set(name, file)
  }
  return [...byName].map(([name, file]) => ({
    name,
    path: file,
    load: async () => classIn(await loader.load(file), file),
  }))
}

/** The name in MikroORM's table: a file's without its extension. */
function migrationName(name: string): string {
  return name.replace(/\.[jt]s$/, '')
}

/** MikroORM takes the first function that a module exports. */
function classIn(module: Exports, file: string): MigrationClass {
  const { default: other } = module
  const exported = [...Object.values(module), ...(isObject(other) ? Object.values(other) : [])]
  const found = exported.find(isMigrationClass)
  if (found) return found
  throw new AludelError('MIGRATIONS_UNREADABLE', `${file} exports no class with \`up\`.`, {
    state: 'Nothing was written.',
    fix: 'Move what is no migration elsewhere, or narrow `migrations.glob` in the configuration of MikroORM.',
    details: { file },
  })
}

function listed(entry: unknown): FoundMigration {
  const named = isObject(entry) ? entry : { class: entry }
  const found = named['class']
  if (!isMigrationClass(found)) {
    throw new AludelError('MIGRATIONS_UNREADABLE', 'An entry of `migrationsList` is no migration class.', {
      state: 'Nothing was written.',
      fix: 'Correct `migrations.migrationsList` in the configuration of MikroORM.',
    })
  }
  const own = new found(undefined, undefined).name
  const name = [named['name'], own, found.name].find((each) => typeof each === 'string')
  return { name: migrationName(String(name)), path: undefined, load: async () => found }
}

function isMigrationClass(value: unknown): value is MigrationClass {
  return typeof value === 'function' && isObject(value.prototype) && typeof value.prototype.up === 'function'
}
