import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain } from '../support/files.ts'
import { project } from '../support/project.ts'
import { runJson } from '../support/run-json.ts'
import { sql } from '../support/sql.ts'

describeDialects('ensure-version', (dialect) => {
  test('makes the ledger and nothing else, says so once, and leaves rows alone', async () => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...chain('a1') })
    const env = { DATABASE_URL: db.url }
    const tables = ['aludel_revision', 'aludel_journal']

    expect((await app.run(['ensure-version'], { env })).stdout).toBe(
      'Made the tables aludel_revision and aludel_journal.\n',
    )
    for (const table of tables) expect(await sql(db.url, `select 1 from ${table}`)).toEqual([])
    await expect(sql(db.url, 'select 1 from t_a1')).rejects.toThrow()

    await app.run(['upgrade'], { env })
    expect((await app.run(['ensure-version'], { env })).stdout).toBe(
      'The tables aludel_revision and aludel_journal are there.\n',
    )
    expect(await runJson(app, ['current'], env)).toMatchObject({ heads: ['a1'] })

    await sql(db.url, 'drop table aludel_journal')
    expect(await runJson(app, ['ensure-version'], env)).toMatchObject({ status: 0, created: true, tables })
    expect(await runJson(app, ['current'], env)).toMatchObject({ heads: ['a1'] })
  })

  test('refuses a table of another shape that has the name', async () => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...chain('a1') })
    await sql(db.url, 'create table aludel_revision (n integer)')
    expect(await runJson(app, ['ensure-version'], { DATABASE_URL: db.url })).toMatchObject({
      status: 4,
      error: { code: 'LEDGER_SHAPE' },
    })
  })
})

test('ensure-version needs no revision files, and may be spelled as in Alembic', async () => {
  const app = project({ 'aludel.config.json': '{ "url": "sqlite:app.db" }' })
  expect(await runJson(app, ['ensure_version'], {})).toMatchObject({ status: 0, created: true })
})
