import { beforeAll, expect, test } from 'vitest'
import type { StopPoint } from '../../src/database/stop.ts'
import { database, type TestDatabase } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
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

// Without the claim's row in the step's transaction, `after-ddl` and `mid-step` failed here: seen once.
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

/** What the journal still calls running. */
async function left(url: string): Promise<readonly unknown[]> {
  return sql(url, "select revision, direction from aludel_journal where outcome = 'running'")
}
