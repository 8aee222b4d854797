import { beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { expectLost } from '../support/lost.ts'
import { project } from '../support/project.ts'
import { type Mode, startProxy } from '../support/proxy.ts'
import type { Snapshot } from '../support/snapshot.ts'
import { sql } from '../support/sql.ts'
import { outcome, stepFiles } from '../support/steps.ts'

/** Which commits end a step. Where DDL commits, the journal and the data have others before. */
const lastCommits = { postgresql: [1, 2, 3], mariadb: [2, 5, 7], mysql: [2, 5, 7] }

describeDialects(
  'F13: a connection that is lost',
  (dialect) => {
    /** A project, and its database behind a network. */
    const start = async (mode: Mode) => {
      const server = inject('servers')[dialect]
      if ('missing' in server) throw new Error(server.missing)
      const db = await database(dialect)
      const proxy = await startProxy(server.url, mode)
      onTestFinished(() => proxy.stop())
      const app = project(stepFiles)
      const upgrade = (url: string) => app.run(['upgrade', '--json'], { env: { DATABASE_URL: url } })
      return { url: db.url, through: proxy.url(db.url), proxy, upgrade }
    }

    let undisturbed: Snapshot
    beforeAll(async () => {
      const [db, app] = [await database(dialect), project(stepFiles)]
      await app.run(['upgrade'], { env: { DATABASE_URL: db.url } })
      undisturbed = await outcome(db.url)
      app.remove()
      await db.drop()
    })

    // Without the look into the journal the step is told as failed; looked up without the lock, now and then.
    test.each(lastCommits[dialect])(
      'when commit %i was sent is made anew: the commit happened',
      async (time) => {
        const { url, through, proxy, upgrade } = await start({ kind: 'drop-after-commit', time })
        const { status, stdout } = await upgrade(through)
        expect({ status, drops: proxy.drops(), error: JSON.parse(stdout).error }).toEqual({
          status: 0,
          drops: 1,
        })
        expect(JSON.parse(stdout)).toMatchObject({
          steps: ['a1', 'b1', 'c1'].map((revision) => ({ revision })),
        })
        expect(await outcome(url)).toEqual(undisturbed)
        expect(await sql(url, "select revision from aludel_journal where outcome <> 'done'")).toEqual([])
      },
    )

    test.each([1, 2, 3])('before commit %i arrived is told, and the next run goes on', async (time) => {
      const { url, through, proxy, upgrade } = await start({ kind: 'drop-before-commit', time })
      expectLost(await upgrade(through))
      expect(proxy.drops()).toBe(1)
      expect(await upgrade(through)).toMatchObject({ status: 0 })
      expect(await outcome(url)).toEqual(undisturbed)
    })

    test.each([500, 2000, 3000, 4000])('after %i bytes is told, and the next run goes on', async (bytes) => {
      const { url, through, upgrade } = await start({ kind: 'drop-after', bytes })
      const run = await upgrade(through)
      if (run.status !== 0) expectLost(run)
      expect(await upgrade(through)).toMatchObject({ status: 0 })
      expect(await outcome(url)).toEqual(undisturbed)
    })

    test('is slow: it takes its time', async () => {
      const { url, through, upgrade } = await start({ kind: 'slow', ms: 20 })
      expect(await upgrade(through)).toMatchObject({ status: 0 })
      expect(await outcome(url)).toEqual(undisturbed)
    })
  },
  ['postgresql', 'mariadb'],
)
