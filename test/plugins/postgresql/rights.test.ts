import { randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { afterTest } from '../../support/cleanup.ts'
import { sql } from '../../support/sql.ts'
import { connected, describePostgresql, failure, runAll } from './support.ts'

describePostgresql('a right that is missing', (open) => {
  test.for([
    ['select * from t', 'grant select on table "t" to ROLE'],
    ['insert into t values (1)', 'grant insert on table "t" to ROLE'],
    [
      'insert into t values (1) on conflict (n) do update set n = 2',
      'grant select, insert, update on table "t" to ROLE',
    ],
    ['update t set n = 1 where n = 2', 'grant select, update on table "t" to ROLE'],
    ['delete from t where n = 2', 'grant select, delete on table "t" to ROLE'],
    ['truncate t', 'grant truncate on table "t" to ROLE'],
    ['select * from v', 'grant select on table "v" to ROLE'],
    ["select nextval('s')", 'grant usage on sequence "s" to ROLE'],
    ["select setval('s', 1)", 'grant usage, update on sequence "s" to ROLE'],
    ['create table public.mine (n integer)', 'grant create on schema "public" to ROLE'],
    ['create table closed.mine (n integer)', 'grant usage, create on schema "closed" to ROLE'],
    ['select * from closed.t', 'grant usage on schema "closed" to ROLE'],
    ['select * from half.t', 'grant select on table half."t" to ROLE'],
    ['select * from "half"."odd.name"', 'grant select on table "half"."odd.name" to ROLE'],
    ['alter table t add column m integer', 'alter table "t" owner to ROLE'],
    ['create index on t (n)', 'alter table "t" owner to ROLE'],
    ['drop view v', 'alter view "v" owner to ROLE'],
    ['create schema theirs', 'grant create on database "DATABASE" to ROLE'],
  ] as const)('%s: %s', async ([statement, expected]) => {
    const place = await open()
    const role = `aludel_${randomBytes(4).toString('hex')}`
    const database = new URL(place.url).pathname.slice(1)
    await runAll(
      place,
      `create role ${role} login`,
      `grant usage, create on schema ${place.schema} to ${role}`,
      'create table t (n integer primary key)',
      'create view v as select * from t',
      'create sequence s',
      'drop schema if exists closed, half cascade',
      'create schema closed',
      'create table closed.t (n integer)',
      `grant select on closed.t to ${role}`,
      'create schema half',
      `grant usage on schema half to ${role}`,
      'create table half.t (n integer)',
      'create table half."odd.name" (n integer)',
    )
    const session = await connected(Object.assign(new URL(place.url), { username: role }).href)
    afterTest(async () => {
      await session.close()
      await sql(place.url, `drop owned by ${role} cascade`, `drop role ${role}`)
    })
    const grant = expected.replace('ROLE', `"${role}"`).replace('DATABASE', database)
    expect(await failure(session.simple(statement))).toMatchObject({
      code: 'PERMISSION',
      message: expect.stringMatching(/^(?:permission denied for|must be owner of)/),
      fix: `Let somebody who may run: ${grant};`,
      details: { login: `"${role}"`, grant },
      cause: { code: '42501' },
    })
    // It helps.
    await runAll(place, grant)
    await session.simple(statement)
  })

  test('that is told in no words of these is told as one', async () => {
    const place = await open()
    const role = `aludel_${randomBytes(4).toString('hex')}`
    await runAll(place, `create role ${role} login`)
    const session = await connected(Object.assign(new URL(place.url), { username: role }).href)
    afterTest(async () => {
      await session.close()
      await sql(place.url, `drop role ${role}`)
    })
    expect(await failure(session.simple('create role other'))).toMatchObject({
      code: 'PERMISSION',
      message: 'permission denied to create role',
      fix: `Give "${role}" the right to do this, or connect as somebody who has it.`,
    })
  })
})
