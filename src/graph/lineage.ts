/** Lineage: what follows what by `downRevision` alone, without dependencies; and the branch labels that go along with it. */
import { type Graph, ancestors, descendants, reach } from './graph.ts'

/** An id with all that it follows and all that follows it. */
export function lineage(graph: Graph, id: string): Set<string> {
  return new Set([...lineageBelow(graph, [id]), ...lineageAbove(graph, [id])])
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
  const [above, below] = [labelsAbove(graph), labelsBelow(graph)]
  const names = new Map<string, readonly string[]>()
  const known = new Map<Labels, Map<Labels, readonly string[]>>()
  for (const id of graph.revisions.keys()) {
    const [up, down] = [above.get(id) ?? none, below.get(id) ?? none]
    if (up.size + down.size === 0) continue
    const others = known.get(up) ?? new Map<Labels, readonly string[]>()
    const sorted = others.get(down) ?? [...union(up, down)].sort()
    known.set(up, others.set(down, sorted))
    names.set(id, sorted)
  }
  return names
}

/** Revisions that have the same labels share one set: with 200 labels on 5,000 revisions there would be a million entries. */
type Labels = ReadonlySet<string>

const none: Labels = new Set()

function union(one: Labels, other: Labels): Labels {
  if (other.size === 0 || one === other) return one
  return one.size === 0 ? other : new Set([...one, ...other])
}

/** The labels of each revision and of all that it follows. */
function labelsAbove(graph: Graph): ReadonlyMap<string, Labels> {
  const labels = new Map<string, Labels>()
  for (const { revision, downRevision, branchLabels } of graph.revisions.values()) {
    const sets = [new Set(branchLabels), ...downRevision.map((parent) => labels.get(parent) ?? none)]
    labels.set(revision, sets.reduceRight(union))
  }
  return labels
}

/** The labels that go down to each revision on a straight line, its own among them. */
function labelsBelow(graph: Graph): ReadonlyMap<string, Labels> {
  const labels = new Map<string, Labels>()
  const straight = new Set<string>()
  for (const { revision: id, branchLabels } of [...graph.revisions.values()].reverse()) {
    const children = graph.children.get(id) ?? []
    if (isJunction(graph, id) || !children.every((child) => straight.has(child))) continue
    straight.add(id)
    const sets = [new Set(branchLabels), ...children.map((child) => labels.get(child) ?? none)]
    labels.set(id, sets.reduceRight(union))
  }
  return labels
}

/** A merge point, or one that several revisions follow or depend on. */
function isJunction(graph: Graph, id: string): boolean {
  const next = new Set([...(graph.children.get(id) ?? []), ...(graph.dependents.get(id) ?? [])])
  return next.size > 1 || (graph.revisions.get(id)?.downRevision.length ?? 0) > 1
}
