/** The advisory lock that lets one runner at a time into a ledger. */
import { createHash } from 'node:crypto'
import type { LockHolder, LockRequest, LockWork, Session } from '../../src/dialect.ts'
import { literal } from './literal.ts'

/** Without the database's name: locks are per database anyway, and poolers give databases other names. */
export function lockKey({ schema = 'public', table }: LockRequest): bigint {
  return createHash('sha256').update(`aludel\0${schema}\0${table}`).digest().readBigInt64BE()
}

/** What the server cuts the name of an application off at. */
const longestName = 63

/**
 * As SQL that names the application after its work, until the transaction ends: `aludel: upgrade 3f9a`. Every login may read the
 * name, of the rest of a session only some.
 */
export function announcement({ direction, revision }: LockWork): string {
  const suffix = `: ${direction} ${revision}`
  const room = Math.max(0, longestName - Buffer.byteLength(suffix))
  const own = `regexp_replace(current_setting('application_name'), ': (up|down)grade [[:alnum:]_]+$', '')`
  return `select set_config('application_name', left(${own}, ${room}) || ${literal(suffix)}, true)`
}

export async function announce(session: Session, work: LockWork): Promise<void> {
  await session.simple(announcement(work))
}

interface Row {
  readonly pid: number
  readonly application: string | null
  readonly user: string | null
  readonly host: string | null
  readonly since: string | null
}

/** Who holds the lock now, as far as the server lets this user see. */
export async function holder(session: Session, lock: LockRequest): Promise<LockHolder | undefined> {
  const key = lockKey(lock)
  // pg_locks shows a bigint key as two unsigned halves.
  const [high, low] = [BigInt.asUintN(32, key >> 32n), BigInt.asUintN(32, key)]
  const [row] = await session.query<Row>(
    `select l.pid, a.application_name as application, a.usename as "user", host(a.client_addr) as host,
       to_char(a.xact_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
     from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid = ${high} and l.objid = ${low}
       and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`,
  )
  if (!row) return undefined
  const { pid, application, user, host, since } = row
  return {
    pid,
    ...(application ? read(application) : {}),
    ...(user === null ? {} : { user }),
    ...(host === null ? {} : { host }),
    ...(since === null ? {} : { since }),
    advice: `To end it: select pg_terminate_backend(${pid})`,
  }
}

/** The reverse of `announcement`. */
function read(name: string): Partial<LockHolder> {
  const [, application = name, direction, revision] = /^(.*): (upgrade|downgrade) (\w+)$/s.exec(name) ?? []
  const known = direction === 'upgrade' || direction === 'downgrade'
  return { application, ...(known && revision !== undefined ? { direction, revision } : {}) }
}
