import { sql } from 'kysely'
import { expect, test } from 'vitest'
import mariadb from '../../../plugins/mariadb/index.ts'
import mysql from '../../../plugins/mysql/index.ts'
import { describeBoth, open, runAll } from './support.ts'

test('one module makes two dialects', () => {
  expect([mysql.name, mysql.schemes]).toEqual(['mysql', ['mysql', 'mysql2']])
  expect([mariadb.name, mariadb.schemes]).toEqual(['mariadb', ['mariadb']])
})

test('names are quoted part by part, values written as literals', () => {
  expect(mysql.quote('a.b', 'c`d')).toBe('`a.b`.`c``d`')
  expect(["it's", 'a\\b', 5, 1.5, 10n ** 20n, true, null].map((value) => mysql.literal(value))).toEqual([
    "'it''s'",
    "'a\\\\b'",
    '5',
    '1.5',
    '100000000000000000000',
    'true',
    'null',
  ])
  expect(mysql.placeholder(3)).toBe('?')
})

describeBoth('the dialect', (name) => {
  test('knows a missing table and a key that is taken from other errors', async () => {
    const { dialect, session } = await open(name)
    await session.simple('create table t (id int primary key)')
    await session.simple('insert into t values (1)')
    const errors = await Promise.all(
      ['select * from nothing', 'insert into t values (1)', 'select nonsense'].map((text) =>
        session.query(text).catch((error: unknown) => error),
      ),
    )
    expect(errors.map((error) => dialect.isMissingTable(error))).toEqual([true, false, false])
    expect(errors.map((error) => dialect.isDuplicateKey(error))).toEqual([false, true, false])
    expect(dialect.isMissingTable(new Error('no'))).toBe(false)
  })

  test('lends a Kysely on the session and its transaction', async () => {
    const place = await open(name)
    await runAll(place, 'create table t (id int)', 'start transaction')
    const { Kysely } = await import('kysely')
    const kysely = await place.dialect.kysely(place.session)
    if (!(kysely instanceof Kysely)) throw new Error('no Kysely')
    await sql`insert into t values (${5})`.execute(kysely)
    expect((await sql`select id from t`.execute(kysely)).rows).toEqual([{ id: 5 }])
    await runAll(place, 'rollback')
    expect(await place.session.query('select id from t')).toEqual([])
  })
})
