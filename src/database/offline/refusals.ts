/** Why no script is written. Nothing of it was printed then, and no database touched. */
import { AludelError, type ErrorParts } from '../../errors.ts'
import { lineIn } from '../../revision/line.ts'
import type { RevisionFile } from '../../revision/read.ts'
import type { Recording } from '../recording.ts'
import type { Direction } from '../step.ts'

const state = 'No script was written.'

export interface NotWritten {
  readonly file: RevisionFile
  readonly direction: Direction | 'stamp'
  readonly error: unknown
  /** Of the call at fault; left out where it is the file as a whole. */
  readonly stack?: string
}

/** The revision is at fault, or its operations are. */
export function notWritten({ file, direction, error, stack = '' }: NotWritten): AludelError {
  if (error instanceof AludelError && error.details['revision'] !== undefined) return error
  const { revision, path } = file
  const line = lineIn(path, stack)
  const said = error instanceof Error ? error.message : `it threw ${JSON.stringify(error)}`
  const own = error instanceof AludelError ? error : undefined
  return new AludelError(
    own?.code ?? 'STEP_FAILED',
    `The ${direction} of revision ${named(file)} cannot be written down: ${said}`,
    {
      state,
      fix: `${own?.fix === undefined ? '' : `${own.fix} `}It is at ${line}.`,
      details: { ...own?.details, revision, direction, path, line },
      cause: error,
    },
  )
}

/** Where data are read, the statements depend on them. */
export function dataStep(file: RevisionFile, direction: Direction, asked: Recording['asked']): AludelError {
  const { revision, path, downRevision } = file
  const line = asked ? lineIn(path, asked.stack) : path
  const what = asked ? `asks the database by ${asked.by}` : 'waits for something that is not `op`'
  return new AludelError(
    'DATA_STEP',
    `The ${direction} of revision ${named(file)} ${what}, which no script can: ${line}.`,
    {
      state,
      fix:
        'A statement that needs no answer can be written as `op.execute`. ' +
        `Else let aludel run this step (\`aludel ${direction} ${direction === 'upgrade' ? revision : (downRevision[0] ?? 'base')}\`) between a script that ends before it and one that begins after it.`,
      details: { revision, direction, path, line, ...(asked ? { by: asked.by } : {}) },
    },
  )
}

/** @param allowed as the file's constant would have to say */
export function lossOffline(
  file: RevisionFile,
  loss: readonly string[],
  allowed: readonly string[],
): AludelError {
  const { revision, path } = file
  return new AludelError(
    'CONSENT_MISSING',
    `Revision ${named(file)} drops ${loss.join(', ')}, and without a database nobody can tell what would be lost.`,
    {
      state,
      fix: `If that may go, say so in ${path}: \`export const allowDataLoss = [${allowed.join(', ')}]\`; or give --yes.`,
      details: { revision, path, loss },
    },
  )
}

/** There is no downgrade to write down. */
export function noWayBack(file: RevisionFile): AludelError {
  const { revision, path, irreversible = 'it has no `downgrade`' } = file
  return new AludelError('IRREVERSIBLE', `Revision ${named(file)} cannot be undone: ${irreversible}.`, {
    state,
    fix: `Write the \`downgrade\` of ${path}, or stop above it.`,
    details: { revision, path },
  })
}

export function notScripted(message: string, parts: ErrorParts): AludelError {
  return new AludelError('NOT_SUPPORTED', message, { state, ...parts })
}

/** A statement that stands in no script of conditions. */
export function notAgain(file: RevisionFile, why: string, stack: string): AludelError {
  const { revision, path } = file
  const line = lineIn(path, stack)
  return notScripted(`Revision ${named(file)} cannot be in a script that is run again: ${why}.`, {
    fix: `Write the script without --idempotent; or one that ends before it, and one that begins after it. It is at ${line}.`,
    details: { revision, path, line },
  })
}

function named({ revision, message }: RevisionFile): string {
  return message === '' ? revision : `${revision} (${message})`
}
