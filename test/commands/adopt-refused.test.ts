import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { loadSettings } from '../../config/load.ts'
import { type AdoptOptions, type AdoptResult, adopt } from '../../src/commands/adopt.ts'
import { adoptedId } from '../../src/commands/adopted.ts'
import { check } from '../../src/commands/check.ts'
import { upgrade } from '../../src/index.ts'
import { userProject } from '../plugins/mikro-orm/user-project.ts'
import { type TestDatabase, database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { migration } from '../support/migrator.ts'
import { sql } from '../support/sql.ts'
import { unguarded } from '../support/unguarded.ts'

const users = `
  import { defineEntity, p } from '@mikro-orm/core'
  export const User = defineEntity({ name: 'User', tableName: 'users', properties: { id: p.integer().primary(), name: p.string() } })
`
const create = 'create table users (id integer not null primary key, name text not null)'

interface Adopting {
  readonly root: string
  readonly db: TestDatabase
  write(files: Readonly<Record<string, string>>): void
  adopt(options?: Partial<AdoptOptions>): Promise<AdoptResult>
  /** What MikroORM's table says. */
  applied(...names: readonly string[]): Promise<void>
  revisions(): readonly string[]
}

async function adopting(
  files: Readonly<Record<string, string>>,
  {
    dialect = 'sqlite' as const,
    config = '',
    aludel = {},
    packages = true,
  }: {
    readonly dialect?: 'sqlite' | 'postgresql' | 'mariadb'
    readonly config?: string
    readonly aludel?: Readonly<Record<string, unknown>>
    readonly packages?: boolean
  } = {},
): Promise<Adopting> {
  const db = await database(dialect)
  const root = userProject(
    {
      'entities/user.ts': users,
      'aludel.config.json': JSON.stringify({ migrations: 'revisions', ...aludel }),
      'mikro-orm.config.ts': `import { User } from './entities/user.ts'\nexport default { entities: [User], migrations: { path: 'old', ${config} } }`,
      ...files,
    },
    { packages },
  )
  const settings = () => loadSettings({ cwd: root, env: { DATABASE_URL: db.url }, dialect })
  const caller = {
    now: () => new Date('2027-05-01T00:00:00Z'),
    actor: 'test',
    version: '0',
    guard: unguarded,
    at: () => undefined,
    onEvent: () => undefined,
  }
  return {
    root,
    db,
    write: (more) => {
      for (const [name, text] of Object.entries(more)) writeFileSync(path.join(root, name), text)
    },
    adopt: async (options) =>
      adopt(
        await settings(),
        { dryRun: false, withoutProof: false, versionPath: undefined, ...options },
        caller,
      ),
    applied: async (...names) => {
      const id = {
        sqlite: 'integer primary key',
        postgresql: 'serial primary key',
        mariadb: 'integer auto_increment primary key',
      }
      await sql(db.url, `create table mikro_orm_migrations (id ${id[dialect]}, name varchar(255))`)
      for (const name of names)
        await sql(db.url, `insert into mikro_orm_migrations (name) values ('${name}')`)
    },
    revisions: () => {
      const folder = path.join(root, 'revisions')
      return existsSync(folder) ? readdirSync(folder).sort() : []
    },
  }
}

const up = (...statements: readonly string[]): string =>
  `  override up() { ${statements.map((each) => `this.addSql(${JSON.stringify(each)})`).join('; ')} }`
const down = (...statements: readonly string[]): string =>
  `  override down() { ${statements.map((each) => `this.addSql(${JSON.stringify(each)})`).join('; ')} }`
const first = migration('Migration20240101000000_users', `${up(create)}\n${down('drop table users')}`)
const second = migration(
  'Migration20240201000000_phone',
  `${up('alter table users add column phone text')}\n${down('alter table users drop column phone')}`,
)

test('a row of a migration that is nowhere is named, and nothing is written', async () => {
  const app = await adopting(first)
  await app.applied('Migration20240101000000_users.ts', 'Migration20230101000000_gone', 'Migration2_lost')
  await expect(app.adopt()).rejects.toMatchObject({
    code: 'UNKNOWN_MIGRATION',
    exitCode: 4,
    message: expect.stringContaining('Migration20230101000000_gone, Migration2_lost were applied'),
  })
  expect(app.revisions()).toEqual([])
})

test('new migrations are appended, drift is told, and a second run writes and stamps nothing', async () => {
  const app = await adopting(first)
  await sql(app.db.url, create)
  await app.applied('Migration20240101000000_users')
  const before = await app.adopt()
  expect(before).toMatchObject({ known: 0, proof: { proved: true, back: 1 }, drift: [] })
  app.write(second)
  await sql(app.db.url, 'alter table users add column fax text')
  await sql(app.db.url, `insert into mikro_orm_migrations (name) values ('Migration20240201000000_phone')`)
  expect(await app.adopt()).toMatchObject({
    known: 1,
    written: [{ migration: 'Migration20240201000000_phone' }],
    stamped: [adoptedId('Migration20240201000000_phone')],
    drift: ['addColumn users.phone', 'dropColumn users.fax'],
  })
  const files = app.revisions()
  expect(files).toHaveLength(2)
  const texts = files.map((name) => readFileSync(path.join(app.root, 'revisions', name), 'utf8'))
  expect(
    texts.filter((text) => text.includes(`downRevision = '${before.written[0]?.revision}'`)),
  ).toHaveLength(1)
  expect(await app.adopt()).toMatchObject({ known: 2, written: [], stamped: [], proof: null })

  // What aludel itself has taken back since is not recorded again, though MikroORM's table still has it.
  await sql(
    app.db.url,
    `delete from aludel_revision where revision = '${adoptedId('Migration20240201000000_phone')}'`,
  )
  expect(await app.adopt()).toMatchObject({ stamped: [] })

  app.write({
    'revisions/aaaa_own.ts': `export const revision = 'aaaa'\nexport const downRevision = '${adoptedId('Migration20240201000000_phone')}'\nexport function upgrade() {}`,
    ...migration('Migration20240301000000', up('select 1')),
  })
  await expect(app.adopt()).rejects.toMatchObject({
    code: 'OTHER_HISTORY',
    message: expect.stringContaining(
      '(aaaa), and these migrations of MikroORM are not in it: Migration20240301000000',
    ),
  })
  expect(app.revisions()).toHaveLength(3)
})

test('a migration that goes by what the database answers is told of, and its revision refuses to run', async () => {
  const asking = migration(
    'Migration20240201000000_fill',
    `  override async up() {
    const rows = await this.execute('select id from users')
    for (const { id } of rows) this.addSql('update users set name = name where id = ' + id)
  }
  override async down() {
    await this.getEntityManager().getConnection().execute('delete from users').then((result) => result.affectedRows)
  }`,
  )
  const app = await adopting({ ...first, ...asking })
  await sql(app.db.url, create)
  await app.applied('Migration20240101000000_users')
  const result = await app.adopt()
  expect(result).toMatchObject({
    written: [{ byHand: false }, { byHand: true, applied: false }],
    proof: { proved: false, why: 'Migration20240201000000_fill asks the database, and goes by the answer' },
    warnings: [expect.stringContaining('way back')],
  })
  const text = readFileSync(result.written[1]?.path ?? '', 'utf8')
  expect(text).toContain('// It asks the database, and goes by the answer: select id from users')
  expect(text).toContain('export const irreversible =')
  const run = { url: app.db.url, config: path.join(app.root, 'aludel.config.json') }
  await expect(upgrade(run)).rejects.toMatchObject({
    message: expect.stringContaining('Migration20240201000000_fill of MikroORM asks the database'),
  })
  // Who only asks what revisions record gets no error.
  const settings = await loadSettings({ cwd: app.root, env: { DATABASE_URL: app.db.url } })
  await sql(app.db.url, 'create table strange (id integer)')
  expect(await check(settings)).toMatchObject({ unmanaged: [{ name: 'strange' }] })
})

test('a way back that fails in MikroORM too is adopted with a warning; what follows it is proved', async () => {
  const broken = migration('Migration20240115000000', `${up('select 1')}\n${down('drop table nowhere')}`)
  const app = await adopting({ ...first, ...broken, ...second })
  expect(await app.adopt()).toMatchObject({
    proof: { proved: true, back: 1 },
    stamped: [],
    warnings: [expect.stringContaining('The way back of Migration20240115000000 fails in an empty place')],
  })
})

test('what cannot be proved is not adopted, unless it is asked for', async () => {
  const app = await adopting(second)
  await expect(app.adopt()).rejects.toMatchObject({
    code: 'NOT_PROVED',
    message: expect.stringContaining("MikroORM's own migrations do not make the database out of nothing"),
    fix: expect.stringContaining('--without-proof'),
  })
  expect(app.revisions()).toEqual([])
  expect(await app.adopt({ withoutProof: true })).toMatchObject({ written: [{}], proof: { proved: false } })
})

test('revisions that make something else are refused', async () => {
  const app = await adopting(first)
  const { written } = await app.adopt()
  const file = written[0]?.path ?? ''
  writeFileSync(file, readFileSync(file, 'utf8').replace('name text', 'name integer'))
  app.write(second)
  await expect(app.adopt()).rejects.toMatchObject({
    code: 'DIFFERENT',
    details: { objects: ['table users'] },
  })
  expect(app.revisions()).toHaveLength(1)
})

test('of a class as TypeScript and as JavaScript one is taken, and lists, names and tables are as configured', async () => {
  const js = { 'old/Migration20240101000000_users.js': 'throw new Error("the compiled one")' }
  const twins = await adopting({ ...first, ...js, 'old/.snapshot-app.json': '{}' })
  expect((await twins.adopt()).written).toHaveLength(1)

  const list = `tableName: 'own_migrations', migrationsList: [{ name: 'one.ts', class: One }, Two]`
  const app = await adopting({
    'mikro-orm.config.ts': `
        import { Migration } from '@mikro-orm/migrations'
        import { User } from './entities/user.ts'
        class One extends Migration { ${up(create)} }
        class Two extends Migration { ${up('select 1')} ${down('select 1')} isTransactional() { return false } }
        export default { entities: [User], migrations: { ${list} } }`,
  })
  await sql(app.db.url, create)
  await sql(app.db.url, 'create table own_migrations (id integer primary key, name text)')
  await sql(app.db.url, `insert into own_migrations (name) values ('one')`)
  const { written, stamped } = await app.adopt()
  expect(written.map(({ migration: name }) => name)).toEqual(['one', 'Two'])
  expect(stamped).toEqual([adoptedId('one')])
  expect(readFileSync(written[1]?.path ?? '', 'utf8')).toContain('export const transaction = false')
  const settings = await loadSettings({ cwd: app.root, env: { DATABASE_URL: app.db.url } })
  expect((await check(settings)).unmanaged).toEqual([])
})

test('a folder that both would take for theirs, no migrations and a missing package are each one line', async () => {
  const shared = await adopting(first, { aludel: { migrations: 'old' } })
  await expect(shared.adopt()).rejects.toMatchObject({
    code: 'MIGRATIONS_FOLDER',
    message: expect.stringContaining('old is the folder of'),
  })
  const none = await adopting({})
  await expect(none.adopt()).rejects.toMatchObject({
    code: 'MIGRATIONS_UNREADABLE',
    message: 'There are no migrations of MikroORM in old.',
  })
  const failing = await adopting(
    migration('Migration1', `  override up() { throw new Error('NODE_ENV is missing') }`),
  )
  await expect(failing.adopt()).rejects.toMatchObject({
    code: 'MIGRATIONS_UNREADABLE',
    message: expect.stringContaining('fails without a database: NODE_ENV is missing'),
  })
  rmSync(path.join(failing.root, 'node_modules'))
  await expect(failing.adopt()).rejects.toMatchObject({ code: 'MIKRO_ORM_MISSING' })
})

describeDialects(
  'statements that name another place than the scratch one',
  (dialect) => {
    test('are not tried beside the project', { timeout: 60_000 }, async () => {
      const place = await database(dialect)
      const other = dialect === 'postgresql' ? 'public' : new URL(place.url).pathname.slice(1)
      const table = `${other}.users`
      const outside = dialect === 'postgresql' ? ['create index concurrently users_name on users (name)'] : []
      const body = `  override isTransactional() { return ${String(outside.length === 0)} }\n${up(`alter table ${table} add column phone text`, ...outside)}\n${down(`alter table ${table} drop column phone`)}`
      const files = { ...first, ...migration('Migration20240201000000_phone', body) }
      const app = await adopting(files, { dialect })
      await sql(app.db.url, create)
      await sql(place.url, create)
      await expect(app.adopt()).rejects.toMatchObject({
        code: 'NOT_PROVED',
        message: expect.stringContaining(
          dialect === 'postgresql' ? 'names the schema public' : 'names the database',
        ),
      })
      const columns = `select column_name from information_schema.columns where table_schema = '${other}' and table_name = 'users' and column_name = 'phone'`
      if (dialect !== 'postgresql') return expect(await sql(place.url, columns)).toEqual([])
      app.write({ 'aludel.config.json': JSON.stringify({ migrations: 'revisions', scratchUrl: place.url }) })
      await expect(app.adopt()).rejects.toMatchObject({
        message: expect.stringContaining('is not empty: it has public.users'),
      })
      await place.clear()
      expect(await app.adopt()).toMatchObject({ proof: { proved: true, back: 2 } })
      expect([await sql(app.db.url, columns), await sql(place.url, columns)]).toEqual([[], []])
    })
  },
  ['postgresql', 'mariadb'],
)
