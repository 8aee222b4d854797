/** Whether what a database says was applied is what the files say. */
import { AludelError } from '../errors.ts'
import type { Graph } from '../graph/graph.ts'
import { checksum } from '../revision/checksum.ts'
import { type RevisionFile, readText } from '../revision/read.ts'
import type { AppliedRevision, LedgerState } from './rows.ts'

/** Ids in the ledger that no file has, sorted. */
export function unknownRevisions(graph: Graph, state: LedgerState): readonly string[] {
  return [...state.applied.keys()].filter((id) => !graph.revisions.has(id)).sort()
}

export interface Edited {
  readonly revision: string
  readonly path: string
  readonly applied: string
  readonly now: string
}

/** Applied revisions whose file has another content now. A compiled `.js` is not held against the `.ts` that it came from. */
export function editedRevisions(graph: Graph<RevisionFile>, state: LedgerState): readonly Edited[] {
  return [...state.applied.values()].flatMap((applied) => {
    const file = graph.revisions.get(applied.revision)
    if (!file || !sameLanguage(applied, file.path)) return []
    const now = checksum(readText(file.path))
    return now === applied.checksum
      ? []
      : [{ revision: file.revision, path: file.path, applied: applied.checksum, now }]
  })
}

/** @throws {AludelError} UNKNOWN_REVISION, EDITED_REVISION */
export function verifyState(
  graph: Graph<RevisionFile>,
  state: LedgerState,
  { allowEdited }: { readonly allowEdited: boolean },
): void {
  const unknown = unknownRevisions(graph, state)
  if (unknown.length > 0) throw unknownRevision(unknown)
  const [edited] = allowEdited ? [] : editedRevisions(graph, state)
  if (edited) throw editedRevision(edited)
}

export function unknownRevision(ids: readonly string[]): AludelError {
  const shown = ids.slice(0, 5).map((id) => `'${safe(id)}'`)
  return new AludelError('UNKNOWN_REVISION', `Can't locate revision identified by ${shown.join(', ')}.`, {
    state: 'The database says it was applied, but no file here has it; nothing was changed.',
    fix:
      'Deploy the code that has it (is this code older than the database?), or put its file back. ' +
      'If it is gone for good: `aludel stamp --purge head` forgets what the database says and records every revision up to head as applied, without running any.',
    details: { revisions: ids.map(safe) },
  })
}

function editedRevision({ revision, path, applied, now }: Edited): AludelError {
  return new AludelError(
    'EDITED_REVISION',
    `Revision ${revision} was changed after it was applied: ${path}.`,
    {
      state: `Applied was ${applied}, the file is ${now}; nothing was changed.`,
      fix: `Put the file back and write a new revision for the change, or go on with --allow-edited.`,
      details: { revision, path, applied, now },
    },
  )
}

function sameLanguage({ extension }: AppliedRevision, file: string): boolean {
  return /ts$/.test(extension) === /ts$/.test(file)
}

/** What comes from a database is data: no control characters reach a terminal. */
function safe(id: string): string {
  return id.replace(/[\p{Cc}\p{Cf}]/gu, '?').slice(0, 80)
}
