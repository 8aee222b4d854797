/** The advisory lock that lets one runner at a time into a ledger. */
import { createHash } from 'node:crypto'
import type { LockRequest, Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'

/** Without the database's name: locks are per database anyway, and poolers give databases other names. */
export function lockKey({ schema = 'public', table }: LockRequest): bigint {
  return createHash('sha256').update(`aludel\0${schema}\0${table}`).digest().readBigInt64BE()
}

interface Holder {
  readonly pid: number
  readonly application: string | null
  readonly user: string | null
  readonly since: string | null
}

/** Names who holds the lock now, as far as the server lets this user see. */
export async function notObtained(session: Session, lock: LockRequest): Promise<AludelError> {
  const holder = await findHolder(session, lockKey(lock))
  const patience = lock.wait > 0 ? `, and still did after ${Math.ceil(lock.wait / 1000)} s` : ''
  return new AludelError(
    'LOCK_NOT_OBTAINED',
    `Another runner holds the lock of ${lock.table}${patience}${holder ? `: ${describe(holder)}` : ''}.`,
    {
      state: 'Nothing was changed by this run.',
      fix: holder
        ? `Run again when it has ended (--lock-wait waits longer), or end it: select pg_terminate_backend(${holder.pid})`
        : 'Run again; --lock-wait waits longer.',
      details: { table: lock.table, waited: lock.wait, ...(holder ? { holder } : {}) },
    },
  )
}

function describe({ pid, application, user, since }: Holder): string {
  const who = [`process ${pid}`, application ? `application ${application}` : '', user ? `user ${user}` : '']
  return `${who.filter((part) => part !== '').join(', ')}${since ? `, since ${since}` : ''}`
}

async function findHolder(session: Session, key: bigint): Promise<Holder | undefined> {
  // pg_locks shows a bigint key as two unsigned halves.
  const [high, low] = [BigInt.asUintN(32, key >> 32n), BigInt.asUintN(32, key)]
  const [holder] = await session.query<Holder>(
    `select l.pid, a.application_name as application, a.usename as "user",
       to_char(a.xact_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since
     from pg_catalog.pg_locks l left join pg_catalog.pg_stat_activity a on a.pid = l.pid
     where l.locktype = 'advisory' and l.granted and l.objsubid = 1 and l.classid = ${high} and l.objid = ${low}
       and l.database = (select oid from pg_catalog.pg_database where datname = current_database())`,
  )
  return holder
}
