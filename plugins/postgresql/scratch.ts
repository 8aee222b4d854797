import { randomBytes } from 'node:crypto'
import type { ConnectOptions, Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { scratchPrefix } from './catalog-others.ts'
import { addingAtOnce } from './adding-at-once.ts'
import { connect } from './connect.ts'
import { codeOf } from './errors.ts'
import { literal, quote } from './literal.ts'

/**
 * Lends a schema in a transaction that is rolled back. It comes first in the search path, before what the
 * connection's own path has, so that the server writes names of types and functions alike on both sides.
 * @throws {AludelError} SCRATCH_UNAVAILABLE
 */
export async function scratch<T>(
  url: string,
  work: (session: Session) => Promise<T>,
  options?: ConnectOptions,
): Promise<T> {
  return scratchOn(await connect(url, options), work)
}

/** The same on a session that is closed afterwards. */
export async function scratchOn<T>(session: Session, work: (session: Session) => Promise<T>): Promise<T> {
  try {
    await open(session)
    return await work(addingAtOnce(session))
  } finally {
    // With the connection the transaction is gone, and with it the schema; said, for a pooler's sake.
    await session.simple('rollback').catch(() => undefined)
    await session.close()
  }
}

async function open(session: Session): Promise<void> {
  const name = `${scratchPrefix}${randomBytes(6).toString('hex')}`
  const path = `concat_ws(', ', ${literal(name)}, nullif(current_setting('search_path'), ''))`
  try {
    await session.simple(
      ['begin', `create schema ${quote(name)}`, `select set_config('search_path', ${path}, true)`].join('; '),
    )
  } catch (cause) {
    const isForbidden = cause instanceof AludelError && cause.code === 'PERMISSION'
    if (!isForbidden && codeOf(cause) !== readOnly) throw cause
    const [who] = await session.query<{ readonly database: string; readonly user: string }>(
      'rollback; select current_database() as database, current_user as "user"',
    )
    const grant =
      who && isForbidden
        ? `Run: grant create on database ${quote(who.database)} to ${quote(who.user)}. Or set`
        : 'Set'
    throw new AludelError(
      'SCRATCH_UNAVAILABLE',
      `No schema can be created to build the entities in: ${messageOf(cause)}.`,
      {
        state: 'Nothing was changed.',
        fix: `${grant} \`scratchUrl\` in the configuration to a database where a schema can be created.`,
        cause,
      },
    )
  }
}

const readOnly = '25006'

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
