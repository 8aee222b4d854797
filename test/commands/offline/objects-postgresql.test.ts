/** Enum types, views and triggers in schemas, in scripts for psql and in runs: what they leave is the same. */
import { expect, test } from 'vitest'
import { catalog } from '../../support/catalog.ts'
import { describeClients, scriptKinds } from '../../support/client.ts'
import { database } from '../../support/database.ts'
import { revisionFile } from '../../support/files.ts'
import { commandsOn, feed, script } from '../../support/offline.ts'
import { project } from '../../support/project.ts'
import { sql } from '../../support/sql.ts'
import { hostile } from './history.ts'

const items = JSON.stringify(['a', 'rollback', `it's \\ :x $aludel$ "q"; commit`])

/** @param header of the last one */
const files = (header: string) => ({
  'aludel.config.json': '{}',
  ...revisionFile('a1', {
    up: `op.createSchema('Bil.ling')
  op.createEnum('Bil..ling.Mood', ${items})
  op.createTable('Bil..ling.t', {
    columns: [
      { name: 'n', type: 'integer', autoincrement: true },
      { name: 'm', type: { sql: '"Bil.ling"."Mood"' }, default: 'rollback' },
    ],
    primaryKey: ['n'],
    indexes: [{ name: 'i', columns: ['n'], where: "m = 'rollback'" }],
  })
  op.createTrigger('Bil..ling.t', {
    name: 'own', timing: 'before', events: ['insert'],
    body: ${JSON.stringify(`new.m := coalesce(new.m, 'a'); -- ${hostile}\nreturn new;`)},
  })
  op.bulkInsert('Bil..ling.t', [{ m: null }, { m: 'rollback' }])
  op.createView('v', { definition: 'select n from "Bil.ling".t', materialized: true, comment: ${JSON.stringify(hostile)}, indexes: [{ name: 'v_n', columns: ['n'] }] })
  op.createView('plain', { definition: ${JSON.stringify(`select n, ${"'it''s'"} as s from "Bil.ling".t`)} })`,
    back: `op.dropView('plain')
  op.dropView('v')
  op.dropTable('Bil..ling.t')
  op.dropEnum('Bil..ling.Mood')
  op.dropSchema('Bil.ling')`,
  }),
  ...revisionFile('b1', {
    down: 'a1',
    header: `export const allowDataLoss = ['v', 'plain', 'Bil..ling.u']`,
    up: `op.alterEnum('Bil..ling.Mood', { items: ['new', ...${items}] })
  op.replaceView('plain', { definition: 'select n, lower(\\'X\\') as s from "Bil.ling".t', comment: 'c' })`,
    back: `op.replaceView('plain', { definition: ${JSON.stringify(`select n, ${"'it''s'"} as s from "Bil.ling".t`)} })
  op.alterEnum('Bil..ling.Mood', { items: ${items} })`,
  }),
  ...revisionFile('c1', {
    down: 'b1',
    header,
    up: `op.alterEnum('Bil..ling.Mood', { items: ['rollback', 'A'], renamed: { a: 'A' } })
  op.renameTable('Bil..ling.t', 'moved')
  op.dropTrigger('moved', 'own')
  op.dropIndex('moved', 'i')
  op.alterColumn('moved', 'm', { type: 'text' })`,
    back: `op.alterColumn('moved', 'm', { type: { sql: '"Bil.ling"."Mood"' } })
  op.createIndex('moved', { name: 'i', columns: ['n'], where: "m = 'rollback'" })
  op.createTrigger('moved', {
    name: 'own', timing: 'before', events: ['insert'],
    body: ${JSON.stringify(`new.m := coalesce(new.m, 'a'); -- ${hostile}\nreturn new;`)},
  })
  op.renameTable('moved', 'Bil..ling.t')
  op.alterEnum('Bil..ling.Mood', { items: ['new', ...${items}], renamed: { A: 'a' } })`,
  }),
})

const functions = `select n.nspname, p.proname, p.prosrc from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where n.nspname in ('public', 'Bil.ling') order by 1, 2`
const content = async (url: string, table: string) => [
  await catalog(url),
  await sql(url, `select n, m from ${table} order by n`),
  await sql(url, functions),
  await sql(url, 'select n, s from plain order by n'),
]

describeClients(
  'a script with enum types, views and triggers in schemas',
  (dialect) => {
    test.for(scriptKinds(dialect))(
      'leaves what a run leaves, there and back: $kind',
      { timeout: 120_000 },
      async ({ kind, options }) => {
        const [online, offline] = await Promise.all([database(dialect), database(dialect)])
        // What can be run again is one block of statements.
        const app = project(files(kind === 'plain' ? 'export const transaction = false' : ''))
        const on = commandsOn(app, online.url)
        const write = (...args: readonly string[]) => script(app, dialect, ...args, ...options)
        await on('upgrade', 'b1')
        await feed(offline.url, await write('upgrade', 'base:b1'))
        expect(await content(offline.url, '"Bil.ling".t')).toEqual(await content(online.url, '"Bil.ling".t'))
        expect(await sql(online.url, 'select m from "Bil.ling".t')).toEqual([['a'], ['rollback']])
        await on('upgrade')
        await feed(offline.url, await write('upgrade', 'b1:c1'))
        expect(await content(offline.url, 'moved')).toEqual(await content(online.url, 'moved'))
        expect(await sql(online.url, functions)).toEqual([])
        await on('downgrade', 'a1')
        await feed(offline.url, await write('downgrade', 'c1:a1'))
        expect(await content(offline.url, '"Bil.ling".t')).toEqual(await content(online.url, '"Bil.ling".t'))
        expect(await sql(online.url, 'select m from "Bil.ling".t')).toEqual([['a'], ['rollback']])
        await on('downgrade', 'base')
        await feed(offline.url, await write('downgrade', 'a1:base'))
        expect(await catalog(online.url)).toEqual([])
        expect(await catalog(offline.url)).toEqual([])
        expect(await sql(online.url, functions)).toEqual([])
      },
    )
  },
  ['postgresql'],
)
