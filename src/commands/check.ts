import type { Settings } from '../config.ts'
import { verifyState } from '../database/integrity.ts'
import { objectOf } from '../operations/describe.ts'
import type { Operation } from '../operations/operation.ts'
import { type Comparison, compare } from './compare.ts'
import { withDatabase } from './database.ts'
import { readGraph } from './project.ts'

export interface CheckResult {
  /** Nothing is pending and nothing differs. */
  readonly ok: boolean
  /** Ids that are not applied. */
  readonly pending: readonly string[]
  readonly differences: readonly {
    readonly kind: Operation['kind']
    /** `users.email` */
    readonly object: string
    readonly between: readonly ['entities', 'database']
    /** What would make the database what the entities want. */
    readonly operation: Operation
  }[]
  readonly unmanaged: Comparison['unmanaged']
}

/**
 * Compares entities, history and database. Changes nothing.
 * @param options.allowAhead lets revisions pass that only newer code has
 * @throws {AludelError} UNKNOWN_REVISION, DATABASE_AHEAD, EDITED_REVISION, and the faults of graph, entities and database
 */
export async function check(
  settings: Settings,
  { allowAhead = false }: { readonly allowAhead?: boolean } = {},
): Promise<CheckResult> {
  const graph = await readGraph(settings)
  return withDatabase(settings, 'read', async (database) => {
    const state = await database.state()
    verifyState(graph, state, { edited: false, ahead: allowAhead })
    const pending = [...graph.revisions.keys()].filter((id) => !state.applied.has(id))
    const { upgrade, unmanaged } = await compare(settings, database, graph, { fromEmpty: false, renames: [] })
    const differences = upgrade.map((operation) => ({
      kind: operation.kind,
      object: objectOf(operation),
      between: ['entities', 'database'] as const,
      operation,
    }))
    return { ok: pending.length === 0 && differences.length === 0, pending, differences, unmanaged }
  })
}
