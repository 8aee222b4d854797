/** Lineage: what follows what by `downRevision` alone, without dependencies; and the branch labels that go along with it. */
import { type Graph, ancestors, descendants } from './graph.ts'

/** An id with all that it follows and all that follows it. */
export function lineage(graph: Graph, id: string): Set<string> {
  const parents = (each: string): readonly string[] => graph.revisions.get(each)?.downRevision ?? []
  const children = (each: string): readonly string[] => graph.children.get(each) ?? []
  return new Set([...reach([id], parents), ...reach([id], children)])
}

/** The given ids with all that they need and all that needs one of them: dependencies too. */
export function relatives(graph: Graph, ids: readonly string[]): Set<string> {
  return new Set([...ancestors(graph, ids), ...descendants(graph, ids)])
}

/** The given ids and all that they follow. */
export function lineageBelow(graph: Graph, ids: Iterable<string>): Set<string> {
  return reach(ids, (id) => graph.revisions.get(id)?.downRevision ?? [])
}

/** The given ids and all that follow them. */
export function lineageAbove(graph: Graph, ids: Iterable<string>): Set<string> {
  return reach(ids, (id) => graph.children.get(id) ?? [])
}

/** Ids that several revisions follow, in the graph's order. */
export function branchPoints(graph: Graph): readonly string[] {
  return [...graph.revisions.keys()].filter((id) => (graph.children.get(id) ?? []).length > 1)
}

/**
 * The labels of each revision, sorted; revisions without any are left out. A label is that of all that follow its revision, and of
 * what the revision follows, up to the next branch or merge point, when no branch or merge point follows it. Alembic's rule.
 */
export function branchNames(graph: Graph): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, Set<string>>()
  for (const [label, id] of graph.labels) {
    const above = lineageAbove(graph, [id])
    const marked = [...above].some((each) => isJunction(graph, each))
      ? above
      : [...above, ...straightBelow(graph, id)]
    for (const each of marked) names.set(each, (names.get(each) ?? new Set()).add(label))
  }
  return new Map([...names].map(([id, labels]) => [id, [...labels].sort()]))
}

/** What an id follows, down to the next branch or merge point, without it. */
function straightBelow(graph: Graph, id: string): readonly string[] {
  const below: string[] = []
  for (let at = graph.revisions.get(id)?.downRevision[0]; at !== undefined;) {
    if (isJunction(graph, at)) break
    below.push(at)
    at = graph.revisions.get(at)?.downRevision[0]
  }
  return below
}

/** A merge point, or one that several revisions follow or depend on. */
function isJunction(graph: Graph, id: string): boolean {
  const next = new Set([...(graph.children.get(id) ?? []), ...(graph.dependents.get(id) ?? [])])
  return next.size > 1 || (graph.revisions.get(id)?.downRevision.length ?? 0) > 1
}

function reach(ids: Iterable<string>, next: (id: string) => readonly string[]): Set<string> {
  const found = new Set(ids)
  for (const id of found) for (const other of next(id)) found.add(other)
  return found
}
