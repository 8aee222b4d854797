import { afterAll, beforeAll, expect, test } from 'vitest'
import { connect } from '../../../plugins/pglite/connect.ts'
import pglite from '../../../plugins/pglite/index.ts'
import { scratch } from '../../../plugins/pglite/scratch.ts'
import type { LockRequest, Session } from '../../../src/dialect.ts'
import { type TestDatabase, database } from '../../support/database.ts'
import { describeDialects } from '../../support/dialects.ts'

/** As PostgreSQL's wire protocol has it. */
const message = (type: string, body: string) => {
  const length = Buffer.alloc(4)
  length.writeInt32BE(body.length + 4)
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)])
}

const lock: LockRequest = { table: 'aludel_revision', wait: 10_000 }

describeDialects(
  'sessions of one process',
  () => {
    let db: TestDatabase
    let one: Session
    let other: Session
    beforeAll(async () => {
      db = await database('pglite')
      ;[one, other] = await Promise.all([pglite.connect(db.url), pglite.connect(db.url, { lockWait: 300 })])
      await one.simple('create table t (n integer)')
    })
    afterAll(async () => {
      await Promise.all([one.close(), other.close()])
      await db.drop()
    })

    test('take turns: who is in a transaction keeps the others waiting until its end', async () => {
      await one.simple('begin')
      await one.simple('insert into t (n) values (1)')
      const counted = other.query('select count(*)::int as n from t')
      await one.simple('insert into t (n) values (2)')
      await one.simple('commit')
      expect(await counted).toEqual([{ n: 2 }])
    })

    test('wait for each other only so long, and are told for whom', async () => {
      await one.simple('begin')
      await expect(other.query('select 1')).rejects.toMatchObject({
        code: 'LOCK_NOT_OBTAINED',
        details: { holder: { pid: process.pid } },
      })
      await one.simple('rollback')
      expect(await other.query('select 1 as n')).toEqual([{ n: 1 }])
    })

    test('are told what a step is for', async () => {
      const work = { direction: 'upgrade', revision: 'a1' } as const
      await pglite.step(
        async () => one,
        { ...lock, work },
        async (inside) => {
          expect(await pglite.holder(other, lock)).toMatchObject(work)
          await pglite.announce?.(inside, { ...work, revision: 'b1' })
          expect(await pglite.holder(other, lock)).toMatchObject({
            revision: 'b1',
            since: expect.any(String),
          })
        },
      )
      expect(await pglite.holder(other, lock)).toBeUndefined()
    })

    // The next one would be inside of it.
    test('leave no transaction behind when they are closed', async () => {
      const third = await pglite.connect(db.url)
      await third.simple('begin')
      await third.simple('create table gone (n integer)')
      await third.close()
      await expect(one.query('select n from gone')).rejects.toMatchObject({ code: '42P01' })
    })

    test('outside of a transaction build an index again that was built in part', async () => {
      await one.simple('create table twice (n integer)')
      await one.simple('insert into twice (n) values (1), (1)')
      const build = 'create unique index concurrently twice_n on twice (n)'
      const run = () =>
        pglite.step(
          async () => one,
          { ...lock, mode: 'no-transaction' },
          (session) => session.simple(build),
        )
      await expect(run()).rejects.toMatchObject({ code: '23505' })
      expect(await pglite.effect(one, build)).toBe('not built')
      await one.simple('delete from twice')
      await run()
      expect(await pglite.effect(one, build)).toBe('built')
    })

    // After that PGlite would look for the next message for ever.
    test('of a PGlite that has ended say so, and new ones open it again', async () => {
      const ending = await connect(db.url)
      const copy = message('Q', 'copy t from stdin\0')
      await expect(ending.instance.answer(copy)).rejects.toThrow('PGlite ended: Program terminated')
      await expect(ending.query('select 1')).rejects.toThrow('PGlite has ended')
      await Promise.all([one, other, ending].map((session) => session.close()))
      ;[one, other] = await Promise.all([pglite.connect(db.url), pglite.connect(db.url, { lockWait: 300 })])
      expect(await one.query('select count(*)::int as n from t')).toEqual([{ n: 2 }])
    })

    test.each(['copy t from stdin', 'select 1; /* so */ COPY t (n)\nFROM STDIN'])(
      '%j is refused, and the database lives on',
      async (sql) => {
        await expect(one.simple(sql)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
        expect(await one.query("select 'copy t from stdin' as text")).toHaveLength(1)
      },
    )
  },
  ['pglite'],
)

describeDialects(
  'a scratch place in memory',
  () => {
    test('needs no server, is empty, and is gone afterwards', async () => {
      const inside = await scratch(async (session) => {
        await session.simple('create table t (id serial primary key, price numeric(5, 2) default 1.5)')
        return pglite.reflect(session)
      })
      expect(inside.tables['t']?.columns.map(({ name, type }) => ({ name, type }))).toEqual([
        { name: 'id', type: { sql: 'integer' } },
        { name: 'price', type: { sql: 'numeric(5,2)' } },
      ])
    })
  },
  ['pglite'],
)
