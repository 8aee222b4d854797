/** The revisions of a recorded case as if they had been read from files. */
import { checkBranchLabel, checkRevisionId } from '../../src/revision/name.ts'
import type { RevisionFile } from '../../src/revision/read.ts'
import type { Case } from './case.ts'

/** @throws {AludelError} an id or a label of a form that no file may have */
export function revisionsOf({ revisions }: Pick<Case, 'revisions'>): readonly RevisionFile[] {
  return revisions.map(({ revision, down_revision: down, branch_labels, depends_on, message }, at) => {
    const path = `/project/migrations/${String(at).padStart(4, '0')}_${revision}.ts`
    return {
      revision: checkRevisionId(revision, path),
      downRevision: typeof down === 'string' ? [down] : (down ?? []),
      branchLabels: branch_labels.map((label) => checkBranchLabel(label, path)),
      dependsOn: depends_on,
      path,
      message: message ?? '',
      createdAt: undefined,
      transaction: true,
      irreversible: undefined,
      allowDataLoss: [],
    }
  })
}
