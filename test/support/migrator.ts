/** A user's project whose database was made by MikroORM's own migrator. */
import { spawnSync } from 'node:child_process'
import { orderingFiles } from './ordering.ts'
import { type Project, project } from './project.ts'
import type { DialectName } from './servers.ts'

const config = `
  import { readdirSync } from 'node:fs'
  import { defineConfig } from '@mikro-orm/DIALECT'
  const names = readdirSync(new URL('./entities', import.meta.url))
  const modules = await Promise.all(names.map((name) => import('./entities/' + name)))
  const url = process.env.DATABASE_URL ?? ''
  export default defineConfig({
    ...(/^(?:sqlite|pglite):/.test(url) ? { dbName: url.slice(7) } : { clientUrl: url.replace('mariadb:', 'mysql:') }),
    entities: modules.flatMap((module) => Object.values(module)),
    migrations: { path: 'old', pathTs: 'old', silent: true, MORE },
    ensureDatabase: false,
  })
`

const run = `
  import { setTimeout } from 'node:timers/promises'
  import { Migrator } from '@mikro-orm/migrations'
  const { MikroORM } = await import('@mikro-orm/' + process.argv[2])
  const { default: config } = await import('./mikro-orm.config.ts')
  const orm = new MikroORM({ ...config, extensions: [Migrator] })
  const [, , , name, ...rest] = process.argv
  if (name !== '-') {
    // Those of one second go by the letters of their names.
    await setTimeout(1000 - (Date.now() % 1000))
    await orm.migrator.create(undefined, false, false, name)
  }
  if (rest.includes('up')) await orm.migrator.up()
  await orm.close(true)
`

export interface Migrating extends Project {
  readonly env: Readonly<Record<string, string>>
  /** Writes a migration of what the entities want by now, and applies all that there are. */
  migrate(name: string): void
  /** Applies all that there are. */
  up(): void
}

/** @param more what stands in `migrations` of MikroORM's configuration beside its folder */
export function migrating(
  dialect: DialectName,
  url: string,
  {
    more = '',
    files = {},
    aludel = {},
  }: {
    readonly more?: string
    readonly files?: Readonly<Record<string, string>>
    readonly aludel?: Readonly<Record<string, unknown>>
  } = {},
): Migrating {
  const app = project({
    ...orderingFiles({ migrations: 'revisions', ...aludel }),
    'mikro-orm.config.ts': config.replace('DIALECT', dialect).replace('MORE', more),
    'migrate.mjs': run,
    ...files,
  })
  const env = { DATABASE_URL: url }
  const call = (...words: readonly string[]): void => {
    const options = { cwd: app.folder, env: { ...process.env, ...env }, encoding: 'utf8' } as const
    const { status, stderr } = spawnSync(process.execPath, ['migrate.mjs', dialect, ...words], options)
    if (status !== 0) throw new Error(stderr)
  }
  return { ...app, env, migrate: (name) => call(name, 'up'), up: () => call('-', 'up') }
}

/** The file of a migration that somebody wrote by hand. */
export function migration(name: string, body: string, imports = ''): Readonly<Record<string, string>> {
  const text = `import { Migration } from '@mikro-orm/migrations'\n${imports}\nexport class ${name} extends Migration {\n${body}\n}\n`
  return { [`old/${name}.ts`]: text }
}
