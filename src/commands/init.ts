/** Makes a project ready: configuration, migrations folder, make targets. Overwrites nothing. */
import { appendFileSync, existsSync, globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Settings } from '../config.ts'
import { AludelError } from '../errors.ts'

export interface InitResult {
  /** Paths relative to the project, in the order they were made. */
  readonly written: readonly string[]
  /** What was there already and was left as it is. */
  readonly kept: readonly string[]
  /** What is left to a person. */
  readonly hints: readonly string[]
}

export interface InitOptions {
  /** Absolute: where package.json is. */
  readonly root: string
  /** What is configured already, if anything. */
  readonly settings: Pick<Settings, 'file' | 'migrations'> | undefined
}

/** The dash: before the packages are installed, the project's other targets work. */
const include = '-include node_modules/aludel/aludel.mk'

/** @throws {AludelError} MIGRATIONS_FOLDER when something cannot be written */
export function init({ root, settings }: InitOptions): InitResult {
  const written: string[] = []
  const kept: string[] = []
  const project = look(root)
  try {
    if (settings === undefined) {
      writeFileSync(
        path.join(root, 'aludel.config.json'),
        `${JSON.stringify(configure(project), null, 2)}\n`,
        { flag: 'wx' },
      )
      written.push('aludel.config.json')
    } else if (settings.file !== undefined) {
      kept.push(path.relative(root, settings.file))
    }
    for (const folder of settings?.migrations ?? [path.join(root, project.migrations)]) {
      const made = mkdirSync(folder, { recursive: true })
      ;(made === undefined ? kept : written).push(`${path.relative(root, folder)}/`)
    }
    const { file, change } = includeMake(root)
    ;(change ? written : kept).push(file)
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    throw new AludelError('MIGRATIONS_FOLDER', `${root} cannot be written to (${code}).`, {
      state: written.length === 0 ? 'Nothing was written.' : `Written before: ${written.join(', ')}.`,
      fix: 'Make it writable and run `aludel init` again.',
      cause,
    })
  }
  return {
    written,
    kept,
    hints: hintsFor(settings === undefined ? project : { ...project, entities: undefined }),
  }
}

interface Project {
  readonly migrations: string
  /** It has migrations of MikroORM's own migrator. */
  readonly adopts: boolean
  readonly packages: ReadonlySet<string>
  readonly mikroOrmConfig: string | undefined
  /** Where they are to be looked for; undefined when a configuration says it. */
  readonly entities: string | undefined
}

function look(root: string): Project {
  const [mikroOrmConfig] = globSync('{,src/}mikro-orm.config.{ts,mts,js,mjs}', { cwd: root })
  const folder = ['src/entities', 'entities', 'src/modules'].find((name) => existsSync(path.join(root, name)))
  const entities =
    folder === 'src/modules' || folder === undefined ? 'src/**/*.entity.ts' : `${folder}/**/*.ts`
  const theirs = othersIn(path.join(root, 'migrations'))
  return {
    // Each tool would take the other's files for its own.
    migrations: theirs.length > 0 ? 'revisions' : 'migrations',
    adopts: theirs.some((text) => text.includes('@mikro-orm/migrations')),
    packages: packagesOf(root),
    mikroOrmConfig,
    entities: mikroOrmConfig === undefined ? entities : undefined,
  }
}

/** The texts of files that are no revisions. */
function othersIn(folder: string): readonly string[] {
  const texts = globSync('*.{ts,mts,cts,js,mjs,cjs,sql}', { cwd: folder }).map((file) =>
    readFileSync(path.join(folder, file), 'utf8'),
  )
  return texts.filter((text) => !/\brevision\b/.test(text))
}

function packagesOf(root: string): ReadonlySet<string> {
  try {
    const found: unknown = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'))
    if (typeof found !== 'object' || found === null) return new Set()
    const lists = Object.entries(found).filter(([key]) => /^(?:dependencies|devDependencies)$/.test(key))
    return new Set(
      lists.flatMap(([, list]) => (typeof list === 'object' && list !== null ? Object.keys(list) : [])),
    )
  } catch {
    return new Set()
  }
}

/** A database server's URL belongs to the environment; a file or a folder can stand in the configuration. */
function configure({ migrations, packages, mikroOrmConfig, entities }: Project): object {
  const has = (name: string): boolean => packages.has(`@mikro-orm/${name}`)
  const server = ['postgresql', 'mysql', 'mariadb'].find(has)
  const embedded = has('pglite') && !has('sqlite') ? 'pglite:./data' : 'sqlite:app.db'
  return {
    migrations,
    ...(entities === undefined ? {} : { entities }),
    ...(mikroOrmConfig !== undefined ? {} : { url: server === undefined ? embedded : '${DATABASE_URL}' }),
    ...(server === 'mariadb' ? { dialect: 'mariadb' } : {}),
  }
}

function hintsFor({ packages, entities, adopts }: Project): readonly string[] {
  const drivers = ['sqlite', 'postgresql', 'pglite', 'mysql', 'mariadb'].map((name) => `@mikro-orm/${name}`)
  return [
    ...(drivers.some((name) => packages.has(name))
      ? []
      : [
          'Install MikroORM to generate revisions from entities: npm install @mikro-orm/core @mikro-orm/sqlite',
        ]),
    ...(entities === undefined
      ? []
      : [
          `Entities are looked for in ${entities}; correct \`entities\` in aludel.config.json if they are elsewhere.`,
        ]),
    ...(adopts
      ? [
          'Migrations of MikroORM stay in migrations/; make migrate-adopt (npx aludel adopt mikro-orm) takes them over.',
        ]
      : []),
    'Then: make migrate-create msg="First tables", make migrate-up (or npx aludel revision --autogenerate -m …, npx aludel upgrade head).',
  ]
}

function includeMake(root: string): { readonly file: string; readonly change: boolean } {
  const file =
    ['GNUmakefile', 'makefile', 'Makefile'].find((name) => existsSync(path.join(root, name))) ?? 'Makefile'
  const full = path.join(root, file)
  const text = existsSync(full) ? readFileSync(full, 'utf8') : undefined
  if (text?.includes('aludel.mk')) return { file, change: false }
  // Alone in its Makefile, the include leaves a bare `make` without a goal.
  if (text === undefined) writeFileSync(full, `.DEFAULT_GOAL := migrate-help\n\n${include}\n`, { flag: 'wx' })
  else appendFileSync(full, `${text === '' || text.endsWith('\n') ? '' : '\n'}\n${include}\n`)
  return { file, change: true }
}
