import type { Settings } from '../config.ts'
import { lockOf } from '../database/lock.ts'
import type { LockHolder } from '../dialect.ts'
import { withDatabase } from './project.ts'

export interface LockResult {
  readonly locked: boolean
  /** Who holds the lock; null when nobody does. */
  readonly holder: LockHolder | null
}

/** Who holds the lock of the ledger now. Asks no revision files; changes nothing, and does not wait. */
export async function lock(settings: Settings): Promise<LockResult> {
  return withDatabase({ ...settings, lockWait: 0 }, 'read', async ({ dialect, connect, ledger }) => {
    const holder = await dialect.holder(await connect(), lockOf(ledger))
    return { locked: holder !== undefined, holder: holder ?? null }
  })
}
