import { createHash, randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import type { LockRequest, Session } from '../../../src/dialect.ts'
import { describeBoth, open, type Place, runAll } from './support.ts'

const lock: LockRequest = { table: 'aludel_revision', wait: 20_000 }

describeBoth('step', (name) => {
  test.each([8, 32])('%i runners at once do the work exactly once', async (runners) => {
    const place = await open(name)
    await runAll(place, 'create table done (id int primary key)', 'create table tries (runner int)')
    const results = await Promise.all(Array.from({ length: runners }, (_, runner) => runOnce(place, runner)))
    expect(results.filter((result) => result === 'did it')).toHaveLength(1)
    expect(results.filter((result) => result === 'was done')).toHaveLength(runners - 1)
    expect(await place.session.query('select count(*) as n from tries')).toEqual([{ n: 1 }])
  })

  test('runners take turns where the server lets in only two connections', async () => {
    const place = await open(name)
    const user = `aludel_test_${randomBytes(4).toString('hex')}`
    const database = new URL(place.url).pathname.slice(1)
    await runAll(
      place,
      'create table done (id int primary key)',
      'create table tries (runner int)',
      `create user ${user}@'%' with max_user_connections 2`,
      `grant all privileges on \`${database}\`.* to ${user}@'%'`,
    )
    onTestFinished(async () => {
      const session = await place.dialect.connect(place.url)
      await session.simple(`drop user ${user}@'%'`)
      await session.close()
    })
    const url = new URL(place.url)
    url.username = user
    url.password = ''
    const runners = Array.from({ length: 6 }, (_, runner) => runOnce({ ...place, url: url.href }, runner))
    expect((await Promise.all(runners)).toSorted()).toEqual(['did it', ...Array(5).fill('was done')])
  })

  test('the lock is named by a hash of database and table, is held while work runs, and is free after', async () => {
    const place = await open(name)
    const database = new URL(place.url).pathname.slice(1)
    const hash = createHash('sha256').update(`${database}\0${lock.table}`).digest('hex').slice(0, 40)
    const isHeld = `select is_used_lock('aludel:${hash}') = connection_id() as held`
    const session = await place.dialect.connect(place.url)
    const inside = await place.dialect.step(
      async () => session,
      lock,
      (locked) => locked.query(isHeld),
    )
    expect(inside).toEqual([{ held: 1 }])
    expect(await session.query(isHeld)).toEqual([{ held: null }])
    expect(session.closed).toBe(false)
    await session.close()
  })

  test('a lock that is held elsewhere is not obtained, and its holder is named', async () => {
    const place = await open(name)
    const [row] = await place.session.query<{ id: number }>('select connection_id() as id')
    let told = 0
    await place.dialect.step(
      async () => place.session,
      lock,
      async () => {
        const waiting = place.dialect.step(
          () => place.dialect.connect(place.url),
          { ...lock, wait: 200, onWait: () => (told += 1) },
          async () => 'never',
        )
        await expect(waiting).rejects.toMatchObject({
          code: 'LOCK_NOT_OBTAINED',
          message: expect.stringMatching(
            new RegExp(
              `^Another runner holds the lock of aludel_revision, and still did after 1 s: process ${row?.id}, user \\w+, from \\S+\\.$`,
            ),
          ),
          fix: expect.stringContaining(`kill ${row?.id}`),
          details: { holder: { pid: row?.id } },
        })
      },
    )
    expect(told).toBe(1)
  })

  test('who waits is not connected, and gets the lock when it is free', async () => {
    const place = await open(name)
    const other = await place.dialect.connect(place.url)
    const count = `select count(*) as n from information_schema.processlist where db = database()`
    let waiting: Promise<string> | undefined
    const paused = Promise.withResolvers<void>()
    await place.dialect.step(
      async () => place.session,
      lock,
      async () => {
        waiting = place.dialect.step(
          () => place.dialect.connect(place.url),
          { ...lock, onWait: () => paused.resolve() },
          async (session) => {
            setTimeout(() => void session.close())
            return 'got it'
          },
        )
        await paused.promise
        await expect.poll(async () => (await other.query<{ n: number }>(count))[0]?.n).toBe(2)
      },
    )
    expect(await waiting).toBe('got it')
    await other.close()
  })

  test('another table or database has another lock', async () => {
    const [one, two] = [await open(name), await open(name)]
    const inner = await one.dialect.step(
      async () => one.session,
      lock,
      () =>
        two.dialect.step(
          async () => two.session,
          { ...lock, wait: 0 },
          async () => {
            const third = await one.dialect.connect(one.url)
            const result = await one.dialect.step(
              async () => third,
              { table: 'other', wait: 0 },
              async () => 'all three',
            )
            await third.close()
            return result
          },
        ),
    )
    expect(inner).toBe('all three')
  })

  test('what work throws is thrown untouched, its transaction rolled back, the lock free, the session open', async () => {
    const place = await open(name)
    await runAll(place, 'create table t (id int)')
    const fault = new Error('no')
    const failing = place.dialect.step(
      async () => place.session,
      lock,
      async (session) => {
        await session.simple('start transaction')
        await session.simple('insert into t values (1)')
        throw fault
      },
    )
    await expect(failing).rejects.toBe(fault)
    expect(await place.session.query('select * from t')).toEqual([])
    const other = await place.dialect.connect(place.url)
    expect(
      await place.dialect.step(
        async () => other,
        { ...lock, wait: 0 },
        async () => 'free',
      ),
    ).toBe('free')
    await other.close()
  })

  test('without a transaction of its own each statement of work stays', async () => {
    const place = await open(name)
    const failing = place.dialect.step(
      async () => place.session,
      lock,
      async (session) => {
        await session.simple('create table t (id int)')
        await session.query('insert into t values (?)', [1])
        throw new Error('no')
      },
    )
    await expect(failing).rejects.toThrow('no')
    expect(await place.session.query('select * from t')).toEqual([{ id: 1 }])
  })

  test('a lock that is lost while work runs stops it before its next statement', async () => {
    const place = await open(name)
    await runAll(place, 'create table t (id int)')
    const failing = place.dialect.step(
      async () => place.session,
      lock,
      async (session) => {
        await session.simple('insert into t values (1)')
        await place.session.simple('do release_all_locks()')
        await session.simple('insert into t values (2)')
      },
    )
    await expect(failing).rejects.toMatchObject({
      code: 'LOCK_NOT_OBTAINED',
      message: 'The lock was lost while the step ran.',
    })
    expect(await place.session.query('select * from t')).toEqual([{ id: 1 }])
  })

  test('a connection that is lost while work runs fails the step, and the lock is free', async () => {
    const place = await open(name)
    const worker = await place.dialect.connect(place.url)
    const [row] = await worker.query<{ id: number }>('select connection_id() as id')
    const failing = place.dialect.step(
      async () => worker,
      lock,
      async (session) => {
        await place.session.simple(`kill ${row?.id}`)
        await session.simple('create table t (id int)')
      },
    )
    await expect(failing).rejects.toBeInstanceOf(Error)
    expect(worker.closed).toBe(true)
    const next = place.dialect.step(
      () => place.dialect.connect(place.url),
      lock,
      async (session) => {
        setTimeout(() => void session.close())
        return 'free'
      },
    )
    expect(await next).toBe('free')
  })
})

/** As a runner: reads under the lock what was done, and does what was not. Each has a connection of its own. */
async function runOnce({ dialect, url }: Place, runner: number): Promise<string> {
  let session: Session | undefined
  const connect = async (): Promise<Session> => {
    if (!session || session.closed) session = await dialect.connect(url)
    return session
  }
  try {
    return await dialect.step(connect, lock, async (locked) => {
      const done = await locked.query('select id from done')
      if (done.length > 0) return 'was done'
      await locked.query('insert into tries values (?)', [runner])
      await locked.simple('create table made (id int)')
      await locked.simple('insert into done values (1)')
      return 'did it'
    })
  } finally {
    await session?.close()
  }
}
