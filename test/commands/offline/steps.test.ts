/** How steps begin, fail and end in a script where databases differ. */
import { expect, test } from 'vitest'
import { catalog } from '../../support/catalog.ts'
import { describeClients, runClient } from '../../support/client.ts'
import { database } from '../../support/database.ts'
import { chain, revisionFile } from '../../support/files.ts'
import { ledgerContent } from '../../support/ledger.ts'
import { commandsOn, feed, script } from '../../support/offline.ts'
import { project } from '../../support/project.ts'
import { sql } from '../../support/sql.ts'

const config = { 'aludel.config.json': '{}' }

describeClients(
  'a step outside of a transaction, in a script',
  (dialect) => {
    const outside = revisionFile('b1', {
      down: 'a1',
      header: 'export const transaction = false',
      up: `op.execute('insert into t_a1 (n) values (1)')
  op.createIndex('t_a1', { name: 't_a1_n', columns: ['n'], concurrently: true, unique: true })
  op.execute('insert into t_a1 (n) values (2)')
  op.execute('vacuum t_a1')`,
      back: "op.dropIndex('t_a1', 't_a1_n', { concurrently: true })\n  op.execute('delete from t_a1')",
    })

    test('leaves what a run leaves', { timeout: 120_000 }, async () => {
      const [online, offline] = await Promise.all([database(dialect), database(dialect)])
      const app = project({ ...config, ...chain('a1'), ...outside, ...revisionFile('c1', { down: 'b1' }) })
      const [on, off] = [commandsOn(app, online.url), commandsOn(app, offline.url)]
      await on('upgrade')
      await feed(offline.url, await script(app, dialect, 'upgrade'))
      expect(await catalog(offline.url)).toEqual(await catalog(online.url))
      expect(await sql(offline.url, 'select n from t_a1 order by n')).toEqual([[1], [2]])
      expect(await ledgerContent(offline.url)).toEqual(await ledgerContent(online.url))
      await on('downgrade', 'base')
      await feed(offline.url, await script(app, dialect, 'downgrade', 'head:base'))
      expect(await catalog(offline.url)).toEqual([])
      expect(await ledgerContent(offline.url)).toEqual(await ledgerContent(online.url))
      expect(await off('current')).toMatchObject({ applied: 0 })
    })

    test(
      'that fails is known to be half done; a person says how far, and a run goes on',
      { timeout: 120_000 },
      async () => {
        const db = await database(dialect)
        const app = project({ ...config, ...chain('a1'), ...outside, ...revisionFile('c1', { down: 'b1' }) })
        await commandsOn(app, db.url)('upgrade', 'a1')
        await sql(db.url, 'insert into t_a1 (n) values (1)')
        const { status, stderr } = await runClient(db.url, await script(app, dialect, 'upgrade', 'a1:head'))
        expect(status).not.toBe(0)
        expect(stderr).toContain('could not create unique index')
        const env = { DATABASE_URL: db.url }
        expect(await app.run(['current'], { env })).toMatchObject({ stdout: expect.stringContaining('a1') })
        expect(await app.run(['upgrade'], { env })).toMatchObject({
          status: 5,
          stderr: expect.stringContaining('aludel repair b1 --statement 2'),
        })
        await sql(db.url, 'delete from t_a1 where n = 1')
        expect(await app.run(['repair', 'b1', '--statement', '2', '--not-applied'], { env })).toMatchObject({
          status: 0,
        })
        expect(await app.run(['upgrade'], { env })).toMatchObject({ status: 0 })
        expect(await sql(db.url, 'select n from t_a1 order by n')).toEqual([[2]])
      },
    )
  },
  ['postgresql'],
)

