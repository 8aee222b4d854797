import { expect, test } from 'vitest'
import { useTable } from '../support/application.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { runJson } from '../support/run-json.ts'
import { until as untilHolds } from '../support/until.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const outside = 'export const transaction = false'
const index = "op.createIndex('t_a1', { name: 't_a1_n', columns: ['n'], concurrently: true })"
const back = "op.dropIndex('t_a1', 't_a1_n', { concurrently: true })"
const indexFile = revisionFile('b1', { down: 'a1', message: 'Index', header: outside, up: index, back })

const validity = "select indisvalid from pg_index where indexrelid = to_regclass('t_a1_n')"

describeDialects('a revision with `transaction = false`', (dialect) => {
  const start = async (files: Readonly<Record<string, string>>) => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...chain('a1'), ...files })
    const env = { DATABASE_URL: db.url }
    return { db, app, env, run: (...args: readonly string[]) => runJson(app, args, env) }
  }

  test('goes up and down, beside revisions inside of transactions that touch the same table', async () => {
    const { run, db } = await start({
      ...indexFile,
      ...revisionFile('c1', {
        down: 'b1',
        up: "op.addColumn('t_a1', { name: 'm', type: 'integer', nullable: true })",
        back: "op.dropColumn('t_a1', 'm')",
      }),
    })
    expect(await run('upgrade')).toMatchObject({
      status: 0,
      steps: [{ revision: 'a1' }, { revision: 'b1', statements: 1 }, { revision: 'c1' }],
    })
    await sql(db.url, 'select n, m from t_a1')
    expect(await run('downgrade', 'base')).toMatchObject({ status: 0, heads: [] })
    expect(await run('current')).toMatchObject({ applied: 0 })
    expect(await run('current')).not.toHaveProperty('halfDone')
  })

  test('F40: is refused with --single-transaction, from the headers, before the first step', async () => {
    const { run } = await start(indexFile)
    expect(await run('upgrade', '--single-transaction')).toMatchObject({
      status: 2,
      error: { code: 'NOT_SUPPORTED' },
    })
    expect(await run('current')).toMatchObject({ applied: 0 })
  })

  // It was taken for a commit of the revision's own, and both statements for done.
  test.runIf(dialect === 'postgresql')(
    'and data that are refused at their commit leaves them out, and goes on there',
    async () => {
      const data = "op.execute('insert into child (n) values (7)')"
      const { run, db } = await start(
        revisionFile('b1', { down: 'a1', header: outside, up: `${index}\n  ${data}` }),
      )
      await run('upgrade', 'a1')
      await sql(
        db.url,
        'create table parent (n integer primary key)',
        'create table child (n integer references parent deferrable initially deferred)',
      )
      expect(await run('upgrade')).toMatchObject({
        status: 5,
        error: {
          message: expect.stringMatching(/failed at statement 2 of 2: .*foreign key constraint/),
          fix: expect.stringContaining('it goes on after them'),
          details: { ran: [expect.stringContaining('create index')] },
        },
      })
      await sql(db.url, 'insert into parent values (7)')
      expect(await run('upgrade')).toMatchObject({ status: 0, steps: [{ statements: 1 }] })
      expect(await sql(db.url, 'select n from child')).toEqual([[7]])
    },
  )

  test('is what `concurrently` asks for', async () => {
    const { run } = await start(revisionFile('b1', { down: 'a1', up: index }))
    expect(await run('upgrade')).toMatchObject({
      status: 1,
      error: {
        code: 'STEP_FAILED',
        message: expect.stringContaining('concurrently'),
        fix: expect.stringContaining('export const transaction = false'),
        details: { revision: 'b1', line: expect.stringMatching(/b1\.ts:\d+$/) },
      },
    })
  })
})

describeDialects(
  'one transaction for all steps',
  (dialect) => {
    test('keeps all of them or none', async () => {
      const db = await database(dialect)
      const app = project({
        'aludel.config.json': '{}',
        ...chain('a1', 'b1', 'c1'),
        ...revisionFile('d1', { down: 'c1', up: "throw new Error('boom')" }),
      })
      const env = { DATABASE_URL: db.url }
      expect(await runJson(app, ['upgrade', '--single-transaction'], env)).toMatchObject({
        status: 1,
        error: {
          state:
            'Revision d1 was rolled back, and with it the 3 steps before it; the 0 steps before it stay.',
        },
      })
      expect(await runJson(app, ['current'], env)).toMatchObject({ applied: 0 })
      app.write(chain('a1', 'b1', 'c1', 'd1'))
      expect(await runJson(app, ['upgrade', '--single-transaction'], env)).toMatchObject({
        status: 0,
        steps: [{ revision: 'a1' }, { revision: 'b1' }, { revision: 'c1' }, { revision: 'd1' }],
        heads: ['d1'],
      })
      expect(await runJson(app, ['downgrade', 'base', '--single-transaction'], env)).toMatchObject({
        status: 0,
        heads: [],
      })
    })
  },
  ['sqlite', 'postgresql'],
)

