import type { Settings } from '../config.ts'
import { verifyKnown } from '../database/integrity.ts'
import { capsuleOf } from '../database/entries.ts'
import { lockRequest } from '../database/lock.ts'
import { noteDone } from '../database/note.ts'
import type { RunContext, Step } from '../database/run-context.ts'
import type { Session } from '../dialect.ts'
import { type Graph, headsOf } from '../graph/graph.ts'
import { resolveRevisions } from '../graph/resolve.ts'
import { stampState } from '../graph/stamp.ts'
import { checksum } from '../revision/checksum.ts'
import { readText } from '../revision/files.ts'
import type { RevisionFile } from '../revision/read.ts'
import { runContext, withDatabase } from './database.ts'
import { type Caller, readGraph } from './project.ts'
import type { RunResult } from './upgrade.ts'

export interface StampOptions {
  /** What is recorded as applied, all at once. */
  readonly targets: readonly string[]
  /** Forgets first whatever the database says, also revisions that no file has. */
  readonly purge: boolean
}

/**
 * Records revisions as applied, or not, without running them: the targets and all that they need are, what follows them is not.
 * A revision that was recorded already is recorded anew, with the file's present content.
 * @throws {AludelError} UNKNOWN_REVISION and its like; DATABASE_AHEAD without `purge`
 */
export async function stamp(
  settings: Settings,
  { targets, purge }: StampOptions,
  caller: Caller,
): Promise<RunResult> {
  const graph = await readGraph(settings)
  // What needs no database is found out before it is connected to.
  for (const target of targets) resolveRevisions(graph, target)
  return withDatabase(settings, 'write', async (database) => {
    const { dialect, ledger } = database
    const outside = await database.state()
    const context = runContext(settings, database, graph, outside, caller)
    return dialect.step(database.connect, lockRequest(context), async (session) => {
      if (!outside.exists) await ledger.create(session)
      const found = await ledger.read(session)
      if (!purge) verifyKnown(graph, found, { ahead: false })
      const before = new Set(purge ? [] : found.applied.keys())
      const after = stampState(graph, before, targets)
      const files = [...graph.revisions.values()]
      const gone = [...found.applied.keys()].filter((id) => !after.has(id))
      const come = files.filter(
        (file) =>
          after.has(file.revision) &&
          isNew(file, purge ? undefined : found.applied.get(file.revision)?.checksum),
      )
      if (!dialect.capabilities.transactionalDdl) await session.simple('start transaction')
      if (purge) await ledger.purge(session)
      // Who stamps a revision has seen to what was half done of it.
      for (const { entry } of (await ledger.open(session)) ?? []) {
        if (purge || saysOf(graph, targets, entry.revision)) await ledger.closeOpen(session, entry.revision)
      }
      for (const id of purge ? [] : gone) await ledger.remove(session, id)
      for (const file of come) {
        if (before.has(file.revision)) await ledger.remove(session, file.revision)
        await recordApplied(context, session, file)
      }
      const steps = [...gone, ...come.map(({ revision }) => revision)].map((id): Step =>
        stepOf(id, graph.revisions.get(id)),
      )
      for (const { revision } of steps) await noteDone(context, session, { revision, direction: 'stamp' })
      if (!dialect.capabilities.transactionalDdl) await session.simple('commit')
      return { steps, heads: headsOf(graph, after) }
    })
  })
}

/** Whether a stamp says of the revision that it is applied, or that it is not; of other branches it says nothing. */
function saysOf(graph: Graph<RevisionFile>, targets: readonly string[], id: string): boolean {
  const [without, having] = [new Set<string>(), new Set([id])]
  return stampState(graph, without, targets).has(id) || !stampState(graph, having, targets).has(id)
}

function isNew(file: RevisionFile, recorded: string | undefined): boolean {
  return recorded === undefined || recorded !== checksum(readText(file.path))
}

/** Writes that a revision is applied which nobody ran. */
export async function recordApplied(
  context: RunContext,
  session: Session,
  file: RevisionFile,
): Promise<void> {
  const source = readText(file.path)
  const capsule = capsuleOf(
    context,
    { file, source, checksum: checksum(source) },
    { kind: 'unknown', why: 'stamped' },
  )
  await context.ledger.add(session, capsule)
}

function stepOf(revision: string, file: RevisionFile | undefined): Step {
  return { direction: 'stamp', revision, message: file?.message ?? '', statements: 0, ms: 0 }
}
