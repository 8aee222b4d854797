/**
 * A step outside of a transaction. The lock is held by one connection, in a transaction that does nothing else; the work is done by another.
 * Measured: with bind parameters, or with a `select` to keep it alive, the first would hold a snapshot, for which the building of an
 * index waits for ever.
 */
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Blocker,
  type Connect,
  type LockRequest,
  type Session,
  heldUp,
  withStatements,
} from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { blocking } from './blockers.ts'
import { buildingWhole } from './building-whole.ts'
import { locksOut, rollsBack } from './effect.ts'
import { lockKey } from './lock.ts'
import { PostgresqlSession } from './session.ts'
import { type Begun, beginning, lockedSession } from './step.ts'

/** @throws {AludelError} LOCK_NOT_OBTAINED also when the lock is lost; DATABASE_UNREACHABLE when there is no second connection */
export async function stepOutside<T>(
  connect: Connect,
  lock: LockRequest,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const holder = await lockedSession(connect, lock)
  let worker: Session | undefined
  try {
    worker = await secondSession(connect)
    const { pid, isDirect } = await identify(worker)
    // A pooler would hand the settings on to other clients.
    if (isDirect) await worker.simple(settings(lock))
    await checkSnapshot(worker, holder)
    await orphansGone(worker, lock)
    return await work(outside({ connect, lock, holder: holder.session, worker, pid, isDirect }))
  } finally {
    await worker?.close()
    await holder.session.simple('rollback').catch(() => holder.session.close())
  }
}

/** Milliseconds for a pooler to give a second connection. */
const patience = 10_000

/** A pooler accepts any number of clients, and lets them wait for a server. */
async function secondSession(connect: Connect): Promise<Session> {
  const session = await connect('another')
  const late = new AbortController()
  const answer = session.simple('show server_version').then(() => true)
  answer.catch(() => undefined)
  const isThere = await Promise.race([
    answer.finally(() => late.abort()),
    pause(patience, false, { signal: late.signal }).catch(() => true),
  ])
  if (isThere) return session
  await session.close()
  throw new AludelError(
    'DATABASE_UNREACHABLE',
    `A revision with \`transaction = false\` needs two connections, and the second was not given within ${patience / 1000} s.`,
    {
      state: 'Nothing of the revision was run.',
      fix: 'Let the pooler have two connections to the server, or let DIRECT_URL name the server itself.',
    },
  )
}

interface Identity {
  readonly pid: number
  /** No pooler is between: it would give another number for the process. */
  readonly isDirect: boolean
}

async function identify(session: Session): Promise<Identity> {
  const [row] = await session.query<{ readonly pid: number }>('select pg_backend_pid() as pid')
  const pid = row?.pid ?? 0
  return { pid, isDirect: session instanceof PostgresqlSession && session.processId === pid }
}

/**
 * Ends the statement of a client that died, where the server's system can see it. Limits of the login are for an application: what is
 * built concurrently waits for every transaction that is open, and a revision's own code may take its time.
 */
function settings({ statementTimeout }: LockRequest): string {
  return [
    'set lock_timeout = 0',
    `select set_config('idle_session_timeout', '0', false)
     where current_setting('server_version_num')::int >= 140000`,
    `select set_config('client_connection_check_interval', '1s', false)
     where current_setting('server_version_num')::int >= 140000 and version() like '%linux%'`,
    ...(statementTimeout === undefined ? [] : [`set statement_timeout = ${Math.ceil(statementTimeout)}`]),
  ].join('; ')
}

async function checkSnapshot(worker: Session, { pid }: Begun): Promise<void> {
  const [row] = await worker.query<{ readonly held: boolean }>(
    'select backend_xmin is not null as held from pg_catalog.pg_stat_activity where pid = $1',
    [pid],
  )
  if (!row?.held) return
  throw new AludelError('INTERNAL', 'The connection that holds the lock holds a snapshot too.', {
    state: 'Nothing of the revision was run.',
    fix: 'Let DIRECT_URL name the server itself, without a pooler.',
  })
}

