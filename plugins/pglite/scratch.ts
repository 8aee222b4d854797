import type { ConnectOptions, Session } from '../../src/dialect.ts'
import { scratchOn } from '../postgresql/scratch.ts'
import { connect, connectMemory } from './connect.ts'
import type { PgliteSession } from './session.ts'

/** Lends a schema of the project's own database, in a transaction that is rolled back. */
export async function scratchInside<T>(
  url: string,
  work: (session: Session) => Promise<T>,
  options?: ConnectOptions,
): Promise<T> {
  return scratchOn(await connect(url, options), work)
}

/**
 * Lends an empty database in memory, so that no server is needed: PostgreSQL 18, with no extension but those of every server. It takes 2 s
 * to open.
 * @throws {AludelError} PGLITE_MISSING; whatever `work` throws
 */
export async function scratch<T>(work: (session: PgliteSession) => Promise<T>): Promise<T> {
  const session = await connectMemory()
  try {
    return await work(session)
  } finally {
    await session.close()
  }
}
