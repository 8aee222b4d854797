/** The revision graph: which revisions exist and how they follow each other. Pure: no files, no database. */
import { AludelError } from '../errors.ts'

export interface Revision {
  readonly revision: string
  /** Ids it directly follows: none for a base, two or more for a merge. */
  readonly downRevision: readonly string[]
  /** Ids or branch labels that have to be applied first but are not its lineage. */
  readonly dependsOn: readonly string[]
  readonly branchLabels: readonly string[]
  /** Where it was read from, for messages. */
  readonly path?: string
}

export interface Graph<R extends Revision = Revision> {
  /** Every revision by id, each after all that it follows and depends on; the same files give the same order everywhere. */
  readonly revisions: ReadonlyMap<string, R>
  /** Ids that directly follow an id. */
  readonly children: ReadonlyMap<string, readonly string[]>
  /** Ids that depend on an id without following it. */
  readonly dependents: ReadonlyMap<string, readonly string[]>
  /** Revision id by branch label. */
  readonly labels: ReadonlyMap<string, string>
}

/** @throws {AludelError} DUPLICATE_REVISION, DUPLICATE_BRANCH_LABEL, SELF_LOOP, MISSING_REFERENCED_REVISION, CYCLE */
export function buildGraph<R extends Revision>(revisions: Iterable<R>): Graph<R> {
  const byId = index(revisions)
  const labels = indexLabels(byId.values())
  const children = new Map<string, string[]>()
  const dependents = new Map<string, string[]>()
  for (const revision of byId.values()) {
    for (const parent of revision.downRevision) {
      refer(revision, parent, byId, 'follows')
      push(children, parent, revision.revision)
    }
    for (const named of revision.dependsOn) {
      const id = labels.get(named) ?? named
      refer(revision, id, byId, 'depends on')
      push(dependents, id, revision.revision)
    }
  }
  return { revisions: sort(byId, labels, children, dependents), children, dependents, labels }
}

/** Ids that a revision follows or depends on, labels resolved. */
export function predecessors(graph: Graph, id: string): readonly string[] {
  const revision = graph.revisions.get(id)
  if (!revision) return []
  if (revision.dependsOn.length === 0) return revision.downRevision
  return [...new Set([...revision.downRevision, ...dependencies(graph, revision)])]
}

/** Ids that a revision depends on, labels resolved. */
function dependencies(graph: Graph, revision: Revision): readonly string[] {
  return revision.dependsOn.map((named) => graph.labels.get(named) ?? named)
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

function index<R extends Revision>(revisions: Iterable<R>): Map<string, R> {
  const byId = new Map<string, R>()
  for (const revision of [...revisions].sort((a, b) => compare(a.revision, b.revision))) {
    const other = byId.get(revision.revision)
    if (other) {
      throw new AludelError(
        'DUPLICATE_REVISION',
        `Two files have the revision id ${revision.revision}: ${named(other)} and ${named(revision)}.`,
        {
          fix: 'Give one of them another id (file name, `revision`, and the `downRevision` of what follows it).',
          details: { revision: revision.revision, files: [other.path, revision.path] },
        },
      )
    }
    byId.set(revision.revision, revision)
  }
  return byId
}

function indexLabels(revisions: Iterable<Revision>): Map<string, string> {
  const labels = new Map<string, string>()
  const ids = [...revisions]
  const taken = new Set(ids.map((r) => r.revision))
  for (const revision of ids) {
    for (const label of revision.branchLabels) {
      const other = labels.get(label)
      if (other !== undefined || taken.has(label)) {
        throw new AludelError(
          'DUPLICATE_BRANCH_LABEL',
          `Branch label ${label} of ${named(revision)} is already used by revision ${other ?? label}.`,
          { fix: 'Take the label out of one of the two.', details: { label, revision: revision.revision } },
        )
      }
      labels.set(label, revision.revision)
    }
  }
  return labels
}

function refer(from: Revision, to: string, byId: ReadonlyMap<string, Revision>, how: string): void {
  if (to === from.revision) {
    throw new AludelError('SELF_LOOP', `Revision ${named(from)} ${how} itself.`, {
      fix: 'Correct its `downRevision` or `dependsOn`.',
      details: { revision: from.revision },
    })
  }
  if (!byId.has(to)) {
    throw new AludelError(
      'MISSING_REFERENCED_REVISION',
      `Revision ${named(from)} ${how} ${to}, which is in no file.`,
      {
        fix: `Put the file of ${to} back (git log --all -- '*${to}*' finds it), or correct ${from.path ?? from.revision}.`,
        details: { revision: from.revision, missing: to },
      },
    )
  }
}

/** Kahn's algorithm; among what is ready the file order (by id) of first discovery decides, so that it is the same everywhere. */
function sort<R extends Revision>(
  byId: ReadonlyMap<string, R>,
  labels: ReadonlyMap<string, string>,
  children: ReadonlyMap<string, readonly string[]>,
  dependents: ReadonlyMap<string, readonly string[]>,
): Map<string, R> {
  const waiting = new Map<string, number>()
  for (const { revision, downRevision, dependsOn } of byId.values()) {
    const before = new Set([...downRevision, ...dependsOn.map((name) => labels.get(name) ?? name)])
    waiting.set(revision, before.size)
  }
  const sorted = new Map<string, R>()
  const ready = [...byId.keys()].filter((id) => waiting.get(id) === 0)
  for (const id of ready) {
    const revision = byId.get(id)
    if (revision) sorted.set(id, revision)
    for (const next of new Set([...(children.get(id) ?? []), ...(dependents.get(id) ?? [])])) {
      const left = (waiting.get(next) ?? 0) - 1
      waiting.set(next, left)
      if (left === 0) ready.push(next)
    }
  }
  if (sorted.size < byId.size) throw cycle(byId, labels, sorted)
  return sorted
}

/** Walks back from any revision that could not be sorted until one comes twice. */
function cycle(
  byId: ReadonlyMap<string, Revision>,
  labels: ReadonlyMap<string, string>,
  sorted: ReadonlyMap<string, Revision>,
): AludelError {
  const path: string[] = []
  let at = [...byId.keys()].find((id) => !sorted.has(id))
  while (at !== undefined && !path.includes(at)) {
    path.push(at)
    const revision = byId.get(at)
    const before: readonly string[] = revision ? [...revision.downRevision, ...revision.dependsOn] : []
    at = before.map((name) => labels.get(name) ?? name).find((id) => !sorted.has(id))
  }
  const loop = at === undefined ? path : [...path.slice(path.indexOf(at)), at]
  return new AludelError('CYCLE', `The revisions follow each other in a circle: ${loop.join(' -> ')}.`, {
    fix: `Correct \`downRevision\` or \`dependsOn\` of one of them: ${[...new Set(loop)].map((id) => byId.get(id)?.path ?? id).join(', ')}.`,
    details: { cycle: loop, files: loop.map((id) => byId.get(id)?.path) },
  })
}

function named(revision: Revision): string {
  return revision.path ?? revision.revision
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (list) list.push(value)
  else map.set(key, [value])
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
