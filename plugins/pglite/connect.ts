/** Opens sessions: pg, whose socket is PGlite itself. */
import type { ClientConfig } from 'pg'
import { existsSync } from 'node:fs'
import path from 'node:path'
import type { ConnectOptions } from '../../src/dialect.ts'
import { typeParsers } from '../postgresql/connect.ts'
import { unreachable } from './errors.ts'
import { type Instance, join, openMemory } from './instance.ts'
import { PgliteSession } from './session.ts'
import { parseUrl } from './url.ts'
import { Wire } from './wire.ts'

/** @throws {AludelError} URL_INVALID, PGLITE_MISSING, DATABASE_UNREACHABLE, LOCK_NOT_OBTAINED */
export async function connect(url: string, options: ConnectOptions = {}): Promise<PgliteSession> {
  const place = parseUrl(url)
  const parent = place.folder === undefined ? undefined : path.dirname(place.folder)
  if (place.folder !== undefined && parent !== undefined && !existsSync(parent)) {
    const fix = `Create the folder (mkdir -p ${parent}), or correct the URL.`
    throw unreachable(place.folder, `there is no folder ${parent}`, fix)
  }
  const { lockWait: wait = 10_000, create = true } = options
  return sessionOn(await join(place, { wait, create }), options)
}

/** An empty database that is gone when its session is closed. */
export async function connectMemory(options: ConnectOptions = {}): Promise<PgliteSession> {
  return sessionOn((await openMemory()).join(), options)
}

/** Another session of the same database. */
export async function connectBeside({ instance }: PgliteSession): Promise<PgliteSession> {
  return sessionOn(instance.join(), {})
}

/** @param instance joined; who closes the session leaves it */
async function sessionOn(
  instance: Instance,
  { applicationName: application = 'aludel', lockWait: patience = 10_000 }: ConnectOptions,
): Promise<PgliteSession> {
  const driver = await import('pg')
  const config: ClientConfig = {
    // Its login, which may do everything.
    user: 'postgres',
    ssl: false,
    // Said, so that PGSSLNEGOTIATION is not read.
    sslnegotiation: 'postgres',
    // What is used of a socket; pg's type wants any stream.
    stream: () => new Wire((messages) => instance.answer(messages)),
    types: typeParsers(driver),
  }
  const client = new driver.Client(config)
  const session = new PgliteSession(driver, client, instance, { application, patience })
  try {
    await client.connect()
    return session
  } catch (error) {
    await session.close()
    throw error
  }
}
