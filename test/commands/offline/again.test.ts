/** Scripts that are run again, on a database that is not where they begin, or that fail on their way. */
import { expect, test } from 'vitest'
import { describeClients, runClient, withConditions } from '../../support/client.ts'
import { type TestDatabase, database } from '../../support/database.ts'
import { chain, revisionFile } from '../../support/files.ts'
import { ledgerContent } from '../../support/ledger.ts'
import { commandsOn, feed, script } from '../../support/offline.ts'
import { project } from '../../support/project.ts'
import { snapshot } from '../../support/snapshot.ts'
import { sql } from '../../support/sql.ts'
import { historyFiles, historyRows } from './history.ts'

const state = async ({ url }: TestDatabase) => ({
  ...(await snapshot(url, historyRows)),
  ledger: await ledgerContent(url),
})

describeClients('a script', (dialect) => {
  test('that is run a second time ends with an error and changes nothing', async () => {
    const db = await database(dialect)
    const app = project(historyFiles)
    const text = await script(app, dialect, 'upgrade', 'base:heads')
    await feed(db.url, text)
    const before = await state(db)
    const { status, stderr } = await runClient(db.url, text)
    expect(status).not.toBe(0)
    expect(stderr).toContain('Revision a1 is applied already.')
    expect(await state(db)).toEqual(before)
  })

  test('that begins elsewhere than the database is ends with an error and changes nothing', async () => {
    const db = await database(dialect)
    const app = project(historyFiles)
    await commandsOn(app, db.url)('upgrade', 'a1')
    const before = await state(db)
    for (const [line, message] of [
      [['upgrade', 'b1:d1'], 'Revision d1 needs b1, which is not applied.'],
      [['downgrade', 'b1:a1'], 'Revision b1 is not applied.'],
      [['upgrade', 'base:a1'], 'Revision a1 is applied already.'],
    ] as const) {
      const { status, stderr } = await runClient(db.url, await script(app, dialect, ...line))
      expect(status).not.toBe(0)
      expect(stderr).toContain(message)
    }
    await commandsOn(app, db.url)('upgrade', 'b1')
    const { stderr } = await runClient(db.url, await script(app, dialect, 'downgrade', 'a1:base'))
    expect(stderr).toContain('Revision a1 is needed by b1, which is applied.')
    await commandsOn(app, db.url)('downgrade', 'a1')
    expect(await snapshot(db.url, historyRows)).toMatchObject({ schema: before.schema, applied: ['a1'] })
  })

  test('that fails on its way records no step that it did not do', { timeout: 120_000 }, async () => {
    const db = await database(dialect)
    const app = project({
      'aludel.config.json': '{}',
      ...chain('a1', 'b1'),
      ...revisionFile('c1', {
        down: 'b1',
        up: `op.createTable('t_c1', { columns: [{ name: 'n', type: 'integer' }] })
  op.execute('insert into nowhere (n) values (1)')
  op.createTable('t_more', { columns: [{ name: 'n', type: 'integer' }] })`,
        back: "op.dropTable('t_more')\n  op.dropTable('t_c1')",
      }),
      ...revisionFile('d1', { down: 'c1' }),
    })
    const run = commandsOn(app, db.url)
    const { status, stderr } = await runClient(db.url, await script(app, dialect, 'upgrade'))
    expect(status).not.toBe(0)
    expect(stderr).toMatch(/nowhere/)
    expect(await run('current')).toMatchObject({ heads: ['b1'], applied: 2, pending: 2 })
    await sql(db.url, 'create table nowhere (n integer)')
    // What is committed one by one the journal knows of, and a run goes on from there.
    await run('upgrade')
    expect(await run('current')).toMatchObject({ heads: ['d1'], atHead: true })
    expect(await sql(db.url, 'select n from nowhere')).toEqual([[1]])
    expect(await sql(db.url, 'select n from t_more')).toEqual([])
  })

  test('waits for the lock of a run, and ends with an error when it does not get it', async () => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...chain('a1') })
    const text = await script(app, dialect, 'upgrade', '--lock-wait', '1')
    const env = { DATABASE_URL: db.url, ALUDEL_TEST_STOP: 'in-lock' }
    const running = app.start(['upgrade'], { env })
    await running.stopped('in-lock')
    const { status, stderr } = await runClient(db.url, text)
    expect(status).not.toBe(0)
    expect(stderr).toMatch(
      dialect === 'sqlite' ? /locked/ : /Another runner holds the lock of aludel_revision\./,
    )
    running.kill('SIGCONT')
    expect(await running.ended).toMatchObject({ status: 0 })
  })
})

