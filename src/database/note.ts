/** The journal's row of what changes the ledger alone. */
import type { Session } from '../dialect.ts'
import type { Run } from './entries.ts'
import type { JournalEntry } from './rows.ts'

export async function noteDone(
  { ledger, runId, appliedBy, version, now }: Run,
  session: Session,
  { revision, direction }: Pick<JournalEntry, 'revision' | 'direction'>,
): Promise<void> {
  const at = now().toISOString()
  await ledger.write(session, {
    entry: crypto.randomUUID(),
    runId,
    revision: revision.slice(0, 64),
    direction,
    startedAt: at,
    endedAt: at,
    outcome: 'done',
    statement: 0,
    statements: 0,
    errorCode: null,
    appliedBy,
    version,
  })
}
