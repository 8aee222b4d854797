import type { Settings } from '../config.ts'
import { verifyState } from '../database/integrity.ts'
import { checkReversible, checkTransactional } from '../database/feasible.ts'
import { type Step, run } from '../database/run.ts'
import { headsOf } from '../graph/graph.ts'
import {
  downgradePath,
  downgradeTarget,
  isRelative,
  resolveTarget,
  upgradePath,
  upgradeTarget,
} from '../graph/target.ts'
import { type Caller, readGraph, runContext, withDatabase } from './project.ts'

export interface RunResult {
  /** What ran, in order; empty when there was nothing to do. */
  readonly steps: readonly Step[]
  /** Where the database is now. */
  readonly heads: readonly string[]
}

export interface RunOptions {
  readonly target: string
  /** Lets revisions pass whose file was changed after they were applied. */
  readonly allowEdited: boolean
}

/**
 * Applies what the target needs. Runners at once take turns; each step is recorded with its changes.
 * @throws {AludelError} a fault of the graph; UNKNOWN_TARGET and its like; STEP_FAILED and its like
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
  { target, allowEdited }: RunOptions,
  caller: Caller,
  direction: 'upgrade' | 'downgrade',
): Promise<RunResult> {
  const graph = await readGraph(settings)
  // What needs no database is found out before it is connected to.
  if (!isRelative(target)) resolveTarget(graph, target)
  return withDatabase(settings, 'write', async (database) => {
    caller.at('before-connect')
    const session = await database.connect()
    caller.at('after-connect')
    const state = await database.ledger.read(session)
    verifyState(graph, state, { allowEdited })
    const applied = new Set(state.applied.keys())
    // Resolved once: `+1` means the same revision to every runner that started together.
    const [resolve, path] =
      direction === 'upgrade'
        ? ([upgradeTarget, upgradePath] as const)
        : ([downgradeTarget, downgradePath] as const)
    const targets = resolve(graph, applied, target)
    const todo = path(graph, applied, targets)
    if (todo.length === 0) return { steps: [], heads: headsOf(graph, applied) }
    checkTransactional(graph, todo)
    if (direction === 'downgrade') await checkReversible(graph, todo)
    return run(runContext(settings, database, graph, state, caller), direction, (now) =>
      path(graph, now, targets),
    )
  })
}
