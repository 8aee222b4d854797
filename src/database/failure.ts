/** What is told of a step that failed: what happened, what state that leaves, what to do. */
import type { Dialect } from '../dialect.ts'
import { AludelError, type ErrorCode } from '../errors.ts'
import { lineIn } from '../revision/line.ts'
import type { RevisionFile } from '../revision/read.ts'
import { type Progress, countDone } from './statements.ts'
import type { Direction } from './step.ts'

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
  /** The connection is gone, and with it what was not committed. */
  readonly lost?: boolean
  /** How many before it were rolled back with it, as one transaction held them all; default none. */
  readonly undone?: number
}

/** Errors of dialect and runner that already say what state they leave: those of the lock, and those that name the revision. */
function saysAll({ code, details }: AludelError): boolean {
  return code === 'LOCK_NOT_OBTAINED' || code === 'READ_ONLY' || details['revision'] !== undefined
}

/** STEP_FAILED, STEP_HALF_DONE when something stays in the database, REVISION_ENDED, or the error itself where it says all. */
export function stepError(failed: FailedStep): AludelError {
  const { direction, file, progress, error } = failed
  if (error instanceof AludelError && saysAll(error)) return afterSteps(error, failed.before)
  const { done, committed } = progress
  const stays = done.slice(0, committed)
  // One that failed and was caught has nothing to do with a later error.
  const failure = progress.failed && isOf(error, progress.failed.error) ? progress.failed : undefined
  const running = progress.running ?? failure?.statement
  const name = file.message === '' ? file.revision : `${file.revision} (${file.message})`
  const line = lineIn(file.path, running?.stack ?? failure?.stack ?? stackOf(error))
  const where = running ? ` at statement ${running.number} of ${running.of}` : ''
  return new AludelError(
    codeOf(failed),
    `The ${direction} of revision ${name} ${isRefused(error) ? 'was refused' : 'failed'}${where}: ${messageOf(error)}`,
    {
      ...wordsFor(failed, stays, line),
      details: {
        revision: file.revision,
        direction,
        path: file.path,
        line,
        ...(running ? { statement: running.number, statements: running.of, sql: running.sql } : {}),
        ran: stays,
        ...(progress.earlier > 0 ? { earlier: progress.earlier } : {}),
        ...(isRefused(error) ? error.details : {}),
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

function codeOf({ error, progress, lost }: FailedStep): ErrorCode {
  // Who stopped it has only to start it again.
  const goesOn = progress.resumable && isStopped(error)
  if ((staysOf(progress) && !goesOn) || isHalfDone(error)) return 'STEP_HALF_DONE'
  if (lost && !(error instanceof AludelError)) return 'DATABASE_UNREACHABLE'
  const keepsCode = error instanceof AludelError && (ended.has(error.code) || isRefused(error))
  return keepsCode ? error.code : 'STEP_FAILED'
}

/** Ends that are not the statement's. */
const ended: ReadonlySet<string> = new Set<ErrorCode>([
  'REVISION_ENDED',
  'INTERRUPTED',
  'TERMINATED',
  'LOCK_TIMEOUT',
])

function isStopped(error: unknown): boolean {
  return error instanceof AludelError && (error.code === 'INTERRUPTED' || error.code === 'TERMINATED')
}

/** Nobody has agreed to what it would lose. */
function isRefused(error: unknown): error is AludelError {
  return error instanceof AludelError && error.code === 'CONSENT_MISSING'
}

/** Something is in the database that no rollback took back. */
function staysOf({ earlier, committed }: Progress): boolean {
  return earlier + committed > 0
}

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
  return staysOf(failed.progress) ? halfDone(failed, stays, line) : rolledBack(failed, line)
}

/** The dialect or the runner knows what its transaction lost. */
function endedByItself(failed: FailedStep, { state = '', fix = '' }: AludelError): Words {
  return { state: `${state} ${notRecorded(failed)}`, fix }
}

function notRecorded({ direction, file, before }: FailedStep): string {
  return `Revision ${file.revision} is not recorded as ${direction === 'upgrade' ? 'applied' : 'undone'}; ${steps(before)}`
}

function rolledBack(failed: FailedStep, line: string): Words {
  const { file, before, error, undone = 0 } = failed
  const fix = correction(failed, line)
  const whole = undone === 0 ? '' : `, and with it the ${undone === 1 ? 'step' : `${undone} steps`} before it`
  return {
    state: `Revision ${file.revision} was rolled back${whole}; ${steps(before)}`,
    fix: `${remedy(error)}${capital(fix)}.`,
  }
}

function correction({ direction, error, lost }: FailedStep, line: string): string {
  const isOutside =
    (lost && !(error instanceof AludelError)) ||
    isStopped(error) ||
    (error instanceof AludelError &&
      /^(?:LOCK_TIMEOUT|PERMISSION|DATABASE_UNREACHABLE|CONSENT_MISSING)$/.test(error.code))
  return isOutside ? 'run the same command again' : `correct ${line} and ${again(direction)}`
}

/** What the error itself tells to do. */
function remedy(error: unknown): string {
  return error instanceof AludelError &&
    error.fix !== undefined &&
    (error.code === 'LOCK_TIMEOUT' || !ended.has(error.code))
    ? `${error.fix} `
    : ''
}

/** A revision that is applied counts as edited when its `downgrade` is corrected. */
function again(direction: Direction): string {
  return `run the same command again${direction === 'downgrade' ? ' with --allow-edited' : ''}`
}

function halfDone(failed: FailedStep, stays: readonly string[], line: string): Words {
  const { direction, file, progress } = failed
  const { revision } = file
  const earlier = progress.earlier === 0 ? '' : `its first ${progress.earlier} by an earlier run; `
  const list = stays.map((sql, at) => `(${progress.earlier + at + 1}) ${sql}`).join('; ')
  const ran = `${earlier}${list}`.replace(/; $/, '')
  const state = `These statements were committed one by one and are in the database: ${ran}. ${notRecorded(failed)}`
  const anew = `\`aludel repair ${revision} --statement 1 --not-applied\``
  const mend = `${remedy(failed.error)}${capital(correction(failed, line))}`
  if (progress.resumable) {
    return {
      state,
      fix: `${mend}: it goes on after them; or undo those statements by hand and run ${anew} first.`,
    }
  }
  // A stamp could only say which revisions stay, of all branches.
  const rest =
    direction === 'upgrade'
      ? `run \`aludel stamp ${revision}\``
      : `leave its \`downgrade\` empty and ${again(direction)}`
  return {
    state,
    fix: `Undo those statements by hand, run ${anew}, and ${correction(failed, line)}; or carry the rest out by hand and ${rest}.`,
  }
}

/** The connection was lost in a step whose statements are committed one by one. */
export function lostStep({ direction, file, progress, error, before }: FailedStep): AludelError {
  const number = (progress.running ?? progress.failed?.statement)?.number ?? countDone(progress) + 1
  return new AludelError(
    'DATABASE_UNREACHABLE',
    `The connection was lost in the ${direction} of revision ${file.revision}, at statement ${number}: ${messageOf(error)}`,
    {
      state:
        `Whether statement ${number} took effect the next run finds out. ` +
        notRecorded({ dialect: '', direction, file, progress, error, before }),
      fix: 'When the database answers again, run the same command: it goes on where it ended.',
      details: { revision: file.revision, direction, path: file.path, statement: number },
      cause: error,
    },
  )
}

/** What was lost between steps, or before the first. */
export function connectionLost({ isTransient }: Pick<Dialect, 'isTransient'>, error: unknown): unknown {
  // What a dialect says of its session has no state: a step adds what it left, and here there was none.
  const isBare =
    error instanceof AludelError && error.code === 'DATABASE_UNREACHABLE' && error.state === undefined
  const lost = isBare ? error.cause : error
  if (lost instanceof AludelError || !isTransient(lost)) return error
  return new AludelError(
    'DATABASE_UNREACHABLE',
    `The connection to the database was lost: ${messageOf(lost)}.`,
    {
      state: 'Nothing was changed by what had not been committed.',
      fix: 'Run the same command again.',
      cause: lost,
    },
  )
}

function capital(text: string): string {
  return `${text[0]?.toUpperCase() ?? ''}${text.slice(1)}`
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
