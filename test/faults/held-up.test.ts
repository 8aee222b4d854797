import { expect, test } from 'vitest'
import { useTable } from '../support/application.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const addColumn = revisionFile('b1', {
  down: 'a1',
  up: "op.addColumn('t_a1', { name: 'm', type: 'integer', nullable: true })",
})

describeDialects(
  'F16: a table that an application uses',
  (dialect) => {
    const start = async () => {
      const { url } = await database(dialect)
      const app = project({ 'aludel.config.json': '{ "lockTimeout": 0.5 }', ...chain('a1'), ...addColumn })
      const env = { DATABASE_URL: url }
      expect((await app.run(['upgrade', 'a1'], { env })).status).toBe(0)
      return { url, app, env }
    }

    // Without the lock timeout it waits for ever, and so does who reads the table; without the tries it fails at once.
    test('holds the step up: it is tried 5 times, and the blocker named; who reads waits no longer than it may', async () => {
      const { url, app, env } = await start()
      await useTable(url, 'select * from t_a1')
      const run = app.start(['upgrade', '--json'], { env })
      await run.said('a1 -> b1')
      let longest = 0
      const over = new AbortController()
      void run.ended.finally(() => over.abort())
      while (!over.signal.aborted) {
        const begin = performance.now()
        await sql(url, 'select count(*) from t_a1')
        longest = Math.max(longest, performance.now() - begin)
      }
      const { status, stdout, stderr } = await run.ended
      const { error } = JSON.parse(stdout)
      expect({ status, code: error.code }).toEqual({ status: 1, code: 'LOCK_TIMEOUT' })
      expect(`${error.message} ${JSON.stringify(error.details)}`).toMatch(/5 tries/)
      expect(stderr.match(/\d of 5/g)?.length).toBe(4)
      expect(error.fix).toMatch(/same command/)
      if (dialect === 'postgresql') expect(error.message).toContain('shop')
      // Half a second, and what two noisy cores add.
      expect(longest).toBeLessThan(3000)
      expect(await sql(url, 'select revision from aludel_revision')).toEqual([['a1']])
    })

    test('and lets it go between two tries only costs time', async () => {
      const { url, app, env } = await start()
      const end = await useTable(url, 'select * from t_a1')
      const run = app.start(['upgrade'], { env })
      await run.said('2 of 5')
      await end()
      expect((await run.ended).status).toBe(0)
      expect(await sql(url, 'select m from t_a1')).toEqual([])
    })
  },
  ['postgresql', 'mariadb'],
)

describeDialects(
  'what the server limits',
  (dialect) => {
    const slow = {
      ...chain('a1'),
      ...revisionFile('b1', { down: 'a1', up: "await op.query('select pg_sleep(1.5)')" }),
    }
    const start = async (setting: string) => {
      const { url } = await database(dialect)
      const name = new URL(url).pathname.slice(1)
      await sql(url, `alter database ${name} set ${setting}`)
      const app = project({ 'aludel.config.json': '{}', ...slow })
      return { url, app, env: { DATABASE_URL: url } }
    }

    // Without `statementTimeout` in the step's settings the second run fails too.
    test('F17: statement_timeout ends a statement: its step is rolled back, and may have more time', async () => {
      const { url, app, env } = await start("statement_timeout = '500ms'")
      const { status, stdout } = await app.run(['upgrade', '--json'], { env })
      const { error } = JSON.parse(stdout)
      expect({ status, ...error }).toMatchObject({
        status: 1,
        code: 'STEP_FAILED',
        message: expect.stringMatching(/b1.*statement timeout/),
        state: 'Revision b1 was rolled back; the 1 step before it stays.',
      })
      expect(await sql(url, 'select revision from aludel_revision')).toEqual([['a1']])
      app.write({ 'aludel.config.json': '{ "statementTimeout": 0 }' })
      expect((await app.run(['upgrade'], { env })).status).toBe(0)
    })

    // Without `set local idle_in_transaction_session_timeout = 0` the server ends the connection in the pause.
    test('F19: idle_in_transaction_session_timeout ends no step', async () => {
      const { url, app, env } = await start("idle_in_transaction_session_timeout = '500ms'")
      app.write(revisionFile('b1', { down: 'a1', up: 'await new Promise((done) => setTimeout(done, 1500))' }))
      expect((await app.run(['upgrade'], { env })).status).toBe(0)
      expect(await sql(url, 'select revision from aludel_revision order by 1')).toEqual([['a1'], ['b1']])
    })
  },
  ['postgresql'],
)
