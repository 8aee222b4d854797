/** What is applied, for commands that ask a database only where they are told to. */
import type { Settings } from '../config.ts'
import type { Graph } from '../graph/graph.ts'
import { tips } from '../graph/state.ts'
import type { RevisionFile } from '../revision/read.ts'
import type { Position } from './revision-info.ts'

/** Where the database is, whatever it has beside what the files have. Loads the driver only now. */
export async function askPosition(settings: Settings, graph: Graph<RevisionFile>): Promise<Position> {
  const { withDatabase } = await import('./database.ts')
  return withDatabase(settings, 'read', async ({ state }) => positionIn(graph, (await state()).applied))
}

/**
 * Where the database is.
 * @throws {AludelError} UNKNOWN_REVISION, DATABASE_AHEAD when that is not a revision of these files
 */
export async function askKnownPosition(settings: Settings, graph: Graph<RevisionFile>): Promise<Position> {
  const { withDatabase } = await import('./database.ts')
  const { verifyKnown } = await import('../database/integrity.ts')
  return withDatabase(settings, 'read', async (database) => {
    const state = await database.state()
    verifyKnown(graph, state, { ahead: false })
    return positionIn(graph, state.applied)
  })
}

function positionIn(graph: Graph, rows: ReadonlyMap<string, unknown>): Position {
  const applied = new Set(rows.keys())
  return { applied, current: new Set(tips(graph, applied)) }
}
