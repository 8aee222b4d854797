import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const proof = "op.createTable('proof', { columns: [{ name: 'n', type: 'integer' }] })"
const insert = "await op.query('insert into proof (n) values (1)')"
const never = 'await new Promise(() => {})'

describeDialects('a revision that misbehaves', (dialect) => {
  const keepsDdl = dialect === 'mariadb' || dialect === 'mysql'

  /** A project whose second revision is the one that misbehaves. */
  const start = async (parts: { readonly up?: string; readonly back?: string }) => {
    const db = await database(dialect)
    const app = project({
      'aludel.config.json': '{}',
      ...revisionFile('a1', { up: proof, back: "op.dropTable('proof')" }),
      ...revisionFile('b1', { down: 'a1', message: 'Odd', ...parts }),
    })
    const run = async (...args: readonly string[]) => {
      const { status, stdout } = await app.run([...args, '--json'], { env: { DATABASE_URL: db.url } })
      return { status, ...JSON.parse(stdout) }
    }
    return {
      run,
      rows: async () => Number((await sql(db.url, 'select count(*) from proof'))[0]?.[0]),
      ledger: () => sql(db.url, 'select * from aludel_revision order by revision'),
      journal: () =>
        sql(
          db.url,
          "select direction, outcome, error_code from aludel_journal where revision = 'b1' order by started_at",
        ),
    }
  }

  test.each([
    ['and throws', "throw new Error('boom')"],
    ['and returns', ''],
    ['and begins anew, and throws', "await op.query('begin'); throw new Error('boom')"],
    ['and waits for ever', never],
  ])('F39: by committing, %s, is not recorded', async (_, then) => {
    const { run, rows, ledger, journal } = await start({
      up: `${insert}\n  await op.query('commit')\n  ${then}`,
    })
    const { status, error } = await run('upgrade')
    expect({ status, ...error }).toMatchObject({
      status: 5,
      code: 'STEP_HALF_DONE',
      message: expect.stringContaining('b1 (Odd)'),
      state: expect.stringContaining('b1 is not recorded as applied'),
    })
    expect(error.details).toMatchObject({
      revision: 'b1',
      // Where DDL commits, it shows only at the end that the transaction is gone.
      line: expect.stringMatching(keepsDdl ? /b1\.ts/ : /b1\.ts:[89]$/),
    })
    expect(await rows()).toBe(1)
    expect((await ledger()).map(([id]) => id)).toEqual(['a1'])
    expect(await journal()).toEqual([['upgrade', 'failed', 'STEP_HALF_DONE']])
    expect(await run('current')).toMatchObject({ heads: ['a1'], applied: 1, pending: 1 })
  })

  test('F39: by committing on its way down stays recorded as it was', async () => {
    const { run, ledger } = await start({
      back: `${insert}\n  await op.query('commit')\n  throw new Error('boom')`,
    })
    expect(await run('upgrade')).toMatchObject({ status: 0 })
    const before = await ledger()
    const { status, error } = await run('downgrade')
    expect({ status, ...error }).toMatchObject({
      status: 5,
      code: 'STEP_HALF_DONE',
      state: expect.stringContaining('b1 is not recorded as undone'),
    })
    expect(await ledger()).toEqual(before)
  })

  test('F39: by rolling back is not recorded', async () => {
    const { run, rows, ledger } = await start({ up: `${insert}\n  await op.query('rollback')\n  ${insert}` })
    const { status, error } = await run('upgrade')
    expect({ status, code: error.code }).toEqual({ status: 5, code: 'STEP_HALF_DONE' })
    expect((await ledger()).map(([id]) => id)).toEqual(['a1'])
    // Where a rollback is seen at once nothing more is done.
    expect(await rows()).toBe(keepsDdl ? 1 : 0)
  })

  test.each([
    ['never settles (F36)', never, 70, 'REVISION_ENDED', /never settles/],
    ['ends the process (F37)', 'process.exit(0)', 70, 'REVISION_ENDED', /process\.exit/],
    [
      'ends the process later (F37)',
      `setTimeout(() => process.exit(0), 50); ${never}`,
      70,
      'REVISION_ENDED',
      /process\.exit/,
    ],
    [
      'throws where nobody waits (F37)',
      `setTimeout(() => { throw new Error('late boom') }, 50); ${never}`,
      70,
      'REVISION_ENDED',
      /late boom/,
    ],
    [
      'rejects where nobody waits (F37)',
      `void Promise.reject(new Error('lost boom')); ${never}`,
      70,
      'REVISION_ENDED',
      /lost boom/,
    ],
  ])('and %s is rolled back and named', async (_, up, exitCode, code, message) => {
    const { run, rows, ledger, journal } = await start({ up: `${insert}\n  ${up}` })
    const { status, error } = await run('upgrade')
    expect({ status, ...error }).toMatchObject({
      status: exitCode,
      code,
      message: expect.stringMatching(message),
      state: expect.stringContaining('b1 was rolled back; the 1 step before it stays'),
      details: { revision: 'b1' },
    })
    expect(error.details.path).toMatch(/migrations\/b1\.ts$/)
    expect(await rows()).toBe(0)
    expect((await ledger()).map(([id]) => id)).toEqual(['a1'])
    expect(await journal()).toEqual([['upgrade', 'failed', code]])
  })

  test('F38: and throws beside queries that nobody waits for runs none of them', async () => {
    const queries = `void ${insert.slice('await '.length)}.catch(() => {})\n`.repeat(3)
    const { run, rows, ledger } = await start({ up: `${queries}  throw new Error('boom')` })
    expect(await run('upgrade')).toMatchObject({ status: 1, error: { code: 'STEP_FAILED' } })
    expect(await rows()).toBe(0)
    expect((await ledger()).map(([id]) => id)).toEqual(['a1'])
  })

  test('after a statement that failed and was caught is told with its own line', async () => {
    const { run } = await start({
      up: "await op.query('select 1 from nowhere').catch(() => {})\n  throw new Error('boom')",
    })
    const { error } = await run('upgrade')
    expect(error.message).not.toContain('at statement')
    expect(error.details.line).toMatch(/b1\.ts:8$/)
  })

  test('after a statement that went well is told with its own line', async () => {
    const { run } = await start({ up: `${insert}\n  const gone: string[] = []\n  gone[0].trim()` })
    const { error } = await run('upgrade')
    expect(error.message).not.toContain('at statement')
    expect(error.details.line).toMatch(/b1\.ts:9$/)
  })
})
