import { expect, test } from 'vitest'
import dialect from '../../../plugins/postgresql/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { emptySchema } from '../../../src/schema/schema.ts'
import { database } from '../../support/database.ts'
import { revisionFile } from '../../support/files.ts'
import { project } from '../../support/project.ts'
import { sql } from '../../support/sql.ts'
import { carryOut, describePostgresql, dump, failure, reflectAll, runAll } from './support.ts'

const mood = ['sad', 'ok', 'glad']

describePostgresql('alterEnum', (open) => {
  const alter = (items: readonly string[], renamed?: Readonly<Record<string, string>>): Operation => ({
    kind: 'alterEnum',
    name: 'mood',
    items,
    ...(renamed ? { renamed } : {}),
  })

  // Each of these makes PostgreSQL refuse another type for the column, or drops the old one under it.
  test('by another type in its place keeps rows and all that names a value', async () => {
    const [place, other] = [await open(), await open()]
    const make = (type: string): readonly string[] => [
      type,
      `comment on type mood is 'how it is'`,
      'grant usage on type mood to public',
      `create table t (id int primary key, m mood not null default 'ok', n mood, list mood[] default array['sad', 'ok']::mood[],
        constraint good check (m <> 'sad' or id > 0) not valid, note text default ('ok'::mood)::text,
        exclude using btree (n with =) where (m = 'ok'), unique (m, id))`,
      `create index part on t (id) where m = 'ok'`,
      `create unique index expressed on t ((case when n = 'sad' then 1 end))`,
      `comment on index part is 'it''s'`,
      `comment on constraint good on t is 'good'`,
      'create table keys (m mood primary key)',
      "create table refers (m mood references keys, n mood check (n in ('sad', 'ok')))",
      `create table parts (m mood, id int) partition by list (id)`,
      `create table part_1 partition of parts for values in (1)`,
      `alter table part_1 alter m set default 'ok'`,
      `create index of_parts on parts (id) where m = 'ok'`,
      'create table parent (m mood)',
      'create table child (x int) inherits (parent)',
    ]
    await runAll(place, ...make(`create type mood as enum ('sad', 'ok', 'glad')`))
    await runAll(other, ...make(`create type mood as enum ('ok', 'new', 'sad')`))
    await runAll(
      place,
      `insert into t values (1, 'sad', 'ok', '{sad,ok,null}'), (2, 'ok', null, null)`,
      `insert into keys values ('ok')`,
      `insert into refers values ('ok')`,
      `insert into parts values ('sad', 1)`,
      `insert into child values ('sad', 1)`,
    )
    const statements = await carryOut(place, alter(['ok', 'new', 'sad']))
    expect(statements).toHaveLength(1)
    expect(dialect.rollsBack(statements[0] ?? '')).toBe(true)
    await runAll(other, 'begin', 'select from t')
    expect(await dialect.blockers(place.session, statements[0] ?? '')).toHaveLength(1)
    await runAll(other, 'rollback')
    expect(await reflectAll(place.session)).toEqual(await reflectAll(other.session))
    expect((await dump(place)).split('\n').toSorted()).toEqual((await dump(other)).split('\n').toSorted())
    expect(await place.session.query('select id, m, n, list::text from t order by m')).toEqual([
      { id: 2, m: 'ok', n: null, list: null },
      { id: 1, m: 'sad', n: 'ok', list: '{sad,ok,NULL}' },
    ])
    expect(
      await place.session.query(
        'select m from refers union all select m from parts union all select m from parent',
      ),
    ).toEqual([{ m: 'ok' }, { m: 'sad' }, { m: 'sad' }])
  })

  test('tells which rows hold a value that is to go, and what is made of the type', async () => {
    const place = await open()
    await runAll(
      place,
      `create type mood as enum ('sad', 'ok', 'it''s')`,
      'create table "T" ("M" mood, list mood[])',
      `insert into "T" values ('sad'), ('it''s')`,
    )
    const refusal = async (...items: readonly string[]) => failure(carryOut(place, alter(items)))
    expect(await refusal('ok')).toMatchObject({
      code: 'STEP_FAILED',
      message: `Enum type mood cannot lose 'it''s', 'sad': rows of "T" have it in "M".`,
      fix: `Give them another value before. To find them: select * from "T" where "M" in ('it''s', 'sad');`,
    })
    await runAll(place, `update "T" set "M" = null, list = '{ok,sad}'`)
    expect(await refusal('ok')).toMatchObject({
      fix: `Give them another value before. To find them: select * from "T" where list::text[] && array['sad'];`,
    })
    const hint = `Give them another value before. To find them: `
    await runAll(place, (await failureFix(refusal('ok'))).replace(hint, ''))
    await runAll(place, 'truncate "T"', `alter table "T" add check ("M" <> 'sad')`)
    expect(await refusal('ok')).toMatchObject({
      message: expect.stringMatching(
        /^Enum type mood cannot lose a value that this names: alter table "T" add /,
      ),
      fix: 'Change or drop that before.',
    })
    await runAll(place, 'create domain feeling as mood', 'create view v as select "M" from "T"')
    expect(await refusal('ok')).toMatchObject({
      message: `Values of enum type mood cannot go or move while this is made of it: column M of view v, type feeling.`,
      fix: 'Drop that before, and create it again after.',
    })
    expect((await reflectAll(place.session)).enums).toEqual({
      mood: { name: 'mood', items: ['sad', 'ok', "it's"] },
    })
  })

  test('takes values into the type itself where nothing needs them before the transaction ends', async () => {
    const before = { ...emptySchema, enums: { mood: { name: 'mood', items: mood } } }
    const added = `alter type "mood" add value 'new' after 'ok'`
    const written = async (...later: readonly Operation[]): Promise<string> => {
      const compiled = await dialect.compile([alter(['sad', 'ok', 'new', 'glad']), ...later], before)
      return compiled[0]?.[0]?.sql === added ? 'in place' : 'in its place'
    }
    const column = { name: 'new', type: { sql: 'mood' }, nullable: true }
    expect([
      await written(),
      await written({ kind: 'addColumn', table: 'new', column }),
      await written({ kind: 'execute', sql: 'select newer from news' }),
      await written({ kind: 'addColumn', table: 't', column: { ...column, default: 'new' } }),
      await written({ kind: 'execute', sql: `update t set m = 'new'` }),
      await written({ kind: 'execute', sql: 'update t set m = x::mood' }),
      await written({ kind: 'bulkInsert', table: 't', rows: [{ m: 'new' }] }),
      await written({ kind: 'alterColumn', table: 't', column: 'c', change: { type: { sql: 'mood' } } }),
    ]).toEqual([
      ...['in place', 'in place', 'in place'],
      ...['in its place', 'in its place', 'in its place', 'in its place', 'in its place'],
    ])
    const operations = [alter([...mood, 'new'])]
    const [[followed] = []] = await dialect.compile(operations, before, { followed: true })
    expect(followed?.sql).toMatch(/^do \$aludel\$/)
    const [[unknown] = []] = await dialect.compile([alter(['a'])], emptySchema)
    expect(unknown?.sql).toMatch(/^do \$aludel\$/)
  })

  // With the value added in place: unsafe use of new value "new" of enum type mood.
  test('a query of the same revision may use a new value, and with --single-transaction the next one', async () => {
    const db = await database('postgresql')
    const app = project({
      'aludel.config.json': '{}',
      ...revisionFile('a1', { up: `op.createEnum('mood', ['sad']); op.execute('create table t (m mood)')` }),
      ...revisionFile('b1', {
        down: 'a1',
        up: `op.alterEnum('mood', { items: ['sad', 'new'] }); await op.query("insert into t values ('new')")`,
      }),
      ...revisionFile('c1', { down: 'b1', up: `op.alterEnum('mood', { items: ['sad', 'new', 'then'] })` }),
      ...revisionFile('d1', { down: 'c1', up: `op.execute("insert into t values ('then')")` }),
    })
    expect(await app.run(['upgrade'], { env: { DATABASE_URL: db.url } })).toMatchObject({ status: 0 })
    const single = await database('postgresql')
    const args = ['upgrade', '--single-transaction']
    expect(await app.run(args, { env: { DATABASE_URL: single.url } })).toMatchObject({ status: 0 })
    expect(await sql(db.url, 'select m from t')).toEqual([['new'], ['then']])
    expect(await sql(single.url, 'select m from t')).toEqual([['new'], ['then']])
  })

  test('says why a new value cannot be used yet; in a scratch place it can', async () => {
    const place = await open()
    await runAll(place, `create type mood as enum ('sad')`, 'create table t (m mood)', 'begin')
    await carryOut(place, alter(['sad', 'new']))
    expect(await failure(place.session.simple(`insert into t values ('new')`))).toMatchObject({
      code: 'STEP_FAILED',
      fix: expect.stringContaining('let a revision of its own add it, before this one'),
    })
    await runAll(place, 'rollback')
    const found = await dialect.scratch(place.url, async (session) => {
      await runAll({ ...place, session }, `create type mood as enum ('sad')`, 'create table t (m mood)')
      await runAll(
        { ...place, session },
        `alter type mood add value 'new' before 'sad'`,
        `insert into t values ('new')`,
      )
      return reflectAll(session)
    })
    expect(found.enums).toEqual({ mood: { name: 'mood', items: ['new', 'sad'] } })
  })
})

async function failureFix(error: Promise<unknown>): Promise<string> {
  const found = await error
  return found instanceof Error && 'fix' in found ? String(found.fix) : ''
}
