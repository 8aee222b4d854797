/** What a downgrade takes back, and the way there. */
import { AludelError } from '../errors.ts'
import { type Graph, ancestors, bases, descendants, headsOf } from './graph.ts'
import { lineageBelow } from './lineage.ts'
import {
  type Relative,
  countedFrom,
  onlyOne,
  refuseRange,
  relative,
  revisionAt,
  wrongWay,
} from './relative.ts'
import { branchOf, inBranch, nothing, resolveBranch, resolveRevision } from './resolve.ts'
import { tips } from './state.ts'
import { outOfRange, walk } from './walk.ts'

/** The ids to take back, with all that follows or depends on them. */
export interface DowngradeTarget {
  readonly from: readonly string[]
}

/**
 * What a downgrade takes back so that each target is reached and stays. A branch (`billing@base`, `billing@-1`) leaves the others
 * alone, but for what depends on it.
 * @param targets each `base`, an id, a prefix, a label, `-1`, `billing@-1`, `billing@base`, `8f2a-1`, …
 * @param state ids applied
 * @throws {AludelError} as `upgradeTargets`; NOT_ANCESTOR when nothing that is applied follows a target, BAD_DOWNGRADE_TARGET when
 *   nothing of the branch does
 */
export function downgradeTargets(
  graph: Graph,
  state: ReadonlySet<string>,
  targets: readonly string[],
): DowngradeTarget {
  const ends = targets.map((target) => downgradeEnd(graph, state, target))
  const from = ends.map((end, at) => takenBack(graph, state, end, targets[at] ?? ''))
  const stays =
    targets.length === 1
      ? new Set<string>()
      : ancestors(
          graph,
          ends.flatMap(({ to }) => to ?? []),
        )
  return { from: [...new Set(from.flat())].filter((id) => !stays.has(id)) }
}

/** The ids to downgrade, in order. */
export function downgradePath(
  graph: Graph,
  state: ReadonlySet<string>,
  { from }: DowngradeTarget,
): readonly string[] {
  const dropped = descendants(graph, from)
  return [...graph.revisions.keys()].filter((id) => dropped.has(id) && state.has(id)).reverse()
}

export interface DowngradeEnd {
  /** What stays; undefined: nothing. */
  readonly to: string | undefined
  /** The branch that alone is taken back; undefined: all. */
  readonly branch: string | undefined
}

/** @throws {AludelError} as `downgradeTargets`, but for its own */
export function downgradeEnd(graph: Graph, state: ReadonlySet<string>, target: string): DowngradeEnd {
  refuseRange(target, 'downgrade')
  const counted = relative(target)
  if (!counted) return namedEnd(graph, target)
  const { branch, symbol, steps } = counted
  if (symbol !== undefined) {
    const walked = countedFrom(graph, symbol, counted)
    return { to: steps > 0 ? revisionAt(walked, counted) : stopOf(walked, counted), branch }
  }
  if (steps >= 0) throw wrongWay('downgrade', counted)
  const at = onlyOne(graph, placesOf(graph, state, branch), counted)
  if (at === undefined) throw outOfRange(target, 'base', { possible: 0, instead: [] })
  return {
    to: stopOf(walk(graph, at, steps, { typed: (id) => `${at}@${id}` }), counted),
    branch: branch ?? at,
  }
}

function namedEnd(graph: Graph, target: string): DowngradeEnd {
  const { branch, name } = inBranch(target)
  // Without this a mistyped branch would take everything back where there is one base.
  if (branch !== undefined) resolveBranch(graph, branch)
  return { to: resolveRevision(graph, name), branch }
}

/** The end of a walk down; undefined: base. */
function stopOf(
  { id, left }: ReturnType<typeof walk>,
  { target, branch, steps }: Relative,
): string | undefined {
  const instead = [branch === undefined ? 'base' : `${branch}@base`]
  if (left > 0) throw outOfRange(target, 'base', { possible: -steps - left, instead })
  return id
}

/** Where the database is, of a branch or at all; a branch that others depend on is at what they need of it. */
function placesOf(graph: Graph, state: ReadonlySet<string>, branch: string | undefined): readonly string[] {
  const at = tips(graph, state)
  if (branch === undefined) return at
  const within = branchOf(graph, branch)
  const inside = at.filter(within)
  return inside.length > 0 ? inside : headsOf(graph, state).filter(within)
}

/** What follows the end of a downgrade, and goes first. */
function takenBack(
  graph: Graph,
  state: ReadonlySet<string>,
  { to, branch }: DowngradeEnd,
  target: string,
): readonly string[] {
  const next = to === undefined ? bases(graph) : (graph.children.get(to) ?? [])
  const from = branch === undefined || next.length <= 1 ? next : leadingTo(graph, branch, next, target)
  const isThere = to === undefined || tips(graph, state).includes(to)
  if (!isThere && downgradePath(graph, state, { from }).length === 0)
    throw notAncestor(graph, state, to, target)
  return from
}

/** Of several revisions that follow one those that lead to a branch. */
function leadingTo(graph: Graph, branch: string, next: readonly string[], target: string): readonly string[] {
  const below = lineageBelow(graph, [resolveBranch(graph, branch)])
  const chosen = next.filter((id) => below.has(id))
  if (chosen.length > 0) return chosen
  throw new AludelError(
    'BAD_DOWNGRADE_TARGET',
    `${target} takes nothing back: what follows it does not lead to '${branch}'.`,
    {
      state: nothing,
      fix: `\`aludel history -r ${branch}@base:${branch}@heads\` lists the branch; \`aludel current\` says what is applied.`,
      details: { target, branch },
    },
  )
}

function notAncestor(graph: Graph, state: ReadonlySet<string>, to: string, target: string): AludelError {
  const isApplied = state.has(to)
  const [parent = 'base'] = graph.revisions.get(to)?.downRevision ?? []
  const at = tips(graph, state)
  return new AludelError(
    'NOT_ANCESTOR',
    isApplied
      ? `Nothing that is applied follows ${to}, so nothing can go back to it.`
      : `Revision ${to} is not applied, so nothing can go back to it.`,
    {
      state: `${nothing} The database is at ${at.length === 0 ? 'base' : at.join(', ')}.`,
      fix: isApplied
        ? `\`aludel downgrade ${to}@${parent}\` takes ${to} back, with what depends on it.`
        : '`aludel current` shows what is applied; `aludel upgrade` goes forward.',
      details: { target, revision: to },
    },
  )
}
