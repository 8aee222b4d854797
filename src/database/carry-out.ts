/** One step under the lock, with its rows in ledger and journal. */
import type { Session, StepMode } from '../dialect.ts'
import type { RevisionFile } from '../revision/read.ts'
import { type Attempt, claim, complete, journalEntry } from './entries.ts'
import { irreversible } from './failure.ts'
import { changed } from './half-done.ts'
import type { Journal } from './journaled.ts'
import { isFresh, start } from './position.ts'
import type { OpenStep } from './rows.ts'
import type { RunContext } from './run-context.ts'
import { maskSecrets } from './secret-literals.ts'
import { runRevision } from './step.ts'

/** @param left by an earlier run that was cut short in this step */
export async function carryOut(
  context: RunContext,
  session: Session,
  attempt: Attempt,
  left: OpenStep | undefined,
): Promise<void> {
  const { revision, direction } = attempt
  if (direction === 'downgrade' && !revision.downgrade) throw irreversible(revision.file)
  const { transactionalDdl } = context.dialect.capabilities
  const isWhole = transactionalDdl && modeOf(context, revision.file) === 'transaction'
  try {
    await (isWhole ? inOne : oneByOne)(context, session, attempt, left)
  } catch (error) {
    attempt.lost = session.closed
    throw error
  }
}

/** How a revision runs here; one that is not known yet inside of a transaction. */
export function modeOf(
  { dialect: { capabilities } }: Pick<RunContext, 'dialect'>,
  file: RevisionFile | undefined,
): StepMode {
  return file === undefined || file.transaction || !capabilities.outsideTransaction
    ? 'transaction'
    : 'no-transaction'
}

/** All of it is one transaction, and claimed first. */
async function inOne(
  context: RunContext,
  session: Session,
  attempt: Attempt,
  left: OpenStep | undefined,
): Promise<void> {
  const { ledger, at } = context
  const { revision, direction } = attempt
  if (left && !isFresh(left.position))
    throw changed({ revision: revision.file.revision, direction }, left.position)
  if (left) await ledger.closeOpen(session, revision.file.revision)
  await claim(context, session, attempt)
  at('after-claim')
  await runRevision(stepFor(context, session, attempt, undefined))
  at('after-ddl')
  await complete(context, session, attempt)
  await ledger.write(session, journalEntry(context, attempt, 'done'))
  at('after-version')
}

/** Its statements are committed one by one; what is left of them is committed with its row in the ledger. */
async function oneByOne(
  context: RunContext,
  session: Session,
  attempt: Attempt,
  left: OpenStep | undefined,
): Promise<void> {
  const { ledger, at } = context
  const { progress } = attempt
  const journal = await openJournal(context, session, attempt, left)
  await runRevision(stepFor(context, session, attempt, journal))
  at('after-ddl')
  if (!progress.dataTransaction) await session.simple('start transaction')
  await claim(context, session, attempt)
  at('after-claim')
  await complete(context, session, attempt)
  await ledger.end(session, journalEntry(context, attempt, 'done'))
  at('after-version')
  attempt.finished = true
  await session.simple('commit')
  progress.dataTransaction = false
}

/** Notes, committed, that the step runs; what an earlier run noted of it is taken over. */
async function openJournal(
  context: RunContext,
  session: Session,
  attempt: Attempt,
  left: OpenStep | undefined,
): Promise<Journal> {
  const { ledger, secrets } = context
  const { revision, direction } = attempt
  const subject = { revision: revision.file.revision, direction }
  const row = journalEntry(context, attempt, 'running')
  const mask = (text: string): string => maskSecrets(text, secrets)
  const position = left && !isFresh(left.position) ? left.position : start
  const journal: Journal = { ledger, entry: row.entry, subject, mask, position }
  await session.simple('start transaction')
  if (left) await ledger.closeOpen(session, subject.revision)
  await ledger.write(session, row)
  if (left) await ledger.advance(session, row.entry, position, left.entry.statements)
  await session.simple('commit')
  attempt.journal = journal
  attempt.running = row
  if (left && position !== start) {
    const { startedAt, appliedBy } = left.entry
    context.onEvent({
      kind: 'resume',
      direction,
      revision: revision.file,
      statement: position.statement + 1,
      startedAt,
      startedBy: appliedBy,
    })
  }
  return journal
}

function stepFor(
  context: RunContext,
  session: Session,
  attempt: Attempt,
  journal: Journal | undefined,
): Parameters<typeof runRevision>[0] {
  const { dialect, guard, consent, onEvent } = context
  const { revision, direction, progress, followed = false } = attempt
  const { revision: id } = revision.file
  let told = performance.now()
  return {
    dialect,
    session,
    revision,
    direction,
    guard,
    followed,
    progress,
    journal,
    consent,
    onBlocked: (blocked) => onEvent({ kind: 'blocked', revision: id, ...blocked }),
    onStatement: () => {
      context.at('mid-step')
      const { running } = progress
      if (!running || performance.now() - told < 5000) return
      told = performance.now()
      onEvent({ kind: 'progress', revision: id, statement: running.number, of: running.of })
    },
  }
}
