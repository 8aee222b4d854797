import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

describeDialects('the log', (dialect) => {
  test('tells of every run, the newest first: what, who, how it ended', async () => {
    const db = await database(dialect)
    const app = project({
      'aludel.config.json': '{}',
      ...chain('a1'),
      ...revisionFile('b1', { down: 'a1', up: "await op.query('select 1'); throw new Error('boom')" }),
    })
    const run = (...args: readonly string[]) =>
      app.run(args, { env: { DATABASE_URL: db.url, ALUDEL_ACTOR: 'a \u001b[31mperson' } })
    expect((await run('log')).stdout).toBe('Nothing was done to this database yet.\n')
    expect(JSON.parse((await run('log', '--json')).stdout)).toEqual([])
    await run('upgrade')
    await run('downgrade', 'base')
    await run('stamp', 'a1')
    const entries = JSON.parse((await run('log', '--json')).stdout)
    const common = { appliedBy: 'a \u001b[31mperson', version: expect.stringMatching(/^\d+\./) }
    const ended = {
      ...common,
      runId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      startedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      endedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
      ms: expect.any(Number),
    }
    expect(entries).toEqual([
      {
        ...ended,
        revision: 'a1',
        direction: 'stamp',
        outcome: 'done',
        statement: 0,
        statements: 0,
        errorCode: null,
      },
      {
        ...ended,
        revision: 'a1',
        direction: 'downgrade',
        outcome: 'done',
        statement: 1,
        statements: 1,
        errorCode: null,
      },
      {
        ...ended,
        revision: 'b1',
        direction: 'upgrade',
        outcome: 'failed',
        statement: 1,
        statements: 1,
        errorCode: 'STEP_FAILED',
      },
      {
        ...ended,
        revision: 'a1',
        direction: 'upgrade',
        outcome: 'done',
        statement: 1,
        statements: 1,
        errorCode: null,
      },
    ])
    const { stdout } = await run('log', '-n', '3')
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[2]).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d {2}upgrade {4}b1, failed \(STEP_FAILED\), 1 of 1 statements, \d+ ms, by a {2}\[31mperson$/,
    )
    expect((await run('log', '-n', 'many')).status).toBe(2)
    // It needs no revision files.
    app.write({ 'aludel.config.json': '{ "migrations": "none" }' })
    expect((await run('log')).status).toBe(0)
    await sql(db.url, 'drop table aludel_journal')
    expect(JSON.parse((await run('log', '--json')).stdout)).toEqual([])
    // What is missing of the ledger is made anew.
    app.write({ 'aludel.config.json': '{}', ...chain('a1', 'b1') })
    expect((await run('upgrade')).stderr).not.toContain('STEP_FAILED')
    expect(JSON.parse((await run('log', '--json')).stdout)).toHaveLength(1)
  })
})
