/** What all steps of a script have in common, and the rows that each of them writes. */
import type { Dialect, LockRequest, ScriptBlock, ScriptLines, Scripting, Session } from '../../dialect.ts'
import { type Run, capsuleOf } from '../entries.ts'
import type { Ledger } from '../ledger.ts'
import type { JournalEntry } from '../rows.ts'
import type { Checked } from './checks.ts'
import type { PlannedStep } from './plan.ts'
import { type LedgerWriter, atRun } from './written.ts'

export interface ScriptContext extends Checked {
  readonly dialect: Dialect
  readonly scripting: Scripting
  /** Where each step stands under a condition, so that it can be run again. */
  readonly block: ScriptBlock | undefined
  readonly lock: LockRequest
  readonly writer: LedgerWriter
  readonly run: Pick<Run, 'now' | 'appliedBy' | 'runId' | 'version' | 'secrets'>
}

/** How statements are written here: inside of a block where there is one. */
export function hand({ scripting, block }: ScriptContext): ScriptLines {
  return block ?? scripting
}

/** What the ledger would be sent, as lines. */
export async function ledgerLines(
  context: ScriptContext,
  work: (ledger: Ledger, session: Session) => Promise<void>,
): Promise<readonly string[]> {
  const statements = await context.writer.write(work)
  return statements.map((sql) => hand(context).statement(sql))
}

/** Writes in the ledger that the revision is applied, or not. */
export async function claimed(
  { run }: ScriptContext,
  { revision, direction, downgrade }: PlannedStep,
  ledger: Ledger,
  session: Session,
): Promise<void> {
  const { revision: id } = revision.file
  if (direction === 'downgrade') return ledger.remove(session, id)
  await ledger.add(session, { ...capsuleOf(run, revision, downgrade), appliedAt: atRun.now })
}

export function journalEntryOf(
  { run }: ScriptContext,
  entry: Pick<JournalEntry, 'entry' | 'revision' | 'direction' | 'outcome' | 'statement' | 'statements'>,
): JournalEntry {
  const { runId, appliedBy, version } = run
  return {
    ...entry,
    runId,
    appliedBy,
    version,
    startedAt: atRun.now,
    endedAt: entry.outcome === 'running' ? null : atRun.now,
    errorCode: null,
  }
}
