/** What lists tell of a revision. */
import type { Graph } from '../graph/graph.ts'
import { branchNames } from '../graph/lineage.ts'
import { effectiveHeads } from '../graph/state.ts'
import type { RevisionFile } from '../revision/read.ts'

export interface RevisionInfo {
  readonly revision: string
  readonly downRevision: readonly string[]
  /** As written: ids and labels. */
  readonly dependsOn: readonly string[]
  /** Those that its own file gives. */
  readonly branchLabels: readonly string[]
  /** The labels of all branches that it is in. */
  readonly branchNames: readonly string[]
  /** Ids that directly follow it. */
  readonly children: readonly string[]
  readonly message: string
  readonly createdAt: string | null
  /** Absolute. */
  readonly path: string
  /** Nothing follows it. */
  readonly isHead: boolean
  /** Nothing follows it, but something depends on it, so that an upgrade to that brings it along. */
  readonly isEffectiveHead: boolean
  readonly isBase: boolean
  readonly isBranchPoint: boolean
  readonly isMergePoint: boolean
  /** Null when no database was asked. */
  readonly applied: boolean | null
  /** It is applied, and nothing that follows it or depends on it; null when no database was asked. */
  readonly isCurrent: boolean | null
}

/** What a database says, by id. */
export interface Position {
  readonly applied: ReadonlySet<string>
  readonly current: ReadonlySet<string>
}

/**
 * Tells of revisions, in the order of the ids; those that no file has are left out.
 * @param position left out: no database was asked
 */
export function describeRevisions(
  graph: Graph<RevisionFile>,
  ids: readonly string[],
  position?: Position,
): readonly RevisionInfo[] {
  const free = new Set(effectiveHeads(graph))
  const names = branchNames(graph)
  const found: RevisionInfo[] = []
  for (const id of ids) {
    const file = graph.revisions.get(id)
    if (!file) continue
    const children = graph.children.get(id) ?? none
    found.push({
      revision: id,
      downRevision: file.downRevision,
      dependsOn: file.dependsOn,
      branchLabels: file.branchLabels,
      branchNames: names.get(id) ?? none,
      children,
      message: file.message,
      createdAt: file.createdAt ?? null,
      path: file.path,
      isHead: children.length === 0,
      isEffectiveHead: children.length === 0 && !free.has(id),
      isBase: file.downRevision.length === 0,
      isBranchPoint: children.length > 1,
      isMergePoint: file.downRevision.length > 1,
      applied: position ? position.applied.has(id) : null,
      isCurrent: position ? position.current.has(id) : null,
    })
  }
  return found
}

const none: readonly string[] = []
