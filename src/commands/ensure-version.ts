import type { Settings } from '../config.ts'
import { lockRequest } from '../database/lock.ts'
import { withDatabase } from './database.ts'
import type { Caller } from './project.ts'

export interface EnsureVersionResult {
  /** False when the tables were there. */
  readonly created: boolean
  /** The ledger's tables, as they are configured. */
  readonly tables: readonly string[]
}

/**
 * Makes the ledger's tables where they are missing, and changes nothing else. Reads no revision files.
 * @throws {AludelError} LEDGER_SHAPE when another table has the name of one; PERMISSION
 */
export async function ensureVersion(
  settings: Settings,
  { onEvent }: Pick<Caller, 'onEvent'>,
): Promise<EnsureVersionResult> {
  const { revisionTable, journalTable } = settings.ledger
  const tables = [revisionTable, journalTable]
  return withDatabase(settings, 'write', async ({ dialect, ledger, connect, state }) => {
    const { exists } = await state()
    if (exists) return { created: false, tables }
    return dialect.step(connect, lockRequest({ ledger, limits: settings, onEvent }), async (session) => {
      await ledger.create(session)
      return { created: true, tables }
    })
  })
}
