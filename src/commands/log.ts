import type { Settings } from '../config.ts'
import type { JournalEntry } from '../database/rows.ts'
import { withDatabase } from './database.ts'

/** One try to run or to stamp one revision. */
export interface LogEntry extends Omit<JournalEntry, 'entry'> {
  /** Milliseconds; null while it runs, or when its process was killed. */
  readonly ms: number | null
}

/**
 * What was done to a database, newest first. Asks no revision files; changes nothing.
 * @param limit how many entries at most
 * @throws {AludelError} LEDGER_SHAPE, PERMISSION
 */
export async function log(
  settings: Settings,
  { limit }: { readonly limit: number },
): Promise<readonly LogEntry[]> {
  return withDatabase(settings, 'read', async ({ connect, ledger }) => {
    const entries = await ledger.entries(await connect(), limit)
    return entries.map(({ entry: _, ...rest }) => ({ ...rest, ms: duration(rest) }))
  })
}

function duration({ startedAt, endedAt }: Pick<JournalEntry, 'startedAt' | 'endedAt'>): number | null {
  return endedAt === null ? null : Math.max(0, Date.parse(endedAt) - Date.parse(startedAt))
}
