import { expect, inject, test } from 'vitest'
import { expectCleanLedgers } from './canary.ts'
import { database } from './database.ts'
import { describeDialects } from './dialects.ts'
import { revisionFile } from './files.ts'
import { project } from './project.ts'
import { runScript } from './script.ts'
import { sql } from './sql.ts'

test('six characters of the canary in what a command or a script prints fail the test that runs it', async () => {
  const piece = inject('canary').slice(4, 10)
  const app = project({
    'aludel.config.json': '{ "url": "sqlite:app.db" }',
    'script.mjs': 'console.error(process.env.LEAK)',
    ...revisionFile('a1', { up: 'console.log(process.env.LEAK)' }),
  })
  const told = 'The canary, a password, is told by'
  await expect(app.run(['upgrade'], { env: { LEAK: `at ${piece}!` } })).rejects.toThrow(
    `${told} aludel upgrade`,
  )
  await expect(runScript(app, 'script.mjs', { LEAK: piece })).rejects.toThrow(`${told} script.mjs`)
  expect(await app.run(['downgrade', 'base'])).toMatchObject({ status: 0 })
  expect(await app.run(['upgrade'], { env: { LEAK: piece.slice(1) } })).toMatchObject({ status: 0 })
})

describeDialects(
  'the canary',
  (dialect) => {
    test('is found in a ledger', async () => {
      const { url } = await database(dialect)
      // A login that TEST_…_URL names may have its own.
      expect(new URL(url).password).not.toBe('')
      await expectCleanLedgers(dialect, url)
      await sql(
        url,
        'create table aludel_revision (source varchar(200))',
        `insert into aludel_revision values ('url: ${inject('canary').slice(1, 7)}')`,
      )
      await expect(expectCleanLedgers(dialect, url)).rejects.toThrow(
        'The canary, a password, is told by the ledger',
      )
      await sql(url, 'delete from aludel_revision')
    })
  },
  ['postgresql', 'mariadb', 'mysql'],
)
