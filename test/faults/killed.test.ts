import { setTimeout } from 'node:timers/promises'
import { beforeAll, expect, test } from 'vitest'
import type { StopPoint } from '../../src/database/stop.ts'
import { useTable } from '../support/application.ts'
import { database, type TestDatabase } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { until } from '../support/until.ts'
import { type Project, project } from '../support/project.ts'
import type { Snapshot } from '../support/snapshot.ts'
import { sql } from '../support/sql.ts'
import { outcome, stepFiles } from '../support/steps.ts'

type Kill = readonly [fault: string, point: StopPoint, time: number]

/**
 * Where a run is killed, and which fault that is. `mid-step` is before a statement, of which there are eight; the others come
 * once for each revision.
 */
const points: readonly Kill[] = [
  ['F05', 'before-connect', 1],
  ['F05', 'after-connect', 1],
  ['F05', 'before-lock', 1],
  ['F05', 'before-lock', 2],
  ['F06', 'in-lock', 1],
  ['F06', 'in-lock', 3],
  ['F07', 'after-claim', 1],
  ['F07', 'after-claim', 2],
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((time) => ['F07 F11', 'mid-step', time] as const),
  ...[2, 3].flatMap((time) => [
    ['F08', 'after-ddl', time] as const,
    ['F09', 'after-version', time] as const,
    ['F09', 'after-commit', time] as const,
  ]),
  ['F09', 'before-exit', 1],
]

// Each of these was taken out once, and the table failed: the ledger is made inside the lock (F05), the claim is in the step's
// transaction (F07, F08, F09), and where DDL commits the next run goes on at the journal's position (F07, F08, F11).
describeDialects('kill -9 of a run that goes', (dialect) => {
  const keepsDdl = dialect === 'mariadb' || dialect === 'mysql'
  /** Of runs that nothing disturbs, after each revision; the first is the empty database. */
  const undisturbed: Snapshot[] = []

  beforeAll(async () => {
    const db = await database(dialect)
    const app = project(stepFiles)
    undisturbed.push(await outcome(db.url))
    for (const id of ['a1', 'b1', 'c1']) {
      await succeed(app, db.url, 'upgrade', id)
      undisturbed.push(await outcome(db.url))
    }
    await succeed(app, db.url, 'downgrade', 'base')
    undisturbed.push(await outcome(db.url))
    await db.drop()
    app.remove()
  })

  /** Kills a run at the point, and looks at what the next one, which may wait 2 s for the lock, makes of it. */
  const killAndGoOn = async (db: TestDatabase, app: Project, args: readonly string[], kill: Kill) => {
    const [, point, time] = kill
    const env = { DATABASE_URL: db.url, ALUDEL_TEST_STOP: `${point}:${time}` }
    const killed = app.start(args, { env })
    await killed.stopped(point)
    killed.kill('SIGKILL')
    expect((await killed.ended).status).toBe(null)
    const between = await outcome(db.url)
    if (!keepsDdl) expect(undisturbed).toContainEqual(between)
    await succeed(app, db.url, ...args, '--lock-wait', '2')
    return between
  }

  test.each(points)('up, %s: %s, time %i: the next run ends as if nothing had been', async (...kill) => {
    const db = await database(dialect)
    const app = project(stepFiles)
    const between = await killAndGoOn(db, app, ['upgrade'], kill)
    if (kill[0] === 'F05' && kill[2] === 1) expect(between).toEqual(undisturbed[0])
    expect(await outcome(db.url)).toEqual(undisturbed[3])
    expect(await left(db.url)).toEqual([])
  })

  test.each(points.filter(([, , time]) => time === 2 || time === 4))(
    'down, %s: %s, time %i: the next run ends as if nothing had been',
    async (...kill) => {
      const db = await database(dialect)
      const app = project(stepFiles)
      await succeed(app, db.url, 'upgrade')
      await killAndGoOn(db, app, ['downgrade', 'base'], kill)
      expect(await outcome(db.url)).toEqual(undisturbed[4])
      expect(await left(db.url)).toEqual([])
    },
  )
})

async function succeed(app: Project, url: string, ...args: readonly string[]): Promise<void> {
  const { status, stderr } = await app.run(args, { env: { DATABASE_URL: url } })
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
}

const table = { ...chain('a1'), 'aludel.config.json': '{ "lockTimeout": 60 }' }

/** Counts what the server still does for the database of `url`. */
const altering =
  "select count(*) from information_schema.processlist where info like 'alter table `t_a1`%' and db = database()"

describeDialects(
  'F07: kill -9 while the server runs a statement,',
  (dialect) => {
    // Without the look at what took effect it is repeated, and fails.
    test('leaves it running: the next run waits for it, and does not repeat it', async () => {
      const { url } = await database(dialect)
      const up = `op.addColumn('t_a1', { name: 'm', type: 'integer', nullable: true })
  op.addColumn('t_a1', { name: 'k', type: 'integer', nullable: true })`
      const app = project({ ...table, ...revisionFile('b1', { down: 'a1', up }) })
      await succeed(app, url, 'upgrade', 'a1')
      const end = await useTable(url, 'select * from t_a1')
      const killed = app.start(['upgrade'], { env: { DATABASE_URL: url } })
      await until(async () => (await count(url, altering)) === 1)
      killed.kill('SIGKILL')
      await killed.ended
      const next = app.start(['upgrade', '--json'], { env: { DATABASE_URL: url } })
      await next.said('waiting')
      expect(await count(url, altering)).toBe(1)
      await end()
      const { status, stdout } = await next.ended
      expect(status).toBe(0)
      // The second of them only.
      expect(JSON.parse(stdout)).toMatchObject({ steps: [{ revision: 'b1', statements: 1 }], heads: ['b1'] })
      expect(await sql(url, 'select m, k from t_a1')).toEqual([])
      expect(await left(url)).toEqual([])
    })
  },
  ['mariadb', 'mysql'],
)

describeDialects(
  'F07: kill -9 while a statement runs',
  (dialect) => {
    test('leaves nothing of its step', async () => {
      const { url } = await database(dialect)
      const up = `await op.query(\`insert into t_a1 with recursive c (x) as (select 1 union all select x + 1 from c where x < \${process.env.MANY ?? 10}) select x from c\`)`
      const app = project({ ...table, ...revisionFile('b1', { down: 'a1', up }) })
      await succeed(app, url, 'upgrade', 'a1')
      const killed = app.start(['upgrade'], { env: { DATABASE_URL: url, MANY: '100000000' } })
      await killed.said('a1 -> b1')
      await setTimeout(500)
      killed.kill('SIGKILL')
      expect((await killed.ended).status).toBe(null)
      await succeed(app, url, 'upgrade', '--lock-wait', '2')
      expect(await count(url, 'select count(*) from t_a1')).toBe(10)
    })
  },
  ['sqlite'],
)

async function count(url: string, query: string): Promise<number> {
  return Number((await sql(url, query))[0]?.[0])
}

/** What the journal still calls running. */
async function left(url: string): Promise<readonly unknown[]> {
  return sql(url, "select revision, direction from aludel_journal where outcome = 'running'")
}
