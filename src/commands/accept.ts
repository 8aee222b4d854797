import path from 'node:path'
import type { Settings } from '../config.ts'
import { type Edited, editedRevisions } from '../database/integrity.ts'
import { noteDone } from '../database/note.ts'
import { lockRequest } from '../database/lock.ts'
import { AludelError } from '../errors.ts'
import { resolveRevisions } from '../graph/resolve.ts'
import { checksum } from '../revision/checksum.ts'
import { readText } from '../revision/files.ts'
import { runContext, withDatabase } from './database.ts'
import { type Caller, readGraph } from './project.ts'

export interface AcceptResult {
  /** What was recorded anew; a revision whose file is what was applied is left out. */
  readonly accepted: readonly Edited[]
}

/**
 * Records the present content of files that were changed after they were applied as what was applied. Runs nothing.
 * @param targets ids or unique prefixes
 * @throws {AludelError} UNKNOWN_REVISION and its like; BAD_TARGET when one is not applied, and then none is accepted
 */
export async function accept(
  settings: Settings,
  targets: readonly string[],
  caller: Caller,
): Promise<AcceptResult> {
  const graph = await readGraph(settings)
  const ids = new Set(targets.flatMap((target) => resolveRevisions(graph, target)))
  return withDatabase(settings, 'write', async (database) => {
    const { dialect, ledger } = database
    const outside = await database.state()
    refuseAbsent(ids, outside.applied)
    const context = runContext(settings, database, graph, outside, caller)
    return dialect.step(database.connect, lockRequest(context), async (session) => {
      const state = await ledger.read(session)
      refuseAbsent(ids, state.applied)
      const edited = editedRevisions(graph, state).filter(({ revision }) => ids.has(revision))
      if (!dialect.capabilities.transactionalDdl) await session.simple('start transaction')
      const accepted: Edited[] = []
      for (const each of edited) {
        const { revision, path: file } = each
        const source = readText(file)
        const now = checksum(source)
        await ledger.accept(session, { revision, checksum: now, source, extension: path.extname(file) })
        await noteDone(context, session, { revision, direction: 'accept' })
        accepted.push({ ...each, now })
      }
      if (!dialect.capabilities.transactionalDdl) await session.simple('commit')
      return { accepted }
    })
  })
}

/** @throws {AludelError} BAD_TARGET */
function refuseAbsent(ids: ReadonlySet<string>, applied: ReadonlyMap<string, unknown>): void {
  const absent = [...ids].filter((id) => !applied.has(id))
  if (absent.length === 0) return
  throw new AludelError(
    'BAD_TARGET',
    `Revision ${absent.join(', ')} is not applied, so there is nothing to accept.`,
    {
      state: 'Nothing was changed.',
      fix: '`aludel current` names the revisions whose files were changed after they were applied.',
      details: { revisions: absent },
    },
  )
}
