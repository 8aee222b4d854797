import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import dialect from '../../../plugins/postgresql/index.ts'
import { lockKey } from '../../../plugins/postgresql/lock.ts'
import type { LockRequest, Session } from '../../../src/dialect.ts'
import { afterTest } from '../../support/cleanup.ts'
import { connected, describePostgresql, failure, type Place, runAll } from './support.ts'

/** As the runner has it: the open session, else a new one. */
function connecting(url: string): () => Promise<Session> {
  let session: Session | undefined
  afterTest(() => session?.close())
  return async () => {
    if (!session || session.closed) session = await dialect.connect(url)
    return session
  }
}

const lock = ({ schema }: Place, wait = 10_000): LockRequest => ({ schema, table: 'aludel_revision', wait })
const locks = async ({ session }: Place): Promise<unknown> =>
  (
    await session.query(`select count(*) as n from pg_locks l join pg_database d on d.oid = l.database
       where l.locktype = 'advisory' and d.datname = current_database()`)
  )[0]

/** Holds the lock in a session of its own until the test is over. */
async function hold(place: Place): Promise<Session> {
  const holder = await connected(`${place.url}&application_name=the%20other`)
  await holder.query(`begin; select pg_advisory_xact_lock(${lockKey(lock(place))})`)
  return holder
}

test('the key of a lock is the same everywhere and for ever', () => {
  expect(lockKey({ table: 'aludel_revision', wait: 0 })).toBe(
    lockKey({ schema: 'public', table: 'aludel_revision', wait: 9 }),
  )
  expect(lockKey({ table: 'aludel_revision', wait: 0 })).toBe(62180501871701390n)
})

