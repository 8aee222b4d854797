/** Keeps other processes out of a folder: PGlite itself does not, and two in one folder destroy it. */
import type { Database } from 'better-sqlite3'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describeHolder } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { openWithDriver } from '../sqlite/driver.ts'
import { isBusy } from '../sqlite/errors.ts'
import { holderOf } from '../sqlite/holder.ts'
import { unreachable } from './errors.ts'

export interface FolderLock {
  release(): void
}

/**
 * Locks an empty SQLite file beside the folder, which the system unlocks however the process ends.
 * @param wait milliseconds to go on trying
 * @throws {AludelError} LOCK_NOT_OBTAINED, DATABASE_UNREACHABLE
 */
export async function lockFolder(folder: string, wait: number): Promise<FolderLock> {
  const file = `${folder}.lock`
  const end = Date.now() + wait
  const database = await open(folder, file)
  for (let tries = 0; ; tries += 1) {
    try {
      database.exec('begin immediate')
      return { release: () => void database.close() }
    } catch (error) {
      const left = end - Date.now()
      if (isBusy(error) && left > 0) {
        await pause(Math.min(left, 20 * 2 ** Math.min(tries, 4) * (0.75 + Math.random() / 2)))
        continue
      }
      database.close()
      throw isBusy(error) ? inUse(folder, file, wait) : unreachable(folder, error)
    }
  }
}

async function open(folder: string, file: string): Promise<Database> {
  try {
    return await openWithDriver(file, { timeout: 0 })
  } catch (error) {
    throw unreachable(folder, error, `Correct the URL, or the rights of ${path.dirname(folder)}.`)
  }
}

function inUse(folder: string, file: string, waited: number): AludelError {
  const holder = holderOf(file)
  const who = describeHolder(holder)
  const patience = waited > 0 ? `, and still did after ${Math.ceil(waited / 1000)} s` : ''
  return new AludelError(
    'LOCK_NOT_OBTAINED',
    `Another process uses the PGlite database ${folder}${patience}${who === '' ? '' : `: ${who}`}.`,
    {
      state: 'Nothing was changed by this run.',
      fix: `Wait for it to end and run again; --lock-wait waits longer. ${holder.advice}`,
      details: { folder, waited, holder },
    },
  )
}
