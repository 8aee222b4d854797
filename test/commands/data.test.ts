import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

describeDialects(
  'a revision that goes to another database',
  (dialect) => {
    // Without the guard the ledger's rows are written there.
    test.each(['use mysql', '/* away */ USE `mysql`'])('by %s is refused before it has gone', async (use) => {
      const db = await database(dialect)
      const app = project({
        'aludel.config.json': '{}',
        ...chain('a1'),
        ...revisionFile('b1', { down: 'a1', up: `op.execute(${JSON.stringify(use)})` }),
      })
      const env = { DATABASE_URL: db.url }
      const { status, stdout } = await app.run(['upgrade', '--json'], { env })
      expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
        status: 1,
        code: 'STEP_FAILED',
        message: expect.stringContaining('`use`'),
        fix: expect.stringContaining('database.table'),
      })
      expect(await sql(db.url, 'select revision from aludel_revision')).toEqual([['a1']])
      expect(await sql(db.url, "select outcome from aludel_journal where revision = 'b1'")).toEqual([
        ['failed'],
      ])
    })
  },
  ['mariadb', 'mysql'],
)

describeDialects('changes of data', (dialect) => {
  const start = async (files: Readonly<Record<string, string>>) => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...files })
    const run = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await app.run([...args, '--json'], { env: { DATABASE_URL: db.url } })
      expect({ status, stdout, stderr: status === 0 ? '' : stderr }).toMatchObject({ status: 0 })
      return JSON.parse(stdout)
    }
    return { db, run, app }
  }

  const users = revisionFile('a1', {
    up: `op.createTable('users', {
    columns: [
      { name: 'id', type: 'integer', autoincrement: true },
      { name: 'first', type: 'string', length: 50 },
      { name: 'last', type: 'string', length: 50 },
    ],
    primaryKey: ['id'],
  })
  await op.query("insert into users (first, last) values ('Ada', 'Lovelace'), ('Alan', 'Turing')")`,
    back: "op.dropTable('users')",
  })

  test('stand between changes of the schema: added, filled, made not null; and back', async () => {
    const full = revisionFile('b1', {
      down: 'a1',
      header: "export const allowDataLoss = ['users.first', 'users.last']",
      up: `op.addColumn('users', { name: 'full', type: 'string', length: 120, nullable: true })
  for (const { id, first, last } of await op.query<{ id: number; first: string; last: string }>('select id, first, last from users')) {
    await op.query(\`update users set full = '\${first} \${last}' where id = \${id}\`)
  }
  op.alterColumn('users', 'full', { nullable: false })
  op.dropColumn('users', 'first')
  op.dropColumn('users', 'last')`,
      back: `op.addColumn('users', { name: 'first', type: 'string', length: 50, default: '' })
  op.addColumn('users', { name: 'last', type: 'string', length: 50, default: '' })
  op.dropColumn('users', 'full')`,
    })
    // `full` is a reserved word on some.
    const files = Object.fromEntries(
      Object.entries(full).map(([name, text]) => [
        name,
        text.replaceAll("'full'", "'whole'").replace('set full', 'set whole'),
      ]),
    )
    const { db, run } = await start({ ...users, ...files })
    await run('upgrade')
    expect(await sql(db.url, 'select id, whole from users order by id')).toEqual([
      [1, 'Ada Lovelace'],
      [2, 'Alan Turing'],
    ])
    await expect(sql(db.url, 'insert into users (id) values (9)')).rejects.toThrow()
    await run('downgrade')
    expect(await sql(db.url, 'select id, first, last from users order by id')).toEqual([
      [1, '', ''],
      [2, '', ''],
    ])
    await run('downgrade', 'base')
  })

  test('run through Kysely on the same connection, after what is recorded', async () => {
    const { db, run } = await start({
      ...users,
      ...revisionFile('b1', {
        down: 'a1',
        up: `op.addColumn('users', { name: 'born', type: 'integer', nullable: true })
  await op.db.updateTable('users').set({ born: 1815 }).where('first', '=', 'Ada').execute()
  await op.db.insertInto('users').values({ first: "O'Neil", last: 'x', born: 1 }).execute()
  const rows = await op.db.selectFrom('users').select(['first', 'born']).orderBy('id').execute()
  if (JSON.stringify(rows) !== JSON.stringify([{ first: 'Ada', born: 1815 }, { first: 'Alan', born: null }, { first: "O'Neil", born: 1 }])) throw new Error(JSON.stringify(rows))
  op.renameColumn('users', 'born', 'year')`,
        back: "op.dropColumn('users', 'year')",
      }),
    })
    await run('upgrade')
    expect(await sql(db.url, 'select first, year from users order by id')).toEqual([
      ['Ada', 1815],
      ['Alan', null],
      ["O'Neil", 1],
    ])
  })

  test('tell through Kysely how many rows they changed, so that a loop in batches ends when all is done', async () => {
    const { db, run } = await start({
      ...users,
      ...revisionFile('b1', {
        down: 'a1',
        up: `const counts: string[] = []
  for (;;) {
    const left = await op.db.selectFrom('users').select('id').where('last', '!=', 'done').orderBy('id').executeTakeFirst()
    const { numUpdatedRows } = await op.db.updateTable('users').set({ last: 'done' }).where('id', '=', left?.id ?? 0).executeTakeFirst()
    counts.push(String(numUpdatedRows))
    if (numUpdatedRows === 0n) break
  }
  const { numInsertedOrUpdatedRows } = await op.db.insertInto('users').values({ first: 'x', last: 'y' }).executeTakeFirst()
  const { numDeletedRows } = await op.db.deleteFrom('users').where('first', '=', 'x').executeTakeFirst()
  const told = [...counts, numInsertedOrUpdatedRows, numDeletedRows].join(' ')
  if (told !== '1 1 0 1 1') throw new Error(told)`,
      }),
    })
    await run('upgrade')
    expect(await sql(db.url, 'select last from users')).toEqual([['done'], ['done']])
  })

  test('are undone with the step that fails after them', async () => {
    const { db, app, run } = await start({
      ...users,
      ...revisionFile('b1', {
        down: 'a1',
        up: "await op.query('delete from users')\n  throw new Error('boom')",
      }),
    })
    expect((await app.run(['upgrade'], { env: { DATABASE_URL: db.url } })).status).toBe(1)
    expect(await sql(db.url, 'select count(*) from users').then((rows) => Number(rows[0]?.[0]))).toBe(2)
    expect(await run('current')).toMatchObject({ heads: ['a1'] })
  })

  test('that DDL after them has committed are told as what stays', async () => {
    const { db, app } = await start({
      ...users,
      ...revisionFile('b1', {
        down: 'a1',
        up: "await op.query('delete from users')\n  op.addColumn('users', { name: 'x', type: 'text', nullable: true })\n  op.execute('insert into nowhere values (1)')",
      }),
    })
    const { status, stdout } = await app.run(['upgrade', '--json'], { env: { DATABASE_URL: db.url } })
    const { error } = JSON.parse(stdout)
    const rows = await sql(db.url, 'select count(*) from users').then((found) => Number(found[0]?.[0]))
    const stays = dialect === 'mariadb' || dialect === 'mysql'
    expect({ status, rows }).toEqual(stays ? { status: 5, rows: 0 } : { status: 1, rows: 2 })
    expect(error.details.ran).toHaveLength(stays ? 2 : 0)
  })

  test('what takes a revision back is kept in the ledger; a data step is marked as such', async () => {
    const { db, run } = await start({
      ...chain('a1'),
      ...revisionFile('b1', { down: 'a1', up: '', back: "await op.query('select 1')" }),
      ...revisionFile('c1', { down: 'b1', header: "export const irreversible = 'no way'" }),
    })
    await run('upgrade')
    const rows = await sql(
      db.url,
      'select revision, downgrade, checksum, source, applied_by from aludel_revision order by revision',
    )
    const kept = rows.map(([revision, downgrade]) => [revision, JSON.parse(String(downgrade))])
    expect(kept).toEqual([
      ['a1', { kind: 'statements', statements: [expect.stringMatching(/^drop table .t_a1.$/)] }],
      ['b1', { kind: 'dynamic' }],
      ['c1', { kind: 'irreversible' }],
    ])
    for (const [, , checksum, source] of rows) {
      expect(checksum).toMatch(/^v1:[0-9a-f]{64}$/)
      expect(source).toContain('export const revision')
    }
    expect(
      await sql(db.url, 'select revision, direction, outcome from aludel_journal order by revision'),
    ).toEqual([
      ['a1', 'upgrade', 'done'],
      ['b1', 'upgrade', 'done'],
      ['c1', 'upgrade', 'done'],
    ])
  })
})
