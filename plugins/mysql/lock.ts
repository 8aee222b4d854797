/** The named lock that lets one runner at a time into a ledger. */
import type { LockHolder, LockRequest, Session } from '../../src/dialect.ts'
import { literal } from './literal.ts'

/**
 * As SQL: `aludel:` and 40 hex digits of sha256(database, a zero byte, table). Locks are the whole server's.
 * @see https://dev.mysql.com/doc/refman/8.4/en/locking-functions.html (64 characters at most)
 */
export function lockName({ schema, table }: LockRequest): string {
  const database = schema === undefined ? 'database()' : literal(schema)
  // Where names are compared without case, a URL may spell the same database in several ways.
  const exact = `if(@@lower_case_table_names = 0, ${database}, lower(${database}))`
  return `concat('aludel:', left(sha2(concat(${exact}, '\\0', ${literal(table)}), 256), 40))`
}

/** How long statements may take, as settings of a session: what others use is not waited for long. MySQL has no limit but for queries. */
export function limits({ lockTimeout, statementTimeout }: LockRequest): string {
  const seconds = Math.max(1, Math.ceil((lockTimeout ?? 5000) / 1000))
  const longest =
    statementTimeout === undefined ? '' : ` /*M!100101 , max_statement_time = ${statementTimeout / 1000} */`
  return `lock_wait_timeout = ${seconds}, innodb_lock_wait_timeout = ${seconds}${longest}`
}

/** Who holds the lock now. The server does not say since when, nor what for: the ledger's journal does. */
export async function holder(session: Session, lock: LockRequest): Promise<LockHolder | undefined> {
  const [held] = await session.query<{ id: number | null }>(`select is_used_lock(${lockName(lock)}) as id`)
  const id = held?.id ?? null
  if (id === null) return undefined
  const [process] = await session.query<{ user: string; host: string }>(
    'select user as user, host as host from information_schema.processlist where id = ?',
    [id],
  )
  const application = await applicationOf(session, id)
  return {
    pid: id,
    ...(application === undefined ? {} : { application }),
    ...process,
    ...(await lock.running?.(session)),
    advice: `To end it: kill ${id}`,
  }
}

/** Only where the performance schema is on, and may be read. */
async function applicationOf(session: Session, id: number): Promise<string | undefined> {
  const rows = await session
    .query<{ name: string }>(
      "select attr_value as name from performance_schema.session_connect_attrs where processlist_id = ? and attr_name = 'program_name'",
      [id],
    )
    .catch(() => [])
  return rows[0]?.name
}
