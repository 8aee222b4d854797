import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { runJson } from '../support/run-json.ts'
import { type Project, project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const table = (name: string): string =>
  `op.createTable('${name}', { columns: [{ name: 'n', type: 'integer' }] })`
const three = [table('t1'), table('t2'), table('t3')]

/** Kills a run at a point that it stopped at by itself. */
async function killedAt(
  app: Project,
  point: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
) {
  const run = app.start(args, { env: { ...env, ALUDEL_TEST_STOP: point } })
  await run.said(`@stop ${point.replace(/:.*/, '')}`)
  run.kill('SIGKILL')
  await run.ended
}

describeDialects(
  'F11: a run that is killed in a step whose statements are committed one by one',
  (dialect) => {
    const start = async (up: readonly string[], { back = '', header = '' } = {}) => {
      const db = await database(dialect)
      const outside = dialect === 'postgresql' ? 'export const transaction = false' : ''
      const b1 = { down: 'a1', message: 'Three', up: up.join('\n  '), back, header: `${header}\n${outside}` }
      const app = project({ 'aludel.config.json': '{}', ...chain('a1'), ...revisionFile('b1', b1) })
      const env = { DATABASE_URL: db.url }
      expect((await app.run(['upgrade', 'a1'], { env })).status).toBe(0)
      return {
        db,
        app,
        env,
        upgrade: () => runJson(app, ['upgrade'], env),
        kill: (point: string, ...args: readonly string[]) =>
          killedAt(app, point, args.length > 0 ? args : ['upgrade'], env),
        change: (parts: Readonly<Record<string, string>>) =>
          app.write(revisionFile('b1', { ...b1, ...parts })),
        journal: () =>
          sql(
            db.url,
            "select direction, outcome, statement_done, statements from aludel_journal where revision = 'b1' order by outcome, direction, statement_done",
          ),
      }
    }
    const half = { status: 5, error: { code: 'STEP_HALF_DONE' } }

    // Without taking over the position of the earlier run, statement 1 runs again and t1 "already exists".
    test.each([1, 2, 3])(
      'before statement %i goes on there, says so, and repeats nothing',
      async (statement) => {
        const { db, upgrade, kill, journal } = await start(three)
        await kill(`mid-step:${statement}`)
        expect(await sql(db.url, 'select revision from aludel_revision')).toEqual([['a1']])
        const { status, steps, stderr } = await upgrade()
        expect({ status, steps }).toMatchObject({
          status: 0,
          steps: [{ revision: 'b1', statements: 4 - statement }],
        })
        if (statement > 1) expect(stderr).toMatch(`b1, begun by `)
        if (statement > 1) expect(stderr).toMatch(`was cut short; going on at statement ${statement}.`)
        for (const name of ['t1', 't2', 't3']) await sql(db.url, `select n from ${name}`)
        expect(await journal()).toEqual([
          ['upgrade', 'done', 3, 3],
          ['upgrade', 'failed', statement - 1, expect.any(Number)],
        ])
      },
    )

    test.each(['after-ddl', 'after-claim', 'after-version'])(
      'at %s, before the row of the revision is committed, records it without running anything',
      async (point) => {
        const { upgrade, kill } = await start(three)
        await kill(point)
        expect(await upgrade()).toMatchObject({ status: 0, steps: [{ revision: 'b1', statements: 0 }] })
      },
    )

    test('goes on with data that were not committed', async () => {
      const { db, upgrade, kill } = await start([
        table('t1'),
        "op.execute('insert into t1 (n) values (1)')",
        ...(dialect === 'postgresql' ? [] : ["await op.query('insert into t1 (n) values (2)')"]),
        "await op.query('insert into t1 (n) values (3)')",
      ])
      await kill('mid-step:3')
      expect(await upgrade()).toMatchObject({ status: 0 })
      const rows = dialect === 'postgresql' ? [[1], [3]] : [[1], [2], [3]]
      expect(await sql(db.url, 'select n from t1 order by n')).toEqual(rows)
    })

    // What was set ends with the session that set it.
    test
      .runIf(dialect !== 'postgresql')
      .each(['-- Parents first.\nset foreign_key_checks = 0', '/*!40014 SET foreign_key_checks = 0 */'])(
      'sets again by %j what was set',
      async (set) => {
        const { db, upgrade, kill } = await start(
          [set, 'drop table parent', 'drop table child'].map((text) => `op.execute(${JSON.stringify(text)})`),
        )
        await sql(
          db.url,
          'create table parent (n integer primary key)',
          'create table child (n integer, foreign key (n) references parent (n))',
        )
        await kill('mid-step:2')
        expect(await upgrade()).toMatchObject({ status: 0, steps: [{ statements: 2 }] })
      },
    )

    test('on its way back goes on there too', async () => {
      const back = ['t3', 't2', 't1'].map((name) => `op.dropTable('${name}')`).join('\n  ')
      const { db, upgrade, kill, app, env } = await start(three, { back })
      expect(await upgrade()).toMatchObject({ status: 0 })
      await kill('mid-step:2', 'downgrade', 'a1')
      await expect(sql(db.url, 'select n from t3')).rejects.toThrow()
      // Who goes the other way would build on half of it.
      expect(await upgrade()).toMatchObject({
        ...half,
        error: {
          message: expect.stringContaining('downgrade of revision b1 is half done'),
          details: { revision: 'b1' },
        },
      })
      expect(await runJson(app, ['downgrade', 'a1'], env)).toMatchObject({ status: 0, heads: ['a1'] })
      await expect(sql(db.url, 'select n from t1')).rejects.toThrow()
      expect(await upgrade()).toMatchObject({ status: 0 })
    })

    test('and whose first statements were changed since is told apart', async () => {
      const { upgrade, kill, change, app, env } = await start(three)
      await kill('mid-step:3')
      change({ up: [table('other'), table('t2'), table('t3')].join('\n  ') })
      expect(await upgrade()).toMatchObject({
        ...half,
        error: { message: expect.stringContaining('its first 2 statements are no longer those') },
      })
      // What comes after them may change.
      change({ up: [table('t1'), table('t2'), table('t4')].join('\n  ') })
      expect(await upgrade()).toMatchObject({ status: 0, steps: [{ statements: 1 }] })
      expect(await runJson(app, ['current'], env)).not.toHaveProperty('halfDone')
    })

    test('is not repaired without its name', async () => {
      const { kill, app, env } = await start(three)
      await kill('mid-step:3')
      expect(await runJson(app, ['repair', '', '--statement', '1', '--not-applied'], env)).toMatchObject({
        status: 2,
        error: { code: 'NOTHING_HALF_DONE', details: { halfDone: ['b1'] } },
      })
    })

    test('shows in `current`, and may be repaired', async () => {
      const { db, upgrade, kill, app, env, journal } = await start(three)
      await kill('mid-step:2')
      expect(await runJson(app, ['current'], env)).toMatchObject({
        status: 0,
        halfDone: [{ revision: 'b1', direction: 'upgrade', statement: 1, statements: 3 }],
      })
      // Statement 2 is done by hand.
      await sql(db.url, 'create table t2 (n integer)')
      expect(await runJson(app, ['repair', 'b1', '--statement', '2', '--applied'], env)).toMatchObject({
        status: 0,
        revision: 'b1',
        next: 3,
      })
      expect(await upgrade()).toMatchObject({ status: 0, steps: [{ statements: 1 }] })
      expect(await journal()).toEqual([
        ['repair', 'done', 0, 0],
        ['upgrade', 'done', 3, 3],
        ['upgrade', 'failed', 1, 3],
        ['upgrade', 'failed', 2, 3],
      ])
    })

    test('begins anew when a person has undone it', async () => {
      const { db, upgrade, kill, app, env } = await start(three)
      await kill('mid-step:3')
      await sql(db.url, 'drop table t1', 'drop table t2')
      const repaired = await runJson(app, ['repair', 'b1', '--statement', '1', '--not-applied'], env)
      expect(repaired).toMatchObject({ status: 0, next: 1 })
      expect(await upgrade()).toMatchObject({ status: 0, steps: [{ statements: 3 }] })
    })

    test('on its way back is forgotten by a stamp that leaves it applied', async () => {
      const back = ['t3', 't2', 't1'].map((name) => `op.dropTable('${name}')`).join('\n  ')
      const { db, upgrade, kill, app, env } = await start(three, { back })
      expect(await upgrade()).toMatchObject({ status: 0 })
      await kill('mid-step:2', 'downgrade', 'a1')
      await sql(db.url, 'create table t3 (n integer)')
      expect(await runJson(app, ['stamp', 'head'], env)).toMatchObject({ status: 0 })
      expect(await upgrade()).toMatchObject({ status: 0, steps: [] })
    })

    test('is forgotten by a stamp', async () => {
      const { upgrade, kill, app, env } = await start(three)
      await kill('mid-step:3')
      expect(await runJson(app, ['stamp', 'head'], env)).toMatchObject({ status: 0 })
      expect(await runJson(app, ['current'], env)).not.toHaveProperty('halfDone')
      expect(await upgrade()).toMatchObject({ status: 0, steps: [] })
    })

    // Forgotten were only those of revisions that are applied before or after the stamp.
    test('is forgotten by a stamp of what stands before it', async () => {
      const { kill, app, env } = await start(three)
      await kill('mid-step:2')
      expect(await runJson(app, ['stamp', 'a1'], env)).toMatchObject({ status: 0, steps: [] })
      expect(await runJson(app, ['current'], env)).not.toHaveProperty('halfDone')
    })

    // Of a negative number, and of garbage before the first statement was noted, nothing was known, and all of it ran again.
    test.each([
      ["statement_done = -1, position = 'garbage'", 5],
      ["statement_done = 0, position = 'garbage'", 5],
      ['position = null', 5],
      [`shape = '{"tables":{"t_a1":null}}'`, 0],
    ])('of which the journal says %s runs nothing twice', async (garbage, status) => {
      const { db, upgrade, kill } = await start([
        table('t1'),
        "op.execute('insert into t_a1 (n) values (1)')",
        table('t2'),
      ])
      await kill('mid-step:3')
      await sql(db.url, `update aludel_journal set ${garbage} where revision = 'b1'`)
      // Also not when it is asked again.
      for (const _ of [1, 2]) expect(await upgrade()).toMatchObject({ status })
      expect(await sql(db.url, 'select n from t_a1')).toEqual([[1]])
    })

    test('after it had committed data by a query asks a person', async () => {
      const { upgrade, kill, app, env, db } = await start([
        "await op.query('insert into t_a1 (n) values (1)')",
        table('t1'),
        table('t2'),
      ])
      await kill('mid-step:3')
      const asked = await upgrade()
      expect(asked).toMatchObject({
        ...half,
        error: { fix: expect.stringContaining('aludel repair b1 --statement 1 --not-applied') },
      })
      expect(await runJson(app, ['repair', 'b1', '--statement', '2', '--applied'], env)).toMatchObject({
        status: 2,
      })
      await sql(db.url, 'delete from t_a1', 'drop table t1')
      await runJson(app, ['repair', 'b1', '--statement', '1', '--not-applied'], env)
      expect(await upgrade()).toMatchObject({ status: 0, steps: [{ statements: 3 }] })
    })

    // Whoever ran the same command again repeated what it had committed: seen.
    test('asks a person when a procedure failed that had committed', async () => {
      const { db, upgrade, app, env } = await start([table('t1'), "op.execute('call fill()')", table('t2')])
      const fail = {
        postgresql: "language plpgsql as $$ begin insert into t_a1 values (1); commit; raise 'boom'; end $$",
        mysql:
          "begin insert into t_a1 values (1); commit; signal sqlstate '45000' set message_text = 'boom'; end",
      }[dialect === 'postgresql' ? dialect : 'mysql']
      await sql(db.url, `create procedure fill() ${fail}`)
      expect(await upgrade()).toMatchObject({
        ...half,
        error: {
          message: expect.stringContaining('failed at statement 2: boom'),
          state: expect.stringContaining('may have committed a part'),
          fix: expect.stringContaining('aludel repair b1 --statement 2 --applied'),
        },
      })
      expect(await upgrade()).toMatchObject(half)
      expect(await sql(db.url, 'select n from t_a1')).toEqual([[1]])
      await runJson(app, ['repair', 'b1', '--statement', '2', '--applied'], env)
      expect(await upgrade()).toMatchObject({ status: 0, steps: [{ statements: 1 }] })
    })

    test('nothing half done is nothing to repair', async () => {
      const { app, env } = await start(three)
      expect(await runJson(app, ['repair', 'b1', '--statement', '1', '--applied'], env)).toMatchObject({
        status: 2,
        error: { code: 'NOTHING_HALF_DONE' },
      })
      expect(await runJson(app, ['repair', 'b1', '--statement', '1'], env)).toMatchObject({ status: 2 })
      expect(await runJson(app, ['repair', 'b1', '--statement', 'x', '--applied'], env)).toMatchObject({
        status: 2,
      })
    })

    test('a statement that fails is gone on with when the file is corrected', async () => {
      const { upgrade, change, journal } = await start([
        table('t1'),
        "op.execute('drop table nowhere')",
        table('t3'),
      ])
      const { status, error } = await upgrade()
      expect({ status, code: error.code }).toEqual({ status: 5, code: 'STEP_HALF_DONE' })
      expect(error.state).toContain('(1) create table')
      expect(error.fix).toContain('it goes on after them')
      change({ up: [table('t1'), table('t2'), table('t3')].join('\n  ') })
      expect(await upgrade()).toMatchObject({ status: 0, steps: [{ statements: 2 }] })
      expect(await journal()).toEqual([
        ['upgrade', 'done', 3, 3],
        ['upgrade', 'failed', 1, 3],
      ])
    })
  },
  ['postgresql', 'mariadb', 'mysql'],
)

describeDialects(
  'a run that is killed while a change of the schema runs',
  (dialect) => {
    const raw = 'op.execute("create procedure mark() select sleep(3)")'

    const start = async (up: readonly string[]) => {
      const db = await database(dialect)
      const b1 = { down: 'a1', up: up.join('\n  ') }
      const app = project({ 'aludel.config.json': '{}', ...chain('a1'), ...revisionFile('b1', b1) })
      const env = { DATABASE_URL: db.url }
      await app.run(['upgrade', 'a1'], { env })
      return { db, app, env }
    }

    /** As if the process had been killed when the statement was sent and its end was not noted. */
    const running = async (url: string, statement: number) => {
      await sql(url, `update aludel_journal set outcome = 'running' where revision = 'b1'`)
      const [[position] = []] = await sql(url, "select position from aludel_journal where revision = 'b1'")
      return { position: JSON.parse(String(position)), statement }
    }

    // Where `effect` says nothing, this ends with 5.
    test('finds out whether it took effect', async () => {
      const { db, app, env } = await start([
        table('t1'),
        "op.addColumn('t_a1', { name: 'm', type: 'integer', nullable: true })",
      ])
      // The change waits for a reader, so that the run can be killed in it.
      const reader = app.start(['upgrade'], { env: { ...env, ALUDEL_TEST_STOP: 'mid-step:2' } })
      await reader.said('@stop mid-step')
      reader.kill('SIGKILL')
      await reader.ended
      const { position } = await running(db.url, 1)
      expect(position.running).toMatchObject({ sql: expect.stringContaining('add') })
      // It was sent all the same, as when the process died a moment later.
      await sql(db.url, position.running.sql)
      expect(await runJson(app, ['upgrade'], env)).toMatchObject({ status: 0, steps: [{ statements: 0 }] })
    })

    /** Kills it before its last statement, which a person then sends. */
    const sentByHand = async (before: readonly string[], statements: readonly string[]) => {
      const { db, app, env } = await start(statements.map((text) => `op.execute(${JSON.stringify(text)})`))
      await sql(db.url, ...before)
      await killedAt(app, `mid-step:${statements.length}`, ['upgrade'], env)
      await sql(db.url, statements.at(-1) ?? '')
      return { db, next: await runJson(app, ['upgrade'], env) }
    }

    test('goes on behind a trigger that was made', async () => {
      const make = 'create trigger mark before insert on t_a1 for each row begin set new.n = 1; end'
      const { next } = await sentByHand([], ['create view seen as select n from t_a1', make])
      expect(next).toMatchObject({ status: 0, steps: [{ statements: 0 }] })
    })

    // Told by the definitions alone, which are the same before and after, both ran twice, and so undid themselves: seen.
    test.each([
      {
        what: 'tables that look the same exchange their names',
        before: ['create table a (n int)', 'create table b (n int)', 'insert into b values (7)'],
        statement: 'rename table a to c, b to a, c to b',
      },
      {
        what: 'a partition is exchanged for a table',
        before: [
          'create table a (n int) partition by range (n) (partition p values less than (10))',
          'create table b (n int)',
          'insert into b values (7)',
        ],
        statement: 'alter table a exchange partition p with table b',
      },
    ])('asks a person when $what', async ({ before, statement }) => {
      const { db, next } = await sentByHand(before, [statement])
      expect(next).toMatchObject({ status: 5, error: { message: expect.stringContaining('does not tell') } })
      expect(await sql(db.url, 'select n from a')).toEqual([[7]])
    })

    test('asks a person when the database cannot tell', async () => {
      const { db, app, env } = await start([table('t1'), raw, table('t2')])
      const run = app.start(['upgrade'], { env: { ...env, ALUDEL_TEST_STOP: 'mid-step:2' } })
      await run.said('@stop mid-step')
      run.kill('SIGKILL')
      await run.ended
      const asked = await runJson(app, ['upgrade'], env)
      expect(asked).toMatchObject({
        status: 5,
        error: {
          code: 'STEP_HALF_DONE',
          message: expect.stringContaining('while statement 2 ran'),
          state: expect.stringContaining('create procedure mark'),
          fix: expect.stringContaining(
            '`aludel repair b1 --statement 2 --applied` or `aludel repair b1 --statement 2 --not-applied`',
          ),
        },
      })
      // It can be asked again, and blocks nothing else.
      expect(await runJson(app, ['upgrade'], env)).toMatchObject({ status: 5 })
      await runJson(app, ['repair', 'b1', '--statement', '2', '--not-applied'], env)
      expect(await runJson(app, ['upgrade'], env)).toMatchObject({ status: 0, steps: [{ statements: 2 }] })
      expect(
        await sql(
          db.url,
          'select routine_name from information_schema.routines where routine_schema = database()',
        ),
      ).toEqual([['mark']])
    })
  },
  ['mariadb', 'mysql'],
)
