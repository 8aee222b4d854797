/** One step: one connection, one transaction, the lock in it. A transaction pooler keeps no more together. */
import { setTimeout as pause } from 'node:timers/promises'
import {
  type Connect,
  type LockRequest,
  type Session,
  aroundStatements,
  lockNotObtained,
  transactionEnded,
} from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { codeOf, mayWaitOn } from './errors.ts'
import { announcement, holder, lockKey } from './lock.ts'
import { readOnly } from './read-only.ts'
import { PostgresqlSession } from './session.ts'

/**
 * Does the work under the lock and commits.
 * @throws {AludelError} LOCK_NOT_OBTAINED; READ_ONLY; STEP_HALF_DONE when the work ended the transaction by itself;
 * STEP_FAILED when it hid a failed statement; else what `work` throws
 */
export async function step<T>(
  connect: Connect,
  lock: LockRequest,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { session } = await lockedSession(connect, lock)
  let result: T
  try {
    result = await work(insideTransaction(session))
  } catch (error) {
    await rollback(session, error)
    throw error
  }
  await commit(session)
  return result
}

/** Sees at once that a statement ended the transaction: what comes after it would be committed by itself. */
function insideTransaction(session: Session): Session {
  if (!(session instanceof PostgresqlSession)) return session
  return aroundStatements(session, {
    after: () => {
      if (!session.inTransaction) throw transactionEnded()
    },
  })
}

/** Each try has its own connection: pollers that keep theirs starve the holder where a pooler has few. */
export async function lockedSession(connect: Connect, lock: LockRequest): Promise<Begun> {
  const end = Date.now() + lock.wait
  for (let [tries, told] = [0, false]; ; tries += 1) {
    const left = end - Date.now()
    const begun = await begin(connect, lock).catch((error: unknown) => {
      // The many that wait may be all that server or pooler let in; and who waits may lose its session.
      if (left > 0 && mayWaitOn(error)) return undefined
      throw error
    })
    if (begun?.locked) return begun
    if (begun) {
      const { session } = begun
      const who = left <= 0 || !told ? await holder(session, lock).catch(() => undefined) : undefined
      await session.close()
      if (left <= 0) throw lockNotObtained(lock, who)
      if (!told) lock.onWait?.(who)
      told = true
    }
    // 25 ms at first, 800 at most, and a quarter more or less so that replicas part.
    await pause(Math.min(Math.max(left, 0), 25 * 2 ** Math.min(tries, 5) * (0.75 + Math.random() / 2)))
  }
}

export interface Begun {
  readonly session: Session
  /** Of the server's process. */
  readonly pid: number
  readonly locked: boolean
}

/** That an idle connection is gone may show only at its next statement; then a new one will do. */
async function begin(connect: Connect, lock: LockRequest): Promise<Begun> {
  const first = await connect()
  try {
    return await tryLock(first, lock)
  } catch (error) {
    const lost = first.closed && !(error instanceof AludelError)
    await first.close()
    if (!lost) throw error
    return tryLock(await connect(), lock)
  }
}

/**
 * Begins the transaction and tries for the lock in one round trip, by the simple protocol: bind parameters
 * leave a portal open.
 */
async function tryLock(session: Session, lock: LockRequest): Promise<Begun> {
  const [row] = await session.query<{
    readonly locked: boolean
    readonly readOnly: boolean
    readonly pid: number
  }>(
    [
      ...beginning(lock),
      'set local idle_in_transaction_session_timeout = 0',
      // PostgreSQL 17 has one for the whole transaction.
      `select set_config('transaction_timeout', '0', true)
       where current_setting('server_version_num')::int >= 170000`,
      // Ends the statement of a client that died. Servers other than on Linux may refuse the setting.
      `select set_config('client_connection_check_interval', '1s', true)
       where current_setting('server_version_num')::int >= 140000 and version() like '%linux%'`,
      ...(lock.work ? [announcement(lock.work)] : []),
      // Its end shows that the transaction ended.
      'savepoint aludel_step',
      `select pg_try_advisory_xact_lock(${lockKey(lock)}) as locked,
         pg_backend_pid() as pid, current_setting('transaction_read_only')::bool as "readOnly"`,
    ].join('; '),
  )
  const locked = row?.locked === true
  if (!locked || row.readOnly) await session.simple('rollback')
  if (row?.readOnly) throw await readOnly(session)
  return { session, locked, pid: row?.pid ?? 0 }
}

/** The statements that begin a transaction which waits for others only so long. */
export function beginning({ lockTimeout, statementTimeout }: LockRequest): readonly string[] {
  return [
    'begin isolation level read committed',
    lockTimeout === undefined
      ? "select set_config('lock_timeout', '5s', true) where current_setting('lock_timeout') = '0'"
      : `set local lock_timeout = ${Math.ceil(lockTimeout)}`,
    ...(statementTimeout === undefined
      ? []
      : [`set local statement_timeout = ${Math.ceil(statementTimeout)}`]),
  ]
}

/** After an error of the commit itself the connection is closed: whether it happened is to be looked up. */
async function commit(session: Session): Promise<void> {
  try {
    await session.simple('release savepoint aludel_step; commit')
  } catch (error) {
    if (isSavepointGone(error)) {
      await session.simple('rollback')
      throw transactionEnded()
    }
    if (codeOf(error) === aborted) {
      await session.simple('rollback')
      throw new AludelError(
        'STEP_FAILED',
        'A statement of the revision failed, and the revision went on as if it had not.',
        {
          state: 'The step was rolled back.',
          fix: 'Let the error through, or set a savepoint before the statement and roll back to it.',
          cause: error,
        },
      )
    }
    await session.close()
    throw error
  }
}

async function rollback(session: Session, cause: unknown): Promise<void> {
  try {
    await session.simple('rollback to savepoint aludel_step; rollback')
  } catch (error) {
    if (isSavepointGone(error)) {
      await session.simple('rollback')
      throw isHalfDone(cause) ? cause : transactionEnded(cause)
    }
    // The connection is gone, and with it the transaction.
    await session.close()
    if (!(cause instanceof AludelError)) throw connectionLost(cause)
  }
}

function connectionLost(cause: unknown): AludelError {
  const said = cause instanceof Error ? cause.message : String(cause)
  return new AludelError('DATABASE_UNREACHABLE', `the connection to the server was lost: ${said}.`, {
    fix: 'Look whether the server was restarted, or ended the session.',
    cause,
  })
}

const aborted = '25P02'

/** No transaction, or one that is not the step's. */
function isSavepointGone(error: unknown): boolean {
  return ['25P01', '3B001'].includes(codeOf(error) ?? '')
}

function isHalfDone(error: unknown): boolean {
  return error instanceof AludelError && error.code === 'STEP_HALF_DONE'
}
