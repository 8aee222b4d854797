/** The lock of a ledger, as a dialect is asked for it. */
import type { LockHolder, LockRequest, RunningWork, Session } from '../dialect.ts'
import type { Ledger } from './ledger.ts'

/** Another runner holds the lock; who, where the server says it. */
export interface WaitingEvent {
  readonly kind: 'waiting'
  readonly holder?: LockHolder
}

export interface Waiting {
  readonly ledger: Ledger
  readonly limits: Limits
  readonly onEvent: (event: WaitingEvent) => void
}

/** All in milliseconds. */
export interface Limits {
  /** How long to wait for another runner. */
  readonly lockWait: number
  /** How long one statement waits for a table or row that others use; left out: what the server has, else 5,000. */
  readonly lockTimeout?: number
  /** How long one statement may take; left out: what the server has for this login. */
  readonly statementTimeout?: number
}

export function lockRequest({ ledger, limits, onEvent }: Waiting): LockRequest {
  const { lockWait, lockTimeout, statementTimeout } = limits
  return {
    ...lockOf(ledger),
    wait: lockWait,
    ...(lockTimeout === undefined ? {} : { lockTimeout }),
    ...(statementTimeout === undefined ? {} : { statementTimeout }),
    onWait: (holder) => onEvent({ kind: 'waiting', ...(holder ? { holder } : {}) }),
  }
}

/** As one asks who holds it. */
export function lockOf(ledger: Ledger): LockRequest {
  const { schema, revisionTable } = ledger.names
  return {
    ...(schema === undefined ? {} : { schema }),
    table: revisionTable,
    wait: 0,
    running: (session) => runningIn(ledger, session),
  }
}

/** What the journal's newest entry without an end is about. It is only a hint: a journal that cannot be read gives none. */
async function runningIn(ledger: Ledger, session: Session): Promise<RunningWork | undefined> {
  const entries = await ledger.entries(session, 20).catch(() => [])
  for (const { outcome, direction, revision, startedAt } of entries) {
    const runs = direction === 'upgrade' || direction === 'downgrade'
    if (outcome === 'running' && runs) return { direction, revision, since: startedAt }
  }
  return undefined
}
