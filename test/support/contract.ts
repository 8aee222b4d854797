/** What every dialect must do, ours or another's. */
import { setTimeout as pause } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Dialect, LockRequest, Session } from '../../src/dialect.ts'
import { inverse } from '../../src/operations/inverse.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { type Schema, emptySchema } from '../../src/schema/schema.ts'

export interface ContractOptions {
  readonly dialect: Dialect
  /** A new, empty database; the suite drops it. */
  readonly database: () => Promise<{ readonly url: string; drop(): Promise<void> }>
}

const lock: LockRequest = { table: 'aludel_revision', wait: 10_000 }

/** The tables that the operations below work on. */
const shop: readonly Operation[] = [
  {
    kind: 'createTable',
    table: {
      name: 'users',
      columns: [
        { name: 'id', type: 'integer', autoincrement: true },
        { name: 'email', type: 'string', length: 100 },
        { name: 'nick', type: 'string', length: 50, nullable: true, default: "it's" },
        { name: 'age', type: 'integer', default: 7 },
        { name: 'ok', type: 'boolean', default: false },
        { name: 'made', type: 'datetime', default: { sql: 'current_timestamp' } },
      ],
      primaryKey: { columns: ['id'] },
      uniques: [{ name: 'users_email', columns: ['email'] }],
      indexes: [{ name: 'users_nick', columns: ['nick', 'age'] }],
    },
  },
  {
    kind: 'createTable',
    table: {
      name: 'order',
      columns: [
        { name: 'id', type: 'integer', autoincrement: true },
        { name: 'user_id', type: 'integer' },
        { name: 'odd Name', type: 'text', nullable: true },
      ],
      primaryKey: { columns: ['id'] },
      indexes: [{ name: 'order_user', columns: ['user_id'] }],
      foreignKeys: [
        {
          name: 'order_user_fk',
          columns: ['user_id'],
          references: { table: 'users', columns: ['id'] },
          onDelete: 'cascade',
        },
      ],
    },
  },
]

const changes: Readonly<Record<string, Operation>> = {
  'a table created': {
    kind: 'createTable',
    table: {
      name: 'tags',
      columns: [{ name: 'name', type: 'string', length: 20 }],
      primaryKey: { columns: ['name'] },
    },
  },
  'a table dropped': { kind: 'dropTable', table: 'order' },
  'a table renamed': { kind: 'renameTable', table: 'users', to: 'people' },
  'a column added': {
    kind: 'addColumn',
    table: 'users',
    column: { name: 'bio', type: 'text', nullable: true },
  },
  'a column with a default added': {
    kind: 'addColumn',
    table: 'users',
    column: { name: 'rank', type: 'integer', default: 3 },
  },
  'a column dropped': { kind: 'dropColumn', table: 'users', column: 'made' },
  'a column renamed': { kind: 'renameColumn', table: 'users', column: 'email', to: 'mail' },
  'a column made nullable': {
    kind: 'alterColumn',
    table: 'users',
    column: 'email',
    change: { nullable: true },
  },
  'a column made not null': {
    kind: 'alterColumn',
    table: 'users',
    column: 'nick',
    change: { nullable: false },
  },
  'a type changed': { kind: 'alterColumn', table: 'users', column: 'age', change: { type: 'bigint' } },
  'a default set': { kind: 'alterColumn', table: 'users', column: 'email', change: { default: "o'clock" } },
  'a default dropped': { kind: 'alterColumn', table: 'users', column: 'age', change: { default: null } },
  'an index created': { kind: 'createIndex', table: 'users', index: { name: 'users_age', columns: ['age'] } },
  'an index dropped': { kind: 'dropIndex', table: 'users', index: 'users_nick' },
  'a unique constraint created': {
    kind: 'createUniqueConstraint',
    table: 'users',
    unique: { name: 'users_nick_age', columns: ['nick', 'age'] },
  },
  'a unique constraint dropped': {
    kind: 'dropConstraint',
    table: 'users',
    type: 'unique',
    name: 'users_email',
  },
  'a foreign key dropped': {
    kind: 'dropConstraint',
    table: 'order',
    type: 'foreignKey',
    name: 'order_user_fk',
  },
  'a foreign key created': {
    kind: 'createForeignKey',
    table: 'order',
    foreignKey: {
      name: 'order_again',
      columns: ['user_id'],
      references: { table: 'users', columns: ['id'] },
    },
  },
  'a check created': {
    kind: 'createCheckConstraint',
    table: 'users',
    check: { name: 'users_age_check', expression: 'age > 0' },
  },
}

