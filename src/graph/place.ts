/** Where a new revision goes. */
import { AludelError } from '../errors.ts'
import { type Graph, heads } from './graph.ts'
import { branchNames, lineageAbove } from './lineage.ts'
import { nothing, resolveRevision, resolveRevisions, severalHeads } from './resolve.ts'

/** What the header of a new revision says of its place. */
export interface Place {
  readonly downRevision: readonly string[]
  readonly branchLabels: readonly string[]
  /** Ids and labels: a label that was typed stays one. */
  readonly dependsOn: readonly string[]
}

export interface PlaceRequest {
  /** What it follows, as typed: `head` (default), `heads` (a merge), `base` (a new base), an id, a prefix, `billing@head`, … */
  readonly head?: string | undefined
  /** May follow what others follow already; then a branch begins there. */
  readonly splice: boolean
  readonly branchLabels: readonly string[]
  /** As typed. */
  readonly dependsOn: readonly string[]
}

/**
 * Where a revision goes that follows one, several or none.
 * @throws {AludelError} MULTIPLE_HEADS, NOT_A_HEAD, REVISION_EXISTS, DUPLICATE_BRANCH_LABEL, and as `resolveRevisions`
 */
export function placeRevision(
  graph: Graph,
  revision: string,
  { head, splice, branchLabels, dependsOn }: PlaceRequest,
): Place {
  const all = heads(graph)
  if (head === undefined && all.length > 1) {
    const options = all.slice(0, 5).map((id) => `\`--head ${id}\``)
    const how = `Say which one the new revision follows: ${options.join(', or ')}.`
    throw severalHeads(graph, all, { target: 'head', how })
  }
  const downRevision = parentsOf(graph, head ?? 'head')
  return place(graph, revision, { downRevision, splice, branchLabels, dependsOn })
}

export interface MergeRequest {
  /** What it joins, as typed; none: all heads. */
  readonly revisions: readonly string[]
  readonly splice: boolean
  readonly branchLabels: readonly string[]
}

/**
 * Where a revision goes that joins others.
 * @throws {AludelError} as `placeRevision`; DUPLICATE_HEADS when one is named twice
 */
export function placeMerge(
  graph: Graph,
  revision: string,
  { revisions, splice, branchLabels }: MergeRequest,
): Place {
  const named = revisions.length === 0 ? ['heads'] : revisions
  const downRevision = named.flatMap((text) => parentsOf(graph, text))
  const twice = downRevision.find((id, at) => downRevision.indexOf(id) !== at)
  if (twice !== undefined) {
    throw new AludelError('DUPLICATE_HEADS', `Revision ${twice} is named twice.`, {
      state: 'Nothing was written.',
      fix: 'Name each revision once: `aludel merge heads` takes all heads.',
      details: { revision: twice, revisions: named },
    })
  }
  return place(graph, revision, { downRevision, splice, branchLabels, dependsOn: [] })
}

/** In the order of their files where a text names several, as Alembic writes them. */
function parentsOf(graph: Graph, text: string): readonly string[] {
  const file = (id: string): string => graph.revisions.get(id)?.path ?? id
  return resolveRevisions(graph, text).toSorted((a, b) => (file(a) < file(b) ? -1 : 1))
}

interface Wanted extends Omit<PlaceRequest, 'head'> {
  readonly downRevision: readonly string[]
}

function place(graph: Graph, revision: string, wanted: Wanted): Place {
  const { downRevision, splice, branchLabels } = wanted
  checkFree(graph, revision)
  for (const id of downRevision) if (!splice) checkHead(graph, id)
  const names = wanted.dependsOn.length === 0 ? undefined : branchNames(graph)
  const dependsOn = wanted.dependsOn.map((text) => {
    const id = dependency(graph, text)
    return names?.get(id)?.includes(text) ? text : id
  })
  for (const [at, label] of branchLabels.entries()) {
    const other = graph.labels.get(label) ?? graph.revisions.get(label)?.revision
    if (other !== undefined) throw labelTaken(graph, label, other)
    if (label === revision) throw labelRefused(label, `is the id of the new revision`)
    if (branchLabels.indexOf(label) !== at) throw labelRefused(label, 'is given twice')
  }
  return { downRevision, branchLabels, dependsOn }
}

function checkFree(graph: Graph, revision: string): void {
  const file = graph.revisions.get(revision)
  const labelled = graph.labels.get(revision)
  if (labelled !== undefined) throw idIsLabel(graph, revision, labelled)
  if (file) throw revisionExists(revision, file.path)
}

/** @param path where it is known */
export function revisionExists(revision: string, path: string | undefined): AludelError {
  return new AludelError('REVISION_EXISTS', `Revision ${revision} is there already: ${path ?? revision}.`, {
    state: 'Nothing was written.',
    fix: 'Choose another --rev-id, or leave it out.',
    details: { revision, path },
  })
}

function idIsLabel(graph: Graph, revision: string, of: string): AludelError {
  const file = graph.revisions.get(of)?.path
  return new AludelError('DUPLICATE_BRANCH_LABEL', `${revision} is the branch label of ${file ?? of}.`, {
    state: 'Nothing was written.',
    fix: 'Choose another --rev-id, or leave it out.',
    details: { label: revision, revision: of },
    exitCode: 2,
  })
}

function checkHead(graph: Graph, id: string): void {
  const followers = graph.children.get(id)
  if (!followers) return
  const above = [...lineageAbove(graph, [id])].filter((each) => !graph.children.has(each))
  const named = above.slice(0, 5).map((each) => `\`${each}\``)
  const follow = followers.length === 1 ? 'follows' : 'follow'
  throw new AludelError('NOT_A_HEAD', `Revision ${id} is not a head: ${followers.join(', ')} ${follow} it.`, {
    state: 'Nothing was written.',
    fix: `Name the head that is above it (${named.join(', or ')}), or add \`--splice\` to begin a branch there.`,
    details: { revision: id, followers, instead: above },
  })
}

function dependency(graph: Graph, text: string): string {
  const id = resolveRevision(graph, text)
  if (id === undefined) {
    throw new AludelError('UNKNOWN_REVISION', `Nothing can depend on '${text}': it names no revision.`, {
      state: nothing,
      fix: 'Name a revision or a branch label.',
      details: { target: text },
      exitCode: 2,
    })
  }
  return id
}

function labelTaken(graph: Graph, label: string, by: string): AludelError {
  const file = graph.revisions.get(by)?.path
  const how = label === by ? 'is the id of a revision' : `is already used by revision ${by}`
  return labelRefused(label, `${how}${file === undefined ? '' : ` (${file})`}`, by)
}

function labelRefused(label: string, how: string, by?: string): AludelError {
  return new AludelError('DUPLICATE_BRANCH_LABEL', `Branch label ${label} ${how}.`, {
    state: 'Nothing was written.',
    fix: 'Choose another label.',
    details: { label, ...(by === undefined ? {} : { revision: by }) },
    exitCode: 2,
  })
}
