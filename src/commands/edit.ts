import type { Settings } from '../config.ts'
import { AludelError } from '../errors.ts'
import { checksum } from '../revision/checksum.ts'
import { readText } from '../revision/files.ts'
import { namedRevisions } from './named.ts'
import { readGraph } from './project.ts'

export interface EditOptions {
  /** As typed; `current` is what the database has. */
  readonly targets: readonly string[]
  /** Opens these files, absolute, for a person; settles when that person is done. */
  readonly open: (files: readonly string[]) => Promise<void>
}

export interface EditResult {
  readonly files: readonly EditedFile[]
}

export interface EditedFile {
  readonly revision: string
  /** Absolute. */
  readonly path: string
  /** Whether its checksum is another one now. */
  readonly changed: boolean
}

/**
 * Has the files of revisions edited, and reads the whole history again.
 * @throws {AludelError} UNKNOWN_REVISION when no file is meant; what `open` throws; the faults of files and graph that editing left
 */
export async function edit(settings: Settings, { targets, open }: EditOptions): Promise<EditResult> {
  const graph = await readGraph(settings)
  const ids = await namedRevisions(settings, graph, targets)
  const files = ids.flatMap((revision) => {
    const file = graph.revisions.get(revision)
    return file ? [{ revision, path: file.path, before: checksum(readText(file.path)) }] : []
  })
  if (files.length === 0) throw nothingNamed(targets)
  await open(files.map(({ path }) => path))
  await readGraph(settings)
  return {
    files: files.map(({ revision, path, before }) => ({
      revision,
      path,
      changed: checksum(readText(path)) !== before,
    })),
  }
}

function nothingNamed(targets: readonly string[]): AludelError {
  return new AludelError('UNKNOWN_REVISION', `No revision is meant by '${targets.join(' ')}'.`, {
    exitCode: 2,
    state: 'Nothing was changed.',
    fix: '`aludel history` lists the revisions.',
    details: { targets },
  })
}
