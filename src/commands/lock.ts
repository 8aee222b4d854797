import type { Settings } from '../config.ts'
import { lockOf } from '../database/lock.ts'
import type { LockHolder } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { withDatabase } from './database.ts'

export interface LockResult {
  readonly locked: boolean
  /** Who holds the lock; null when nobody does. */
  readonly holder: LockHolder | null
}

/** Who holds the lock of the ledger now. Asks no revision files; changes nothing, and does not wait. */
export async function lock(settings: Settings): Promise<LockResult> {
  return withDatabase({ ...settings, lockWait: 0 }, 'read', async ({ dialect, connect, ledger }) => {
    try {
      const holder = await dialect.holder(await connect(), lockOf(ledger))
      return { locked: holder !== undefined, holder: holder ?? null }
    } catch (error) {
      // An embedded database that another has locked whole lets nobody in to ask.
      const holder =
        error instanceof AludelError && error.code === 'LOCK_NOT_OBTAINED' && error.details['holder']
      if (isHolder(holder)) return { locked: true, holder }
      throw error
    }
  })
}

function isHolder(value: unknown): value is LockHolder {
  return typeof value === 'object' && value !== null && 'advice' in value
}
