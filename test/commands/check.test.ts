import { expect, test } from 'vitest'
import { loadSettings } from '../../config/load.ts'
import { check } from '../../src/commands/check.ts'
import { revision } from '../../src/commands/revision.ts'
import { upgrade } from '../../src/commands/upgrade.ts'
import { caller } from '../support/caller.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const users = (properties: string): string => `
  import { defineEntity, p } from '@mikro-orm/core'
  export const User = defineEntity({
    name: 'User',
    tableName: 'users',
    properties: { id: p.integer().primary(), ${properties} },
  })`

describeDialects(
  'check',
  (dialect) => {
    test(
      'says which of entities, history and database is off, object by object',
      { timeout: 60_000 },
      async () => {
        const db = await database(dialect)
        const app = project({
          'aludel.config.json': '{"entities": "no-such-file.ts"}',
          'before.ts': users(
            "name: p.string().length(50).nullable().index('by_name'), size: p.integer().nullable()",
          ),
          'after.ts': users(
            "name: p.string().length(50).nullable().index('by_name'), size: p.integer().nullable(), age: p.integer().nullable(), nick: p.integer().nullable()",
          ),
        })
        const loaded = await loadSettings({ cwd: app.folder, env: {}, url: db.url })
        const settings = (file: string) => ({ ...loaded, entities: { root: app.folder, paths: [file] } })
        await revision(
          settings('before.ts'),
          { message: 'One', autogenerate: true, fromEmpty: false, revId: 'a1', renames: [] },
          caller,
        )
        const found = async (file: string) => {
          const { ok, pending, differences, unbuilt } = await check(settings(file))
          expect(unbuilt).toBe(undefined)
          return [
            ok,
            pending,
            ...differences.map(({ kind, object, between, off }) => [kind, object, between, off]),
          ]
        }
        const behind = ['createTable', 'users', ['entities', 'database'], 'database']
        expect(await found('before.ts')).toEqual([false, ['a1'], behind])
        await upgrade(
          settings('before.ts'),
          { targets: ['head'], allowEdited: false, consent: 'everything' },
          caller,
        )
        expect(await found('before.ts')).toEqual([true, []])
        const ahead = ['addColumn', 'users.age', ['entities', 'database'], 'entities']
        const nick = ['addColumn', 'users.nick', ['entities', 'database'], 'entities']
        expect(await found('after.ts')).toEqual([false, [], ahead, nick])

        await sql(db.url, 'alter table users add column nick integer')
        const index = dialect === 'mariadb' ? 'by_name on users' : 'by_name'
        await sql(db.url, `drop index ${index}`, 'alter table users add column mine integer')
        const put = ['createIndex', 'users.by_name', ['history', 'database'], 'database']
        const unwritten = ['addColumn', 'users.nick', ['entities', 'history'], 'history']
        expect(await found('after.ts')).toEqual([false, [], ahead, put, unwritten])

        // Entities are not there, and not asked.
        const drifted = await app.run(['check', '--drift'], { env: { DATABASE_URL: db.url } })
        expect(drifted).toMatchObject({
          status: 3,
          stdout: `The database is not what its history makes: somebody changed it by hand.
database is off: createIndex users.by_name would put it back
not ours: column users.nick
not ours: column users.mine
`,
        })
        const { stdout } = await app.run(['check', '--drift', '--json'], { env: { DATABASE_URL: db.url } })
        expect(JSON.parse(stdout)).toEqual({
          ok: false,
          pending: [],
          differences: [
            {
              kind: 'createIndex',
              object: 'users.by_name',
              between: ['history', 'database'],
              off: 'database',
              operation: {
                kind: 'createIndex',
                table: 'users',
                index: { name: 'by_name', columns: ['name'] },
              },
            },
          ],
          unmanaged: [
            { kind: 'column', name: 'users.nick' },
            { kind: 'column', name: 'users.mine' },
          ],
        })
        const all = await app.run(['check', '--config', 'after.json'], { env: { DATABASE_URL: db.url } })
        expect(all).toMatchObject({ status: 2 })
        app.write({ 'after.json': '{"entities": "after.ts"}' })
        expect(
          await app.run(['check', '--config', 'after.json'], { env: { DATABASE_URL: db.url } }),
        ).toMatchObject({
          status: 3,
          stdout: `Entities, history and database differ.
entities want: addColumn users.age
database is off: createIndex users.by_name would put it back
history is off: no revision does addColumn users.nick
Next: \`aludel revision --autogenerate -m …\` writes what the entities want.
Next: what was changed in the database by hand is undone there; or change the entities too, write it with --from-history, and stamp it.
Next: \`aludel revision --autogenerate --from-history -m …\` writes what the history lacks, \`aludel stamp heads\` says that it is there.
not ours: column users.mine
`,
        })

        // What both were changed to by hand, the database has and the entities want.
        await sql(
          db.url,
          dialect === 'mariadb'
            ? 'create index by_name on users (name)'
            : 'create index by_name on users (name)',
        )
        await sql(db.url, 'alter table users add column age integer')
        const [, , first] = await found('after.ts')
        expect(first).toEqual(['addColumn', 'users.age', ['entities', 'history'], 'history'])
      },
    )
  },
  ['sqlite', 'postgresql', 'mariadb'],
)

describeDialects(
  'a history that only PGlite can build',
  (dialect) => {
    test('is compared with a server of any version', { timeout: 60_000 }, async () => {
      const db = await database(dialect)
      const app = project({
        'aludel.config.json': '{}',
        ...revisionFile('a1', {
          up: `op.createSchema('zoo')
            op.createTable('zoo.pets', { columns: [{ name: 'id', type: 'integer' }, { name: 'name', type: 'text', nullable: true }] })
            op.createTable('keepers', { columns: [{ name: 'id', type: 'integer' }] })
            op.createView('named', { definition: "select id as number, name from zoo.pets where name <> 'pets.id'" })
            op.createView('both', { definition: 'select k.id from keepers k join zoo.pets p on p.id = k.id' })`,
        }),
      })
      const env = { DATABASE_URL: db.url }
      expect(await app.run(['upgrade'], { env })).toMatchObject({ status: 0 })
      expect(await app.run(['check', '--drift'], { env })).toMatchObject({
        status: 0,
        stdout: 'The database is what its history makes.\n',
      })
    })
  },
  ['postgresql'],
)
