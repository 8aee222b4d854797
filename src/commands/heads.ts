import type { Settings } from '../config.ts'
import { heads as headsIn } from '../graph/graph.ts'
import { effectiveHeads } from '../graph/state.ts'
import { readGraph } from './project.ts'
import { type RevisionInfo, describeRevisions } from './revision-info.ts'

export interface HeadsOptions {
  /** Leaves out heads that another revision depends on; default false. */
  readonly resolveDependencies?: boolean
}

/** The revisions that nothing follows. */
export async function heads(
  settings: Settings,
  { resolveDependencies = false }: HeadsOptions = {},
): Promise<readonly RevisionInfo[]> {
  const graph = await readGraph(settings)
  return describeRevisions(graph, resolveDependencies ? effectiveHeads(graph) : headsIn(graph))
}
