import { expect, test } from 'vitest'
import { loadSettings } from '../../config/load.ts'
import { check } from '../../src/commands/check.ts'
import { revision } from '../../src/commands/revision.ts'
import { upgrade } from '../../src/commands/upgrade.ts'
import { readText } from '../../src/revision/files.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'
import { caller } from '../support/caller.ts'

const users = (properties: string): string => `
  import { defineEntity, p } from '@mikro-orm/core'
  export const User = defineEntity({
    name: 'User',
    tableName: 'users',
    properties: { id: p.integer().primary(), name: p.string().length(50).unique(), ${properties} },
  })`

describeDialects('what nobody told aludel of', (dialect) => {
  test(
    'survives whatever else changes, is listed once, and goes only when it is owned',
    { timeout: 60_000 },
    async () => {
      const db = await database(dialect)
      const app = project({
        'aludel.config.json': '{}',
        'before.ts': users('size: p.integer(), old: p.integer().index()'),
        'after.ts': users('size: p.integer(), age: p.integer().nullable()'),
      })
      const loaded = await loadSettings({ cwd: app.folder, env: {}, url: db.url })
      const settings = (file: string) => ({ ...loaded, entities: { root: app.folder, paths: [file] } })
      const generate = async (from: ReturnType<typeof settings>) => {
        const options = {
          message: 'Next',
          autogenerate: true,
          fromEmpty: false,
          revId: undefined,
          renames: [],
        }
        const { path } = await revision(from, options, caller)
        return path === null ? [] : (readText(path).match(/^ {2}op\..*$/gm) ?? [])
      }
      const up = (from: ReturnType<typeof settings>) =>
        upgrade(from, { targets: ['head'], allowEdited: false, consent: 'everything' }, caller)

      await generate(settings('before.ts'))
      await up(settings('before.ts'))
      await sql(
        db.url,
        'alter table users add column legacy integer',
        'create index ix_legacy on users (legacy)',
        'create unique index ux_legacy on users (name, legacy)',
        'create index ix_size on users (size)',
        'create table imports (id integer primary key)',
      )
      const unmanaged = [
        { kind: 'column', name: 'users.legacy' },
        { kind: 'index', name: 'users.ix_legacy' },
        { kind: 'index', name: 'users.ix_size' },
        { kind: 'table', name: 'imports' },
        // What a unique index is called is the database's own affair.
        { kind: expect.stringMatching(/^(?:unique|index)$/), name: 'users.ux_legacy' },
      ]
      const listed = async (from: ReturnType<typeof settings>) => {
        const { differences, ...result } = await check(from)
        const names = (one: { name: string }, other: { name: string }) => (one.name < other.name ? -1 : 1)
        return { ...result, differences: differences.length, unmanaged: result.unmanaged.toSorted(names) }
      }
      const all = { ok: true, pending: [], differences: 0, unmanaged: expect.arrayContaining(unmanaged) }
      expect(await listed(settings('before.ts'))).toEqual(all)
      expect((await listed(settings('before.ts'))).unmanaged).toHaveLength(unmanaged.length)

      const changes = await generate(settings('after.ts'))
      expect(changes.filter((line) => /legacy|ix_size|imports/.test(line))).toEqual([])
      expect(changes.filter((line) => line.includes("op.addColumn('users', { name: 'age'"))).toHaveLength(1)
      await up(settings('after.ts'))
      expect(await listed(settings('after.ts'))).toEqual(all)
      await sql(db.url, 'select legacy from users')

      // What is left out is neither touched nor told.
      const filter = {
        ...loaded.filter,
        include: ({ name }: { name: string }) => !/legacy|imports/.test(name),
      }
      expect((await check({ ...settings('after.ts'), filter })).unmanaged).toEqual([
        { kind: 'index', name: 'users.ix_size' },
      ])
      const owner = { ...settings('after.ts'), owns: ['users.*'] }
      expect((await generate(owner)).some((line) => line.includes("op.dropColumn('users', 'legacy"))).toBe(
        true,
      )
      await up(owner)
      expect((await check(settings('after.ts'))).unmanaged).toEqual([{ kind: 'table', name: 'imports' }])
    },
  )
})

describeDialects(
  'an extension',
  (dialect) => {
    test(
      'is listed, unless a revision makes it or a preset stands for it',
      { timeout: 60_000 },
      async ({ skip }) => {
        const db = await database(dialect)
        const [found = []] = await sql(
          db.url,
          "select count(*) from pg_available_extensions where name in ('citext', 'pgcrypto', 'unaccent')",
        )
        if (Number(found[0]) < 3) skip('the server has no contributed extensions')
        const app = project({
          'aludel.config.json': '{ "entities": "user.ts" }',
          'user.ts': users('size: p.integer()'),
          'supabase.json': '{ "entities": "user.ts", "presets": ["supabase"] }',
          ...revisionFile('a1', {
            up: 'op.execute(\'create extension if not exists "unaccent"\')',
            back: "op.execute('drop extension unaccent')",
          }),
        })
        const run = (...args: readonly string[]) => app.run(args, { env: { DATABASE_URL: db.url } })
        const listed = async (...args: readonly string[]) => {
          const { stdout } = await run('check', ...args)
          return stdout.match(/^not ours: .*$/gm) ?? []
        }
        await run('upgrade')
        await run('revision', '--autogenerate', '-m', 'Users')
        await run('upgrade')
        await sql(db.url, 'create extension citext', 'create extension pgcrypto')
        const both = ['not ours: extension citext', 'not ours: extension pgcrypto']
        expect(await listed()).toEqual(both)
        expect(await listed('--drift')).toEqual(both)
        expect(await listed('--config', 'supabase.json')).toEqual([both[0]])
        // Also where the history is built.
        await sql(db.url, 'alter table users drop column size')
        expect(await listed()).toEqual(both)
      },
    )
  },
  ['postgresql'],
)
