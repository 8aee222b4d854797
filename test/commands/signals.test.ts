import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

/** What goes on for 20 seconds unless it is stopped; SQLite has no statement of the kind that lets signals in. */
const sleeps = {
  sqlite: 'await new Promise((done) => setTimeout(done, 20_000))',
  postgresql: "await op.query('select pg_sleep(20)')",
  mariadb: "await op.query('select sleep(20)')",
  mysql: "await op.query('select sleep(20)')",
} as const

const running = {
  sqlite: 'select 0',
  postgresql:
    "select count(*) from pg_stat_activity where query like 'select pg_sleep(20)%' and state = 'active' and datname = current_database()",
  mariadb:
    "select count(*) from information_schema.processlist where info like 'select sleep(20)%' and db = database()",
  mysql:
    "select count(*) from information_schema.processlist where info like 'select sleep(20)%' and db = database()",
} as const

describeDialects('a signal in the middle of a step', (dialect) => {
  const start = async (up: string) => {
    const db = await database(dialect)
    const app = project({
      'aludel.config.json': '{}',
      ...chain('a1'),
      ...revisionFile('b1', {
        down: 'a1',
        message: 'Slow',
        up: `await op.query('insert into t_a1 (n) values (1)')\n  ${up}`,
      }),
    })
    const env = { DATABASE_URL: db.url }
    const upgrade = app.start(['upgrade', '--json'], { env })
    await upgrade.said('Running upgrade a1 -> b1')
    return { db, app, env, upgrade }
  }

  test.each([
    ['SIGINT', 130, 'INTERRUPTED'],
    ['SIGTERM', 143, 'TERMINATED'],
  ] as const)(
    '%s cancels the statement, rolls back, releases the lock and is noted',
    async (signal, status, code) => {
      const { db, app, env, upgrade } = await start(sleeps[dialect])
      if (dialect !== 'sqlite')
        await until(async () => Number((await sql(db.url, running[dialect]))[0]?.[0]) === 1)
      const begin = performance.now()
      upgrade.kill(signal)
      const run = await upgrade.ended
      // Less than the statement takes; in quiet half a second is usual.
      expect(performance.now() - begin).toBeLessThan(5000)
      expect({ status: run.status, ...JSON.parse(run.stdout).error }).toMatchObject({
        status,
        code,
        message: expect.stringMatching(new RegExp(`b1 \\(Slow\\) .*Stopped by ${signal}`)),
        state: expect.stringContaining('b1 was rolled back; the 1 step before it stays'),
        fix: 'Run the same command again.',
      })
      if (dialect !== 'sqlite') expect(Number((await sql(db.url, running[dialect]))[0]?.[0])).toBe(0)
      expect(Number((await sql(db.url, 'select count(*) from t_a1'))[0]?.[0])).toBe(0)
      expect(await sql(db.url, 'select revision from aludel_revision')).toEqual([['a1']])
      expect(
        await sql(db.url, "select outcome, error_code from aludel_journal where revision = 'b1'"),
      ).toEqual([['failed', code]])
      app.write(revisionFile('b1', { down: 'a1' }))
      expect((await app.run(['upgrade', '--lock-wait', '1'], { env })).status).toBe(0)
    },
  )

  test('a second one ends at once', async () => {
    const { upgrade } = await start(
      "process.on('SIGTERM', () => { const end = Date.now() + 1000; while (Date.now() < end); }); await new Promise((done) => setTimeout(done, 20_000))",
    )
    upgrade.kill('SIGTERM')
    upgrade.kill('SIGTERM')
    expect((await upgrade.ended).status).toBe(143)
  })
})

test('a signal while another runner holds the lock ends the wait', async () => {
  const app = project({
    'aludel.config.json': '{ "url": "sqlite:app.db" }',
    ...revisionFile('a1', { up: sleeps.sqlite }),
  })
  const holder = app.start(['upgrade'])
  await holder.said('Running upgrade')
  const waiter = app.start(['upgrade', '--json'])
  await waiter.said('waiting for it')
  waiter.kill('SIGTERM')
  const { status, stdout } = await waiter.ended
  expect({ status, ...JSON.parse(stdout).error }).toMatchObject({ status: 143, code: 'TERMINATED' })
  holder.kill('SIGINT')
  expect((await holder.ended).status).toBe(130)
})

async function until(holds: () => Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((done) => setTimeout(done, 50))
}
