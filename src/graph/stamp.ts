/** What stamping makes of a state. */
import { type Graph, ancestors } from './graph.ts'
import { relatives } from './lineage.ts'
import { inBranch, resolveRevisions } from './resolve.ts'
import { tips } from './state.ts'

/**
 * The state after stamping: each target with all that it needs; of what was applied all that neither follows nor is followed by one,
 * dependencies included, with what it needs. `base` forgets everything, `billing@base` what belongs to that branch.
 * @throws {AludelError} as `resolveRevisions`
 */
export function stampState(
  graph: Graph,
  state: ReadonlySet<string>,
  targets: readonly string[],
): ReadonlySet<string> {
  const before = tips(graph, state)
  const gone = new Set<string>()
  const come: string[] = []
  for (const target of targets) {
    const ids = resolveRevisions(graph, target)
    const near = related(graph, before, target, ids)
    const known = new Set(before)
    const around = relatives(
      graph,
      ids.filter((id) => !known.has(id)),
    )
    const isForgotten = ids.length === 0 || near.some((id) => around.has(id))
    if (isForgotten) for (const id of near) gone.add(id)
    come.push(...ids)
  }
  return ancestors(graph, [...before.filter((id) => !gone.has(id)), ...come])
}

/** What a target moves of where the database is: what is related to it, or to the branch that it names. */
function related(
  graph: Graph,
  before: readonly string[],
  target: string,
  ids: readonly string[],
): readonly string[] {
  const { branch } = inBranch(target)
  const marks = [...ids, ...(branch === undefined ? [] : resolveRevisions(graph, branch))]
  if (marks.length === 0) return before
  const near = relatives(graph, marks)
  return before.filter((id) => near.has(id))
}
