import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const odd = 'it\'s \\ a `${row}`\n\twith "all" of ก ?, $1 and \u2028'

/** The changes of rows stand between changes of the schema: each kind is committed in its own way on MariaDB. */
const files = {
  'aludel.config.json': '{}',
  ...revisionFile('a1', {
    up: `op.createTable('notes', {
    columns: [
      { name: 'id', type: 'integer', autoincrement: true },
      { name: 'title', type: 'string', length: 100, default: 'none' },
      { name: 'body', type: 'text', nullable: true },
      { name: 'done', type: 'boolean', nullable: true },
      { name: 'price', type: 'decimal', precision: 10, scale: 2, nullable: true },
    ],
    primaryKey: ['id'],
    indexes: [{ name: 'notes_title', columns: ['title'] }],
    uniques: [{ name: 'notes_price', columns: ['price'] }],
    comment: 'Old',
  })
  op.bulkInsert('notes', [
    { title: ${JSON.stringify(odd)}, done: true, price: -0.25 },
    { body: null, price: { sql: '1 + 1' } },
    { title: '', body: 'b', done: false },
  ])
  op.renameIndex('notes', 'notes_title', 'notes_by_title')
  op.renameIndex('notes', 'notes_price', 'price is one')
  op.setTableComment('notes', "it's new")
  op.bulkInsert('notes', Array.from({ length: 1200 }, (_, at) => ({ title: 'n' + at })))`,
    back: `op.execute("delete from notes where id > 3")
  op.setTableComment('notes', null)
  op.renameIndex('notes', 'price is one', 'notes_price')
  op.renameIndex('notes', 'notes_by_title', 'notes_title')
  op.execute('delete from notes')
  op.dropTable('notes')`,
  }),
  ...revisionFile('b2', {
    down: 'a1',
    up: `op.setTableComment('notes', null)
  op.renameIndex('notes', 'price is one', 'p')`,
    back: `op.renameIndex('notes', 'p', 'price is one')`,
  }),
}

const catalogs = {
  sqlite: [
    "select name from sqlite_master where type = 'index' and sql is not null order by name",
    'select null',
  ],
  postgresql: [
    "select indexname from pg_indexes where schemaname = current_schema() and tablename = 'notes' and indexname <> 'notes_pkey' order by 1",
    "select obj_description('notes'::regclass)",
  ],
  mariadb: [
    "select distinct index_name from information_schema.statistics where table_schema = database() and table_name = 'notes' and index_name <> 'PRIMARY' order by 1",
    "select nullif(table_comment, '') from information_schema.tables where table_schema = database() and table_name = 'notes'",
  ],
}

describeDialects('rows, names of indexes and comments of tables', (dialect) => {
  test('are what a revision says, between other changes and on the way back', async () => {
    const db = await database(dialect)
    const app = project(files)
    const [indexes, comment] =
      catalogs[dialect === 'mysql' ? 'mariadb' : dialect === 'pglite' ? 'postgresql' : dialect]
    const run = async (...args: readonly string[]) => {
      const { status, stderr } = await app.run(args, { env: { DATABASE_URL: db.url } })
      expect(status === 0 ? '' : stderr).toBe('')
    }
    const facts = async () => [
      (await sql(db.url, `${indexes}`)).flat(),
      ...(await sql(db.url, `${comment}`)).flat(),
    ]
    await run('upgrade', 'a1')
    const rows = await sql(db.url, 'select id, title, body, done, price from notes where id < 5 order by id')
    const plain = rows.map(([id, title, body, done, price]) => [
      ...[id, title, body],
      done === null ? null : Boolean(done),
      price === null ? null : Number(price),
    ])
    expect(plain).toEqual([
      [1, odd, null, true, -0.25],
      [2, 'none', null, null, 2],
      [3, '', 'b', false, null],
      [4, 'n0', null, null, null],
    ])
    expect((await sql(db.url, 'select count(*) from notes')).flat().map(Number)).toEqual([1203])
    const noted = dialect === 'sqlite' ? null : "it's new"
    expect(await facts()).toEqual([['notes_by_title', 'price is one'], noted])
    await run('upgrade')
    expect(await facts()).toEqual([['notes_by_title', 'p'], null])
    await run('downgrade', 'base')
    expect((await sql(db.url, `${indexes}`)).flat()).toEqual([])
  })
})

describeDialects(
  'schemas and constraints whose rows are checked later',
  (dialect) => {
    test('come and go; a schema that holds something stays', async () => {
      const db = await database(dialect)
      const app = project({
        'aludel.config.json': '{}',
        ...revisionFile('a1', {
          up: `op.createSchema('more of "it"')
  op.createTable('t', { columns: [{ name: 'n', type: 'integer' }] })
  op.bulkInsert('t', [{ n: 1 }])
  op.execute('alter table t add constraint positive check (n > 0) not valid')
  op.validateConstraint('t', 'positive')`,
          back: `op.dropTable('t')
  op.dropSchema('more of "it"')`,
        }),
      })
      const run = (...args: readonly string[]) => app.run(args, { env: { DATABASE_URL: db.url } })
      const schemas = `select nspname from pg_namespace where nspname like 'more%'`
      expect(await run('upgrade')).toMatchObject({ status: 0 })
      expect(await sql(db.url, schemas)).toEqual([['more of "it"']])
      const validated = `select convalidated from pg_constraint where conname = 'positive'`
      expect(await sql(db.url, validated)).toEqual([[true]])
      await sql(db.url, 'create table "more of ""it""".kept (n integer)')
      expect(await run('downgrade')).toMatchObject({ status: 1, stderr: expect.stringContaining('depend') })
      await sql(db.url, 'drop table "more of ""it""".kept')
      expect(await run('downgrade')).toMatchObject({ status: 0 })
      expect(await sql(db.url, schemas)).toEqual([])
    })
  },
  ['postgresql'],
)
