import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { loadSettings } from '../../config/load.ts'
import { check } from '../../src/commands/check.ts'
import { revision } from '../../src/commands/revision.ts'
import { stamp } from '../../src/commands/stamp.ts'
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
    properties: { id: p.integer().primary().autoincrement(false), ${properties} },
  })`

const made = revisionFile('a1', {
  up: `op.execute("create table users (id integer not null primary key, size integer, mail varchar(90) unique, old integer)")
    op.execute("create index by_size on users (size)")
    op.execute("create table gone (id integer not null primary key)")
    op.execute("create view sizes as select size from users")
    await op.query("insert into gone (id) values (1)")`,
})

describeDialects(
  'what raw SQL of a revision made',
  (dialect) => {
    test(
      'is ours: it is changed and dropped, and not listed; what was made by hand is still not ours',
      { timeout: 60_000 },
      async () => {
        const db = await database(dialect)
        const app = project({
          'aludel.config.json': '{}',
          'before.ts': users('size: p.integer().nullable(), old: p.integer().nullable()'),
          'after.ts': users('size: p.bigint().nullable()'),
          ...made,
        })
        const loaded = await loadSettings({ cwd: app.folder, env: {}, url: db.url })
        const settings = { ...loaded, entities: { root: app.folder, paths: ['after.ts'] } }
        const up = { targets: ['head'], allowEdited: false, consent: 'everything' } as const
        await upgrade(settings, up, caller)
        await sql(
          db.url,
          'alter table users add column legacy integer',
          'create table imports (id integer primary key)',
        )
        const generate = () =>
          revision(
            settings,
            { message: 'Next', autogenerate: true, fromEmpty: false, revId: undefined, renames: [] },
            caller,
          )
        const { path, warnings } = await generate()
        const text = readFileSync(path ?? '', 'utf8')
        const [, forth = ''] = text.split('export function ')
        for (const call of [
          "op.dropColumn('users', 'old')",
          "op.dropColumn('users', 'mail')",
          "op.dropIndex('users', 'by_size')",
          "op.dropTable('gone')",
          "op.dropView('sizes')",
        ])
          expect(forth).toContain(call)
        expect(forth).not.toMatch(/legacy|imports/)
        // SQLite has one kind of integer.
        if (dialect !== 'sqlite') expect(forth).toContain("op.alterColumn('users', 'size'")
        expect(warnings).toContainEqual(
          expect.stringMatching(
            /^Raw SQL of a revision made what no entity names: (?=.*dropView sizes)(?=.*dropIndex users\.by_size).*`include`/,
          ),
        )
        expect((await check(settings)).unmanaged).toEqual([
          { kind: 'table', name: 'imports' },
          { kind: 'column', name: 'users.legacy' },
        ])
      },
    )
  },
  ['sqlite', 'postgresql', 'mariadb'],
)

test('what cannot be built is known by its text alone, which is told; where nothing is to be decided it is not built', async () => {
  const db = await database('sqlite')
  const app = project({
    'aludel.config.json': '{}',
    'user.ts': users('size: p.integer().nullable()'),
    ...revisionFile('a1', {
      up: `op.execute('create table users (id integer not null primary key, size integer)')
        op.execute('drop table not_there')
        op.execute('alter table users add column "old" integer')`,
    }),
  })
  const loaded = await loadSettings({ cwd: app.folder, env: {}, url: db.url })
  const settings = { ...loaded, entities: { root: app.folder, paths: ['user.ts'] } }
  await sql(db.url, 'create table users (id integer not null primary key, size integer, mine integer)')
  await stamp(settings, { targets: ['head'], purge: false }, caller)
  const generate = () =>
    revision(
      settings,
      { message: 'Next', autogenerate: true, fromEmpty: false, revId: undefined, renames: [] },
      caller,
    )
  expect(await generate()).toMatchObject({ path: null, warnings: [] })
  const unmanaged = [{ kind: 'column', name: 'users.mine' }]
  expect(await check(settings)).toEqual({ ok: true, pending: [], differences: [], unmanaged })
  await sql(db.url, 'alter table users add column old integer')
  expect(await generate()).toMatchObject({
    operations: 1,
    warnings: [
      expect.stringMatching(
        /^Whether revisions made column users\.old is known by their text alone, as the history could not be built: Revision a1 .* no such table: not_there\. Look at /,
      ),
      'Drops column users.old with its values: review this file before it runs.',
    ],
  })
  const { differences, unbuilt } = await check(settings)
  expect(differences).toMatchObject([
    { kind: 'dropColumn', object: 'users.old', between: ['entities', 'database'] },
  ])
  expect(differences[0]?.off).toBe(undefined)
  expect(unbuilt).toMatch(/^Revision a1 .* no such table: not_there\. Look at /)
})
