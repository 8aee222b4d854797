/** Gathers a project's entities: from the modules that it names, or from its MikroORM configuration. */
import { dirname, extname, relative, resolve } from 'node:path'
import type { EntitySource } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { exportedEntities } from './exported-entities.ts'
import { type Exports, type Import, type ModuleLoader, moduleLoader } from './load-module.ts'
import { locate } from './locate.ts'
import {
  type OrmOptions,
  findOrmConfig,
  isOrmConfigFile,
  looksLikeOrmConfig,
  unwrapOrmConfig,
} from './orm-config.ts'
import type { PlatformName } from './platform.ts'
import { type UserOrm, resolveOrm } from './resolve-orm.ts'

export interface ProjectEntities {
  readonly orm: UserOrm
  /** The user's own; empty when modules are named. */
  readonly options: OrmOptions
  /** Schemas and classes, each once; never empty. */
  readonly entities: readonly unknown[]
}

/** @throws {AludelError} ENTITIES_INVALID, MIKRO_ORM_MISSING */
export async function projectEntities(
  name: PlatformName,
  { root, paths }: EntitySource,
): Promise<ProjectEntities> {
  const files = paths.length === 0 ? [await configFile(root)] : await named(paths, root)
  const orm = await resolveOrm(name, root, files)
  const loader = moduleLoader(root)
  try {
    const modules = await Promise.all(files.map((file) => loader.load(file)))
    const exported = exportedEntities(modules, orm.core)
    const [file, module] = [files[0], modules[0]]
    if (file !== undefined && module && files.length === 1 && isOrmConfig(file, module, exported)) {
      const options = await unwrapOrmConfig(module, file)
      return { orm, options, entities: await configured(options, file, { root, loader, orm }) }
    }
    if (exported.length === 0) throw nothingExported(paths, files)
    return { orm, options: {}, entities: exported }
  } finally {
    await loader.close()
  }
}

/** By its file's name, or by what it exports when that is no entity. */
function isOrmConfig(file: string, module: Exports, exported: readonly unknown[]): boolean {
  return (isOrmConfigFile(file) || exported.length === 0) && looksLikeOrmConfig(module.default ?? module)
}

async function configFile(root: string): Promise<string> {
  const found = await findOrmConfig(root)
  if (found) return found
  throw new AludelError(
    'ENTITIES_INVALID',
    `There is no mikro-orm.config file in ${root}, and no \`entities\` in the configuration.`,
    {
      fix: "Say where the entities are: `entities: ['src/entities/*.ts']`.",
    },
  )
}

async function named(patterns: readonly string[], root: string): Promise<readonly string[]> {
  const config = patterns.find(isOrmConfigFile)
  if (config !== undefined && patterns.length > 1) {
    throw new AludelError('ENTITIES_INVALID', `\`entities\` names ${config} and others beside it.`, {
      fix: `Name ${config} alone: it says where the entities are.`,
      details: { patterns },
    })
  }
  const { files, unmatched } = await locate(patterns, root)
  if (unmatched.length === 0) return files
  throw new AludelError('ENTITIES_INVALID', `No module matches ${quoted(unmatched)} in ${root}.`, {
    fix: 'Correct `entities` in the configuration.',
    details: { patterns: unmatched, root },
  })
}

interface ConfigContext {
  readonly root: string
  readonly loader: ModuleLoader
  readonly orm: UserOrm
}

/** As MikroORM does: `entitiesTs` when its configuration runs as TypeScript; patterns are relative to `baseDir`. */
async function configured(
  options: OrmOptions,
  file: string,
  { root, loader, orm }: ConfigContext,
): Promise<readonly unknown[]> {
  const lists = [options.entities, options.entitiesTs].map((list): readonly unknown[] =>
    Array.isArray(list) ? list : [],
  )
  const [first = []] = (/\.[cm]?ts$/.test(extname(file)) ? lists.toReversed() : lists).filter(
    (list) => list.length > 0,
  )
  const patterns = first.filter((each) => typeof each === 'string')
  const base = resolve(root, typeof options.baseDir === 'string' ? options.baseDir : '.')
  const { files } = await locate(patterns, base)
  const provider = options.dynamicImportProvider
  const importer: Import | undefined = typeof provider === 'function' ? (url) => provider(url) : undefined
  const modules = await Promise.all(files.map((each) => loader.load(each, importer)))
  const objects = first.filter((each) => typeof each !== 'string')
  const entities = [...new Set([...objects, ...exportedEntities(modules, orm.core)])]
  if (entities.length > 0) return entities
  const looked = patterns.length > 0 ? `: ${files.length} modules in ${base} match ${quoted(patterns)}` : ''
  throw new AludelError('ENTITIES_INVALID', `${relative(root, file)} names no entity${looked}.`, {
    fix: 'Correct its `entities` or `entitiesTs`.',
    details: { file, patterns, folder: dirname(file) },
  })
}

function nothingExported(patterns: readonly string[], files: readonly string[]): AludelError {
  const modules = files.length === 1 ? '1 module that matches' : `${files.length} modules that match`
  return new AludelError('ENTITIES_INVALID', `No entity is exported by the ${modules} ${quoted(patterns)}.`, {
    fix: 'Export what `defineEntity` gives, or classes with @Entity().',
    details: { patterns, files },
  })
}

function quoted(patterns: readonly string[]): string {
  return patterns.map((pattern) => `"${pattern}"`).join(', ')
}
