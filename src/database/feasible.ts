/** Whether a plan can be gone to its end, found out before its first step. */
import { AludelError } from '../errors.ts'
import type { Graph } from '../graph/graph.ts'
import { loadRevision } from '../revision/load.ts'
import type { RevisionFile } from '../revision/read.ts'
import { irreversible } from './failure.ts'

/**
 * Refuses a revision that must run outside of a transaction, before the first step: none is run so yet.
 * @throws {AludelError} NOT_SUPPORTED
 */
export function checkTransactional(graph: Graph<RevisionFile>, ids: readonly string[]): void {
  const file = ids.map((id) => graph.revisions.get(id)).find((each) => each?.transaction === false)
  if (!file) return
  throw new AludelError(
    'NOT_SUPPORTED',
    `Revision ${file.revision} (${file.message}) asks for \`transaction = false\`; every revision runs in a transaction for now.`,
    {
      state: 'Nothing was changed.',
      fix: `Take \`transaction = false\` out of ${file.path}, or carry it out by hand and run \`aludel stamp ${file.revision}\`.`,
      details: { revision: file.revision, path: file.path },
    },
  )
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
