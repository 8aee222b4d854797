import { expect, test } from 'vitest'
import dialect from '../../../plugins/postgresql/index.ts'
import { joinName } from '../../../src/schema/name.ts'
import { describePostgresql, reflectAll, runAll } from './support.ts'

/** What stands in `other`, and what of the own schema refers to it. */
const create = (other: string): readonly string[] => [
  `create schema ${other}`,
  `create type ${other}.mood as enum ('a', 'b')`,
  `create sequence ${other}.numbers`,
  `create function ${other}.twice(int) returns int language sql immutable as $$ select $1 * 2 $$`,
  `create function ${other}.touch() returns trigger language plpgsql as $$ begin return new; end $$`,
  `create table ${other}."in.voices" (id int primary key default nextval('${other}.numbers'), mood ${other}.mood default 'a')`,
  `create table t (
    id int primary key, m ${other}.mood[], n int default ${other}.twice(1), p int references ${other}."in.voices",
    s text default 'at_place.numbers', check (${other}.twice(n) > 0)
  )`,
  `create index i on t (${other}.twice(n)) where ${other}.twice(p) > 1`,
  `create view v as select t.id, at_place.mood from t join ${other}."in.voices" at_place using (id)`,
  `create view ${other}.v as select * from ${other}."in.voices"`,
  `create trigger g before insert on t for each row execute function ${other}.touch()`,
]

describePostgresql('schemas beside the own', (open) => {
  test('are read alike where they stand and where they were built, also from a path that has them', async () => {
    const there = await open()
    const name = `${there.schema} Billing`
    await runAll(there, ...create(`"${name}"`))
    const live = await reflectAll(there.session, { schemas: [{ name, at: name }] })
    const elsewhere = await open()
    const at = `at_${elsewhere.schema}`
    await runAll(elsewhere, ...create(at), `set search_path to ${elsewhere.schema}, ${at}, public`)
    const built = await reflectAll(elsewhere.session, { schemas: [{ name, at }] })
    expect(built).toEqual(live)
    expect(JSON.stringify(built)).not.toContain(at)
    expect(await elsewhere.session.query('show search_path')).toEqual([
      { search_path: `${elsewhere.schema}, ${at}, public` },
    ])

    const invoices = joinName({ schema: name, name: 'in.voices' })
    expect(live.schemas).toEqual([name])
    expect(Object.keys(live.tables)).toEqual(['t', invoices].toSorted())
    expect(Object.keys(live.views ?? {})).toEqual(['v', `${name}.v`].toSorted())
    expect(live.enums).toEqual({ [`${name}.mood`]: { name: `${name}.mood`, items: ['a', 'b'] } })
    expect(live.others).toEqual([
      { kind: 'function', name: `${name}.touch()` },
      { kind: 'function', name: `${name}.twice(integer)` },
      { kind: 'sequence', name: `${name}.numbers` },
    ])
    expect(live.tables[invoices]?.columns[0]?.default).toEqual({
      sql: `nextval('"${name}".numbers'::regclass)`,
    })
    expect(live.tables['t']).toMatchObject({
      columns: [
        {},
        { type: { sql: `"${name}".mood[]` } },
        { default: { sql: `"${name}".twice(1)` } },
        {},
        { default: { sql: "'at_place.numbers'::text" } },
      ],
      indexes: [{ columns: [{ sql: `"${name}".twice(n)` }], where: `("${name}".twice(p) > 1)` }],
      foreignKeys: [{ references: { table: invoices, columns: ['id'] } }],
      triggers: [{ execute: `"${name}".touch()` }],
    })
  })

  test('that are not asked for are named, and one that is not there is left out', async () => {
    const place = await open()
    const other = `${place.schema}_b`
    await runAll(place, `create schema ${other}`, `create table ${other}.t (id int)`)
    expect((await dialect.reflect(place.session)).others).toContainEqual({ kind: 'schema', name: other })
    const asked = await reflectAll(place.session, {
      schemas: ['nowhere', other].map((name) => ({ name, at: name })),
    })
    expect(asked).toMatchObject({
      tables: { [`${other}.t`]: { columns: [{ name: 'id' }] } },
      schemas: [other],
    })
    expect(
      Object.keys((await dialect.reflect(place.session, { tables: [`${other}.t`, 't'] })).tables),
    ).toEqual([`${other}.t`])
    await dialect.scratch(place.url, async (scratch) => {
      expect(await dialect.reflect(scratch)).toEqual({ tables: {} })
    })
  })
})