describeDialects(
  'an index that is built concurrently',
  (dialect) => {
    const start = async (files: Readonly<Record<string, string>> = indexFile, options = '') => {
      const db = await database(dialect)
      const app = project({ 'aludel.config.json': `{ ${options} }`, ...chain('a1'), ...files })
      const env = { DATABASE_URL: db.url }
      expect((await app.run(['upgrade', 'a1'], { env })).status).toBe(0)
      return { db, app, env, run: (...args: readonly string[]) => runJson(app, args, env) }
    }

    test('and was left invalid is built anew', async () => {
      const { db, run } = await start(
        revisionFile('b1', {
          down: 'a1',
          header: outside,
          // With `if not exists` PostgreSQL would take the invalid one for it.
          up: "op.execute('create index concurrently if not exists t_a1_n on t_a1 (n)')",
        }),
      )
      await sql(db.url, 'insert into t_a1 values (1), (1)')
      await expect(sql(db.url, 'create unique index concurrently t_a1_n on t_a1 (n)')).rejects.toThrow()
      expect(await sql(db.url, validity)).toEqual([[false]])
      expect(await run('upgrade')).toMatchObject({ status: 0 })
      expect(await sql(db.url, validity)).toEqual([[true]])
    })

    test('and fails leaves no invalid index', async () => {
      const { db, run } = await start(
        revisionFile('b1', { down: 'a1', header: outside, up: index.replace("'],", "'], unique: true,") }),
      )
      await sql(db.url, 'insert into t_a1 values (1), (1)')
      expect(await run('upgrade')).toMatchObject({
        status: 1,
        error: { code: 'STEP_FAILED', state: expect.stringContaining('b1 was rolled back') },
      })
      expect(await sql(db.url, validity)).toEqual([])
      await sql(db.url, 'delete from t_a1')
      expect(await run('upgrade')).toMatchObject({ status: 0 })
    })

    // Without the wait for what a killed run has sent, the next run would drop the index under it.
    test.each(['at once', 'later'])(
      'F10: while it is killed is there, whole, after the next run %s',
      async (when) => {
        const { db, app, env, run } = await start()
        const endShop = await useTable(db.url, 'insert into t_a1 values (1)')
        const killed = app.start(['upgrade'], { env })
        await until(
          db.url,
          "select 1 from pg_stat_activity where datname = current_database() and query like '/* aludel%' and state = 'active' and wait_event_type = 'Lock'",
        )
        killed.kill('SIGKILL')
        await killed.ended
        if (when === 'later')
          await until(
            db.url,
            "select 1 where not exists (select from pg_stat_activity where datname = current_database() and query like '/* aludel%' and state = 'active')",
          )
        const next = run('upgrade')
        await new Promise((done) => setTimeout(done, 500))
        await endShop()
        expect(await next).toMatchObject({ status: 0 })
        expect(await sql(db.url, validity)).toEqual([[true]])
        expect(await run('current')).toMatchObject({ atHead: true })
      },
    )

    test('F49: is stopped by a signal, and leaves no invalid index', async () => {
      const { db, app, env, run } = await start()
      const endShop = await useTable(db.url, 'insert into t_a1 values (1)')
      const stopped = app.start(['upgrade', '--json'], { env })
      await until(
        db.url,
        "select 1 from pg_stat_activity where datname = current_database() and query like '/* aludel%' and state = 'active' and wait_event_type = 'Lock'",
      )
      stopped.kill('SIGINT')
      expect((await stopped.ended).status).toBe(130)
      await endShop()
      expect(
        await sql(
          db.url,
          "select 1 from pg_stat_activity where datname = current_database() and query like '/* aludel%' and state = 'active'",
        ),
      ).toEqual([])
      expect(await run('upgrade')).toMatchObject({ status: 0 })
      expect(await sql(db.url, validity)).toEqual([[true]])
    })

    test('F18: and is held up names by whom, and gives up in time', async () => {
      const { db, run } = await start(indexFile, '"lockWait": 1')
      const endShop = await useTable(db.url, 'insert into t_a1 values (1)')
      const { status, error, stderr } = await run('upgrade')
      expect({ status, code: error.code }).toEqual({ status: 1, code: 'LOCK_TIMEOUT' })
      expect(stderr).toMatch(
        /b1 is held up by process \d+ \(user \w+, application shop, since .*: insert into t_a1/,
      )
      expect(error.message).toMatch(/process \d+ \(user \w+, application shop/)
      // Who holds it up keeps it from being dropped too; so it is named, and built anew.
      expect(error.message).toContain('t_a1_n" is left invalid')
      await endShop()
      expect(await run('upgrade')).toMatchObject({ status: 0 })
      expect(await sql(db.url, validity)).toEqual([[true]])
    })

    // It took what another database's runner builds for a statement that a dead one of its own had left: seen.
    test('does not wait for that of another database', async () => {
      const [one, another] = [await start(), await start()]
      const endShop = await useTable(one.db.url, 'insert into t_a1 values (1)')
      const building = one.run('upgrade')
      await until(
        one.db.url,
        "select 1 from pg_stat_activity where datname = current_database() and query like '/* aludel%' and state = 'active' and wait_event_type = 'Lock'",
      )
      expect(await another.run('upgrade', '--lock-wait', '3')).toMatchObject({ status: 0 })
      await endShop()
      expect(await building).toMatchObject({ status: 0 })
    })

    // It lost its connection in the pause, or was held up in one try after the other: seen.
    test("is not held to an application's limits for locks and idle sessions", async () => {
      const wait = 'await new Promise((done) => setTimeout(done, 1500))'
      const { db, run } = await start(
        revisionFile('b1', { down: 'a1', header: outside, up: `${wait}\n  ${index}` }),
      )
      const name = new URL(db.url).pathname.slice(1)
      const endShop = await useTable(db.url, 'insert into t_a1 values (1)')
      for (const limit of ["lock_timeout = '100ms'", "idle_session_timeout = '1s'"])
        await sql(db.url, `alter database "${name}" set ${limit}`)
      const next = run('upgrade')
      await until(
        db.url,
        "select 1 from pg_stat_activity where datname = current_database() and query like '/* aludel%create index%'",
      )
      await new Promise((done) => setTimeout(done, 500))
      await endShop()
      expect(await next).toMatchObject({ status: 0, stderr: expect.not.stringContaining('held up') })
      expect(await sql(db.url, validity)).toEqual([[true]])
    })

    test('F16: a statement that keeps readers out waits for them only so long', async () => {
      const vacuum = "op.execute('vacuum full t_a1')"
      const files = revisionFile('b1', { down: 'a1', header: outside, up: vacuum })
      const { db, app, env } = await start(files, '"lockTimeout": 0.3')
      const endShop = await useTable(db.url, 'select n from t_a1')
      const run = app.start(['upgrade', '--json'], { env })
      await run.said('try 2 of 5')
      await endShop()
      expect((await run.ended).status).toBe(0)
    })

    test('takes no snapshot with the lock, and lets those who wait poll', async () => {
      const { db, app, env } = await start()
      const endShop = await useTable(db.url, 'insert into t_a1 values (1)')
      const runs = Array.from({ length: 4 }, () => app.run(['upgrade'], { env }))
      await until(
        db.url,
        "select 1 from pg_stat_activity where datname = current_database() and query like '/* aludel%' and state = 'active' and wait_event_type = 'Lock'",
      )
      const held = await sql(
        db.url,
        `select a.backend_xmin, a.application_name from pg_locks l join pg_stat_activity a on a.pid = l.pid
         where l.locktype = 'advisory' and a.datname = current_database()`,
      )
      expect(held).toEqual([[null, 'aludel: upgrade b1']])
      await endShop()
      expect((await Promise.all(runs)).map(({ status }) => status)).toEqual([0, 0, 0, 0])
    })

    test('F14: stops when its lock is lost, and is recorded once', async () => {
      const { db, app, env, run } = await start(
        revisionFile('b1', {
          down: 'a1',
          header: outside,
          up: `${index}\n  op.createTable('after', { columns: [{ name: 'n', type: 'integer' }] })`,
        }),
      )
      const endShop = await useTable(db.url, 'insert into t_a1 values (1)')
      const losing = app.start(['upgrade', '--json'], { env })
      await until(
        db.url,
        "select 1 from pg_stat_activity where datname = current_database() and query like '/* aludel%' and state = 'active' and wait_event_type = 'Lock'",
      )
      await sql(
        db.url,
        "select pg_terminate_backend(l.pid) from pg_locks l where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database())",
      )
      // The server takes its time.
      await until(
        db.url,
        "select 1 where not exists (select from pg_locks l where l.locktype = 'advisory' and l.database = (select oid from pg_database where datname = current_database()))",
      )
      await endShop()
      const { status, stdout } = await losing.ended
      expect({ status, ...JSON.parse(stdout).error }).toMatchObject({ status: 6, code: 'LOCK_NOT_OBTAINED' })
      expect(await run('upgrade')).toMatchObject({ status: 0, steps: [{ statements: 1 }] })
      expect(await sql(db.url, validity)).toEqual([[true]])
    })
  },
  ['postgresql'],
)

function until(url: string, query: string): Promise<void> {
  return untilHolds(async () => (await sql(url, query)).length > 0)
}
