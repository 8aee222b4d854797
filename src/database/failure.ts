/** What is told of a step that failed: what happened, what state that leaves, what to do. */
import { AludelError, type ErrorCode } from '../errors.ts'
import { lineIn } from '../revision/line.ts'
import type { RevisionFile } from '../revision/read.ts'
import type { Direction, Progress } from './step.ts'

export interface FailedStep {
  /** The dialect's name. */
  readonly dialect: string
  readonly direction: Direction
  readonly file: RevisionFile
  readonly progress: Progress
  /** Whatever was thrown. */
  readonly error: unknown
  /** How many steps of this run went well before it. */
  readonly before: number
}

/** Errors of dialect and runner that already say what state they leave. */
const ownWords: ReadonlySet<string> = new Set<ErrorCode>(['IRREVERSIBLE', 'LOCK_NOT_OBTAINED', 'READ_ONLY'])

/** STEP_FAILED, STEP_HALF_DONE when something stays in the database, REVISION_ENDED, or the error itself where it says all. */
export function stepError(failed: FailedStep): AludelError {
  const { direction, file, progress, error } = failed
  if (error instanceof AludelError && ownWords.has(error.code)) return afterSteps(error, failed.before)
  const { done, committed } = progress
  const stays = done.slice(0, committed)
  // One that failed and was caught has nothing to do with a later error.
  const failure = progress.failed && isOf(error, progress.failed.error) ? progress.failed : undefined
  const running = progress.running ?? failure?.statement
  const name = file.message === '' ? file.revision : `${file.revision} (${file.message})`
  const line = lineIn(file.path, running?.stack ?? failure?.stack ?? stackOf(error))
  const where = running ? ` at statement ${running.number} of ${running.of}` : ''
  return new AludelError(
    codeOf(error, stays),
    `The ${direction} of revision ${name} failed${where}: ${messageOf(error)}`,
    {
      ...wordsFor(failed, stays, line),
      details: {
        revision: file.revision,
        direction,
        path: file.path,
        line,
        ...(running ? { statement: running.number, statements: running.of, sql: running.sql } : {}),
        ran: stays,
      },
      cause: error,
    },
  )
}

/** An error between two steps, or one that changed nothing: what was done before it stays all the same. */
export function afterSteps<E>(error: E, before: number): E | AludelError {
  if (!(error instanceof AludelError) || (before === 0 && error.state !== undefined)) return error
  const { code, message, fix, details, cause, state: told = 'Nothing was changed.' } = error
  const own = told.replace(/^Nothing was changed\b[^.]*\./, 'Nothing else was changed.')
  const state = before === 0 ? told : `${own.replace(/\.$/, '')}; ${steps(before)}`
  return new AludelError(code, message, { state, ...(fix === undefined ? {} : { fix }), details, cause })
}

function codeOf(error: unknown, stays: readonly string[]): ErrorCode {
  if (stays.length > 0 || isHalfDone(error)) return 'STEP_HALF_DONE'
  return error instanceof AludelError && ended.has(error.code) ? error.code : 'STEP_FAILED'
}

/** Ends that are not the statement's. */
const ended: ReadonlySet<string> = new Set<ErrorCode>(['REVISION_ENDED', 'INTERRUPTED', 'TERMINATED'])

/** Whether an error is this one, or one that was made of it, or what stopped it. */
function isOf(error: unknown, first: unknown): boolean {
  if (error === first || (error instanceof AludelError && ended.has(error.code))) return true
  return error instanceof Error && error.cause !== undefined && isOf(error.cause, first)
}

function isHalfDone(error: unknown): error is AludelError {
  return error instanceof AludelError && error.code === 'STEP_HALF_DONE'
}

/** Of an error that was wrapped on its way the first one too. */
function stackOf(error: unknown): string {
  return error instanceof Error ? `${error.stack ?? ''}\n${stackOf(error.cause)}` : ''
}

interface Words {
  readonly state: string
  readonly fix: string
}

function wordsFor(failed: FailedStep, stays: readonly string[], line: string): Words {
  if (isHalfDone(failed.error)) return endedByItself(failed, failed.error)
  return stays.length > 0 ? halfDone(failed, stays, line) : rolledBack(failed, line)
}

/** The dialect or the runner knows what its transaction lost. */
function endedByItself(failed: FailedStep, { state = '', fix = '' }: AludelError): Words {
  return { state: `${state} ${notRecorded(failed)}`, fix }
}

function notRecorded({ direction, file, before }: FailedStep): string {
  return `Revision ${file.revision} is not recorded as ${direction === 'upgrade' ? 'applied' : 'undone'}; ${steps(before)}`
}

function rolledBack(failed: FailedStep, line: string): Words {
  const { file, before, error } = failed
  const fix = correction(failed, line)
  return {
    state: `Revision ${file.revision} was rolled back; ${steps(before)}`,
    fix: `${remedy(error)}${fix[0]?.toUpperCase()}${fix.slice(1)}.`,
  }
}

function correction({ direction, error }: FailedStep, line: string): string {
  const isStopped = error instanceof AludelError && /^(?:INTERRUPTED|TERMINATED|PERMISSION)$/.test(error.code)
  return isStopped ? 'run the same command again' : `correct ${line} and ${again(direction)}`
}

/** What the error itself tells to do. */
function remedy(error: unknown): string {
  return error instanceof AludelError && error.fix !== undefined && !ended.has(error.code)
    ? `${error.fix} `
    : ''
}

/** A revision that is applied counts as edited when its `downgrade` is corrected. */
function again(direction: Direction): string {
  return `run the same command again${direction === 'downgrade' ? ' with --allow-edited' : ''}`
}

function halfDone(failed: FailedStep, stays: readonly string[], line: string): Words {
  const { dialect, direction, file } = failed
  const list = stays.map((sql, at) => `(${at + 1}) ${sql}`).join('; ')
  // A stamp could only say which revisions stay, of all branches.
  const rest =
    direction === 'upgrade'
      ? `run \`aludel stamp ${file.revision}\``
      : `leave its \`downgrade\` empty and ${again(direction)}`
  return {
    state: `${dialect} cannot roll DDL back. These statements ran and are in the database: ${list}. ${notRecorded(failed)}`,
    fix:
      `Undo those statements by hand, ${correction(failed, line)}; ` +
      `or carry the rest out by hand and ${rest}.`,
  }
}

/** @param before how many went well */
function steps(before: number): string {
  return before === 1 ? 'the 1 step before it stays.' : `the ${before} steps before it stay.`
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return error.message
  return `it threw ${error === undefined ? 'undefined' : JSON.stringify(error)}`
}

export function irreversible({ revision, message, path, irreversible: why }: RevisionFile): AludelError {
  return new AludelError(
    'IRREVERSIBLE',
    `Revision ${revision} (${message}) cannot be undone: ${why ?? 'it has no `downgrade`'}.`,
    {
      state: 'Nothing was changed.',
      fix: `Write its \`downgrade\` and ${again('downgrade')}, or stop above it.`,
      details: { revision, path },
    },
  )
}