/** Runs the suite; call it inside a `describe`. */
export function contract({ dialect, database }: ContractOptions): void {
  let url: string
  let drop: () => Promise<void>
  let session: Session

  beforeEach(async () => {
    ;({ url, drop } = await database())
    session = await dialect.connect(url)
  })
  afterEach(async () => {
    await session.close()
    await drop()
  })

  const carryOut = async (operations: readonly Operation[]): Promise<void> => {
    const tables = dialect.reads(operations)
    const before = tables.length === 0 ? emptySchema : await dialect.reflect(session, { tables })
    for (const { sql } of (await dialect.compile(operations, before)).flat()) await session.simple(sql)
  }

  test('parameters and rows go to and fro unchanged', async () => {
    await session.simple('create table t (n integer, s varchar(100))')
    const [one, two] = [dialect.placeholder(1), dialect.placeholder(2)]
    await session.query(`insert into t (n, s) values (${one}, ${two})`, [42, "it's \\ ไทย 🎉"])
    expect(await session.query('select n, s from t')).toEqual([{ n: 42, s: "it's \\ ไทย 🎉" }])
  })

  test.each(["it's", 'back\\slash', 'new\nline', 'ไทย 🎉', '', "'; drop table t; --", '$$', '%s'])(
    'the literal %j is a value',
    async (text) => {
      expect(await session.query(`select ${dialect.literal(text)} as v`)).toEqual([{ v: text }])
    },
  )

  test.each(['plain', 'with space', 'order', 'a..b', "quo'te", 'quo"te', 'quo`te', 'CamelCase', 'ไทย'])(
    'a table may be called %s',
    async (name) => {
      await carryOut([{ kind: 'createTable', table: { name, columns: [{ name, type: 'integer' }] } }])
      expect(Object.keys((await dialect.reflect(session)).tables)).toEqual([name])
    },
  )

  test('what its errors mean can be asked', async () => {
    const missing = await session.query('select 1 from none').catch((error: unknown) => error)
    expect(dialect.isMissingTable(missing)).toBe(true)
    expect(dialect.isDuplicateKey(missing)).toBe(false)
    await session.simple('create table t (n integer primary key)')
    await session.simple('insert into t (n) values (1)')
    const taken = await session.simple('insert into t (n) values (1)').catch((error: unknown) => error)
    expect(dialect.isDuplicateKey(taken)).toBe(true)
    expect(dialect.isMissingTable(taken)).toBe(false)
    expect([missing, taken].map((error) => dialect.isTransient(error))).toEqual([false, false])
  })

  test('a closed session says so, and may be closed again', async () => {
    expect(session.closed).toBe(false)
    await session.close()
    await session.close()
    expect(session.closed).toBe(true)
  })

  describe('a step', () => {
    test('keeps what its work did', async () => {
      await dialect.step(
        () => Promise.resolve(session),
        lock,
        (locked) => locked.simple('create table t (n integer)'),
      )
      expect(await session.query('select n from t')).toEqual([])
    })

    test('that fails leaves no data change behind, and throws what the work threw', async () => {
      await session.simple('create table t (n integer)')
      const boom = new Error('boom')
      const failed = dialect.step(
        () => Promise.resolve(session),
        lock,
        async (locked) => {
          if (!dialect.capabilities.transactionalDdl) await locked.simple('start transaction')
          await locked.simple('insert into t (n) values (1)')
          throw boom
        },
      )
      await expect(failed).rejects.toBe(boom)
      const again = session.closed ? await dialect.connect(url) : session
      expect(await again.query('select n from t')).toEqual([])
      await again.close()
    })

    test('runs alone: six at once count to six', async () => {
      await session.simple('create table t (n integer)')
      await session.simple('insert into t (n) values (0)')
      const runner = async (): Promise<void> => {
        let own: Session | undefined
        try {
          await dialect.step(
            async () => (own && !own.closed ? own : (own = await dialect.connect(url))),
            lock,
            async (locked) => {
              const [row] = await locked.query<{ n: number }>('select n from t')
              await pause(20)
              await locked.simple(`update t set n = ${Number(row?.n) + 1}`)
            },
          )
        } finally {
          await own?.close()
        }
      }
      await Promise.all(Array.from({ length: 6 }, runner))
      expect(await session.query('select n from t')).toEqual([{ n: 6 }])
    })

    test('that cannot have the lock says so in time', async () => {
      const held = Promise.withResolvers<undefined>()
      const release = Promise.withResolvers<undefined>()
      const holder = dialect.step(
        () => Promise.resolve(session),
        lock,
        async () => {
          held.resolve(undefined)
          await release.promise
        },
      )
      await held.promise
      const other = await dialect.connect(url)
      expect(await dialect.holder(other, lock)).toMatchObject({ advice: expect.any(String) })
      let waits = 0
      const late = dialect.step(
        () => dialect.connect(url),
        { ...lock, wait: 300, onWait: () => waits++ },
        () => Promise.resolve(),
      )
      await expect(late).rejects.toMatchObject({ code: 'LOCK_NOT_OBTAINED' })
      expect(waits).toBe(1)
      release.resolve(undefined)
      await holder
      expect(await dialect.holder(other, lock)).toBe(undefined)
      await other.close()
    })
  })

  // A dialect without it runs such a step inside of one, which the tests above are about.
  describe.skipIf(!dialect.capabilities.outsideTransaction)('a step outside of a transaction', () => {
    const outside: LockRequest = { ...lock, mode: 'no-transaction' }
    const sessions: Session[] = []
    const connect = async (which?: 'another'): Promise<Session> => {
      if (which === undefined) return session
      const another = await dialect.connect(url)
      sessions.push(another)
      return another
    }
    afterEach(() => Promise.all(sessions.splice(0).map((each) => each.close())))

    test('keeps what was done before it failed', async () => {
      await session.simple('create table t (n integer)')
      const failed = dialect.step(connect, outside, async (work) => {
        await work.simple('insert into t (n) values (1)')
        throw new Error('boom')
      })
      await expect(failed).rejects.toThrow('boom')
      const again = await connect('another')
      expect(await again.query('select n from t')).toEqual([{ n: 1 }])
    })

    test('takes back what stands in a transaction of its own', async () => {
      await session.simple('create table t (n integer)')
      await dialect.step(connect, outside, async (work) => {
        await work.simple('start transaction')
        await work.simple('insert into t (n) values (1)')
        await work.simple('rollback')
      })
      expect(await session.query('select n from t')).toEqual([])
    })

    test('has the same lock as one inside', async () => {
      await dialect.step(connect, outside, async () => {
        const late = dialect.step(
          () => connect('another'),
          { ...lock, wait: 0 },
          () => Promise.resolve(),
        )
        await expect(late).rejects.toMatchObject({ code: 'LOCK_NOT_OBTAINED' })
      })
    })
  })

  test('what changes rows alone can be rolled back', () => {
    for (const sql of ['insert into t (n) values (1)', 'update t set n = 2', ' delete from t', 'select 1'])
      expect(dialect.rollsBack(sql)).toBe(true)
  })

  // Where DDL rolls back nobody asks for its effect.
  test.skipIf(dialect.capabilities.transactionalDdl)(
    'what a statement did that cannot be rolled back shows by its effect',
    async () => {
      const statements = [
        'create table t (n integer)',
        'alter table t add column m integer',
        'create index t_n on t (n)',
        'alter table t rename index t_n to t_m',
        'drop index t_m on t',
        "alter table t comment = 'c'",
        'create view v as select n from t',
        'create or replace sql security invoker view v as select m from t',
        'drop view v',
        'create trigger r before insert on t for each row begin set new.m = 1; end',
        'drop trigger r',
        'drop table t',
      ]
      for (const sql of statements) {
        expect(dialect.rollsBack(sql)).toBe(false)
        const before = await dialect.effect(session, sql)
        expect(await dialect.effect(session, sql)).toBe(before)
        await session.simple(sql)
        expect(before).toBeDefined()
        expect(await dialect.effect(session, sql)).not.toBe(before)
      }
    },
  )

  test('no other error is one of what is in use', async () => {
    const missing = await session.query('select 1 from none').catch((error: unknown) => error)
    expect(dialect.isLockTimeout(missing)).toBe(false)
    expect(await dialect.blockers(session, 'alter table none add n integer')).toEqual([])
  })

  test('a scratch place is empty, works, and is gone afterwards', async () => {
    await carryOut(shop)
    const before = await dialect.reflect(session)
    const inside = await dialect.scratch(url, async (scratch) => {
      expect((await dialect.reflect(scratch)).tables).toEqual({})
      for (const { sql } of (await dialect.compile(shop, emptySchema)).flat()) await scratch.simple(sql)
      return dialect.reflect(scratch)
    })
    expect(inside.tables).toEqual(before.tables)
    await expect(dialect.scratch(url, () => Promise.reject(new Error('boom')))).rejects.toThrow('boom')
    expect(await dialect.reflect(session)).toEqual(before)
  })

  test('reflect names only the tables asked for', async () => {
    await carryOut(shop)
    expect(Object.keys((await dialect.reflect(session)).tables)).toEqual(['order', 'users'])
    expect(Object.keys((await dialect.reflect(session, { tables: ['users', 'none'] })).tables)).toEqual([
      'users',
    ])
  })

  describe('is undone by its inverse', () => {
    test.each(Object.entries(changes))('%s', async (_, operation) => {
      await carryOut(shop)
      const before = await dialect.reflect(session)
      await carryOut([operation])
      expect(comparable(await dialect.reflect(session))).not.toEqual(comparable(before))
      await carryOut(inverse(operation, before))
      expect(comparable(await dialect.reflect(session))).toEqual(comparable(before))
    })
  })

  test('several operations on one table see what the ones before them did', async () => {
    await carryOut(shop)
    await carryOut([
      {
        kind: 'addColumn',
        table: 'users',
        column: { name: 'x', type: 'string', length: 10, nullable: true },
      },
      { kind: 'renameColumn', table: 'users', column: 'x', to: 'y' },
      { kind: 'alterColumn', table: 'users', column: 'y', change: { default: 'z' } },
      { kind: 'renameTable', table: 'users', to: 'people' },
      { kind: 'alterColumn', table: 'people', column: 'y', change: { nullable: false } },
    ])
    const column = (await dialect.reflect(session)).tables['people']?.columns.find(({ name }) => name === 'y')
    expect(column?.default).toBeDefined()
    expect(column?.nullable).toBeUndefined()
  })

  test('raw SQL is carried out as it is', async () => {
    await carryOut([{ kind: 'execute', sql: 'create table raw (n integer)' }])
    expect(Object.keys((await dialect.reflect(session)).tables)).toEqual(['raw'])
  })
}

/** Columns come back at the end of a table; a rebuild spells its source anew. */
function comparable({ tables }: Schema): unknown {
  return Object.entries(tables).map(([name, { source: _, columns, ...table }]) => ({
    ...table,
    name,
    columns: columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }))
}
