import type { Settings } from '../config.ts'
import { verifyKnown } from '../database/integrity.ts'
import { AludelError } from '../errors.ts'
import { type Graph, heads } from '../graph/graph.ts'
import { placeRevision } from '../graph/place.ts'
import { pendingIn } from '../graph/state.ts'
import type { RevisionFile } from '../revision/read.ts'
import { writeRevision } from '../revision/write.ts'
import { type Comparison, compare } from './compare.ts'
import { type Database, withDatabase } from './database.ts'
import { type RevisionResult, checkLabels, folderFor, headsWith, newId, readGraphSoFar } from './new-file.ts'
import type { Caller } from './project.ts'
import type { Rename } from './rename.ts'

export interface RevisionOptions {
  readonly message: string
  /** Compare the entities with the database; otherwise the revision is empty. */
  readonly autogenerate: boolean
  /** With `autogenerate`: as if the database were empty, to take over one that has its tables already. */
  readonly fromEmpty: boolean
  /** Default: twelve random hexadecimal digits. */
  readonly revId: string | undefined
  readonly renames: readonly Rename[]
  /** What it follows, as typed: a head; `heads` merges all, `base` begins anew; default `head`. */
  readonly head?: string | undefined
  /** Lets it follow also what something else follows; default false. */
  readonly splice?: boolean
  readonly branchLabels?: readonly string[]
  /** What has to be applied before it, as typed. */
  readonly dependsOn?: readonly string[]
  /** Absolute; default: the folder of what it follows. */
  readonly versionPath?: string | undefined
}

/**
 * Writes a new revision.
 * @throws {AludelError} MULTIPLE_HEADS, NOT_A_HEAD, REVISION_EXISTS, MIGRATIONS_FOLDER, DATABASE_BEHIND, and the faults of graph, entities and database; then nothing was written
 */
export async function revision(
  settings: Settings,
  options: RevisionOptions,
  { now }: Pick<Caller, 'now'>,
): Promise<RevisionResult> {
  const graph = await readGraphSoFar(settings)
  const id = newId(options.revId)
  const { head, splice = false, branchLabels = [], dependsOn = [] } = options
  const request = { head, splice, branchLabels: checkLabels(branchLabels), dependsOn }
  const place = placeRevision(graph, id, request)
  const { downRevision } = place
  const folder = folderFor(settings, graph, { downRevision, versionPath: options.versionPath })
  const { upgrade, downgrade, warnings, downgradeNotes, allowDataLoss } = options.autogenerate
    ? await generate(settings, graph, options)
    : { upgrade: [], downgrade: [], warnings: [], downgradeNotes: [], allowDataLoss: [] }
  if (options.autogenerate && upgrade.length === 0) {
    return { revision: null, path: null, downRevision, heads: heads(graph), operations: 0, warnings }
  }
  const file = writeRevision(folder, {
    ...place,
    revision: id,
    message: options.message,
    createdAt: now(),
    upgrade,
    downgrade,
    allowDataLoss,
    notes: { upgrade: warnings, downgrade: downgradeNotes },
  })
  return {
    revision: id,
    path: file,
    downRevision,
    heads: headsWith(graph, id, place),
    operations: upgrade.length,
    warnings,
  }
}

async function generate(
  settings: Settings,
  graph: Graph<RevisionFile>,
  { fromEmpty, renames }: RevisionOptions,
): Promise<Comparison> {
  return withDatabase(settings, 'read', async (database) => {
    if (!fromEmpty) await checkUpToDate(database, graph)
    return compare(settings, database, graph, { fromEmpty, renames })
  })
}

/**
 * What a database lacks of the history would be generated a second time.
 * @throws {AludelError} DATABASE_BEHIND, DATABASE_AHEAD, UNKNOWN_REVISION
 */
async function checkUpToDate(database: Database, graph: Graph<RevisionFile>): Promise<void> {
  const state = await database.state()
  verifyKnown(graph, state, { ahead: false })
  const pending = pendingIn(graph, state.applied)
  if (pending.length === 0) return
  throw new AludelError('DATABASE_BEHIND', 'Target database is not up to date.', {
    state: `Pending: ${pending.slice(0, 5).join(', ')}${pending.length > 5 ? ` and ${pending.length - 5} more` : ''}. Nothing was written.`,
    fix:
      heads(graph).length > 1
        ? 'Run `aludel upgrade heads` first (`make migrate-up to=heads`). If the database has these tables already: `aludel stamp heads`.'
        : 'Run `aludel upgrade head` first (`make migrate-up`). If the database has these tables already: `aludel stamp head`.',
    details: { pending },
  })
}
