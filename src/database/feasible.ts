/** Whether a plan can be gone to its end, found out before its first step. */
import type { Dialect } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import type { Graph } from '../graph/graph.ts'
import { loadRevision } from '../revision/load.ts'
import type { RevisionFile } from '../revision/read.ts'
import { irreversible } from './failure.ts'

/**
 * Refuses a plan that one transaction cannot hold, before its first step.
 * @throws {AludelError} NOT_SUPPORTED
 */
export function checkSingle(
  { name, capabilities }: Dialect,
  graph: Graph<RevisionFile>,
  ids: readonly string[],
): void {
  const file = ids.map((id) => graph.revisions.get(id)).find((each) => each?.transaction === false)
  if (capabilities.transactionalDdl && !file) return
  const why = capabilities.transactionalDdl
    ? `revision ${file?.revision} (${file?.message}) says \`transaction = false\``
    : `${name} commits each change of the schema by itself`
  throw new AludelError('NOT_SUPPORTED', `One transaction cannot hold all steps: ${why}.`, {
    state: 'Nothing was changed.',
    fix: file
      ? `Run it without --single-transaction; or upgrade to what comes before ${file.revision} with it, and go on without.`
      : 'Run it without --single-transaction: each step is recorded when it is done, and a run goes on where the last one ended.',
    details: file ? { revision: file.revision, path: file.path } : { dialect: name },
  })
}

/**
 * Refuses a way back that could not be gone to its end, before its first step.
 * @throws {AludelError} IRREVERSIBLE
 */
export async function checkReversible(graph: Graph<RevisionFile>, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const file = graph.revisions.get(id)
    if (!file) continue
    const revision = await loadRevision(file)
    if (!revision.downgrade) throw irreversible(revision.file)
  }
}
