/** The revisions that a person names to look at. */
import type { Settings } from '../config.ts'
import type { Graph } from '../graph/graph.ts'
import { namedIds } from '../graph/resolve.ts'
import type { RevisionFile } from '../revision/read.ts'
import { askKnownPosition } from './applied.ts'

/**
 * Ids, each once. Asks the database only for `current`.
 * @throws {AludelError} UNKNOWN_REVISION, AMBIGUOUS_PREFIX, MULTIPLE_HEADS and their like
 */
export async function namedRevisions(
  settings: Settings,
  graph: Graph<RevisionFile>,
  targets: readonly string[],
): Promise<readonly string[]> {
  // What needs no database is found out before it is connected to.
  const resolved = namedIds(graph, targets, [])
  if (!targets.includes('current')) return resolved
  const { current } = await askKnownPosition(settings, graph)
  return namedIds(graph, targets, [...current])
}
