import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Settings } from '../config.ts'
import { verifyKnown } from '../database/integrity.ts'
import { AludelError } from '../errors.ts'
import type { Graph } from '../graph/graph.ts'
import { resolveRevisions } from '../graph/resolve.ts'
import { checkRevisionId, newRevisionId } from '../revision/name.ts'
import type { RevisionFile } from '../revision/read.ts'
import { revisionExists, writeRevision } from '../revision/write.ts'
import { type Comparison, compare } from './compare.ts'
import { type Database, withDatabase } from './database.ts'
import { type Caller, readGraph } from './project.ts'
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
}

export interface RevisionResult {
  /** Null, as is `path`, when there was nothing to generate and no file was written. */
  readonly revision: string | null
  readonly path: string | null
  readonly downRevision: readonly string[]
  readonly operations: number
  readonly warnings: readonly string[]
}

/**
 * Writes a new revision that follows the head.
 * @throws {AludelError} MULTIPLE_HEADS, REVISION_EXISTS, DATABASE_BEHIND, and the faults of graph, entities and database
 */
export async function revision(
  settings: Settings,
  options: RevisionOptions,
  { now }: Pick<Caller, 'now'>,
): Promise<RevisionResult> {
  // The first revision makes the folder.
  const graph = await readGraph({
    ...settings,
    migrations: settings.migrations.filter((folder) => existsSync(folder)),
  })
  const downRevision = resolveRevisions(graph, 'head')
  const id = options.revId === undefined ? newRevisionId() : checkRevisionId(options.revId)
  const taken = graph.revisions.get(id)
  if (taken) throw revisionExists(id, taken.path)
  const { upgrade, downgrade, warnings, downgradeNotes, allowDataLoss } = options.autogenerate
    ? await generate(settings, graph, options)
    : { upgrade: [], downgrade: [], warnings: [], downgradeNotes: [], allowDataLoss: [] }
  if (options.autogenerate && upgrade.length === 0) {
    return { revision: null, path: null, downRevision, operations: 0, warnings }
  }
  const file = writeRevision(folderOf(settings, graph, downRevision), {
    revision: id,
    downRevision,
    message: options.message,
    createdAt: now(),
    upgrade,
    downgrade,
    allowDataLoss,
    notes: { upgrade: warnings, downgrade: downgradeNotes },
  })
  return { revision: id, path: file, downRevision, operations: upgrade.length, warnings }
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
  const pending = [...graph.revisions.keys()].filter((id) => !state.applied.has(id))
  if (pending.length === 0) return
  throw new AludelError('DATABASE_BEHIND', 'Target database is not up to date.', {
    state: `Pending: ${pending.slice(0, 5).join(', ')}${pending.length > 5 ? ` and ${pending.length - 5} more` : ''}. Nothing was written.`,
    fix: 'Run `aludel upgrade head` first (`make migrate-up`). If the database has these tables already: `aludel stamp head`.',
    details: { pending },
  })
}

/** Beside the revision that it follows, else the first folder. */
function folderOf({ migrations }: Settings, graph: Graph<RevisionFile>, [parent]: readonly string[]): string {
  const file = parent === undefined ? undefined : graph.revisions.get(parent)?.path
  const beside = file === undefined ? undefined : path.dirname(file)
  return migrations.find((folder) => folder === beside) ?? migrations[0] ?? 'migrations'
}
