import type { Settings } from '../config.ts'
import { type Edited, appliedHeads, editedRevisions, surplusOf } from '../database/integrity.ts'
import type { OpenStep } from '../database/rows.ts'
import { safe } from '../database/safe.ts'
import { heads, headsOf } from '../graph/graph.ts'
import { pendingIn } from '../graph/state.ts'
import { withDatabase } from './database.ts'
import { readGraph } from './project.ts'
import { type RevisionInfo, describeRevisions } from './revision-info.ts'

export interface CurrentResult {
  /** Ids that the database is at; empty at base. */
  readonly heads: readonly string[]
  /** How many are applied, and how many of the files are not. */
  readonly applied: number
  readonly pending: number
  /** Ids that the database has and no file. */
  readonly unknown: readonly string[]
  /** Those of them that follow what the files have: newer code applied them. Left out when there are none. */
  readonly ahead?: readonly string[]
  /** Ids whose file was changed after they were applied. */
  readonly edited: readonly string[]
  /** Of these the file, and the checksums of what was applied and of what it is now. Left out when there are none. */
  readonly edits?: readonly Edited[]
  /** Steps that were begun and not ended: runs that were cut short, or are at work now. Left out when there are none. */
  readonly halfDone?: readonly HalfDone[]
  /** Nothing pending, nothing unknown. */
  readonly atHead: boolean
}

export interface HalfDone {
  readonly revision: string
  readonly direction: 'upgrade' | 'downgrade'
  /** How many statements are committed, of how many are known. */
  readonly statement: number
  readonly statements: number
}

export interface CurrentDetails {
  readonly result: CurrentResult
  /** All about its heads, as far as there are files. */
  readonly revisions: readonly RevisionInfo[]
  /** Ids of the heads that the files have: where `upgrade heads` leads to. */
  readonly fileHeads: readonly string[]
}

/** Says where a database is. Changes nothing, creates nothing. */
export async function current(settings: Settings): Promise<CurrentResult> {
  return (await currentInDetail(settings)).result
}

export async function currentInDetail(settings: Settings): Promise<CurrentDetails> {
  const graph = await readGraph(settings)
  return withDatabase(settings, 'read', async (database) => {
    const state = await database.state()
    const { open } = state
    const { ahead, unknown } = surplusOf(graph, state)
    const edits = editedRevisions(graph, state)
    const applied = new Set(state.applied.keys())
    const at = headsOf(graph, applied)
    const pending = pendingIn(graph, applied).length
    const result: CurrentResult = {
      heads: appliedHeads(graph, state).map(safe),
      applied: applied.size,
      pending,
      unknown: [...unknown, ...ahead].sort().map(safe),
      ...(ahead.length === 0 ? {} : { ahead: ahead.map(safe) }),
      edited: edits.map(({ revision }) => revision),
      ...(edits.length === 0 ? {} : { edits }),
      ...(open.length === 0 ? {} : { halfDone: open.map(halfDone) }),
      atHead: pending === 0 && unknown.length === 0 && ahead.length === 0,
    }
    const revisions = describeRevisions(graph, at, { applied, current: new Set(at) })
    return { result, revisions, fileHeads: heads(graph) }
  })
}

function halfDone({ entry: { revision, direction, statement, statements } }: OpenStep): HalfDone {
  return { revision, direction: direction === 'downgrade' ? direction : 'upgrade', statement, statements }
}
