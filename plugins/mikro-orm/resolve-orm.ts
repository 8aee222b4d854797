/** Finds the user's own MikroORM 7: the copy that the entities are made with. */
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Core from '@mikro-orm/core'
import type { AbstractSqlDriver, MikroORM, Options } from '@mikro-orm/sql'
import { AludelError } from '../../src/errors.ts'
import type { PlatformName } from './platform.ts'

export interface UserOrm {
  readonly core: typeof Core
  readonly MikroORM: typeof MikroORM
  readonly driver: NonNullable<Options<AbstractSqlDriver>['driver']>
}

const driverClasses: Record<PlatformName, string> = {
  sqlite: 'SqliteDriver',
  postgresql: 'PostgreSqlDriver',
  pglite: 'PgliteDriver',
  mysql: 'MySqlDriver',
  mariadb: 'MariaDbDriver',
}

/**
 * Looks beside the entities first, then in `root`; loads nothing before versions and copies are known to be right.
 * @param files absolute, of the entities
 * @throws {AludelError} MIKRO_ORM_MISSING: not installed, not ^7.2.0, or two copies
 */
export async function resolveOrm(
  name: PlatformName,
  root: string,
  files: readonly string[],
): Promise<UserOrm> {
  const driverPackage = `@mikro-orm/${name}`
  const places = [...files.slice(0, 1), join(root, 'package.json')]
  const found = places.map((place) => ({
    core: find('@mikro-orm/core', place),
    driver: find(driverPackage, place),
  }))
  const { core, driver } = found.find((each) => each.core && each.driver) ?? {
    core: found.find((each) => each.core)?.core,
    driver: found.find((each) => each.driver)?.driver,
  }
  if (!core || !driver) throw notInstalled(driverPackage, { core, driver })
  await checkVersion('@mikro-orm/core', core, driverPackage)
  await checkVersion(driverPackage, driver, driverPackage)
  const folders = new Set(files.map((file) => dirname(file)))
  for (const user of [driver, ...[...folders].map((folder) => join(folder, 'package.json'))]) {
    const copy = find('@mikro-orm/core', user)
    if (copy && copy !== core) throw await twoCopies(core, copy)
  }
  // The edge to the user's own packages: typed as the version that they were checked to be.
  const [coreModule, driverModule] = await Promise.all([
    import(pathToFileURL(core).href),
    import(pathToFileURL(driver).href),
  ])
  return { core: coreModule, MikroORM: driverModule.MikroORM, driver: driverModule[driverClasses[name]] }
}

function find(specifier: string, from: string): string | undefined {
  try {
    return createRequire(from).resolve(specifier)
  } catch {
    return undefined
  }
}

async function versionOf(packageName: string, entry: string): Promise<string> {
  const file = find(`${packageName}/package.json`, entry) ?? join(dirname(entry), 'package.json')
  const { version }: { version?: unknown } = JSON.parse(await readFile(file, 'utf8'))
  return String(version)
}

async function checkVersion(packageName: string, entry: string, driverPackage: string): Promise<void> {
  const version = await versionOf(packageName, entry)
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major === 7 && minor >= 2) return
  throw new AludelError(
    'MIKRO_ORM_MISSING',
    `${packageName} ${version} is installed; aludel reads entities with ^7.2.0.`,
    {
      fix: `npm install @mikro-orm/core@^7.2.0 ${driverPackage}@^7.2.0`,
      details: { package: packageName, version },
    },
  )
}

function notInstalled(
  driverPackage: string,
  found: Readonly<Record<'core' | 'driver', string | undefined>>,
): AludelError {
  const missing = [...(found.core ? [] : ['@mikro-orm/core']), ...(found.driver ? [] : [driverPackage])]
  return new AludelError('MIKRO_ORM_MISSING', `${missing.join(' and ')} cannot be found from the project.`, {
    fix: `npm install @mikro-orm/core ${driverPackage}`,
    details: { missing },
  })
}

async function twoCopies(first: string, second: string): Promise<AludelError> {
  const [one, other] = await Promise.all([first, second].map((copy) => versionOf('@mikro-orm/core', copy)))
  return new AludelError(
    'MIKRO_ORM_MISSING',
    `Two copies of @mikro-orm/core are installed, ${one} in ${dirname(first)} and ${other} in ${dirname(second)}: entities of one are unknown to the other.`,
    {
      fix: 'npm ls @mikro-orm/core, then give all @mikro-orm packages one version',
      details: { copies: [first, second] },
    },
  )
}
