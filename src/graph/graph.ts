/** The revision graph: which revisions exist and how they follow each other. Pure: no files, no database. */
import { circle } from './circle.ts'
import { refuseFaults } from './faults.ts'
import { byId, linksOf, unique } from './links.ts'
import { order } from './order.ts'
import type { Revision } from './revision.ts'

export type { Revision } from './revision.ts'

export interface Graph<R extends Revision = Revision> {
  /** Every revision by id, each after all that it follows and depends on; the same files give the same order everywhere. */
  readonly revisions: ReadonlyMap<string, R>
  /** Ids that directly follow an id, sorted. */
  readonly children: ReadonlyMap<string, readonly string[]>
  /** Ids that depend on an id without following it, sorted. */
  readonly dependents: ReadonlyMap<string, readonly string[]>
  /** Revision id by branch label. */
  readonly labels: ReadonlyMap<string, string>
}

/**
 * It makes the graph, or tells what is wrong with the files.
 * @throws {AludelError} SELF_LOOP, DEPENDENCY_SELF_LOOP, DUPLICATE_REVISION, DUPLICATE_BRANCH_LABEL, MISSING_REFERENCED_REVISION,
 * CYCLE, DEPENDENCY_CYCLE
 */
export function buildGraph<R extends Revision>(revisions: Iterable<R>): Graph<R> {
  const files = [...revisions]
  const numbers = new Map<string, number>()
  const labels = new Map<string, string>()
  for (const { revision, branchLabels } of files) {
    numbers.set(revision, numbers.size)
    for (const label of branchLabels) labels.set(label, revision)
  }
  const { links, isWhole } = linksOf({ files, numbers, labels })
  if (!isWhole || numbers.size < files.length || labels.size > 0) refuseFaults(files)
  const sorted = order(links, byId(files))
  if (sorted.length < files.length) throw circle({ files, labels, links }, sorted)
  const inOrder = new Map<string, R>()
  for (const at of sorted) {
    const file = files[at]
    if (file) inOrder.set(file.revision, file)
  }
  const [children, dependents] = [idsOf(files, links.children), idsOf(files, links.dependents)]
  return { revisions: inOrder, children, dependents, labels }
}

/** Ids that a revision follows or depends on, each once, labels resolved. */
export function predecessors(graph: Graph, id: string): readonly string[] {
  return predecessorsOf(graph.revisions.get(id), graph.labels)
}

function predecessorsOf(
  revision: Revision | undefined,
  labels: ReadonlyMap<string, string>,
): readonly string[] {
  if (!revision) return []
  const { downRevision, dependsOn } = revision
  if (dependsOn.length === 0) return unique(downRevision)
  return unique([...downRevision, ...dependsOn.map((name) => labels.get(name) ?? name)])
}

/** Ids that nothing follows, in the graph's order. */
export function heads(graph: Graph): readonly string[] {
  return [...graph.revisions.keys()].filter((id) => !graph.children.has(id))
}

/** Ids that follow nothing, in the graph's order. */
export function bases(graph: Graph): readonly string[] {
  return [...graph.revisions.values()].filter((r) => r.downRevision.length === 0).map((r) => r.revision)
}

/** The given ids and all that they follow or depend on. */
export function ancestors(graph: Graph, ids: Iterable<string>): Set<string> {
  return reach(ids, (id) => predecessors(graph, id))
}

/** The given ids and all that follow or depend on them. */
export function descendants(graph: Graph, ids: Iterable<string>): Set<string> {
  return reach(ids, (id) => [...(graph.children.get(id) ?? []), ...(graph.dependents.get(id) ?? [])])
}

/** The ids of a state that nothing else in the state follows, in the graph's order. Ids in no file are heads of their own, last. */
export function headsOf(graph: Graph, state: ReadonlySet<string>): readonly string[] {
  const known = [...graph.revisions.keys()].filter(
    (id) => state.has(id) && !(graph.children.get(id) ?? []).some((child) => state.has(child)),
  )
  return [...known, ...[...state].filter((id) => !graph.revisions.has(id)).sort()]
}

/** The given ids and all that is reached from them, step by step. */
export function reach(ids: Iterable<string>, next: (id: string) => readonly string[]): Set<string> {
  const found = new Set(ids)
  // A Set is walked in the order of insertion, with what is added on the way.
  for (const id of found) for (const other of next(id)) found.add(other)
  return found
}

/** Lists by number as lists by id; the empty ones are left out. */
function idsOf(
  files: readonly Revision[],
  lists: readonly (readonly number[])[],
): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  const id = (at: number): string => files[at]?.revision ?? ''
  for (let at = 0; at < lists.length; at++) {
    const list = lists[at] ?? []
    if (list.length > 0) found.set(id(at), list.map(id))
  }
  return found
}
