/** Whether entities, history and database agree, and which of them is off. */
import type { Settings } from '../config.ts'
import { verifyState } from '../database/integrity.ts'
import type { Graph } from '../graph/graph.ts'
import { pendingIn } from '../graph/state.ts'
import type { RevisionFile } from '../revision/read.ts'
import { filterSchema } from '../schema/filter.ts'
import { type Schema, emptySchema } from '../schema/schema.ts'
import { builtHistory } from './built-history.ts'
import { type Comparison, compare } from './compare.ts'
import { type Database, withDatabase } from './database.ts'
import { drift } from './drift.ts'
import { historySchema } from './history-schema.ts'
import { withMaking } from './other-objects.ts'
import { readGraph } from './project.ts'
import { recordAgrees } from './record-agrees.ts'
import { type Difference, type Ways, driftDifferences, threeWays, way } from './three-ways.ts'
import { whyUnbuilt } from './unbuilt.ts'

export interface CheckOptions {
  /** Lets revisions pass that only newer code has; default false. */
  readonly allowAhead?: boolean
  /** Compares the database with what its applied revisions make, and reads no entities; default false. */
  readonly drift?: boolean
}

export interface CheckResult {
  /** Nothing differs, and nothing is pending: of that `drift` asks nothing. */
  readonly ok: boolean
  /** Ids that are not applied. */
  readonly pending: readonly string[]
  readonly differences: readonly Difference[]
  readonly unmanaged: Comparison['unmanaged']
  /** Why what the history makes is not known, where it was asked for. */
  readonly unbuilt?: string
}

/**
 * Compares entities, history and database. Changes nothing.
 * @throws {AludelError} UNKNOWN_REVISION, DATABASE_AHEAD, EDITED_REVISION, and the faults of graph, entities and database; with `drift` also
 *   NOT_BUILT, SCRATCH_UNAVAILABLE, NOT_SUPPORTED
 */
export async function check(
  settings: Settings,
  { allowAhead = false, drift: isDrift = false }: CheckOptions = {},
): Promise<CheckResult> {
  const graph = await readGraph(settings)
  return withDatabase(settings, 'read', async (database) => {
    const state = await database.state()
    verifyState(graph, state, { edited: false, ahead: allowAhead })
    const pending = pendingIn(graph, state.applied)
    const files = [...graph.revisions.values()]
    const applied = files.filter(({ revision }) => state.applied.has(revision))
    if (isDrift) {
      const { operations, unmanaged } = await drift(settings, database, applied)
      const differences = driftDifferences(operations)
      return { ok: differences.length === 0, pending, differences, unmanaged }
    }
    // What the database has that a pending revision drops is still ours.
    const past = { ...graph, revisions: new Map(applied.map((file) => [file.revision, file])) }
    const compared = await compare(settings, database, past, { fromEmpty: false, renames: [] })
    const { unmanaged, upgrade, sides } = compared
    const isAsked = upgrade.length > 0 || !(await agrees(settings, database, past, sides.wanted))
    const stages = [applied, files.filter(({ revision }) => !state.applied.has(revision))]
    const built = isAsked ? await attempt(() => builtHistory(settings, database, stages)) : []
    const differences = threeWays({ wanted: upgrade, ...waysOf(settings, database, sides, built) })
    return {
      ok: pending.length === 0 && differences.length === 0,
      pending,
      differences,
      unmanaged,
      ...(typeof built === 'string' ? { unbuilt: built } : {}),
    }
  })
}

/** By the record alone: to build the history takes time. */
async function agrees(
  settings: Settings,
  { dialect }: Database,
  graph: Graph<RevisionFile>,
  wanted: Schema,
): Promise<boolean> {
  const { schema, ...history } = await historySchema(dialect, graph.revisions.values())
  return recordAgrees({ ...history, schema: looked(settings, dialect, schema) }, wanted)
}

function waysOf(
  settings: Settings,
  { dialect }: Database,
  { wanted, ours }: Comparison['sides'],
  built: readonly Schema[] | string,
): Omit<Ways, 'wanted'> {
  if (typeof built === 'string') return { made: undefined, missing: undefined, missingNow: undefined }
  const { capabilities } = dialect
  const [past = emptySchema, all = emptySchema] = built.map((schema) => looked(settings, dialect, schema))
  return built.length === 0
    ? { made: [], missing: [], missingNow: [] }
    : {
        made: way(ours, withMaking(past, wanted), capabilities),
        missing: way(all, wanted, capabilities),
        missingNow: way(past, wanted, capabilities),
      }
}

function looked({ filter }: Settings, { capabilities }: Database['dialect'], schema: Schema): Schema {
  return filterSchema(schema, filter, { side: 'database', qualified: capabilities.schemas ?? false })
}

/** A history that cannot be built says less, and ends nothing: then it is why. */
async function attempt(build: () => Promise<readonly Schema[]>): Promise<readonly Schema[] | string> {
  try {
    return await build()
  } catch (error) {
    const why = await whyUnbuilt(error)
    if (why === undefined) throw error
    return why
  }
}
