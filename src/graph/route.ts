/** The way from a state to what a person asked for, in either direction. */
import { downgradeEnd, downgradePath, downgradeTargets } from './downgrade.ts'
import type { Graph } from './graph.ts'
import { isRelative } from './relative.ts'
import { upgradePath, upgradeTargets } from './upgrade.ts'

/**
 * Resolves targets once, against the state found; what it gives tells the steps that are left from any state found later.
 * @param targets as `upgradeTargets` and `downgradeTargets` take them
 * @throws {AludelError} as they do
 */
export function routeTo(
  graph: Graph,
  direction: 'upgrade' | 'downgrade',
  state: ReadonlySet<string>,
  targets: readonly string[],
): (now: ReadonlySet<string>) => readonly string[] {
  if (direction === 'upgrade') {
    const wanted = upgradeTargets(graph, state, targets)
    return (now) => upgradePath(graph, now, wanted)
  }
  const back = downgradeTargets(graph, state, targets)
  return (now) => downgradePath(graph, now, back)
}

/**
 * Finds out what can be found out without a database: whether each target names something that does not count from where that is.
 * @throws {AludelError} UNKNOWN_REVISION and its like
 */
export function checkTargets(
  graph: Graph,
  direction: 'upgrade' | 'downgrade',
  targets: readonly string[],
): void {
  const resolve = direction === 'upgrade' ? upgradeOne : downgradeEnd
  for (const target of targets) if (!isRelative(target)) resolve(graph, new Set(), target)
}

function upgradeOne(graph: Graph, state: ReadonlySet<string>, target: string): readonly string[] {
  return upgradeTargets(graph, state, [target])
}
