import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import sqlite from '../../../plugins/sqlite/index.ts'
import type { Session } from '../../../src/dialect.ts'
import { lock, memory, newFile, opened } from './support.ts'

const worker = fileURLToPath(new URL('./step-worker.ts', import.meta.url))

test('eight processes at once take turns, and each step is done once', async () => {
  const file = newFile()
  const runs = Array.from({ length: 8 }, async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [worker, file])
    return JSON.parse(stdout) as { own: number }
  })
  const done = await Promise.all(runs)
  expect(done.reduce((sum, { own }) => sum + own, 0)).toBe(20)
  const session = await opened(`sqlite:${file}`)
  expect(await session.query('select n, (select count(*) from ledger) as steps from counter')).toEqual([
    { n: 20, steps: 20 },
  ])
})

describe('a step', () => {
  test('commits what it did and leaves the session open as it was', async () => {
    const session = await memory()
    const result = await sqlite.step(
      async () => session,
      lock,
      async (inside) => {
        await inside.simple('create table t (a)')
        expect(await inside.query('pragma foreign_keys')).toEqual([{ foreign_keys: 0 }])
        return 'done'
      },
    )
    expect(result).toBe('done')
    expect(session.closed).toBe(false)
    await expect(session.simple('rollback')).rejects.toThrow('no transaction is active')
    expect(await session.query('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }])
    expect(await session.query('select * from t')).toEqual([])
  })

  test('leaves enforcement off where it was off', async () => {
    const session = await memory('pragma foreign_keys = off')
    await sqlite.step(
      async () => session,
      lock,
      async () => undefined,
    )
    expect(await session.query('pragma foreign_keys')).toEqual([{ foreign_keys: 0 }])
  })

  test('that throws is rolled back, tables too', async () => {
    const session = await memory('create table t (a)', 'insert into t values (1)')
    const work = async (inside: Session) => {
      await inside.simple('drop table t')
      await inside.simple('pragma legacy_alter_table = on')
      throw new Error('no')
    }
    await expect(sqlite.step(async () => session, lock, work)).rejects.toThrow('no')
    expect(await session.query('select * from t')).toEqual([{ a: 1 }])
    expect(await session.query('pragma legacy_alter_table')).toEqual([{ legacy_alter_table: 0 }])
  })

  test('that fills the disk is rolled back, and the database is whole', async () => {
    const session = await opened(`sqlite:${newFile()}`, [
      'create table t (a)',
      'insert into t values (1)',
      'pragma max_page_count = 10',
    ])
    const work = (inside: Session) =>
      inside.simple(
        'insert into t with recursive n (i) as (select 1 union all select i + 1 from n where i < 1000) select zeroblob(1000) from n',
      )
    await expect(sqlite.step(async () => session, lock, work)).rejects.toMatchObject({ code: 'SQLITE_FULL' })
    expect(await session.query('select * from t')).toEqual([{ a: 1 }])
    expect(await session.query('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    await sqlite.step(
      async () => session,
      lock,
      (inside) => inside.simple('insert into t values (2)'),
    )
  })

  test.each(['commit', 'rollback'])('that ends its own transaction by %s is half done', async (sql) => {
    const session = await memory('create table t (a)')
    await expect(
      sqlite.step(
        async () => session,
        lock,
        (inside) => inside.simple(sql),
      ),
    ).rejects.toMatchObject({ code: 'STEP_HALF_DONE' })
  })

  test('of a read-only database says so', async () => {
    const file = newFile()
    await opened(`sqlite:${file}`, ['create table t (a)'])
    const session = await opened(`file:${file}?mode=ro`)
    expect(await session.query('select * from t')).toEqual([])
    await expect(
      sqlite.step(
        async () => session,
        lock,
        async () => undefined,
      ),
    ).rejects.toMatchObject({
      code: 'READ_ONLY',
      message: `The database ${file} cannot be written.`,
    })
  })
})

describe('waiting for another', () => {
  test('ends after the time given, disconnected, and says so once', async () => {
    const file = newFile()
    const holder = await opened(`sqlite:${file}`, ['create table t (a)', 'begin immediate'])
    const sessions: Session[] = []
    let told = 0
    const connect = async () => {
      const open = sessions.find(({ closed }) => !closed)
      if (open) return open
      const session = await opened(`sqlite:${file}`)
      sessions.push(session)
      return session
    }
    const work = async () => {
      throw new Error('never called')
    }
    await expect(
      sqlite.step(connect, { table: 'ledger', wait: 400, onWait: () => told++ }, work),
    ).rejects.toMatchObject({
      code: 'LOCK_NOT_OBTAINED',
      details: { table: 'ledger', waited: 400 },
    })
    expect(told).toBe(1)
    expect(sessions.length).toBeGreaterThan(1)
    expect(sessions.every(({ closed }) => closed)).toBe(true)
    await holder.simple('rollback')
  })

  test('goes on when the other is done, and a reader only holds up the commit', async () => {
    const file = newFile()
    const other = await opened(`sqlite:${file}`, [
      'create table t (a)',
      'insert into t values (1)',
      'begin',
      'select * from t',
    ])
    setTimeout(() => void other.simple('commit'), 250)
    const session = await opened(`sqlite:${file}`)
    await sqlite.step(
      async () => session,
      lock,
      (inside) => inside.simple('insert into t values (2)'),
    )
    expect(await other.query('select a from t order by a')).toEqual([{ a: 1 }, { a: 2 }])
  })

  test('reading waits too while another commits', async () => {
    const file = newFile()
    const other = await opened(`sqlite:${file}`, ['create table t (a)', 'begin exclusive'])
    setTimeout(() => void other.simple('commit'), 250)
    const session = await opened(`sqlite:${file}`)
    expect(await session.query('select * from t')).toEqual([])
  })
})

describe('a foreign key', () => {
  const family = [
    'create table p (id integer primary key)',
    'create table c (id integer primary key, p_id integer references p (id) on delete cascade)',
    'insert into p values (1)',
    'insert into c values (1, 1)',
  ]
  const orphan = ['pragma foreign_keys = off', 'insert into c values (7, 99)', 'pragma foreign_keys = on']
  const run = (session: Session, ...statements: readonly string[]) =>
    sqlite.step(
      async () => session,
      lock,
      async (inside) => {
        for (const sql of statements) await inside.simple(sql)
      },
    )

  test.each([
    ['delete from p', 'row 1 of c refers to a row of p that is not there'],
    ['drop table p', 'row 1 of c refers to a row of p that is not there'],
    ['insert into c values (8, 42)', 'row 8 of c refers to a row of p that is not there'],
    ['insert or replace into c values (8, 42)', 'row 8 of c refers to a row of p that is not there'],
    ['/* why */ update c set p_id = 5', 'row 1 of c refers to a row of p that is not there'],
    ['with n as (select 5) update c set p_id = 5', 'row 1 of c refers to a row of p that is not there'],
    [
      'insert into p values (1) on conflict do update set id = 9',
      'row 1 of c refers to a row of p that is not there',
    ],
  ])('that %s breaks is found, and the step rolled back', async (sql, what) => {
    const session = await memory(...family)
    await expect(run(session, sql)).rejects.toMatchObject({
      code: 'STEP_FAILED',
      message: `The step breaks a foreign key: ${what}.`,
    })
    expect(await session.query('select * from p')).toEqual([{ id: 1 }])
    expect(await session.query('select * from c')).toEqual([{ id: 1, p_id: 1 }])
  })

  test('that was broken before is not this step’s, a new one beside it is', async () => {
    const session = await memory(...family, ...orphan)
    await run(session, 'insert into c values (2, 1)', 'delete from c where id = 1')
    await expect(run(session, 'insert into c values (8, 42)')).rejects.toThrow('row 8 of c')
    expect(await session.query('select id from c')).toEqual([{ id: 2 }, { id: 7 }])
  })

  test('that a trigger breaks is found', async () => {
    const session = await memory(
      ...family,
      'create table t (a)',
      'create trigger kills after insert on t begin delete from p; end',
    )
    await expect(run(session, 'insert into t values (1)')).rejects.toThrow('row 1 of c')
  })

  test('that names no key any more is found; where it never did, the step passes', async () => {
    const session = await memory(
      'pragma foreign_keys = off',
      'create table p (id integer, x)',
      'create unique index u on p (id)',
      family[1] ?? '',
      'insert into p (id) values (1)',
      'insert into c values (1, 1)',
    )
    await expect(run(session, 'drop index u')).rejects.toThrow(
      'The step leaves a foreign key that can hold no row: foreign key mismatch - "c" referencing "p".',
    )
    await session.simple('drop index u')
    await run(session, 'update c set p_id = 5')
    expect(await session.query('select p_id from c')).toEqual([{ p_id: 5 }])
  })

  test('that can hold no row is refused, and one from before takes no other out of sight', async () => {
    const mismatched = 'create table bad (x integer references p (x))'
    const session = await memory(
      'pragma foreign_keys = off',
      'create table p (id integer primary key, x)',
      family[1] ?? '',
      'insert into p (id) values (1)',
    )
    await expect(run(session, mismatched)).rejects.toThrow(
      'The step leaves a foreign key that can hold no row: foreign key mismatch - "bad" referencing "p".',
    )
    await session.simple(mismatched)
    await expect(run(session, 'insert into c values (9, 99)')).rejects.toThrow(
      /row \S+ of c refers to a row of p/,
    )
    await run(session, 'insert into c values (9, 1)')
  })

  test('is not looked at where nothing could break it', async () => {
    const session = await memory(...family, 'create table ledger (a)')
    const seen: string[] = []
    const watched: Session = {
      query: (sql, params) => {
        seen.push(sql)
        return session.query(sql, params)
      },
      simple: (sql) => session.simple(sql),
      cancel: async () => {},
      ref: () => {},
      unref: () => {},
      closed: false,
      close: async () => {},
    }
    await sqlite.step(
      async () => watched,
      { table: 'ledger', wait: 0 },
      async (inside) => {
        await inside.query('insert into ledger values (?)', [1])
        await inside.simple('create table t (a)')
        await inside.simple('alter table t add column b')
        await inside.simple('alter table c rename column p_id to parent')
        await inside.simple('insert into t values (1, 2)')
        await inside.query('update `ledger` set a = 2')
        await inside.query('delete from `ledger`')
      },
    )
    expect(seen.filter((sql) => sql.includes('foreign_key_check'))).toEqual([])
  })
})
