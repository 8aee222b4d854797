import { describe, expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { assertExactlyOnce, countingFiles, stepIds } from '../support/exactly-once.ts'
import { describePoolers } from '../support/pgbouncer.ts'
import { project } from '../support/project.ts'

/** Of the long rounds: `TEST_LONG=1 npx vitest run test/commands/together.test.ts`. */
const isLong = process.env['TEST_LONG'] !== undefined

/** Each starts with nothing: the tables of the ledger are made in the race too. */
async function together(runners: number, url: string, through: string): Promise<void> {
  const app = project({ ...countingFiles({ pause: 50 }), 'aludel.config.json': '{}' })
  const runs = await Promise.all(
    Array.from({ length: runners }, () =>
      app.run(['upgrade', 'head', '--json'], { env: { DATABASE_URL: through } }),
    ),
  )
  expect(runs.filter(({ status }) => status !== 0)).toEqual([])
  const steps = runs.flatMap(({ stdout }) =>
    JSON.parse(stdout).steps.map((step: { revision: string }) => step.revision),
  )
  expect(steps.toSorted()).toEqual(stepIds)
  await assertExactlyOnce(url)
}

const long = { timeout: 300_000 }

describe('F01, F02: runners at once run every step exactly once, and all end with 0:', () => {
  describeDialects('8', (dialect) => {
    test.each(isLong ? [1, 2, 3, 4, 5] : [1])('round %i', long, async () => {
      const { url } = await database(dialect)
      await together(8, url, url)
    })
  })

  describePoolers('F04: 8', (through) => {
    test.each(isLong ? [1, 2, 3, 4, 5] : [1])('round %i', long, async () => {
      const { url } = await database('postgresql')
      await together(8, url, through(url))
    })
  })

  describe.runIf(isLong)('long', () => {
    describeDialects('32', (dialect) => {
      test.each([1, 2, 3, 4, 5])('round %i', long, async () => {
        const { url } = await database(dialect)
        await together(32, url, url)
      })
    })

    describePoolers('F04: 32', (through) => {
      test.each([1, 2, 3, 4, 5])('round %i', long, async () => {
        const { url } = await database('postgresql')
        await together(32, url, through(url))
      })
    })
  })
})
