import type { Settings } from '../config.ts'
import { editedRevisions, unknownRevisions } from '../database/integrity.ts'
import { headsOf } from '../graph/graph.ts'
import { readGraph, withDatabase } from './project.ts'

export interface CurrentResult {
  /** Ids that the database is at; empty at base. */
  readonly heads: readonly string[]
  /** How many are applied, and how many of the files are not. */
  readonly applied: number
  readonly pending: number
  /** Ids that the database has and no file. */
  readonly unknown: readonly string[]
  /** Ids whose file was changed after they were applied. */
  readonly edited: readonly string[]
  /** Nothing pending, nothing unknown. */
  readonly atHead: boolean
}

/** Says where a database is. Changes nothing, creates nothing. */
export async function current(settings: Settings): Promise<CurrentResult> {
  const graph = await readGraph(settings)
  return withDatabase(settings, 'read', async ({ connect, ledger }) => {
    const state = await ledger.read(await connect())
    const applied = new Set(state.applied.keys())
    const unknown = unknownRevisions(graph, state)
    // What an unknown revision follows is no head, though no file says so.
    const followed = new Set(unknown.flatMap((id) => state.applied.get(id)?.downRevision ?? []))
    const pending = [...graph.revisions.keys()].filter((id) => !applied.has(id)).length
    return {
      heads: headsOf(graph, applied).filter((id) => !followed.has(id)),
      applied: applied.size,
      pending,
      unknown,
      edited: editedRevisions(graph, state).map(({ revision }) => revision),
      atHead: pending === 0 && unknown.length === 0,
    }
  })
}