describeClients(
  'a step whose statements commit by themselves, in a script',
  (dialect) => {
    const files = {
      ...config,
      ...revisionFile('a1', {
        up: "op.createTable('later', { columns: [{ name: 'n', type: 'integer' }] })",
        back: "op.dropTable('later')",
      }),
      ...revisionFile('b1', {
        down: 'a1',
        up: `op.createTable('t', { columns: [{ name: 'n', type: 'integer' }] })
  op.execute('insert into t (n) values (1)')
  op.alterColumn('later', 'n', { type: 'bigint' })
  op.createTable('u', { columns: [{ name: 'n', type: 'integer' }] })`,
        back: "op.dropTable('u')\n  op.dropTable('t')",
      }),
    }
    const atFirst = async () => {
      const db = await database(dialect)
      const app = project(files)
      await commandsOn(app, db.url)('upgrade', 'a1')
      return { db, app, env: { DATABASE_URL: db.url } }
    }

    test(
      'that fails is known to be half done; a person says how far, and a run goes on',
      { timeout: 120_000 },
      async () => {
        const { db, app, env } = await atFirst()
        await sql(db.url, 'rename table later to gone')
        const { status, stderr } = await runClient(db.url, await script(app, dialect, 'upgrade', 'a1:b1'))
        expect(status).not.toBe(0)
        expect(stderr).toContain('later')
        await sql(db.url, 'rename table gone to later')
        expect(await app.run(['upgrade'], { env })).toMatchObject({
          status: 5,
          stderr: expect.stringContaining('aludel repair b1 --statement 3'),
        })
        expect(await app.run(['repair', 'b1', '--statement', '3', '--not-applied'], { env })).toMatchObject({
          status: 0,
        })
        expect(await app.run(['upgrade'], { env })).toMatchObject({
          status: 0,
          stderr: expect.stringContaining('going on at statement 3'),
        })
        expect(await sql(db.url, 'select n from t')).toEqual([[1]])
        expect(await commandsOn(app, db.url)('current')).toMatchObject({ atHead: true })
      },
    )

    test('that fails under a condition is gone on with by a run too', { timeout: 120_000 }, async () => {
      const { db, app, env } = await atFirst()
      await sql(db.url, 'rename table later to gone')
      const text = await script(app, dialect, 'upgrade', 'a1:b1', '--idempotent')
      expect((await runClient(db.url, text)).stderr).toContain('later')
      expect(
        await sql(
          db.url,
          "select outcome, error_code, statement_done from aludel_journal where revision = 'b1'",
        ),
      ).toEqual([['halfDone', 'STEP_HALF_DONE', 2]])
      await sql(db.url, 'rename table gone to later')
      expect(await app.run(['upgrade'], { env })).toMatchObject({
        status: 0,
        stderr: expect.stringContaining('going on at statement 3'),
      })
      await feed(db.url, text)
      expect(await sql(db.url, 'select n from t')).toEqual([[1]])
    })

    test(
      'that was cut off in a statement waits for a person, also under a condition',
      { timeout: 120_000 },
      async () => {
        const { db, app, env } = await atFirst()
        const text = await script(app, dialect, 'upgrade', 'a1:b1', '--idempotent')
        // As when the server ended while the third statement ran.
        const ending = text.replace(
          / {6}alter table `later`[^\n]*\n/,
          (line) => `      kill connection_id();\n${line}`,
        )
        expect(ending).not.toBe(text)
        expect((await runClient(db.url, ending)).status).not.toBe(0)
        const cut = await runClient(db.url, text)
        expect(cut.status).not.toBe(0)
        expect(cut.stderr).toContain(
          'Revision b1 was cut off in a statement; `aludel repair b1` says whether it is done.',
        )
        expect(await app.run(['repair', 'b1', '--statement', '3', '--not-applied'], { env })).toMatchObject({
          status: 0,
        })
        await feed(db.url, text)
        expect(await sql(db.url, 'select n from t')).toEqual([[1]])
        expect(await commandsOn(app, db.url)('current')).toMatchObject({ atHead: true })
      },
    )

    test('that goes on has the settings of what was done before', { timeout: 120_000 }, async () => {
      const db = await database(dialect)
      const app = project({
        ...config,
        ...revisionFile('a1', {
          up: `op.createTable('t', { columns: [{ name: 'n', type: 'integer' }] })
  op.execute('set @five = 5')
  op.addColumn('later', { name: 'm', type: 'integer', nullable: true })
  op.execute('insert into t (n) values (@five)')`,
          back: "op.dropTable('t')",
        }),
      })
      const text = await script(app, dialect, 'upgrade', '--idempotent')
      expect((await runClient(db.url, text)).stderr).toContain('later')
      await sql(db.url, 'create table later (n integer)')
      await feed(db.url, text)
      expect(await sql(db.url, 'select n from t')).toEqual([[5]])
    })

    test('that is half done by other statements is not gone on with', { timeout: 120_000 }, async () => {
      const { db, app } = await atFirst()
      await sql(db.url, 'rename table later to gone')
      await runClient(db.url, await script(app, dialect, 'upgrade', 'a1:b1', '--idempotent'))
      await sql(db.url, 'rename table gone to later')
      app.write(
        revisionFile('b1', {
          down: 'a1',
          up: "op.createTable('other', { columns: [{ name: 'n', type: 'integer' }] })",
          back: "op.dropTable('other')",
        }),
      )
      const { status, stderr } = await runClient(
        db.url,
        await script(app, dialect, 'upgrade', 'a1:b1', '--idempotent'),
      )
      expect(status).not.toBe(0)
      expect(stderr).toContain('Revision b1 is half done, by other statements than these.')
    })
  },
  ['mariadb', 'mysql'],
)

