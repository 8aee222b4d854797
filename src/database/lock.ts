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
  /** Milliseconds. */
  readonly lockWait: number
  readonly onEvent: (event: WaitingEvent) => void
}

export function lockRequest({ ledger, lockWait, onEvent }: Waiting): LockRequest {
  return {
    ...lockOf(ledger),
    wait: lockWait,
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
