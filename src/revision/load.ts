/** Imports the one revision file that a step runs. */
import { AludelError } from '../errors.ts'
import type { Operation } from '../operations/operation.ts'
import type { Operations } from '../operations/operations.ts'
import { argumentsOf } from '../operations/text.ts'
import { checksum } from './checksum.ts'
import { lineIn } from './line.ts'
import { moduleUrl, readText } from './files.ts'
import type { RevisionFile } from './read.ts'

export interface LoadedRevision {
  readonly file: RevisionFile
  /** The file's text, and its checksum. */
  readonly source: string
  readonly checksum: string
  upgrade(op: Operations): unknown
  /** Undefined when the revision cannot be undone. */
  readonly downgrade: ((op: Operations) => unknown) | undefined
}

/** @throws {AludelError} REVISION_INVALID when the file cannot be imported or has no `upgrade` */
export async function loadRevision(file: RevisionFile): Promise<LoadedRevision> {
  if (file.kept) return keptRevision(file, file.kept)
  const source = readText(file.path)
  const sum = checksum(source)
  let module: Readonly<Record<string, unknown>>
  try {
    module = await import(moduleUrl(file.path, sum))
  } catch (cause) {
    throw invalid(
      file,
      `it cannot be imported: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    )
  }
  const { upgrade, downgrade } = module
  if (!isStep(upgrade)) throw invalid(file, 'it exports no function `upgrade`')
  if (downgrade !== undefined && !isStep(downgrade)) throw invalid(file, 'its `downgrade` is not a function')
  return {
    file,
    source,
    checksum: sum,
    upgrade,
    downgrade: file.irreversible === undefined ? downgrade : undefined,
  }
}

/** Data of the ledger, no code: each operation is checked and recorded as if a file had asked for it. */
function keptRevision(file: RevisionFile, operations: readonly Operation[]): LoadedRevision {
  const downgrade = (op: Operations): void => {
    for (const operation of operations) {
      // The arguments are those of the operation's own kind.
      const record = op[operation.kind] as (...values: readonly unknown[]) => void
      record(...argumentsOf(operation))
    }
  }
  const upgrade = (): never => {
    throw invalid(file, 'only its way back is known')
  }
  return { file, source: '', checksum: '', upgrade, downgrade }
}

function isStep(value: unknown): value is (op: Operations) => unknown {
  return typeof value === 'function'
}

function invalid(file: RevisionFile, why: string, cause?: unknown): AludelError {
  const line = cause instanceof Error ? lineIn(file.path, cause.stack ?? '') : file.path
  return new AludelError('REVISION_INVALID', `Revision file ${line}: ${why.replace(/\.$/, '')}.`, {
    fix: 'Correct the file and run the same command again.',
    details: { revision: file.revision, path: file.path, line },
    ...(cause === undefined ? {} : { cause }),
  })
}
