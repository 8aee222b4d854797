/** The project's database, opened and closed around some work. */
import type { Settings } from '../config.ts'
import { outsideLock, persistently } from '../database/connect.ts'
import { verifyKnown } from '../database/integrity.ts'
import { type Ledger, ledger } from '../database/ledger.ts'
import { lockOf } from '../database/lock.ts'
import type { LedgerState, OpenStep } from '../database/rows.ts'
import type { RunContext } from '../database/run-context.ts'
import type { Connect, Dialect, Session } from '../dialect.ts'
import type { Graph } from '../graph/graph.ts'
import type { RevisionFile } from '../revision/read.ts'
import type { Caller } from './project.ts'

export interface Database {
  readonly dialect: Dialect
  readonly ledger: Ledger
  readonly url: string
  /** What must not get into the ledger. */
  readonly secrets: readonly string[]
  readonly connect: Connect
  /** The ledger's, read outside of the lock. */
  readonly state: () => Promise<StateOutside>
}

/** What the ledger says outside of the lock; it does not exist when one of its tables does not. */
export interface StateOutside extends LedgerState {
  readonly open: readonly OpenStep[]
}

/**
 * Opens no connection by itself; closes whatever `work` opened. No error shows a password of a statement.
 * @param access `read`: a database file that is not there is not made
 */
export async function withDatabase<T>(
  settings: Settings,
  access: 'read' | 'write',
  work: (database: Database) => Promise<T>,
): Promise<T> {
  const [dialect, url, secrets] = await Promise.all([settings.dialect(), settings.url(), settings.secrets()])
  let session: Session | undefined
  const connect: Connect = async (which) => {
    if (which === undefined && session && !session.closed) return session
    const opened = await persistently(dialect, settings, (limits) =>
      dialect.connect(url, { ...limits, lockWait: settings.lockWait, create: access === 'write' }),
    )
    if (which === undefined) session = opened
    return opened
  }
  try {
    const rows = ledger(dialect, settings.ledger)
    const lock = { ...lockOf(rows), wait: settings.lockWait }
    const read = async (): Promise<StateOutside> => {
      const opened = await connect()
      const found = await rows.read(opened)
      const open = found.exists ? await rows.open(opened) : undefined
      return { ...found, exists: open !== undefined, open: open ?? [] }
    }
    const state = () => outsideLock(dialect, lock, read)
    return await work({ dialect, url, secrets, ledger: rows, connect, state })
  } catch (error) {
    throw await toldSafely(dialect, error)
  } finally {
    await session?.close()
  }
}

export function runContext(
  settings: Settings,
  { dialect, ledger: rows, connect, secrets }: Database,
  graph: Graph<RevisionFile>,
  { exists }: LedgerState,
  { now, actor, version, guard, at, onEvent }: Caller,
): RunContext {
  return {
    dialect,
    connect,
    ledger: rows,
    secrets,
    ledgerExists: exists,
    graph,
    limits: settings,
    runId: crypto.randomUUID(),
    appliedBy: actor,
    version,
    now,
    verify: (state) => verifyKnown(graph, state, { ahead: false }),
    guard,
    consent: new Map(),
    at,
    onEvent,
  }
}

/** No password of a statement in it. What only an error needs is loaded for it. */
export async function toldSafely(dialect: Dialect, error: unknown): Promise<unknown> {
  const { connectionLost } = await import('../database/failure.ts')
  const { withoutSecretLiterals } = await import('../database/secret-literals.ts')
  return withoutSecretLiterals(connectionLost(dialect, error))
}
