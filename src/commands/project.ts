/** What commands share: the project's graph, and its database opened and closed around some work. */
import type { Settings } from '../config.ts'
import { outsideLock, persistently } from '../database/connect.ts'
import { connectionLost } from '../database/failure.ts'
import { verifyKnown } from '../database/integrity.ts'
import { type Ledger, ledger } from '../database/ledger.ts'
import { lockOf } from '../database/lock.ts'
import type { LedgerState, OpenStep } from '../database/rows.ts'
import type { RunContext, RunEvent } from '../database/run-context.ts'
import { withoutSecretLiterals } from '../database/secret-literals.ts'
import type { Guard } from '../database/step.ts'
import type { StopPoint } from '../database/stop.ts'
import type { Connect, Dialect, Session } from '../dialect.ts'
import { type Graph, buildGraph } from '../graph/graph.ts'
import { type RevisionFile, readRevisions } from '../revision/read.ts'

/** What a command takes from outside as values. */
export interface Caller {
  readonly now: () => Date
  /** Who runs it, for the ledger: a git or CI name. */
  readonly actor: string
  /** aludel's own version. */
  readonly version: string
  readonly guard: Guard
  /** Called at each point; tests stop the process there. */
  readonly at: (point: StopPoint) => void
  readonly onEvent: (event: RunEvent) => void
}

/**
 * A folder that is not there is a fault: what runs revisions must not take it for an empty history.
 * @throws {AludelError} the faults of files and graph, before any connection
 */
export async function readGraph({
  migrations,
  root,
}: Pick<Settings, 'migrations' | 'root'>): Promise<Graph<RevisionFile>> {
  return buildGraph(await readRevisions(migrations, root))
}

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

/** What the ledger says outside of the lock. */
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
      return { ...found, open: found.exists ? await rows.open(opened) : [] }
    }
    const state = () => outsideLock(dialect, lock, read)
    return await work({ dialect, url, secrets, ledger: rows, connect, state })
  } catch (error) {
    throw withoutSecretLiterals(connectionLost(dialect, error))
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
    at,
    onEvent,
  }
}
