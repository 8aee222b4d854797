/** What others use is not waited for long: their queries queue up behind who waits. It is tried again instead. */
import { type Blocker, type Dialect, type Session, heldUp } from '../dialect.ts'

const tries = 5

export interface Retry {
  readonly dialect: Dialect
  /** Of another connection when the first is lost. */
  readonly session: () => Promise<Session>
  /** The statement that was held up. */
  readonly sql: () => string
  /** Milliseconds; rejects when the process is to end. */
  readonly pause: (ms: number) => Promise<unknown>
  readonly onBlocked: (blocked: Blocked) => void
}

export interface Blocked {
  /** Empty when the server does not say. */
  readonly blockers: readonly Blocker[]
  /** Which try is to come, from 2, of how many. */
  readonly attempt?: number
  readonly attempts?: number
}

/**
 * Runs it again, after a pause that grows, while it fails because others use what it changes.
 * @param run leaves nothing behind when it fails
 * @throws {AludelError} LOCK_TIMEOUT naming who holds it up; whatever else `run` throws
 */
export async function unblocked<T>(retry: Retry, run: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await run()
    } catch (error) {
      if (!retry.dialect.isLockTimeout(error)) throw error
      const sql = retry.sql()
      const blockers = await findBlockers(retry, sql)
      if (attempt === tries) throw heldUp(`in ${tries} tries`, { sql, blockers, cause: error })
      retry.onBlocked({ blockers, attempt: attempt + 1, attempts: tries })
      // Half a second at first, 4 s at most, and up to a half more so that replicas part.
      await retry.pause(250 * 2 ** attempt * (1 + Math.random() / 2))
    }
  }
}

async function findBlockers({ dialect, session }: Retry, sql: string): Promise<readonly Blocker[]> {
  try {
    return await dialect.blockers(await session(), sql)
  } catch {
    // That it was held up matters more than by whom.
    return []
  }
}
