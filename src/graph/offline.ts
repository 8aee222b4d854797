/** Plans that no database is asked for: the range says where they start. */
import { AludelError } from '../errors.ts'
import { downgradePath, downgradeTargets } from './downgrade.ts'
import { type Graph, ancestors } from './graph.ts'
import { ends } from './range.ts'
import { nothing, resolveRevision, resolveRevisions } from './resolve.ts'
import { stampState } from './stamp.ts'
import { upgradePath, upgradeTargets } from './upgrade.ts'

/** A way from one state to another that no database was asked about. */
export interface OfflinePlan {
  /** Ids taken to be applied before. */
  readonly start: ReadonlySet<string>
  /** Ids to run, in order. */
  readonly steps: readonly string[]
}

/**
 * The plan of `upgrade a:b --sql`; without `a` from base, without `b` to the heads.
 * @throws {AludelError} BAD_RANGE; as `upgradeTargets`
 */
export function upgradeRange(graph: Graph, text: string): OfflinePlan {
  const { from, to } = text.includes(':') ? ends(text) : { from: '', to: text }
  const start = stateOf(graph, from || 'base')
  return { start, steps: upgradePath(graph, start, upgradeTargets(graph, start, [to || 'heads'])) }
}

/**
 * The plan of `downgrade a:b --sql`; `:b` starts at the heads, `a:` ends at base.
 * @throws {AludelError} SQL_NEEDS_RANGE without a colon; BAD_RANGE; as `downgradeTargets`
 */
export function downgradeRange(graph: Graph, text: string): OfflinePlan {
  if (!text.includes(':')) {
    throw new AludelError(
      'SQL_NEEDS_RANGE',
      `downgrade --sql needs to be told where it starts: ${text} is no range.`,
      {
        state: nothing,
        fix: `\`aludel downgrade heads:${text} --sql\`.`,
        details: { target: text },
      },
    )
  }
  const { from, to } = ends(text)
  const start = stateOf(graph, from || 'heads')
  return { start, steps: downgradePath(graph, start, downgradeTargets(graph, start, [to || 'base'])) }
}

/**
 * What `stamp --sql` starts from and makes of it; each target may be `a:b`, all with the same `a`.
 * @throws {AludelError} SQL_SINGLE_START; BAD_RANGE; as `stampState`
 */
export function stampRange(
  graph: Graph,
  targets: readonly string[],
): { readonly start: ReadonlySet<string>; readonly after: ReadonlySet<string> } {
  const ranges = targets.map((target) =>
    target.includes(':') ? ends(target) : { from: undefined, to: target },
  )
  const [start, another] = new Set(ranges.flatMap(({ from }) => from ?? []))
  if (another !== undefined) {
    throw new AludelError(
      'SQL_SINGLE_START',
      `stamp --sql starts from one place, not from ${start} and ${another}.`,
      {
        state: nothing,
        fix: 'Give every target the same start, or print one script for each.',
        details: { targets },
      },
    )
  }
  const before = start === undefined ? new Set<string>() : stateOf(graph, start)
  return {
    start: before,
    after: stampState(
      graph,
      before,
      ranges.map(({ to }) => to),
    ),
  }
}

/** Everything that is applied in a database that is at a target. */
function stateOf(graph: Graph, target: string): ReadonlySet<string> {
  if (target === 'heads') return ancestors(graph, resolveRevisions(graph, target))
  const id = resolveRevision(graph, target)
  return ancestors(graph, id === undefined ? [] : [id])
}