/** What a runner that is gone has sent goes on on the server. */
async function orphansGone(worker: Session, lock: LockRequest): Promise<void> {
  const end = Date.now() + lock.wait
  for (;;) {
    const [orphan] = await worker.query<{ readonly pid: number; readonly query: string }>(
      `select pid, query from pg_catalog.pg_stat_activity
       where starts_with(query, $1) and state = 'active' and pid <> pg_backend_pid()
         and datname = current_database()`,
      [tag(lock)],
    )
    if (!orphan) return
    if (Date.now() >= end) {
      throw new AludelError(
        'LOCK_NOT_OBTAINED',
        `A statement of a run that was cut short still runs, in process ${orphan.pid}: ${orphan.query}`,
        {
          state: 'Nothing was changed by this run.',
          fix: `Run again when it has ended (--lock-wait waits longer), or end it: select pg_cancel_backend(${orphan.pid})`,
          details: { pid: orphan.pid },
        },
      )
    }
    await pause(500)
  }
}

/** What marks a statement as one of this ledger's runners. */
function tag(lock: LockRequest): string {
  return `/* aludel ${BigInt.asUintN(64, lockKey(lock)).toString(16)} */ `
}

interface Outside {
  readonly connect: Connect
  readonly lock: LockRequest
  readonly holder: Session
  readonly worker: Session
  /** Of the worker. */
  readonly pid: number
  readonly isDirect: boolean
}

/** The worker, which looks before each statement whether the lock is still held. */
function outside(step: Outside): Session {
  const { worker, holder, lock } = step
  const run = async <T>(sql: string, send: (sql: string) => Promise<T>): Promise<T> => {
    await checkLock(holder)
    if (rollsBack(sql)) return send(sql)
    return alone(step, sql, () => send(`${tag(lock)}${sql}`))
  }
  return withStatements(worker, {
    query: (sql, params) => run(sql, (text) => worker.query(text, params)),
    simple: (sql) =>
      run(sql, (text) => worker.simple(text === 'start transaction' ? beginning(lock).join('; ') : text)),
  })
}

/** @throws {AludelError} LOCK_NOT_OBTAINED */
async function checkLock(holder: Session): Promise<void> {
  const isHeld = await holder.simple('show server_version').then(
    () => true,
    () => false,
  )
  if (isHeld) return
  throw new AludelError('LOCK_NOT_OBTAINED', 'The lock was lost while the step ran.', {
    state: 'The statements before were carried out; another runner may be at work.',
    fix: 'Look at `aludel current`, and run the same command again: it goes on where this one ended.',
  })
}

/** One statement that no transaction can hold. */
function alone<T>(step: Outside, sql: string, send: () => Promise<T>): Promise<T> {
  return buildingWhole(step.worker, sql, () => limited(step, sql, () => watched(step, sql, send)))
}

/** While one waits for a table that it needs for itself alone, all others queue up behind it. */
async function limited<T>(
  { worker, lock: { lockTimeout = 5000 }, isDirect }: Outside,
  sql: string,
  send: () => Promise<T>,
): Promise<T> {
  if (!isDirect || !locksOut(sql)) return send()
  await worker.simple(`set lock_timeout = ${Math.ceil(lockTimeout)}`)
  try {
    return await send()
  } finally {
    if (!worker.closed) await worker.simple('set lock_timeout = 0')
  }
}

/** Milliseconds between two looks at who holds a statement up. */
const interval = 10_000

/** What waits for others is not waited for longer than for the lock: nobody queues up behind it, but a deploy does. */
async function watched<T>(
  { connect, lock, worker, pid }: Outside,
  sql: string,
  send: () => Promise<T>,
): Promise<T> {
  const ended = new AbortController()
  let blockers: readonly Blocker[] = []
  let gaveUp = false
  const watch = async (): Promise<void> => {
    for (let since: number | undefined; ;) {
      await pause(Math.min(interval, Math.max(lock.wait, 100)), undefined, {
        signal: ended.signal,
        ref: false,
      })
      blockers = await look(connect, pid)
      if (blockers.length === 0) since = undefined
      else {
        since ??= Date.now() - interval
        lock.onBlocked?.(blockers)
        gaveUp = Date.now() - since >= lock.wait
        if (gaveUp) return worker.cancel()
      }
    }
  }
  const watching = watch().catch(() => undefined)
  try {
    return await send()
  } catch (cause) {
    throw gaveUp ? heldUp(`for ${Math.round(lock.wait / 1000)} s`, { sql, blockers, cause }) : cause
  } finally {
    ended.abort()
    await watching
  }
}

/** The lock's own connection must not ask: its answer would be a snapshot. */
async function look(connect: Connect, pid: number): Promise<readonly Blocker[]> {
  const session = await connect('another')
  try {
    return await blocking(session, pid)
  } finally {
    await session.close()
  }
}
