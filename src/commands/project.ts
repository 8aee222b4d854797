/** What commands share: who calls them, and the project's graph. */
import type { Settings } from '../config.ts'
import type { RunEvent } from '../database/run-context.ts'
import type { Guard } from '../database/step.ts'
import type { StopPoint } from '../database/stop.ts'
import { type Graph, buildGraph } from '../graph/graph.ts'
import { type RevisionFile, readRevisions } from '../revision/read.ts'

/** What a command takes from outside as values. */
export interface Caller {
  readonly now: () => Date
  /** Who runs it, for the ledger: a git or CI name. */
  readonly actor: string
  /** aludel's own version. */
  readonly version: string
  readonly guard: Guard
  /** Called at each point; tests stop the process there. */
  readonly at: (point: StopPoint) => void
  readonly onEvent: (event: RunEvent) => void
}

/**
 * A folder that is not there is a fault: what runs revisions must not take it for an empty history.
 * @throws {AludelError} the faults of files and graph, before any connection
 */
export async function readGraph({
  migrations,
  root,
}: Pick<Settings, 'migrations' | 'root'>): Promise<Graph<RevisionFile>> {
  return buildGraph(await readRevisions(migrations, root))
}
