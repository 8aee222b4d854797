/** Views, triggers, indexes, comments and rows in scripts: what they leave is what a run leaves. */
import { expect, test } from 'vitest'
import { catalog } from '../../support/catalog.ts'
import { describeClients } from '../../support/client.ts'
import { database } from '../../support/database.ts'
import { revisionFile } from '../../support/files.ts'
import { commandsOn, feed, script } from '../../support/offline.ts'
import { project } from '../../support/project.ts'
import { sql } from '../../support/sql.ts'
import { hostile } from './history.ts'

/** SQLite's statements in a trigger change tables, those of the others the row itself. */
const bodies = {
  sqlite: "insert into log (a) values (';'); insert into log (a) values (new.a)",
  mysql: "if new.n > 0 then set new.n = new.n + 1; set new.a = concat(new.a, ';'); end if",
}

const triggers = `select trigger_name, action_timing, event_manipulation, action_statement from information_schema.triggers
  where trigger_schema = database() order by 1`

describeClients(
  'a script',
  (dialect) => {
    const body = dialect === 'sqlite' ? bodies.sqlite : bodies.mysql
    const timing = dialect === 'sqlite' ? 'after' : 'before'
    const files = {
      'aludel.config.json': '{}',
      ...revisionFile('a1', {
        up: `op.createTable('t', {
    columns: [{ name: 'n', type: 'integer', default: 7 }, { name: 'a', type: 'string', nullable: true }],
    indexes: [{ name: 'i', columns: ['n'] }],
  })
  op.createTrigger('t', { name: 'first', timing: '${timing}', events: ['insert'], body: ${JSON.stringify(body)} })
  op.createTable('log', { columns: [{ name: 'a', type: 'string', nullable: true }] })
  op.bulkInsert('t', [{ n: 1, a: ${JSON.stringify(`${hostile}\r\nend`)} }, { a: null }, { n: { sql: '1 + 1' }, a: 'b' }])
  op.createView('v', { definition: "select a, ';' as b from t" })`,
        back: "op.dropView('v')\n  op.dropTable('t')\n  op.dropTable('log')",
      }),
      ...revisionFile('b1', {
        down: 'a1',
        up: `op.renameIndex('t', 'i', 'j')
  op.setTableComment('t', ${JSON.stringify(hostile)})
  op.dropTrigger('t', 'first')
  op.createTrigger('t', { name: 'second', timing: 'after', events: ['delete'], body: "insert into log values ('2;')" })
  op.alterColumn('t', 'a', { length: 300 })
  op.alterColumn('t', 'n', { nullable: true })
  op.replaceView('v', { definition: 'select n from t' })
  op.execute('delete from t where n = 2')`,
        back: `op.replaceView('v', { definition: "select a, ';' as b from t" })
  op.execute('update t set n = 3 where n is null')
  op.alterColumn('t', 'n', { nullable: false })
  op.dropTrigger('t', 'second')
  op.createTrigger('t', { name: 'first', timing: '${timing}', events: ['insert'], body: ${JSON.stringify(body)} })
  op.renameIndex('t', 'j', 'i')`,
      }),
    }
    const content = async (url: string) => [
      await catalog(url),
      await sql(url, 'select n, a from t order by n, a'),
      await sql(url, 'select a from log order by a'),
      dialect === 'sqlite' || (await sql(url, triggers)),
    ]

    // Under a condition, as --idempotent has them, no server makes a trigger: that is refused.
    test('leaves views, triggers and rows as a run does, there and back', { timeout: 120_000 }, async () => {
      const [online, offline] = await Promise.all([database(dialect), database(dialect)])
      const app = project(files)
      const on = commandsOn(app, online.url)
      await on('upgrade')
      await feed(offline.url, await script(app, dialect, 'upgrade', 'base:heads'))
      expect(await content(offline.url)).toEqual(await content(online.url))
      expect(await sql(offline.url, 'select a from log')).toContainEqual(['2;'])
      await on('downgrade', 'a1')
      await feed(offline.url, await script(app, dialect, 'downgrade', 'b1:a1'))
      expect(await content(offline.url)).toEqual(await content(online.url))
      await feed(offline.url, await script(app, dialect, 'downgrade', 'a1:base'))
      expect(await catalog(offline.url)).toEqual([])
    })
  },
  ['sqlite', 'mariadb', 'mysql'],
)
