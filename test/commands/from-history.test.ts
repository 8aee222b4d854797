import { readFileSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { revisionFile } from '../support/files.ts'
import { type Project, project } from '../support/project.ts'

const users = (properties: string): string => `
  import { defineEntity, p } from '@mikro-orm/core'
  export const User = defineEntity({
    name: 'User',
    tableName: 'users',
    properties: { id: p.integer().primary(), name: p.string().length(50).index('ix_name'), ${properties} },
  })`

/** The file and server of this URL are not there. */
const nowhere: Readonly<Record<string, string>> = {
  sqlite: 'sqlite:/nowhere/app.db',
  postgresql: 'postgresql://nobody@127.0.0.1:1/nothing',
  mariadb: 'mariadb://nobody@127.0.0.1:1/nothing',
}

/** A history of raw SQL and of a data step, whose index was made in another way than by `op`. */
const made = {
  ...revisionFile('a1', {
    up: `op.createTable('users', { columns: [{ name: 'id', type: 'integer', autoincrement: true }, { name: 'size', type: 'integer' }], primaryKey: ['id'] })
      await op.query('select 1')`,
  }),
  ...revisionFile('b1', {
    down: 'a1',
    up: `op.execute('alter table users add column name varchar(50) not null default \\'\\'')
      op.execute('create index ix_name on users (name)')
      op.execute('create table gone (id integer not null primary key)')`,
  }),
}

async function generate(app: Project, url: string, ...args: readonly string[]) {
  const run = await app.run(
    ['revision', '--autogenerate', '--from-history', '-m', 'Next', '--json', ...args],
    {
      env: { DATABASE_URL: url },
    },
  )
  return { status: run.status, stderr: run.stderr, ...JSON.parse(run.stdout) }
}

const callsIn = (file: string): readonly string[] =>
  readFileSync(file, 'utf8')
    .split('export function')
    .map((part) => part.match(/\bop\.\w+\('\w+'(?:, (?:\{ name: )?'\w+')?/g)?.join(' ') ?? '')

describeDialects(
  'without a database',
  (dialect) => {
    test(
      'a revision is generated of what the history makes, and then nothing',
      // Each command makes a PGlite: three seconds, and many times that on a machine that is busy.
      { timeout: 180_000 },
      async () => {
        const place = dialect === 'mariadb' ? { scratchUrl: (await database(dialect)).url } : {}
        const app = project({
          'aludel.config.json': JSON.stringify({ entities: 'user.ts', ...place }),
          'user.ts': users('age: p.integer().nullable()'),
          ...made,
        })
        const url = nowhere[dialect] ?? ''
        const wrote = await generate(app, url)
        expect(wrote).toMatchObject({ status: 0, operations: expect.any(Number) })
        const [, up = '', down = ''] = callsIn(wrote.path)
        expect(up).toContain("op.addColumn('users', { name: 'age'")
        expect(up).toContain("op.dropColumn('users', 'size'")
        expect(up).toContain("op.dropTable('gone'")
        expect(up).not.toContain('ix_name')
        expect(down).toContain("op.createTable('gone'")
        expect(await generate(app, url)).toMatchObject({ status: 0, path: null })
      },
    )
  },
  ['sqlite', 'postgresql', 'mariadb'],
)

describeDialects(
  'a column that a revision sets not null, in a transaction and outside of one,',
  (dialect) => {
    test('is built, also where rows were put into the table before', { timeout: 180_000 }, async () => {
      const db = await database(dialect)
      const place = dialect === 'mariadb' ? { scratchUrl: (await database(dialect)).url } : {}
      const filled = revisionFile('a1', {
        up: `op.execute('create table users (id integer not null primary key, name varchar(50), nick varchar(50))')
          await op.query("insert into users (id, name, nick) values (1, 'a', 'b')")
          op.alterColumn('users', 'name', { nullable: false })`,
      })
      const outside = revisionFile('b1', {
        down: 'a1',
        header: 'export const transaction = false',
        up: "op.alterColumn('users', 'nick', { nullable: false })",
      })
      const app = project({
        'aludel.config.json': JSON.stringify({ entities: 'user.ts', ...place }),
        'user.ts': users('nick: p.string().length(50), age: p.integer().nullable()'),
        ...filled,
        ...outside,
      })
      const wrote = await generate(app, nowhere[dialect] ?? '')
      expect(wrote).toMatchObject({ status: 0, operations: expect.any(Number) })
      rmSync(wrote.path)
      const env = { DATABASE_URL: db.url }
      expect(await app.run(['upgrade'], { env })).toMatchObject({ status: 0 })
      expect(await app.run(['check', '--drift'], { env })).toMatchObject({ status: 0 })
    })
  },
  ['sqlite', 'postgresql', 'mariadb'],
)

test('MySQL and MariaDB have no place without a server, and say so; without a URL the dialect is asked for', async () => {
  const app = project({ 'aludel.config.json': '{"entities": "user.ts"}', 'user.ts': users(''), ...made })
  expect(await generate(app, nowhere['mariadb'] ?? '')).toMatchObject({
    status: 2,
    error: {
      code: 'SCRATCH_UNAVAILABLE',
      message: 'Without a server there is no MariaDB to build in.',
      fix: expect.stringContaining('scratchUrl'),
    },
  })
  expect(await generate(app, '')).toMatchObject({
    status: 2,
    error: { code: 'URL_MISSING', message: 'Neither `dialect` nor a URL says which database is meant.' },
  })
  expect(await generate(app, '', '--dialect', 'sqlite')).toMatchObject({
    status: 0,
    operations: expect.any(Number),
  })
})
