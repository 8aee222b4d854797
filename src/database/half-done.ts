/** What is told of a step that an earlier run left half done. All of these are for a person to decide. */
import { AludelError } from '../errors.ts'
import type { Position, RunningText } from './position.ts'
import type { OpenStep } from './rows.ts'

/** Whose step it is. */
export interface Subject {
  readonly revision: string
  readonly direction: 'upgrade' | 'downgrade'
}

/** The statement that ran when the run ended may have taken effect, or not. */
export function inDoubt(subject: Subject, { statement }: Position, running: RunningText): AludelError {
  const { revision, direction } = subject
  const number = statement + 1
  const repair = `aludel repair ${revision} --statement ${number}`
  return halfDone(
    subject,
    `The ${direction} of revision ${revision} was cut short while statement ${number} ran, and the database does not tell whether that took effect.`,
    {
      state: `Statement ${number} is: ${running.sql}. ${before(statement)}`,
      fix: `Look in the database whether it is done; then run \`${repair} --applied\` or \`${repair} --not-applied\`, and the same command again.`,
      details: { statement: number, sql: running.sql },
    },
  )
}

/** What failed runs other statements, and none of those that it committed was rolled back with it. */
export function perhapsInPart(
  subject: Subject,
  { statement }: Position,
  running: RunningText,
  cause: unknown,
): AludelError {
  const { revision, direction } = subject
  const number = statement + 1
  const repair = `aludel repair ${revision} --statement ${number}`
  const said = cause instanceof Error ? cause.message : String(cause)
  return halfDone(
    subject,
    `The ${direction} of revision ${revision} failed at statement ${number}: ${said}`,
    {
      state: `Statement ${number} may have committed a part of its work before it failed: ${running.sql}. ${before(statement)}`,
      fix: `Look in the database what it left; make it whole and run \`${repair} --applied\`, or take it back and run \`${repair} --not-applied\`; then the same command again.`,
      details: { statement: number, sql: running.sql },
      cause,
    },
  )
}

/** What was carried out is not what the file says now. */
export function changed(subject: Subject, { statement }: Position): AludelError {
  const { revision, direction } = subject
  return halfDone(
    subject,
    `The ${direction} of revision ${revision} is half done, and its first ${counted(statement)} no longer those that were carried out.`,
    {
      state: before(statement),
      fix:
        `Put back in the file what came first and run the same command again; or make the database fit the file and say how far it is: ` +
        `\`aludel repair ${revision} --statement N --applied\`, or \`aludel repair ${revision} --statement 1 --not-applied\` when nothing of it is there.`,
      details: { statement },
    },
  )
}

/** Data were changed by queries: nobody knows what a second run of them would do. */
export function notRepeatable(subject: Subject, { statement, running }: Position): AludelError {
  const { revision, direction } = subject
  const last = running === undefined ? '' : ` Statement ${statement + 1} may be done too: ${running.sql}.`
  return halfDone(
    subject,
    `The ${direction} of revision ${revision} is half done, and cannot go on by itself: it changed data by queries that another run would repeat.`,
    {
      state: `${statement === 0 ? 'How far it came the journal does not tell.' : before(statement)}${last}`,
      fix:
        `Undo by hand what it did, run \`aludel repair ${revision} --statement 1 --not-applied\` and the same command again` +
        (direction === 'upgrade'
          ? `; or carry the rest out by hand and run \`aludel stamp ${revision}\`.`
          : '; or carry the rest out by hand and leave its `downgrade` empty.'),
      details: { statement, ...(running ? { sql: running.sql } : {}) },
    },
  )
}

/** Another step stands on what is half done. */
export function inTheWay({ entry }: OpenStep): AludelError {
  const { revision, direction, statement, statements } = entry
  const subject = { revision, direction: direction === 'downgrade' ? direction : 'upgrade' } as const
  return halfDone(
    subject,
    `The ${direction} of revision ${revision} is half done: it ended at statement ${Math.min(statement + 1, statements)} of ${statements}.`,
    {
      state: `${before(statement)} Nothing was changed by this run.`,
      fix:
        `Finish it first (${direction === 'downgrade' ? '`aludel downgrade`' : `\`aludel upgrade ${revision}\``} goes on where it ended); ` +
        `or undo by hand what it did and run \`aludel repair ${revision} --statement 1 --not-applied\`.`,
      details: { statement },
    },
  )
}

interface Parts {
  readonly state: string
  readonly fix: string
  readonly details: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

function halfDone(
  { revision, direction }: Subject,
  message: string,
  { details, ...parts }: Parts,
): AludelError {
  return new AludelError('STEP_HALF_DONE', message, {
    ...parts,
    details: { revision, direction, ...details },
  })
}

function before(statement: number): string {
  if (statement === 0) return 'No statement before it was carried out.'
  return statement === 1
    ? 'Its first statement is in the database.'
    : `Its first ${statement} statements are in the database.`
}

function counted(statement: number): string {
  return statement === 1 ? 'statement is' : `${statement} statements are`
}
