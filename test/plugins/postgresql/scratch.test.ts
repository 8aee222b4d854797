import { expect, test } from 'vitest'
import dialect from '../../../plugins/postgresql/index.ts'
import { scratch } from '../../../plugins/postgresql/scratch.ts'
import type { Session } from '../../../src/dialect.ts'
import { afterTest } from '../../support/cleanup.ts'
import { describePostgresql, failure, reflectAll, runAll } from './support.ts'

describePostgresql('scratch', (open) => {
  const schemas = (session: Session) =>
    session.query(`select nspname from pg_namespace where nspname like 'aludel\\_scratch\\_%'`)

  test('what is built there is read back, and nothing of it is left', async () => {
    const { url, session } = await open()
    const schema = await dialect.scratch(url, async (scratch) => {
      expect(await dialect.reflect(scratch)).toEqual({ tables: {} })
      await scratch.simple('create table t (id serial primary key)')
      return dialect.reflect(scratch)
    })
    expect(Object.keys(schema.tables)).toEqual(['t'])
    expect(await schemas(session)).toEqual([])
    expect(await reflectAll(session)).toEqual({ tables: {} })
  })

  test('nothing is left when the work throws, and its error comes out', async () => {
    const { url, session } = await open()
    const thrown = new Error('mine')
    const error = await failure(
      dialect.scratch(url, async (scratch) => {
        await scratch.simple('create table t (id int)')
        throw thrown
      }),
    )
    expect(error).toBe(thrown)
    expect(await schemas(session)).toEqual([])
  })

  test('the same tables read the same there as in place, with types, functions and defaults of their own', async () => {
    const place = await open()
    const create = [
      `create type mood as enum ('a', 'b')`,
      'create function twice(int) returns int language sql immutable as $$ select $1 * 2 $$',
      'create sequence numbers',
      "create table parent (id serial primary key, mood mood default 'a')",
      `create table t (id int default nextval('numbers'), parent int references parent, moods mood[],
        big int generated always as (twice(id)) stored, check (twice(id) > 0))`,
      'create index i on t (twice(id)) where parent > 0',
    ]
    await runAll(place, ...create)
    const there = await dialect.scratch(place.url, async (scratch) => {
      for (const sql of create) await scratch.simple(sql)
      return dialect.reflect(scratch)
    })
    expect(there).toEqual(await reflectAll(place.session))
  })

  test('types of the schema in place are seen from there', async () => {
    const place = await open()
    await runAll(place, `create type mood as enum ('a', 'b')`, 'create table t (m mood)')
    const there = await dialect.scratch(place.url, async (scratch) => {
      await scratch.simple('create table t (m mood)')
      return dialect.reflect(scratch)
    })
    expect(there.tables['t']).toEqual((await dialect.reflect(place.session)).tables['t'])
  })

  test('where no schema may be created it is PGlite, and without that the user is told what to do', async () => {
    const place = await open()
    const role = `aludel_test_${place.schema}`
    await runAll(place, `create role ${role} login`)
    afterTest(() => runAll(place, `drop role ${role}`))
    const url = new URL(place.url)
    url.username = role
    const version = (scratch: Session) => scratch.query<{ version: string }>('select version()')
    const [instead] = await dialect.scratch(url.href, version)
    expect(instead?.version).toMatch(/^PostgreSQL 18/)
    expect(await failure(scratch(url.href, async () => 'never'))).toMatchObject({
      code: 'SCRATCH_UNAVAILABLE',
      message: `No schema can be created to build the entities in: permission denied for database ${url.pathname.slice(1)}.`,
      state: 'Nothing was changed.',
      fix: `Run: grant create on database "${url.pathname.slice(1)}" to "${role}". Or set \`scratchUrl\` in the configuration to a database where a schema can be created.`,
    })
    url.searchParams.set('options', '-c default_transaction_read_only=on')
    expect(await failure(scratch(url.href.replaceAll('+', '%20'), async () => 'never'))).toMatchObject({
      code: 'SCRATCH_UNAVAILABLE',
      message:
        'No schema can be created to build the entities in: cannot execute CREATE SCHEMA in a read-only transaction.',
      fix: 'Set `scratchUrl` in the configuration to a database where a schema can be created.',
    })
  })
})
