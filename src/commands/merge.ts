import type { Settings } from '../config.ts'
import { placeMerge } from '../graph/place.ts'
import { writeRevision } from '../revision/write.ts'
import { type RevisionResult, checkLabels, folderFor, headsWith, newId, readGraphSoFar } from './new-file.ts'
import type { Caller } from './project.ts'

export interface MergeOptions {
  /** What to merge, as typed; none: all heads. */
  readonly revisions: readonly string[]
  /** Default: `merge a1 and b2`. */
  readonly message: string | undefined
  readonly branchLabels: readonly string[]
  /** Default: twelve random hexadecimal digits. */
  readonly revId: string | undefined
  /** Merges also revisions that something else follows. */
  readonly splice: boolean
  /** Absolute; default: the folder of the first that is merged. */
  readonly versionPath: string | undefined
}

/**
 * Writes an empty revision that follows several.
 * @throws {AludelError} UNKNOWN_REVISION, NOT_A_HEAD, DUPLICATE_BRANCH_LABEL, REVISION_EXISTS and their like; then nothing was written
 */
export async function merge(
  settings: Settings,
  { revisions, message, branchLabels, revId, splice, versionPath }: MergeOptions,
  { now }: Pick<Caller, 'now'>,
): Promise<RevisionResult> {
  const graph = await readGraphSoFar(settings)
  const id = newId(revId)
  const place = placeMerge(graph, id, { revisions, splice, branchLabels: checkLabels(branchLabels) })
  const { downRevision } = place
  const file = writeRevision(
    folderFor(settings, graph, { downRevision, versionPath }),
    {
      ...place,
      revision: id,
      message: message ?? `merge ${inWords(downRevision)}`.trimEnd(),
      createdAt: now(),
      upgrade: [],
      downgrade: [],
    },
    settings.newFiles,
  )
  return {
    revision: id,
    path: file,
    downRevision,
    heads: headsWith(graph, id, place),
    operations: 0,
    warnings: downRevision.length > 1 ? [] : ['It merges nothing: that is one head, not several.'],
  }
}

/** `a, b and c` */
function inWords(ids: readonly string[]): string {
  const [last = ''] = ids.slice(-1)
  return ids.length < 2 ? last : `${ids.slice(0, -1).join(', ')} and ${last}`
}
