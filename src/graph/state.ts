/** The state of a database: the set of applied ids, and its ends. */
import { type Graph, heads } from './graph.ts'

/** The ids of a state that nothing else in it follows or depends on, in the graph's order; ids in no file are left out. */
export function tips(graph: Graph, state: ReadonlySet<string>): readonly string[] {
  const needed = (id: string): boolean =>
    (graph.children.get(id) ?? []).some((each) => state.has(each)) ||
    (graph.dependents.get(id) ?? []).some((each) => state.has(each))
  // A state is often nearly all of the graph or nearly none of it.
  return [...graph.revisions.keys()].filter((id) => state.has(id) && !needed(id))
}

/** The ids that a state lacks, in the graph's order. Without any it has every head, as who has a head has all that it needs. */
export function pendingIn(graph: Graph, state: Pick<ReadonlySet<string>, 'has'>): readonly string[] {
  return [...graph.revisions.keys()].filter((id) => !state.has(id))
}

/** Heads that nothing depends on either: applying them applies everything. */
export function effectiveHeads(graph: Graph): readonly string[] {
  return heads(graph).filter((id) => !graph.dependents.has(id))
}
