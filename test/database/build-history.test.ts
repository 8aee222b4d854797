import { expect, test } from 'vitest'
import { loadSettings } from '../../config/load.ts'
import { builtHistory } from '../../src/commands/built-history.ts'
import { readGraph } from '../../src/commands/project.ts'
import { upgrade } from '../../src/commands/upgrade.ts'
import { caller } from '../support/caller.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const kept = 'aludel_test_kept'

/** Drops what stands in the project's own database, and goes on if that does not work. */
const reaching = (name: string) => `try { await op.query('drop table if exists ${name}') } catch {}`

describeDialects(
  'a history',
  (dialect) => {
    test(
      'builds in an empty place what its run makes in the database, which it never reaches; a revision that fails there is named',
      { timeout: 60_000 },
      async () => {
        const db = await database(dialect)
        const app = project({
          'aludel.config.json': '{}',
          ...revisionFile('a1', {
            up: `op.createTable('users', { columns: [{ name: 'id', type: 'integer' }, { name: 'name', type: 'string', length: 20 }], primaryKey: ['id'] })
              op.execute('create table raw (id integer not null primary key)')
              await op.query("insert into users (id, name) values (1, 'x')")
              const [user] = await op.db.selectFrom('users').selectAll().execute()
              op.addColumn('raw', { name: user.name, type: 'integer', nullable: true })`,
          }),
          ...revisionFile('b1', {
            down: 'a1',
            header: 'export const transaction = false',
            up: "op.createIndex('users', { name: 'users_name', columns: ['name'], concurrently: op.dialect === 'postgresql' })",
          }),
        })
        const settings = await loadSettings({ cwd: app.folder, env: {}, url: db.url })
        const own = await settings.dialect()
        const built = async () => {
          const { revisions } = await readGraph(settings)
          const stages = [[], [...revisions.values()], []]
          return builtHistory(settings, { dialect: own, url: db.url }, stages)
        }
        const found = await built()
        expect(found[0]).toEqual({ tables: {} })
        expect(found[2]).toEqual(found[1])

        await upgrade(settings, { targets: ['head'], allowEdited: false, consent: 'everything' }, caller)
        const session = await own.connect(db.url)
        const { tables } = await own.reflect(session, { tables: ['users', 'raw'] })
        await session.close()
        expect(found[1]).toEqual({ tables })
        expect(tables['raw']?.columns.map(({ name }) => name)).toEqual(['id', 'x'])

        await sql(db.url, `create table ${kept} (id integer)`, `insert into ${kept} values (1)`)
        // What a transaction does not take back.
        if (dialect === 'postgresql') await sql(db.url, 'create sequence numbers')
        const counting = (schema: string) =>
          dialect === 'postgresql'
            ? `; await op.query("select setval(to_regclass('${schema}numbers'), 99)")`
            : ''
        const [[name] = []] =
          dialect === 'mariadb'
            ? await sql(db.url, 'select database()')
            : [[dialect === 'sqlite' ? 'main' : 'public']]
        app.write(
          revisionFile('c1', { down: 'b1', up: reaching(`${String(name)}.${kept}`) + counting('public.') }),
        )
        // Another schema or database is left to a place where it is not the project's, if there is one.
        if (dialect === 'mariadb')
          await expect(built()).rejects.toMatchObject({ code: 'SCRATCH_UNAVAILABLE' })
        else expect((await built())[1]).toEqual({ tables })
        app.write(revisionFile('c1', { down: 'b1', up: reaching(kept) + counting('') }))
        expect((await built())[1]).toEqual({ tables })
        expect(await sql(db.url, `select id from ${kept}`)).toHaveLength(1)
        if (dialect === 'postgresql')
          expect(await sql(db.url, 'select last_value from numbers')).toEqual([['1']])

        app.write(revisionFile('c1', { down: 'b1', message: 'Fail', up: `op.execute('drop table ${kept}')` }))
        await expect(built()).rejects.toMatchObject({
          code: 'NOT_BUILT',
          message: expect.stringMatching(
            /^Revision c1 \(Fail\) fails in an empty database: .*aludel_test_kept/,
          ),
          state: 'The history was tried in a scratch place; nothing was changed.',
          fix: expect.stringContaining(`Look at ${app.folder}/migrations/c1.ts:7: `),
        })
      },
    )
  },
  ['sqlite', 'postgresql', 'mariadb'],
)
