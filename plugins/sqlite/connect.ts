/** Opens database files. */
import { accessSync, constants, existsSync } from 'node:fs'
import path from 'node:path'
import type { Database, Options } from 'better-sqlite3'
import type { ConnectOptions, Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { openWithDriver } from './driver.ts'
import { codeOf, messageOf } from './errors.ts'
import { SqliteSession } from './session.ts'
import { parseUrl, type Place } from './url.ts'

/** The driver blocks the event loop while it waits for a lock. */
const busyTimeout = 100

/** @throws {AludelError} URL_INVALID, DATABASE_UNREACHABLE, LOCK_NOT_OBTAINED */
export async function connect(url: string, options: ConnectOptions = {}): Promise<Session> {
  const place = parseUrl(url)
  const folder = path.dirname(place.file)
  if (place.file !== ':memory:' && !existsSync(folder)) {
    throw unreachable(
      place,
      `there is no folder ${folder}`,
      `Create the folder (mkdir -p ${folder}), or correct the URL.`,
    )
  }
  const mayBeMade = !place.mustExist && !place.readOnly
  const absent = options.create === false && mayBeMade && !existsSync(place.file)
  const database = await open(absent ? parseUrl(':memory:') : place)
  const session = new SqliteSession(database, place.file, options.lockWait ?? 10_000)
  try {
    // Opening reads nothing.
    await session.query('select 1 from sqlite_master limit 1')
    return session
  } catch (error) {
    await session.close()
    if (error instanceof AludelError && error.code === 'LOCK_NOT_OBTAINED') throw error
    throw failed(place, error instanceof AludelError ? error.cause : error)
  }
}

/** An empty database that is gone when its session is closed. */
export async function openMemory(): Promise<Session> {
  return connect(':memory:')
}

async function open(place: Place): Promise<Database> {
  const { file, mustExist } = place
  // SQLite would read such a file all the same, and say only at the first write what it is.
  const readonly = place.readOnly || (existsSync(file) && !isWritable(file))
  const options: Options = { timeout: busyTimeout, readonly, fileMustExist: mustExist || readonly }
  try {
    return await openWithDriver(file, options)
  } catch (error) {
    throw failed(place, error)
  }
}

function isWritable(file: string): boolean {
  try {
    accessSync(file, constants.W_OK)
    return true
  } catch {
    return false
  }
}

function failed(place: Place, error: unknown): AludelError {
  const fix =
    codeOf(error) === 'SQLITE_NOTADB'
      ? 'Correct the URL; an encrypted database cannot be read either.'
      : 'Correct the path of the URL, or the rights of the file and its folder.'
  return unreachable(place, messageOf(error), fix, error)
}

function unreachable({ file }: Place, why: string, fix: string, cause?: unknown): AludelError {
  return new AludelError('DATABASE_UNREACHABLE', `The SQLite database ${file} cannot be opened: ${why}.`, {
    state: 'Nothing was read or changed.',
    fix,
    details: { file },
    cause,
  })
}
