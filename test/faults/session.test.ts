import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { endLockSession, left } from '../support/exactly-once.ts'
import { expectLost } from '../support/lost.ts'
import { project } from '../support/project.ts'
import { outcome, stepFiles } from '../support/steps.ts'

describeDialects(
  'F14: the session that holds the lock is ended by an administrator or a pooler',
  (dialect) => {
    // Where DDL commits, the next run fails when it does not begin at the position that the journal keeps.
    test.each([
      ['in-lock', 2],
      ['mid-step', 5],
      ['after-version', 2],
    ] as const)('at %s: nothing is done twice, and the next run goes on', async (point, time) => {
      const [{ url }, calm, app] = [await database(dialect), await database(dialect), project(stepFiles)]
      expect(await app.run(['upgrade'], { env: { DATABASE_URL: calm.url } })).toMatchObject({ status: 0 })
      const env = { DATABASE_URL: url, ALUDEL_TEST_STOP: `${point}:${time}` }
      const run = app.start(['upgrade', '--json'], { env })
      await run.stopped(point)
      await endLockSession(url)
      // The server takes its time.
      await expect.poll(() => left(url), { timeout: 10_000 }).toEqual([])
      const next = app.run(['upgrade', '--json'], { env: { DATABASE_URL: url } })
      expect(await next).toMatchObject({ status: 0 })
      run.kill('SIGCONT')
      expectLost(await run.ended)
      expect(await outcome(url)).toEqual(await outcome(calm.url))
    })
  },
  ['postgresql', 'mariadb'],
)
