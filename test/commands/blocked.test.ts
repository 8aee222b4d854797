import pg from 'pg'
import { expect, test } from 'vitest'
import { useTable } from '../support/application.ts'
import { afterTest } from '../support/cleanup.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

/** What an application has done in a transaction that is open. */
const read = "select 'S3cret', n from t_a1"

describeDialects(
  'F16: a step that changes a table in use',
  (dialect) => {
    const start = async (parts: { readonly before?: string; readonly config?: string } = {}) => {
      const { before = '', config = '"lockTimeout": 0.3' } = parts
      const db = await database(dialect)
      const app = project({
        'aludel.config.json': `{ ${config} }`,
        ...chain('a1'),
        ...revisionFile('b1', {
          down: 'a1',
          message: 'Wide',
          up: `${before}op.addColumn('t_a1', { name: 'm', type: 'integer', nullable: true })`,
        }),
      })
      const env = { DATABASE_URL: db.url }
      expect((await app.run(['upgrade', 'a1'], { env })).status).toBe(0)
      return { db, app, env }
    }

    // Without the limit the run waits for the shop, and every query on the table behind it.
    test('gives up in five tries, is rolled back, and names who uses it', { timeout: 90_000 }, async () => {
      const { db, app, env } = await start()
      await useTable(db.url, read)
      const run = app.start(['upgrade', '--json'], { env })
      // Others are not kept waiting while it pauses, nor for long while it waits.
      let longest = 0
      const over = new AbortController()
      void run.ended.finally(() => over.abort())
      while (!over.signal.aborted) {
        const begin = performance.now()
        await sql(db.url, 'select n from t_a1')
        longest = Math.max(longest, performance.now() - begin)
      }
      expect(longest).toBeLessThan(5000)
      const { status, stdout, stderr } = await run.ended
      const { error } = JSON.parse(stdout)
      expect({ status, ...error }).toMatchObject({
        status: 1,
        code: 'LOCK_TIMEOUT',
        message: expect.stringMatching(
          /b1 \(Wide\) .*stayed in use in 5 tries by process \d+ \(user \w+.*, since \d{4}-/,
        ),
        state: 'Revision b1 was rolled back; the 0 steps before it stay.',
        fix: expect.stringContaining('--lock-timeout'),
        details: { revision: 'b1' },
      })
      if (dialect === 'postgresql') expect(error.message).toContain('application shop')
      expect(stderr.match(/b1 is held up by process/g)).toHaveLength(4)
      // What others send may hold anything.
      expect(stderr + stdout).not.toContain('S3cret')
      expect(await sql(db.url, 'select revision from aludel_revision')).toEqual([['a1']])
    })

    test('is tried again, and goes through when the table is free', async () => {
      const { db, app, env } = await start({
        before: "op.createTable('first', { columns: [{ name: 'n', type: 'integer' }] })\n  ",
      })
      const endShop = await useTable(db.url, read)
      const run = app.start(['upgrade', '--json'], { env })
      await run.said('is held up by')
      await endShop()
      const { status, stdout } = await run.ended
      expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 0, heads: ['b1'] })
      expect(await sql(db.url, "select revision, outcome from aludel_journal where revision = 'b1'")).toEqual(
        [['b1', 'done']],
      )
    })

    test('ends its pause with a signal', async () => {
      const { db, app, env } = await start()
      await useTable(db.url, read)
      const run = app.start(['upgrade', '--json'], { env })
      await run.said('try 3 of 5')
      run.kill('SIGTERM')
      const { status, stdout } = await run.ended
      expect({ status, ...JSON.parse(stdout).error }).toMatchObject({ status: 143, code: 'TERMINATED' })
    })
  },
  ['postgresql', 'mariadb', 'mysql'],
)

describeDialects(
  'limits of statements',
  (dialect) => {
    test('F17: one of the login ends a step, which is rolled back', async () => {
      const db = await database(dialect)
      const app = project({
        'aludel.config.json': '{}',
        ...chain('a1'),
        ...revisionFile('b1', { down: 'a1', up: "await op.query('select pg_sleep(3)')" }),
      })
      const limited = new URL(db.url)
      limited.search = 'options=-c%20statement_timeout%3D500'
      const env = { DATABASE_URL: limited.href }
      const { status, stdout } = await app.run(['upgrade', '--json'], { env })
      expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
        status: 1,
        code: 'STEP_FAILED',
        message: expect.stringContaining('statement timeout'),
        state: 'Revision b1 was rolled back; the 1 step before it stays.',
        fix: expect.stringContaining('statementTimeout'),
      })
      // `statementTimeout` lifts it, for aludel alone.
      app.write({ 'aludel.config.json': '{ "statementTimeout": 0 }' })
      expect((await app.run(['upgrade'], { env })).status).toBe(0)
    })

    test('F17: one of the login ends the building of an index, and leaves none that is invalid', async () => {
      const db = await database(dialect)
      const app = project({
        'aludel.config.json': '{}',
        ...chain('a1'),
        ...revisionFile('b1', {
          down: 'a1',
          header: 'export const transaction = false',
          up: "op.createIndex('t_a1', { name: 't_a1_n', columns: ['n'], concurrently: true })",
        }),
      })
      await app.run(['upgrade', 'a1'], { env: { DATABASE_URL: db.url } })
      const client = new pg.Client({ connectionString: db.url })
      client.on('error', () => {})
      await client.connect()
      afterTest(() => client.end())
      await client.query('begin isolation level repeatable read')
      await client.query('select count(*) from aludel_revision')
      const limited = new URL(db.url)
      limited.search = 'options=-c%20statement_timeout%3D1000'
      const { status, stdout } = await app.run(['upgrade', '--json'], { env: { DATABASE_URL: limited.href } })
      expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
        status: 1,
        code: 'STEP_FAILED',
        message: expect.stringContaining('statement timeout'),
      })
      expect(await sql(db.url, "select 1 from pg_class where relname = 't_a1_n'")).toEqual([])
    })

    test('F19: one for transactions that rest ends none of ours', async () => {
      const db = await database(dialect)
      const app = project({
        'aludel.config.json': '{}',
        ...chain('a1'),
        ...revisionFile('b1', { down: 'a1', up: 'await new Promise((done) => setTimeout(done, 800))' }),
      })
      const limited = new URL(db.url)
      limited.search = 'options=-c%20idle_in_transaction_session_timeout%3D200'
      expect((await app.run(['upgrade'], { env: { DATABASE_URL: limited.href } })).status).toBe(0)
    })
  },
  ['postgresql'],
)
