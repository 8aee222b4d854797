import type { Settings } from '../config.ts'
import { namedRevisions } from './named.ts'
import { readGraph } from './project.ts'
import { type RevisionInfo, describeRevisions } from './revision-info.ts'

/**
 * The revisions that targets name, where `current` is what the database has.
 * @throws {AludelError} UNKNOWN_REVISION, AMBIGUOUS_PREFIX, MULTIPLE_HEADS and their like
 */
export async function show(settings: Settings, targets: readonly string[]): Promise<readonly RevisionInfo[]> {
  const graph = await readGraph(settings)
  return describeRevisions(graph, await namedRevisions(settings, graph, targets))
}