describeClients(
  'a script, where the client goes on after errors as it does with what `source` reads,',
  (dialect) => {
    const kinds = [
      { kind: 'plain', options: [] },
      { kind: 'idempotent', options: ['--idempotent'] },
    ]

    test('changes nothing when it is run a second time', async () => {
      const db = await database(dialect)
      const text = await script(project(historyFiles), dialect, 'upgrade', 'base:heads')
      await feed(db.url, text)
      const before = await state(db)
      const { stderr } = await runClient(db.url, text, ['--force'])
      expect(stderr).toContain('Revision a1 is applied already.')
      expect(await state(db)).toEqual(before)
    })

    test.each(kinds)('records no step that failed ($kind)', { timeout: 120_000 }, async ({ options }) => {
      const db = await database(dialect)
      const rows = ['1', '2', 'nothing', '3'].map((n) => `op.execute('insert into t_a1 (n) values (${n})')`)
      const app = project({
        'aludel.config.json': '{}',
        ...chain('a1'),
        ...revisionFile('b1', { down: 'a1', up: rows.join('\n') }),
        ...revisionFile('c1', { down: 'b1', up: "op.execute('insert into t_a1 (n) values (4)')" }),
      })
      const text = await script(app, dialect, 'upgrade', ...options)
      expect((await runClient(db.url, text, ['--force'])).stderr).toContain('nothing')
      const run = commandsOn(app, db.url)
      expect(await run('current')).toMatchObject({ heads: ['a1'], applied: 1, pending: 2 })
      expect(await sql(db.url, 'select n from t_a1')).toEqual([])
      app.write(revisionFile('b1', { down: 'a1' }))
      await run('upgrade')
      expect(await sql(db.url, 'select n from t_a1')).toEqual([[4]])
    })

    test.each(kinds)('does nothing without the lock ($kind)', async ({ options }) => {
      const db = await database(dialect)
      const app = project({ 'aludel.config.json': '{}', ...chain('a1') })
      const text = await script(app, dialect, 'upgrade', '--lock-wait', '1', ...options)
      const running = app.start(['upgrade'], { env: { DATABASE_URL: db.url, ALUDEL_TEST_STOP: 'in-lock' } })
      await running.stopped('in-lock')
      const { stderr } = await runClient(db.url, text, ['--force'])
      expect(stderr).toContain('Another runner holds the lock of aludel_revision.')
      running.kill('SIGCONT')
      expect(await running.ended).toMatchObject({ status: 0 })
      expect(await commandsOn(app, db.url)('log')).toHaveLength(1)
    })

    test('is not held up by what went wrong in the session before it', async () => {
      const db = await database(dialect)
      const app = project({ 'aludel.config.json': '{}', ...chain('a1') })
      const text = `select wrong;\n${await script(app, dialect, 'upgrade')}create table after_it (n integer);\n`
      await runClient(db.url, text, ['--force'])
      expect(await commandsOn(app, db.url)('current')).toMatchObject({ atHead: true })
      expect(await sql(db.url, 'select n from after_it')).toEqual([])
    })
  },
  ['mariadb', 'mysql'],
)

describeClients(
  'a script that can be run again',
  (dialect) => {
    test(
      'does so from every state on the way, and changes nothing the second time',
      { timeout: 240_000 },
      async () => {
        const [whole, part] = await Promise.all([database(dialect), database(dialect)])
        const app = project(historyFiles)
        const text = await script(app, dialect, 'upgrade', 'base:heads', '--idempotent')
        const back = await script(app, dialect, 'downgrade', 'heads:base', '--idempotent')
        await feed(whole.url, text)
        const { ledger, ...end } = await state(whole)
        await feed(whole.url, text)
        expect(await state(whole)).toEqual({ ...end, ledger })
        const run = commandsOn(app, part.url)
        for (const target of ['a1', 'b1', 'c1', 'd1', 'e1', 'f1']) {
          await run('upgrade', target)
          await feed(part.url, text)
          expect(await snapshot(part.url, historyRows)).toEqual(end)
          await feed(part.url, back)
          await feed(part.url, back)
          expect(await run('current')).toMatchObject({ applied: 0, pending: 6 })
        }
      },
    )

    test('goes on where it failed', { timeout: 120_000 }, async () => {
      const db = await database(dialect)
      const app = project({
        'aludel.config.json': '{}',
        ...chain('a1'),
        ...revisionFile('b1', {
          down: 'a1',
          up: `op.createTable('counter', { columns: [{ name: 'n', type: 'integer' }] })
  op.execute('insert into counter (n) values (0)')
  op.execute('update counter set n = n + 1')
  op.addColumn('later', { name: 'm', type: 'integer', nullable: true })
  op.execute('update counter set n = n + 10')`,
          back: "op.dropColumn('later', 'm')\n  op.dropTable('counter')",
        }),
      })
      const text = await script(app, dialect, 'upgrade', '--idempotent')
      for (let times = 0; times < 2; times += 1) {
        const { status, stderr } = await runClient(db.url, text)
        expect(status).not.toBe(0)
        expect(stderr).toContain('later')
      }
      const run = commandsOn(app, db.url)
      expect(await run('current')).toMatchObject({ heads: ['a1'], pending: 1 })
      await sql(db.url, 'create table later (n integer)')
      await feed(db.url, text)
      await feed(db.url, text)
      expect(await sql(db.url, 'select n from counter')).toEqual([[11]])
      expect(await run('current')).toMatchObject({ heads: ['b1'], atHead: true })
      expect(await run('upgrade')).toMatchObject({ steps: [] })
      await run('downgrade', 'base')
    })
  },
  withConditions,
)
