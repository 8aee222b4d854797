import { randomBytes } from 'node:crypto'
import type { Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { connect } from './connect.ts'
import { codeOf } from './errors.ts'
import { literal, quote } from './literal.ts'

/**
 * A schema in a transaction that is rolled back. It comes first in the search path, before what the connection's own
 * path has, so that the server writes the names of types and functions on both sides alike.
 * @throws {AludelError} SCRATCH_UNAVAILABLE
 */
export async function scratch<T>(url: string, work: (session: Session) => Promise<T>): Promise<T> {
  const session = await connect(url)
  try {
    await open(session)
    return await work(session)
  } finally {
    // With the connection the transaction is gone, and with it the schema; said, for a pooler's sake.
    await session.simple('rollback').catch(() => undefined)
    await session.close()
  }
}

async function open(session: Session): Promise<void> {
  const name = quote(`aludel_scratch_${randomBytes(6).toString('hex')}`)
  try {
    await session.simple(
      [
        'begin',
        `create schema ${name}`,
        `select set_config('search_path', concat_ws(', ', ${literal(name)}, nullif(current_setting('search_path'), '')), true)`,
      ].join('; '),
    )
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    // 42501: no right; 25006: a server that only reads.
    if (!['42501', '25006'].includes(codeOf(cause) ?? '')) throw cause
    throw new AludelError('SCRATCH_UNAVAILABLE', `No schema can be created to build the entities in: ${reason}.`, {
      state: 'Nothing was changed.',
      fix: 'Run `grant create on database … to …` for this user, or set `scratchUrl` in the configuration to a database where it may.',
      cause,
    })
  }
}