describePostgresql('step', (open) => {
  test('eight runners at once take turns, and no lock is left', async () => {
    const place = await open()
    await runAll(place, 'create table counter (n int)', 'insert into counter values (0)')
    const waits: number[] = []
    const results = await Promise.all(
      Array.from({ length: 8 }, (_, runner) =>
        dialect.step(
          connecting(place.url),
          { ...lock(place), onWait: () => waits.push(runner) },
          async (session) => {
            const [row] = await session.query<{ n: number }>('select n from counter')
            await pause(10)
            await session.query('update counter set n = $1', [(row?.n ?? 0) + 1])
            return row?.n
          },
        ),
      ),
    )
    expect(results.toSorted((a = 0, b = 0) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7])
    expect(await place.session.query('select n from counter')).toEqual([{ n: 8 }])
    expect(new Set(waits).size).toBe(waits.length)
    expect(await locks(place)).toEqual({ n: 0 })
  })

  test('what the work returns is returned, and its session stays open', async () => {
    const place = await open()
    const connect = connecting(place.url)
    expect(
      await dialect.step(connect, lock(place), async (session) => session.query('select 1 as one')),
    ).toEqual([{ one: 1 }])
    const session = await connect()
    const pid = 'select pg_backend_pid() as pid'
    expect(await dialect.step(connect, lock(place), async (again) => again.query(pid))).toEqual(
      await session.query(pid),
    )
    expect(session.closed).toBe(false)
  })

  test('a runner that waits is disconnected, says so once, and names the holder in the end', async () => {
    const place = await open()
    const holder = await hold(place)
    const [holding] = await holder.query<{ pid: number }>('select pg_backend_pid() as pid')
    let waits = 0
    const waiting = dialect.step(
      connecting(place.url),
      { ...lock(place, 600), onWait: () => (waits += 1) },
      async () => 'never',
    )
    const others = `select count(*) as n from pg_stat_activity where datname = current_database() and application_name = 'aludel' and pid <> pg_backend_pid()`
    const seen: unknown[] = []
    const watching = (async () => {
      for (let at = 0; at < 20; at += 1) {
        seen.push((await place.session.query(others))[0])
        await pause(20)
      }
    })()
    const error = await failure(waiting)
    await watching
    expect(error).toMatchObject({
      code: 'LOCK_NOT_OBTAINED',
      message: expect.stringMatching(
        new RegExp(
          `^Another runner holds the lock of aludel_revision, and still did after 1 s: process ${holding?.pid}, application the other, user \\w+, from 127\\.0\\.0\\.1, since \\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ\\.$`,
        ),
      ),
      state: 'Nothing was changed by this run.',
      fix: `Run again when it has ended (--lock-wait waits longer; \`aludel lock\` tells who has it). To end it: select pg_terminate_backend(${holding?.pid})`,
      details: { holder: { pid: holding?.pid, application: 'the other' } },
    })
    expect(waits).toBe(1)
    expect(seen.filter((each) => JSON.stringify(each) === '{"n":0}').length).toBeGreaterThan(10)
  })

  test('without patience one try is made', async () => {
    const place = await open()
    const holder = await hold(place)
    let waits = 0
    const attempt = () =>
      dialect.step(
        connecting(place.url),
        { ...lock(place, 0), onWait: () => (waits += 1) },
        async () => 'done',
      )
    expect(await failure(attempt())).toMatchObject({ code: 'LOCK_NOT_OBTAINED' })
    await holder.simple('rollback')
    expect(await attempt()).toBe('done')
    expect(waits).toBe(0)
  })

  test('the lock is of one schema and table', async () => {
    const place = await open()
    await hold(place)
    const attempt = (other: Partial<LockRequest>) =>
      dialect.step(connecting(place.url), { ...lock(place, 0), ...other }, async () => 'done')
    expect(await attempt({ table: 'other' })).toBe('done')
    expect(await attempt({ schema: 'other' })).toBe('done')
  })

  test('work that throws is rolled back, and its own error comes out', async () => {
    const place = await open()
    const connect = connecting(place.url)
    const thrown = new Error('mine')
    const error = await failure(
      dialect.step(connect, lock(place), async (session) => {
        await session.simple('create table t (id int)')
        throw thrown
      }),
    )
    expect(error).toBe(thrown)
    const refused = await failure(
      dialect.step(connect, lock(place), async (session) => session.simple('select * from t')),
    )
    expect(refused).toMatchObject({ code: '42P01' })
    expect(await dialect.step(connect, lock(place), async () => 'done')).toBe('done')
    expect(await locks(place)).toEqual({ n: 0 })
  })

  test.for([
    ['commits', ['commit']],
    ['rolls back', ['rollback']],
    ['commits and begins again', ['commit', 'begin']],
    ['begins and commits', ['begin', 'commit']],
  ] as const)('work that %s by itself is found', async ([, statements]) => {
    const place = await open()
    const connect = connecting(place.url)
    const oneByOne = async (session: Session): Promise<void> => {
      await session.simple('create table if not exists t (id int)')
      for (const sql of statements) await session.simple(sql)
      await session.simple('create table if not exists u (id int)')
    }
    const half = {
      code: 'STEP_HALF_DONE',
      message: "The revision ended the step's transaction by itself.",
    }
    expect(await failure(dialect.step(connect, lock(place), oneByOne))).toMatchObject(half)
    await expect((await connect()).query('select 1 from u')).rejects.toMatchObject({ code: '42P01' })
    const hidden = async (session: Session): Promise<void> => {
      await session.simple([...statements, 'begin'].join('; '))
    }
    expect(await failure(dialect.step(connect, lock(place), hidden))).toMatchObject(half)
    expect(
      await failure(
        dialect.step(connect, lock(place), async (session) =>
          hidden(session).then(() => session.simple('oops')),
        ),
      ),
    ).toMatchObject({
      code: 'STEP_HALF_DONE',
      message: expect.stringMatching(
        /^The revision ended the step's transaction by itself, and then failed: /,
      ),
    })
    expect(await dialect.step(connect, lock(place), async () => 'done')).toBe('done')
  })

  test('work that hides a failed statement is not taken for done', async () => {
    const place = await open()
    const connect = connecting(place.url)
    const error = await failure(
      dialect.step(connect, lock(place), async (session) => {
        await session.simple('create table t (id int)')
        await session.simple('select 1 / 0').catch(() => undefined)
      }),
    )
    expect(error).toMatchObject({
      code: 'STEP_FAILED',
      message: 'A statement of the revision failed, and the revision went on as if it had not.',
      state: 'The step was rolled back.',
    })
    expect(Object.keys((await dialect.reflect(place.session)).tables)).toEqual([])
    expect(await dialect.step(connect, lock(place), async () => 'done')).toBe('done')
  })

  test('after an error at commit the connection is closed, so that the truth can be looked up', async () => {
    const place = await open()
    const connect = connecting(place.url)
    await runAll(place, 'create table t (id int unique deferrable initially deferred)')
    const first = await connect()
    const error = await failure(
      dialect.step(connect, lock(place), async (session) => session.simple('insert into t values (1), (1)')),
    )
    expect(error).toMatchObject({ code: '23505' })
    expect(first.closed).toBe(true)
    expect(await dialect.step(connect, lock(place), async () => 'done')).toBe('done')
  })

  test('a connection that was lost while idle is opened again; one that is lost at work is not', async () => {
    const place = await open()
    const connect = connecting(place.url)
    const kill = async (): Promise<void> => {
      const [row] = await (await connect()).query<{ pid: number }>('select pg_backend_pid() as pid')
      await place.session.query('select pg_terminate_backend($1)', [row?.pid])
    }
    await kill()
    expect(await dialect.step(connect, lock(place), async () => 'done')).toBe('done')
    const error = await failure(
      dialect.step(connect, lock(place), async (session) => {
        await kill()
        await session.simple('select 1')
      }),
    )
    expect(error).toBeInstanceOf(Error)
    expect((await connect()).closed).toBe(false)
    expect(await dialect.step(connect, lock(place), async () => 'done')).toBe('done')
  })

  test('a database that can only be read is refused before the work begins', async () => {
    const place = await open()
    const url = place.url.replace('options=', 'options=-c%20default_transaction_read_only%3Don%20')
    expect(await failure(dialect.step(connecting(url), lock(place), async () => 'never'))).toMatchObject({
      code: 'READ_ONLY',
      message: 'The database can only be read: default_transaction_read_only is on.',
      fix: 'Take default_transaction_read_only out of the options of the URL.',
    })
    expect(await locks(place)).toEqual({ n: 0 })
  })

  test('a limit for transactions that rest ends no step; those for statements and locks stay, unless others are asked for', async () => {
    const place = await open()
    const limits = ['statement_timeout', 'idle_in_transaction_session_timeout', 'lock_timeout']
    const url = place.url.replace(
      'options=',
      `options=${limits.map((name) => `-c%20${name}%3D5s%20`).join('')}`,
    )
    const show = [...limits, 'client_connection_check_interval', 'transaction_isolation'].map(
      (name) => `current_setting('${name}') as ${name}`,
    )
    expect(
      await dialect.step(connecting(url), lock(place), async (session) =>
        session.query(`select ${show.join(', ')}`),
      ),
    ).toEqual([
      {
        statement_timeout: '5s',
        idle_in_transaction_session_timeout: '0',
        lock_timeout: '5s',
        client_connection_check_interval: '1s',
        transaction_isolation: 'read committed',
      },
    ])
    const own = { ...lock(place), lockTimeout: 300, statementTimeout: 0 }
    const [shown] = await dialect.step(connecting(url), own, async (session) =>
      session.query(`select ${show.join(', ')}`),
    )
    expect(shown).toMatchObject({ statement_timeout: '0', lock_timeout: '300ms' })
  })
})
