/** What an upgrade is to reach, and the way there. */
import { type Graph, ancestors } from './graph.ts'
import { countedFrom, onlyOne, refuseRange, relative, revisionAt, wrongWay } from './relative.ts'
import { branchOf, resolveRevisions } from './resolve.ts'
import { tips } from './state.ts'
import { walk } from './walk.ts'

/**
 * The ids that are to be applied at the end, with all that they need; none for `base`.
 * @param targets each `head`, `heads`, an id, a prefix, a label, `billing@head`, `+2`, `billing@+1`, `8f2a+1`, `head-1`, …
 * @param state ids applied, which `+2` counts from
 * @throws {AludelError} UNKNOWN_REVISION, UNKNOWN_BRANCH, AMBIGUOUS_PREFIX, NOT_IN_BRANCH, MULTIPLE_HEADS, RELATIVE_OUT_OF_RANGE,
 *   AMBIGUOUS_WALK, AMBIGUOUS_CURRENT, RANGE_NOT_ALLOWED
 */
export function upgradeTargets(
  graph: Graph,
  state: ReadonlySet<string>,
  targets: readonly string[],
): readonly string[] {
  return [...new Set(targets.flatMap((target) => upgradeTarget(graph, state, target)))]
}

/** The ids to upgrade, in order, so that every target is applied; empty when nothing is to do. */
export function upgradePath(
  graph: Graph,
  state: ReadonlySet<string>,
  targets: readonly string[],
): readonly string[] {
  const wanted = ancestors(graph, targets)
  return [...graph.revisions.keys()].filter((id) => wanted.has(id) && !state.has(id))
}

function upgradeTarget(graph: Graph, state: ReadonlySet<string>, target: string): readonly string[] {
  refuseRange(target, 'upgrade')
  const counted = relative(target)
  if (!counted) return resolveRevisions(graph, target)
  const { branch, symbol, steps } = counted
  if (symbol !== undefined) return [revisionAt(countedFrom(graph, symbol, counted), counted)]
  if (steps <= 0) throw wrongWay('upgrade', counted)
  const within = branch === undefined ? undefined : branchOf(graph, branch)
  const from = onlyOne(graph, within ? ofBranch(graph, state, within) : tips(graph, state), counted)
  return [revisionAt(walk(graph, from, steps, { within }), counted)]
}

/** Where the database is within a branch; where only others went on from it, the last of its own that is applied. */
function ofBranch(
  graph: Graph,
  state: ReadonlySet<string>,
  within: (id: string) => boolean,
): readonly string[] {
  const at = tips(graph, state)
  const inside = at.filter(within)
  if (inside.length > 0) return inside
  return tips(graph, new Set([...ancestors(graph, at)].filter(within)))
}
