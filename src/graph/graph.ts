/** The revision graph: which revisions exist and how they follow each other. Pure: no files, no database. */
import { circle } from './circle.ts'
import { refuseFaults } from './faults.ts'
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
  const { byId, copies } = index(revisions)
  const labels = indexLabels(byId.values())
  refuseFaults({ revisions: byId, copies, labels })
  const children = new Map<string, string[]>()
  const dependents = new Map<string, string[]>()
  for (const { revision, downRevision, dependsOn } of byId.values()) {
    for (const parent of unique(downRevision)) push(children, parent, revision)
    if (dependsOn.length === 0) continue
    const parents = new Set(downRevision)
    for (const id of new Set(dependsOn.map((name) => labels.get(name) ?? name)))
      if (!parents.has(id)) push(dependents, id, revision)
  }
  const before = (id: string): number => predecessorsOf(byId.get(id), labels).length
  const sorted = order([...byId.keys()], { before, children, dependents })
  if (sorted.length < byId.size) throw circle({ revisions: byId, children, labels }, sorted)
  const inOrder = new Map<string, R>()
  for (const id of sorted) {
    const revision = byId.get(id)
    if (revision) inOrder.set(id, revision)
  }
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

function reach(ids: Iterable<string>, next: (id: string) => readonly string[]): Set<string> {
  const found = new Set(ids)
  // A Set is walked in the order of insertion, with what is added on the way.
  for (const id of found) for (const other of next(id)) found.add(other)
  return found
}

function index<R extends Revision>(revisions: Iterable<R>) {
  const byId = new Map<string, R>()
  const copies: R[] = []
  let last: string | undefined
  for (const revision of [...revisions].sort(byIdAndFile)) {
    if (revision.revision === last) copies.push(revision)
    else byId.set(revision.revision, revision)
    last = revision.revision
  }
  return { byId, copies }
}

function indexLabels(revisions: Iterable<Revision>): Map<string, string> {
  const labels = new Map<string, string>()
  for (const { revision, branchLabels } of revisions)
    for (const label of branchLabels) if (!labels.has(label)) labels.set(label, revision)
  return labels
}

/** Nothing else about the files decides the order of anything. */
function byIdAndFile(a: Revision, b: Revision): number {
  return compare(a.revision, b.revision) || compare(a.path ?? '', b.path ?? '')
}

/** Most lists have one item at most. */
function unique(ids: readonly string[]): readonly string[] {
  return ids.length > 1 ? [...new Set(ids)] : ids
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

/** By code units, whatever the locale. */
function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
