import { expect, test } from 'vitest'
import { describeClients, runClient, scriptKinds, withConditions } from '../../support/client.ts'
import { database } from '../../support/database.ts'
import { chain, revisionFile } from '../../support/files.ts'
import { ledgerContent } from '../../support/ledger.ts'
import { commandsOn, feed, script } from '../../support/offline.ts'
import { project } from '../../support/project.ts'
import { sql } from '../../support/sql.ts'

const files = {
  'aludel.config.json': '{}',
  ...chain('a1', 'b1', 'c1'),
  ...revisionFile('x1', { down: 'a1' }),
}

describeClients('a script of stamp', (dialect) => {
  test('leaves the rows that a stamp leaves', { timeout: 120_000 }, async () => {
    const [online, offline] = await Promise.all([database(dialect), database(dialect)])
    const app = project(files)
    const [on, off] = [commandsOn(app, online.url), commandsOn(app, offline.url)]
    await on('stamp', 'b1')
    await feed(offline.url, await script(app, dialect, 'stamp', 'b1'))
    expect(await ledgerContent(offline.url)).toEqual(await ledgerContent(online.url))
    expect(await off('current')).toMatchObject({ heads: ['b1'], applied: 2, edited: [] })
    await on('stamp', 'a1')
    await feed(offline.url, await script(app, dialect, 'stamp', 'b1:a1'))
    await on('stamp', 'c1', 'x1')
    await feed(offline.url, await script(app, dialect, 'stamp', 'a1:c1', 'a1:x1'))
    expect(await ledgerContent(offline.url)).toEqual(await ledgerContent(online.url))
    expect(await off('current')).toMatchObject({ applied: 4, atHead: true })
  })

  test('ends with an error, and changes nothing, when the database is not where it begins', async () => {
    const db = await database(dialect)
    const app = project(files)
    const text = await script(app, dialect, 'stamp', 'b1')
    await feed(db.url, text)
    const before = await ledgerContent(db.url)
    const { status, stderr } = await runClient(db.url, text)
    expect(status).not.toBe(0)
    expect(stderr).toContain('Revision a1 is applied already.')
    expect(await ledgerContent(db.url)).toEqual(before)
    await commandsOn(app, db.url)('stamp', 'a1')
    const again = await runClient(db.url, await script(app, dialect, 'stamp', 'b1:a1'))
    expect(again.stderr).toContain('Revision b1 is not applied.')
  })
})

describeClients(
  'a script of stamp that can be run again',
  (dialect) => {
    test('leaves what it left', async () => {
      const db = await database(dialect)
      const app = project(files)
      const run = commandsOn(app, db.url)
      const text = await script(app, dialect, 'stamp', 'heads', '--idempotent')
      await run('stamp', 'a1')
      await feed(db.url, text)
      const before = await ledgerContent(db.url)
      await feed(db.url, text)
      expect(await ledgerContent(db.url)).toEqual(before)
      expect(await run('current')).toMatchObject({ applied: 4, atHead: true })
      await feed(db.url, await script(app, dialect, 'stamp', 'heads:base', '--idempotent'))
      await feed(db.url, await script(app, dialect, 'stamp', 'heads:base', '--idempotent'))
      expect(await run('current')).toMatchObject({ applied: 0, pending: 4 })
    })

    test('leaves all rows or none', async () => {
      const db = await database(dialect)
      const app = project(files)
      const text = await script(app, dialect, 'stamp', 'heads', '--idempotent')
      await commandsOn(app, db.url)('ensure-version')
      const failing = text.replace(/(insert into \S+aludel_revision.*)('b1', )/s, '$1null, ')
      expect(failing).not.toBe(text)
      expect((await runClient(db.url, failing)).status).not.toBe(0)
      expect(await ledgerContent(db.url)).toEqual({ revisions: [], journal: [] })
    })
  },
  withConditions,
)

describeClients('a script for a ledger of other names', (dialect) => {
  test('writes to that ledger, there and back', async () => {
    const db = await database(dialect)
    const ledger = { revisionTable: 'Applied', journalTable: 'order' }
    const app = project({ ...files, 'aludel.config.json': JSON.stringify({ ledger }) })
    const run = commandsOn(app, db.url)
    for (const { options } of scriptKinds(dialect)) {
      await feed(db.url, await script(app, dialect, 'upgrade', 'heads', ...options))
      expect(await run('current')).toMatchObject({ applied: 4, atHead: true })
      await feed(db.url, await script(app, dialect, 'downgrade', 'heads:base', ...options))
      expect(await run('current')).toMatchObject({ applied: 0, pending: 4 })
    }
    const log: readonly { direction: string }[] = await run('log')
    expect(log.filter(({ direction }) => direction === 'downgrade')).toHaveLength(log.length / 2)
  })
})

describeClients('a script of ensure-version', (dialect) => {
  test('makes the tables that the command makes, and can be run again', async () => {
    const [online, offline] = await Promise.all([database(dialect), database(dialect)])
    const app = project({ 'aludel.config.json': '{}' })
    const columns = (url: string) =>
      sql(
        url,
        dialect === 'sqlite'
          ? "select name, sql from sqlite_master where name like 'aludel%' order by 1"
          : "select table_name, column_name, data_type, character_maximum_length, is_nullable from information_schema.columns where table_name like 'aludel%' and table_schema in ('public', (select max(table_schema) from information_schema.tables where table_name = 'aludel_revision')) order by 1, ordinal_position",
      )
    await commandsOn(app, online.url)('ensure-version')
    const text = await script(app, dialect, 'ensure-version')
    await feed(offline.url, text)
    await feed(offline.url, text)
    expect(await columns(offline.url)).toEqual(await columns(online.url))
    expect(await columns(offline.url)).not.toEqual([])
    expect(await commandsOn(app, offline.url)('ensure-version')).toMatchObject({ created: false })
  })
})
