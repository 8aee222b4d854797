/**
 * One step under the lock. Lock and work are on one connection, so that a lock whose client died is held
 * until its last statement, an ALTER TABLE that goes on, has ended too.
 */
import { setTimeout as pause } from 'node:timers/promises'
import { type LockRequest, type Session, aroundStatements, lockNotObtained } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { withoutComments } from './effect.ts'
import { mayWaitOn } from './errors.ts'
import { literal } from './literal.ts'
import { holder, limits, lockName } from './lock.ts'

/**
 * There is no transaction around `work`: a statement that changes the schema would commit it.
 * @throws {AludelError} LOCK_NOT_OBTAINED also when the lock is lost before a statement
 */
export async function step<T>(
  connect: () => Promise<Session>,
  lock: LockRequest,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const { session, name } = await obtain(connect, lock)
  const release = `do release_lock(${literal(name)})`
  let result: T
  try {
    await session.simple(`set session ${limits(lock)}`)
    result = await work(guarded(session, name))
  } catch (error) {
    // `rollback` is for a transaction that work began; it does nothing where there is none.
    await leave(session, ['rollback', release])
    throw error
  }
  await leave(session, [release])
  return result
}

interface Held {
  readonly session: Session
  readonly name: string
}

async function obtain(connect: () => Promise<Session>, lock: LockRequest): Promise<Held> {
  const end = performance.now() + lock.wait
  for (let longest = 50, told = false; ; longest = Math.min(longest * 2, 1000)) {
    const left = end - performance.now()
    const tried = await attempt(connect, lock).catch((error: unknown) => {
      // The many that wait may be all that the server lets in; and who waits may lose its session.
      if (left > 0 && mayWaitOn(error)) return undefined
      throw error
    })
    if (tried) {
      const { session, name, got } = tried
      if (got === 1) return { session, name }
      const who = left <= 0 || !told ? await holder(session, lock).catch(() => undefined) : undefined
      // Who waits keeps no connection from others.
      await session.close()
      if (left <= 0) throw lockNotObtained(lock, who)
      if (!told) lock.onWait?.(who)
      told = true
    }
    await pause(Math.min(Math.max(left, 0), 25 + Math.random() * (longest - 25)))
  }
}

interface Attempt {
  readonly name: string
  /** 1, or 0 when another connection has it, or null when the server could not say. */
  readonly got: number | null
}

async function attempt(connect: () => Promise<Session>, lock: LockRequest): Promise<Attempt & Held> {
  const session = await connect()
  try {
    return { session, ...(await tryLock(session, lock)) }
  } catch (error) {
    await session.close()
    throw error
  }
}

async function tryLock(session: Session, lock: LockRequest): Promise<Attempt> {
  const rows = await session.query<Attempt>(
    `select n.name as name, get_lock(n.name, 0) as got from (select ${lockName(lock)} as name) n`,
  )
  return rows[0] ?? { name: '', got: null }
}

/** The ledger's own rows would be written there too. */
function away(): AludelError {
  return new AludelError('STEP_FAILED', '`use` would take the connection to another database.', {
    fix: 'Name the other database in the statements, as `database.table`.',
  })
}

/** Looks before each statement whether the lock is still its own: a proxy can exchange the connection. */
function guarded(session: Session, name: string): Session {
  const before = async (sql: string): Promise<void> => {
    // What the statement before changed can only be asked right after it.
    if (/^select row_count\(\)/.test(sql)) return
    if (/^use\b/i.test(withoutComments(sql))) throw away()
    const rows = await session.query<{ held: number | null }>(
      `select is_used_lock(${literal(name)}) = connection_id() as held`,
    )
    if (rows[0]?.held === 1) return
    throw new AludelError('LOCK_NOT_OBTAINED', 'The lock was lost while the step ran.', {
      state: 'The statements before were carried out; another runner may be at work.',
      fix: 'Connect without a proxy that exchanges connections, then look at `aludel current`.',
    })
  }
  return aroundStatements(session, { before })
}

/** Closing the connection does the same for all of them. */
async function leave(session: Session, statements: readonly string[]): Promise<void> {
  try {
    for (const sql of statements) await session.simple(sql)
  } catch {
    await session.close()
  }
}
