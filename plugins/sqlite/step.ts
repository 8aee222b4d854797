/** One step: `begin immediate` takes the only lock that a SQLite database has. */
import { setTimeout as pause } from 'node:timers/promises'
import {
  type LockHolder,
  type LockRequest,
  type Session,
  aroundStatements,
  transactionEnded,
} from '../../src/dialect.ts'
import { isBusy, messageOf } from './errors.ts'
import { guardForeignKeys } from './foreign-keys.ts'
import { holderOf, locked } from './holder.ts'
import { SqliteSession } from './session.ts'

/** @throws {AludelError} LOCK_NOT_OBTAINED, READ_ONLY; STEP_HALF_DONE when the work ended the transaction; what `work` throws */
export async function step<T>(
  connect: () => Promise<Session>,
  lock: LockRequest,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const end = Date.now() + lock.wait
  const { session, enforced } = await begin(connect, lock, end)
  try {
    const guard = guardForeignKeys(insideTransaction(session), lock.table)
    const result = await work(guard.session)
    await guard.check()
    await commit(session, lock)
    return result
  } catch (error) {
    await rollback(session)
    throw error
  } finally {
    await restore(session, enforced)
  }
}

/** Asks by taking the lock for an instant, as SQLite has no other question; who waits for it tries again anyway. */
export async function holder(session: Session): Promise<LockHolder | undefined> {
  try {
    await session.simple('begin immediate')
  } catch (error) {
    if (isBusy(error)) return holderOf(fileOf(session))
    throw error
  }
  await session.simple('rollback')
  return undefined
}

interface Begun {
  readonly session: Session
  /** Foreign keys were enforced before. */
  readonly enforced: boolean
}

/** Enforcement is off in every step: a rebuild drops a table that others refer to, and a transaction cannot switch it. */
async function begin(connect: () => Promise<Session>, lock: LockRequest, end: number): Promise<Begun> {
  for (let tries = 0; ; tries++) {
    const session = await connect()
    const [row] = await session.query<{ readonly foreign_keys: number }>('pragma foreign_keys')
    const enforced = row?.foreign_keys === 1
    await session.simple('pragma foreign_keys = off')
    try {
      await session.simple('begin immediate')
      return { session, enforced }
    } catch (error) {
      await restore(session, enforced)
      if (!isBusy(error)) throw error
      await session.close()
      const file = fileOf(session)
      if (tries === 0) lock.onWait?.(holderOf(file))
      await wait(lock, end, tries, { file, cause: error })
    }
  }
}

/** Sees at once that a statement ended the transaction: what comes after it would be committed by itself. */
function insideTransaction(session: Session): Session {
  if (!(session instanceof SqliteSession)) return session
  return aroundStatements(session, {
    after: () => {
      if (!session.inTransaction) throw transactionEnded()
    },
  })
}

/** Without WAL a reader holds the commit up, and the transaction stays as it is. */
async function commit(session: Session, lock: LockRequest): Promise<void> {
  // The step itself may have taken longer than that.
  const end = Date.now() + lock.wait
  for (let tries = 0; ; tries++) {
    try {
      await session.simple('commit')
      return
    } catch (error) {
      if (/no transaction is active/.test(messageOf(error))) throw transactionEnded()
      if (!isBusy(error)) throw error
      await wait(lock, end, tries, { file: fileOf(session), cause: error })
    }
  }
}

interface Busy {
  readonly file: string
  readonly cause: unknown
}

async function wait(
  { wait: waited, table }: LockRequest,
  end: number,
  tries: number,
  { file, cause }: Busy,
): Promise<void> {
  const left = end - Date.now()
  if (left <= 0) throw locked(file, waited, { table, cause })
  await pause(Math.min(left, 20 * 2 ** Math.min(tries, 4) * (0.75 + Math.random() / 2)))
}

/** Of a plugin that has sessions of its own it is not known. */
function fileOf(session: Session): string {
  return session instanceof SqliteSession ? session.file : ':memory:'
}

/** Some errors (a full disk) leave the transaction open, others end it. */
async function rollback(session: Session): Promise<void> {
  if (session.closed) return
  try {
    await session.simple('rollback')
  } catch (error) {
    if (!/no transaction is active/.test(messageOf(error))) throw error
  }
}

/** A rebuild that failed half-way has left its pragma on. */
async function restore(session: Session, enforced: boolean): Promise<void> {
  if (session.closed) return
  await session.simple('pragma legacy_alter_table = off')
  if (enforced) await session.simple('pragma foreign_keys = on')
}
