import type { Settings } from '../config.ts'
import { appliedHeads, refuseBeside, surplusOf, verifyKnown, verifyState } from '../database/integrity.ts'
import type { AskConsent, Consent } from '../database/consent.ts'
import type { LedgerRow, LedgerState } from '../database/rows.ts'
import type { Step } from '../database/run-context.ts'
import { safe } from '../database/safe.ts'
import { checkTargets, routeTo } from '../graph/route.ts'
import { resolveRevisions } from '../graph/resolve.ts'
import type { Graph } from '../graph/graph.ts'
import type { RevisionFile } from '../revision/read.ts'
import { type Database, runContext, withDatabase } from './database.ts'
import { type Caller, readGraph } from './project.ts'

export interface RunResult {
  /** What ran, in order; empty when there was nothing to do. */
  readonly steps: readonly Step[]
  /** Where the database is now. */
  readonly heads: readonly string[]
}

export interface RunOptions {
  /** What is to be reached, all at once. */
  readonly targets: readonly string[]
  /** Lets revisions pass whose file was changed after they were applied. */
  readonly allowEdited: boolean
  /**
   * Upgrade: takes revisions for done that only newer code has; then none of this code runs beside them. Downgrade: takes them
   * back too, by what the ledger keeps of them. Default false.
   */
  readonly allowAhead?: boolean
  /** All steps or none: one transaction holds them all; default false. */
  readonly single?: boolean
  /** What an upgrade may lose beside what the files say; default nothing. A downgrade asks for none. */
  readonly consent?: Consent
  /** Asks a person for more of it; left out: nobody is there. */
  readonly askConsent?: AskConsent
}

/**
 * Applies what the target needs. Runners at once take turns; each step is recorded with its changes.
 * @throws {AludelError} a fault of the graph; UNKNOWN_REVISION and its like; STEP_FAILED and its like
 */
export function upgrade(settings: Settings, options: RunOptions, caller: Caller): Promise<RunResult> {
  return move(settings, options, caller, 'upgrade')
}

/**
 * Takes back whatever follows the target. Refused before the first step when one of them cannot be undone.
 * @throws {AludelError} as upgrade; IRREVERSIBLE
 */
export function downgrade(settings: Settings, options: RunOptions, caller: Caller): Promise<RunResult> {
  return move(settings, options, caller, 'downgrade')
}

async function move(
  settings: Settings,
  { targets, allowEdited, allowAhead = false, single = false, consent = new Map(), askConsent }: RunOptions,
  caller: Caller,
  direction: 'upgrade' | 'downgrade',
): Promise<RunResult> {
  const files = await readGraph(settings)
  // What needs no database is found out before it is connected to.
  const wanted = allowAhead ? headsHere(files, targets) : targets
  checkTargets(files, direction, wanted)
  return withDatabase(settings, 'write', async (database) => {
    caller.at('before-connect')
    await database.connect()
    caller.at('after-connect')
    const state = await database.state()
    verifyState(files, state, { edited: allowEdited, ahead: allowAhead })
    const graph = direction === 'downgrade' ? await withAhead(files, state, database) : files
    const applied = new Set(state.applied.keys())
    // Resolved once: `+1` means the same revision to every runner that started together.
    const path = routeTo(graph, direction, applied, wanted)
    const plan = (now: ReadonlySet<string>): readonly string[] => {
      const todo = path(now)
      refuseBeside(graph, now, todo)
      return todo
    }
    const todo = plan(applied)
    if (todo.length === 0 && state.open.length === 0) {
      return { steps: [], heads: appliedHeads(graph, state).map(safe) }
    }
    // A run with nothing to do, as most are in a release phase, loads none of it.
    const { checkReversible, checkSingle } = await import('../database/feasible.ts')
    const { checkKept } = await import('../database/kept.ts')
    const { run } = await import('../database/run.ts')
    checkKept(graph, todo)
    if (single) checkSingle(database.dialect, graph, todo)
    if (direction === 'downgrade') await checkReversible(graph, todo)
    const context = runContext(settings, database, graph, state, caller)
    const ahead = allowAhead && direction === 'upgrade'
    const verify = (now: LedgerState): void => verifyKnown(graph, now, { ahead })
    const asking = askConsent ? { askConsent } : {}
    return run({ ...context, ...asking, consent, verify }, { direction, plan, single })
  })
}

/** Where the database is ahead of this code, `head` and `heads` are this code's. */
function headsHere(files: Graph<RevisionFile>, targets: readonly string[]): readonly string[] {
  return targets.flatMap((target) => {
    if (target !== 'head' && target !== 'heads') return [target]
    const ids = resolveRevisions(files, target)
    return ids.length === 0 ? ['base'] : ids
  })
}

/** The files' graph with what is ahead of it, as the ledger tells. */
async function withAhead(
  files: Graph<RevisionFile>,
  state: LedgerState,
  { connect, ledger }: Database,
): Promise<Graph<RevisionFile>> {
  const { ahead } = surplusOf(files, state)
  if (ahead.length === 0) return files
  const session = await connect()
  const rows: LedgerRow[] = []
  for (const id of ahead) {
    const row = await ledger.find(session, id)
    if (row) rows.push(row)
  }
  const { withKept } = await import('../database/kept.ts')
  return withKept(files, rows, ledger.names.revisionTable)
}
