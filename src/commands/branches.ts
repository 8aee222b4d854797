import type { Settings } from '../config.ts'
import { branchPoints } from '../graph/lineage.ts'
import { readGraph } from './project.ts'
import { type RevisionInfo, describeRevisions } from './revision-info.ts'

export interface BranchPoint extends RevisionInfo {
  /** The first revision of each branch that begins here. */
  readonly branches: readonly RevisionInfo[]
}

/** The revisions that several others directly follow, newest first. */
export async function branches(settings: Settings): Promise<readonly BranchPoint[]> {
  const graph = await readGraph(settings)
  const points = describeRevisions(graph, branchPoints(graph).toReversed())
  return points.map((point) => ({ ...point, branches: describeRevisions(graph, point.children) }))
}
