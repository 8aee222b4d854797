/** One step. There is one connection: who has its turn for as long as the step takes has the lock. */
import {
  type Connect,
  type LockHolder,
  type LockRequest,
  type LockWork,
  type Session,
  withStatements,
} from '../../src/dialect.ts'
import { buildingWhole } from '../postgresql/building-whole.ts'
import { rollsBack } from '../postgresql/effect.ts'
import { announce as announceOnServer } from '../postgresql/lock.ts'
import { beginning, step as stepOnServer } from '../postgresql/step.ts'
import { PgliteSession } from './session.ts'

/** Whose session a step's work has in hand. */
const insides = new WeakMap<Session, PgliteSession>()

/** @throws {AludelError} LOCK_NOT_OBTAINED; what PostgreSQL's step throws */
export async function step<T>(
  connect: Connect,
  lock: LockRequest,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await connect()
  if (!(session instanceof PgliteSession)) return stepOnServer(async () => session, lock, work)
  try {
    await session.hold(lock)
  } catch (error) {
    await session.close()
    throw error
  }
  try {
    if (lock.mode === 'no-transaction') return await work(outside(session, lock))
    return await stepOnServer(
      async () => session,
      lock,
      (inside) => {
        insides.set(inside, session)
        return work(inside)
      },
    )
  } finally {
    // What failed between its own begin and commit.
    if (!session.closed && session.inTransaction) await session.simple('rollback')
    session.letGo()
  }
}

/** The same connection, that statement by statement commits. */
function outside(session: PgliteSession, lock: LockRequest): Session {
  const run = <T>(sql: string, send: () => Promise<T>): Promise<T> =>
    rollsBack(sql) ? send() : buildingWhole(session, sql, send)
  return withStatements(session, {
    query: (sql, params) => run(sql, () => session.query(sql, params)),
    simple: (sql) =>
      run(sql, () => session.simple(sql === 'start transaction' ? beginning(lock).join('; ') : sql)),
  })
}

/** Asks nobody: only sessions of this process can be in the database. */
export async function holder(session: Session): Promise<LockHolder | undefined> {
  if (!(session instanceof PgliteSession)) return undefined
  const { turns } = session.instance
  return turns.holder?.holding ? session.instance.holder() : undefined
}

export async function announce(session: Session, work: LockWork): Promise<void> {
  insides.get(session)?.tell(work)
  await announceOnServer(session, work)
}