describeClients(
  'a step in a script for SQLite',
  (dialect) => {
    const tables = revisionFile('a1', {
      up: `op.createTable('p', { columns: [{ name: 'id', type: 'integer' }], primaryKey: ['id'] })
  op.createTable('c', {
    columns: [{ name: 'p', type: 'integer' }],
    foreignKeys: [{ columns: ['p'], references: { table: 'p', columns: ['id'] }, onDelete: 'cascade' }],
  })
  op.execute('insert into p values (1)')
  op.execute('insert into c values (1)')`,
      back: "op.dropTable('c')\n  op.dropTable('p')",
    })

    test('may rebuild a table that others refer to, also where the shell enforces foreign keys', async () => {
      const db = await database(dialect)
      const app = project({
        ...config,
        ...tables,
        ...revisionFile('b1', {
          down: 'a1',
          up: "op.addColumn('p', { name: 'n', type: 'integer', nullable: true })\n  op.alterColumn('p', 'n', { type: 'text' })",
        }),
      })
      const { status, stderr } = await runClient(db.url, await script(app, dialect, 'upgrade'), [
        '-cmd',
        'pragma foreign_keys = on',
      ])
      expect(`${status} ${stderr}`).toBe('0 ')
      expect(await sql(db.url, 'select p from c')).toEqual([[1]])
    })

    test('that leaves a row which refers to nothing is rolled back', async () => {
      const db = await database(dialect)
      const app = project({
        ...config,
        ...tables,
        ...revisionFile('b1', { down: 'a1', up: "op.execute('delete from p')" }),
      })
      const { status, stderr } = await runClient(db.url, await script(app, dialect, 'upgrade'))
      expect(status).not.toBe(0)
      expect(stderr).toContain('The step leaves a row that refers to a row which is not there.')
      expect(await sql(db.url, 'select id from p')).toEqual([[1]])
      expect(await commandsOn(app, db.url)('current')).toMatchObject({ heads: ['a1'], pending: 1 })
    })

    test('takes no offence at rows that referred to nothing before it', async () => {
      const db = await database(dialect)
      const app = project({
        ...config,
        ...tables,
        ...revisionFile('b1', { down: 'a1', up: "op.execute('update p set id = id')" }),
      })
      await commandsOn(app, db.url)('upgrade', 'a1')
      await sql(db.url, 'pragma foreign_keys = off', 'insert into c values (99)')
      await feed(db.url, await script(app, dialect, 'upgrade', 'a1:b1'))
      expect(await commandsOn(app, db.url)('current')).toMatchObject({ atHead: true })
    })
  },
  ['sqlite'],
)

describeClients(
  'a script of one transaction',
  (dialect) => {
    test('leaves all steps or none', async () => {
      const db = await database(dialect)
      const failing = revisionFile('c1', { down: 'b1', up: "op.execute('insert into nowhere values (1)')" })
      const app = project({ ...config, ...chain('a1', 'b1'), ...failing })
      const text = await script(app, dialect, 'upgrade', '--single-transaction')
      expect((await runClient(db.url, text)).stderr).toContain('nowhere')
      const run = commandsOn(app, db.url)
      expect(await run('current')).toMatchObject({ applied: 0, pending: 3 })
      await sql(db.url, 'create table nowhere (n integer)')
      await feed(db.url, text)
      expect(await run('current')).toMatchObject({ applied: 3, atHead: true })
      await feed(db.url, await script(app, dialect, 'downgrade', 'c1:base', '--single-transaction'))
      expect(await run('current')).toMatchObject({ applied: 0 })
    })
  },
  ['postgresql', 'sqlite'],
)
