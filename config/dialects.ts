/** Which dialect is meant, and its module. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Dialect } from '../src/dialect.ts'
import { AludelError } from '../src/errors.ts'
import { dialectLacks, isDialect } from './dialect-shape.ts'
import { nearest } from './nearest.ts'

interface BuiltIn {
  /** Known here too, so that nothing is loaded to know which dialect a URL means. */
  readonly schemes: readonly string[]
  readonly load: () => Promise<{ readonly default: Dialect }>
}

export const builtIn: Readonly<Record<string, BuiltIn>> = {
  sqlite: { schemes: ['sqlite', 'file'], load: () => import('../plugins/sqlite/index.ts') },
  postgresql: { schemes: ['postgresql', 'postgres'], load: () => import('../plugins/postgresql/index.ts') },
  pglite: { schemes: ['pglite'], load: () => import('../plugins/pglite/index.ts') },
  mysql: { schemes: ['mysql', 'mysql2'], load: () => import('../plugins/mysql/index.ts') },
  mariadb: { schemes: ['mariadb'], load: () => import('../plugins/mariadb/index.ts') },
}

/** @throws {AludelError} DIALECT_UNKNOWN listing the schemes, URL_INVALID when there is none */
export function dialectOfUrl(url: string): string {
  const scheme =
    url === ':memory:' ? 'sqlite' : /^([a-z][a-z0-9.-]*)(?:\+[a-z0-9.-]+)?:/i.exec(url)?.[1]?.toLowerCase()
  const names = Object.keys(builtIn)
  if (scheme === undefined) {
    throw new AludelError('URL_INVALID', 'The database URL does not begin with a scheme.', {
      fix: 'Write it like postgresql://user@host:5432/database or sqlite:app.db.',
    })
  }
  const name = names.find((each) => builtIn[each]?.schemes.includes(scheme))
  if (name !== undefined) return name
  const known = Object.values(builtIn).flatMap(({ schemes }) => schemes)
  throw new AludelError('DIALECT_UNKNOWN', `No built-in dialect is for URLs that begin with ${scheme}:.`, {
    fix: `Built in are ${known.map((each) => `${each}:`).join(', ')}; name any other in the configuration: dialect: '…'.`,
    details: { scheme, schemes: known },
  })
}

/**
 * Loads a dialect by its built-in name, its package, or its path.
 * @param name a path begins with a dot or a slash
 * @param folder absolute; what a path is relative to, and where packages are looked for
 * @throws {AludelError} DIALECT_UNKNOWN
 */
export async function loadDialect(name: string, folder: string): Promise<Dialect> {
  const own = Object.hasOwn(builtIn, name) ? builtIn[name] : undefined
  if (own) return (await own.load()).default
  const file = await locate(name, folder)
  const exported = await load(name, file)
  if (isDialect(exported)) return exported
  throw new AludelError(
    'DIALECT_UNKNOWN',
    `The default export of ${name} is not a dialect: it lacks ${dialectLacks(exported).join(', ')}.`,
    {
      fix: 'export default definePlugin({ … })',
      details: { dialect: name, file },
    },
  )
}

async function locate(name: string, folder: string): Promise<string> {
  if (/^\.{0,2}[\\/]/.test(name) || path.isAbsolute(name)) {
    const file = path.resolve(folder, name)
    if (existsSync(file)) return file
    throw new AludelError('DIALECT_UNKNOWN', `There is no dialect ${file}.`, { details: { dialect: name } })
  }
  const { resolvePackage } = await import('../plugins/resolve-package.ts')
  const file = await resolvePackage(name, folder)
  if (file !== undefined) return file
  const names = Object.keys(builtIn)
  const meant = nearest(name, [...names, 'postgres'])
  throw new AludelError(
    'DIALECT_UNKNOWN',
    `There is no dialect ${name}: it is not built in, and no package of this name is installed.`,
    {
      fix: meant
        ? `Did you mean ${meant === 'postgres' ? 'postgresql' : meant}?`
        : `Built in are ${names.join(', ')}; npm install ${name}, or write a path as ./${name}.`,
      details: { dialect: name, builtIn: names },
    },
  )
}

async function load(name: string, file: string): Promise<unknown> {
  try {
    const module: unknown = await import(pathToFileURL(file).href)
    return typeof module === 'object' && module !== null && 'default' in module ? module.default : undefined
  } catch (cause) {
    const message = cause instanceof Error ? (cause.message.split('\n', 1)[0] ?? '') : String(cause)
    throw new AludelError('DIALECT_UNKNOWN', `The dialect ${name} failed to load: ${message}`, {
      cause,
      details: { dialect: name, file },
    })
  }
}
