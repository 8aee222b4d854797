import type { Settings } from '../config.ts'
import { historyRange, mentionsCurrent } from '../graph/range.ts'
import { askKnownPosition, askPosition } from './applied.ts'
import { readGraph } from './project.ts'
import { type RevisionInfo, describeRevisions } from './revision-info.ts'

export interface HistoryOptions {
  /** `a:b`, `:b`, `a:`, where `current` is where the database is; default everything. */
  readonly range: string | undefined
  /** Tells of each revision whether it is applied. */
  readonly indicateCurrent: boolean
}

/**
 * The revisions, newest first. Asks no database unless `indicateCurrent` or a range with `current` wants it.
 * @throws {AludelError} BAD_RANGE, NOT_ANCESTOR, UNKNOWN_REVISION and their like
 */
export async function history(
  settings: Settings,
  { range, indicateCurrent }: HistoryOptions,
): Promise<readonly RevisionInfo[]> {
  const graph = await readGraph(settings)
  const counts = range !== undefined && mentionsCurrent(range)
  const ask = counts ? askKnownPosition : indicateCurrent ? askPosition : undefined
  const position = await ask?.(settings, graph)
  const ids = historyRange(graph, range, position?.applied)
  return describeRevisions(graph, ids, indicateCurrent ? position : undefined)
}
