import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { edits, orderingFiles } from '../support/ordering.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

/** Runs MikroORM's own migrator: its first migration, made of the entities. */
const migrate = `
  import { readdirSync } from 'node:fs'
  import { Migrator } from '@mikro-orm/migrations'
  const { MikroORM } = await import('@mikro-orm/' + process.env.DIALECT)
  const entities = await Promise.all(readdirSync('entities').map((name) => import('./entities/' + name)))
  const url = process.env.DATABASE_URL
  const place = /^(?:sqlite|pglite):/.test(url) ? { dbName: url.slice(7) } : { clientUrl: url.replace('mariadb:', 'mysql:') }
  const orm = new MikroORM({
    ...place,
    entities: entities.flatMap((module) => Object.values(module)),
    extensions: [Migrator],
    migrations: { path: 'old', pathTs: 'old', snapshot: false },
    ensureDatabase: false,
  })
  await orm.migrator.create()
  await orm.migrator.up()
  await orm.close(true)
`

describeDialects("a database that MikroORM's migrator made", (dialect) => {
  test('is taken over, and the table of its migrations is left alone', { timeout: 60_000 }, async () => {
    const db = await database(dialect)
    const app = project({ ...orderingFiles(), 'migrate.mjs': migrate })
    const env = { ...process.env, DATABASE_URL: db.url, DIALECT: dialect }
    const migrated = spawnSync(process.execPath, ['migrate.mjs'], { cwd: app.folder, env, encoding: 'utf8' })
    expect(migrated.stderr).toBe('')
    const before = await sql(db.url, 'select name from mikro_orm_migrations')
    expect(before).toHaveLength(1)

    const run = async (...args: readonly string[]) => {
      const { status, stdout } = await app.run([...args, '--json'], { env: { DATABASE_URL: db.url } })
      expect({ args, status, stdout }).toMatchObject({ status: 0 })
      return JSON.parse(stdout)
    }
    expect(await run('revision', '--autogenerate', '--from-empty', '-m', 'baseline')).toMatchObject({
      operations: 4,
    })
    await run('stamp', 'head')
    expect(await run('check')).toMatchObject({
      ok: true,
      unmanaged: [],
    })
    edits.removeFax(app)
    expect(await run('revision', '--autogenerate', '-m', 'No fax')).toMatchObject({ operations: 1 })
    await run('upgrade')
    expect(await sql(db.url, 'select name from mikro_orm_migrations')).toEqual(before)
  })
})
