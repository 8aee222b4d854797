/** What `revision` and `merge` share: the id and the folder of a new file, and what is told of it. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { Settings } from '../config.ts'
import { AludelError } from '../errors.ts'
import { type Graph, heads } from '../graph/graph.ts'
import { checkBranchLabel, checkRevisionId, newRevisionId } from '../revision/name.ts'
import type { RevisionFile } from '../revision/read.ts'
import { readGraph } from './project.ts'
import { shellWord } from './shell-word.ts'

export interface RevisionResult {
  /** Null, as is `path`, when there was nothing to generate and no file was written. */
  readonly revision: string | null
  readonly path: string | null
  readonly downRevision: readonly string[]
  /** Ids that nothing follows, now. */
  readonly heads: readonly string[]
  readonly operations: number
  /** True: there was something to generate, and `processRevision` left nothing of it. */
  readonly dropped?: boolean
  readonly warnings: readonly string[]
}

/** The project's graph, also before its first revision has made the folder. */
export function readGraphSoFar(settings: Settings): Promise<Graph<RevisionFile>> {
  return readGraph({
    ...settings,
    migrations: settings.migrations.filter((folder) => existsSync(folder)),
  })
}

/**
 * The id of a new revision.
 * @param wanted default: twelve random hexadecimal digits
 * @throws {AludelError} ILLEGAL_REVISION_ID
 */
export function newId(wanted: string | undefined): string {
  return wanted === undefined ? newRevisionId() : checkRevisionId(wanted)
}

/** @throws {AludelError} ILLEGAL_BRANCH_LABEL */
export function checkLabels(labels: readonly string[]): readonly string[] {
  return labels.map((label) => checkBranchLabel(label))
}

/** The heads when a new revision is there. */
export function headsWith(
  graph: Graph,
  revision: string,
  { downRevision }: Pick<RevisionResult, 'downRevision'>,
): readonly string[] {
  return [...heads(graph).filter((id) => !downRevision.includes(id)), revision]
}

export interface FolderRequest {
  /** What the new revision follows. */
  readonly downRevision: readonly string[]
  /** Absolute; one of the configured folders. */
  readonly versionPath: string | undefined
}

/**
 * Where a new file goes: where it is told to, else beside the first revision that it follows.
 * @throws {AludelError} MIGRATIONS_FOLDER when it follows none and there are several folders, or the folder is not a configured one
 */
export function folderFor(
  { migrations, root }: Pick<Settings, 'migrations' | 'root'>,
  graph: Graph<RevisionFile>,
  { downRevision: [parent], versionPath }: FolderRequest,
): string {
  if (versionPath !== undefined) {
    if (migrations.includes(versionPath)) return versionPath
    const message = `${versionPath} is not among the migrations folders of the configuration.`
    throw folderFault(message, migrations, root)
  }
  const file = parent === undefined ? undefined : graph.revisions.get(parent)?.path
  const beside = file === undefined ? undefined : path.dirname(file)
  const [first = path.join(root, 'migrations'), second] = migrations
  const found = second === undefined ? first : migrations.find((folder) => folder === beside)
  if (found !== undefined) return found
  throw folderFault(
    `There are ${migrations.length} migrations folders, and the new revision follows none that says which is meant.`,
    migrations,
    root,
  )
}

function folderFault(message: string, folders: readonly string[], root: string): AludelError {
  const named = folders.map((folder) => `--version-path ${shellWord(path.relative(root, folder) || '.')}`)
  return new AludelError('MIGRATIONS_FOLDER', message, {
    state: 'Nothing was written.',
    fix: `Say where it goes: ${named.join(', or ')}.`,
    details: { folders },
  })
}
