import { randomBytes } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { afterTest } from '../support/cleanup.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { assertExactlyOnce, countingFiles, stepIds } from '../support/exactly-once.ts'
import { describePoolers } from '../support/pgbouncer.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

/** Of the long rounds: `TEST_LONG=1 npx vitest run test/commands/together.test.ts`. */
const isLong = process.env['TEST_LONG'] !== undefined

/** Each starts with nothing: the tables of the ledger are made in the race too. */
async function together(runners: number, url: string, through: string, only?: 'inside'): Promise<void> {
  const files = countingFiles({ pause: 50, ...(only === undefined ? { outside: true } : {}) })
  const app = project({ ...files, 'aludel.config.json': '{}' })
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

/** One that may have two connections at once. */
const mysqlLogin = (name: string, database: string) => ({
  create: [
    `create user ${name}@'%' identified by '' with max_user_connections 2`,
    `grant all on ${database}.* to ${name}@'%'`,
  ],
  drop: [`drop user ${name}@'%'`],
})

const logins = {
  mariadb: mysqlLogin,
  mysql: mysqlLogin,
  postgresql: (name: string, database: string) => ({
    create: [`create role ${name} login connection limit 2`, `alter database ${database} owner to ${name}`],
    drop: [`reassign owned by ${name} to current_user`, `drop role ${name}`],
  }),
}

/** One connection is not enough for a step outside of a transaction. */
const onlyInside = (size: number): 'inside' | undefined => (size === 1 ? 'inside' : undefined)

/** Half of the runners have only the first five revisions. */
async function oldAndNew(runners: number, url: string): Promise<void> {
  const files = Object.entries(countingFiles({ pause: 200 }))
  const config = { 'aludel.config.json': '{}' }
  const [older, newer] = [files.slice(0, 5), files].map((some) =>
    project({ ...Object.fromEntries(some), ...config }),
  )
  const runs = await Promise.all(
    Array.from({ length: runners }, async (_, at) => {
      const app = at % 2 === 0 ? older : newer
      const run = await app?.run(['upgrade', '--json'], { env: { DATABASE_URL: url } })
      return { isNew: app === newer, status: run?.status, said: JSON.parse(run?.stdout ?? '') }
    }),
  )
  expect(runs.filter(({ isNew, status }) => isNew && status !== 0)).toEqual([])
  const refused = runs.filter(({ status }) => status !== 0)
  expect(refused.map(({ status, said }) => ({ status, code: said.error.code }))).toEqual(
    refused.map(() => ({ status: 4, code: 'DATABASE_AHEAD' })),
  )
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

  describePoolers('F04: 8', (through, { size }) => {
    test.each(isLong ? [1, 2, 3, 4, 5] : [1])('round %i', long, async () => {
      const { url } = await database('postgresql')
      await together(8, url, through(url), onlyInside(size))
    })
  })

  describeDialects(
    'more than the server lets in,',
    (dialect) => {
      test('wait for a connection too', long, async () => {
        const { url } = await database(dialect)
        const few = new URL(url)
        few.username = `few_${randomBytes(4).toString('hex')}`
        few.password = ''
        const { create, drop } = logins[dialect](few.username, few.pathname.slice(1))
        await sql(url, ...create)
        afterTest(async () => void (await sql(url, ...drop)))
        await together(8, url, few.href)
      })
    },
    ['postgresql', 'mariadb', 'mysql'],
  )

  describe.runIf(isLong)('long', () => {
    describeDialects('F03: 32, half of them of older code,', (dialect) => {
      test('take turns until the older meet what they do not know', long, async () => {
        const { url } = await database(dialect)
        await oldAndNew(32, url)
      })
    })

    describeDialects('32', (dialect) => {
      test.each([1, 2, 3, 4, 5])('round %i', long, async () => {
        const { url } = await database(dialect)
        await together(32, url, url)
      })
    })

    describePoolers('F04: 32', (through, { size }) => {
      test.each([1, 2, 3, 4, 5])('round %i', long, async () => {
        const { url } = await database('postgresql')
        await together(32, url, through(url), onlyInside(size))
      })
    })
  })
})
