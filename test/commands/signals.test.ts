import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { until } from '../support/until.ts'
import { project } from '../support/project.ts'
import type { DialectName } from '../support/servers.ts'
import { sql } from '../support/sql.ts'

/** What goes on for 20 seconds unless it is stopped; SQLite has no statement of the kind that lets signals in. */
const sleeps = {
  sqlite: 'await new Promise((done) => setTimeout(done, 20_000))',
  postgresql: "await op.query('select pg_sleep(20)')",
  mariadb: "await op.query('select sleep(20)')",
  mysql: "await op.query('select sleep(20)')",
  pglite: 'await new Promise((done) => setTimeout(done, 20_000))',
} as const

/** Of statements on servers; the others are in the process itself. */
const running: Partial<Record<DialectName, string>> = {
  postgresql:
    "select count(*) from pg_stat_activity where query like 'select pg_sleep(20)%' and state = 'active' and datname = current_database()",
  mariadb:
    "select count(*) from information_schema.processlist where info like 'select sleep(20)%' and db = database()",
  mysql:
    "select count(*) from information_schema.processlist where info like 'select sleep(20)%' and db = database()",
}

describeDialects('F49: a signal in the middle of a step', (dialect) => {
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
      const busy = running[dialect]
      if (busy !== undefined) await until(async () => Number((await sql(db.url, busy))[0]?.[0]) === 1)
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
      if (busy !== undefined) expect(Number((await sql(db.url, busy))[0]?.[0])).toBe(0)
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

test('F49: a signal comes through between statements that block: SQLite ends in the middle of a step', async () => {
  const count =
    'with recursive c (x) as (select 1 union all select x + 1 from c where x < 1000000) select count(*) from c'
  const app = project({
    'aludel.config.json': '{ "url": "sqlite:app.db" }',
    ...chain('a1'),
    ...revisionFile('b1', { down: 'a1', up: `for (let at = 0; at < 60; at++) await op.query('${count}')` }),
    ...revisionFile('c1', { down: 'b1' }),
  })
  const upgrade = app.start(['upgrade', '--json'])
  await upgrade.said('Running upgrade a1 -> b1')
  upgrade.kill('SIGTERM')
  const { status, stdout } = await upgrade.ended
  expect({ status, ...JSON.parse(stdout).error }).toMatchObject({ status: 143, code: 'TERMINATED' })
  expect(JSON.parse((await app.run(['current', '--json'])).stdout)).toMatchObject({ heads: ['a1'] })
})

describeDialects(
  'F49: a signal when all statements of a step were carried out',
  (dialect) => {
    test('lets the step be recorded, and ends before the next', async () => {
      const db = await database(dialect)
      const app = project({ 'aludel.config.json': '{}', ...chain('a1', 'b1', 'c1') })
      const env = { DATABASE_URL: db.url }
      expect((await app.run(['upgrade', 'a1'], { env })).status).toBe(0)
      await sql(db.url, 'create trigger slow before insert on aludel_revision for each row do sleep(1)')
      const upgrade = app.start(['upgrade', '--json'], { env })
      await upgrade.said('Running upgrade a1 -> b1')
      const recording =
        "select count(*) from information_schema.processlist where db = database() and state = 'User sleep'"
      await until(async () => Number((await sql(db.url, recording))[0]?.[0]) === 1)
      expect(await tables(db.url)).toContain('t_b1')
      upgrade.kill('SIGINT')
      const { status, stdout } = await upgrade.ended
      expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
        status: 130,
        code: 'INTERRUPTED',
        state: expect.stringContaining('the 1 step before it stays'),
      })
      expect(await sql(db.url, 'select revision from aludel_revision order by revision')).toEqual([
        ['a1'],
        ['b1'],
      ])
      expect(await tables(db.url)).not.toContain('t_c1')
      expect((await app.run(['upgrade'], { env })).status).toBe(0)
    })

    test('hides no error that nobody waits for, also when it was the last step', async () => {
      const db = await database(dialect)
      const up = "setTimeout(() => { throw new Error('late boom') }, 200)"
      const app = project({
        'aludel.config.json': '{}',
        ...chain('a1'),
        ...revisionFile('b1', { down: 'a1', up }),
      })
      const env = { DATABASE_URL: db.url }
      expect((await app.run(['upgrade', 'a1'], { env })).status).toBe(0)
      await sql(db.url, 'create trigger slow before insert on aludel_revision for each row do sleep(1)')
      const { status, stdout } = await app.run(['upgrade', '--json'], { env })
      expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
        status: 70,
        code: 'REVISION_ENDED',
        message: expect.stringContaining('late boom'),
      })
      expect(await sql(db.url, 'select revision from aludel_revision order by revision')).toEqual([
        ['a1'],
        ['b1'],
      ])
    })
  },
  ['mariadb', 'mysql'],
)

async function tables(url: string): Promise<readonly unknown[]> {
  return (
    await sql(url, 'select table_name from information_schema.tables where table_schema = database()')
  ).flat()
}

test('F49: a signal while another runner holds the lock ends the wait', async () => {
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

test('a signal between two steps of one transaction takes back all of them', async () => {
  const slow =
    'with recursive c (x) as (select 1 union all select x + 1 from c where x < 3000000) select count(*) from c'
  const app = project({
    'aludel.config.json': '{ "url": "sqlite:app.db" }',
    ...chain('a1'),
    // It blocks to its end, so the signal is seen when the step is over.
    ...revisionFile('b1', { down: 'a1', up: `op.execute("create table s as ${slow}")` }),
    ...revisionFile('c1', { down: 'b1' }),
  })
  const upgrade = app.start(['upgrade', '--single-transaction', '--json'])
  await upgrade.said('Running upgrade a1 -> b1')
  upgrade.kill('SIGTERM')
  const { status, stdout } = await upgrade.ended
  expect({ status, ...JSON.parse(stdout).error }).toMatchObject({ status: 143, code: 'TERMINATED' })
  expect(JSON.parse((await app.run(['current', '--json'])).stdout)).toMatchObject({ applied: 0 })
})
