/** Who holds what a statement waits for. */
import { type Blocker, type Session, shownQuery } from '../../src/dialect.ts'

const columns = `a.pid, a.usename as "user", nullif(a.application_name, '') as application,
  to_char(a.xact_start at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as since, nullif(a.query, '') as query`

/** Those in a transaction that has used a table which the statement names, or which has a column of an enum type that it names; the oldest first. */
export async function blockers(session: Session, sql: string): Promise<readonly Blocker[]> {
  const found = await session.query<Blocker>(
    `select ${columns} from pg_catalog.pg_stat_activity a
     where a.pid <> pg_backend_pid() and a.xact_start is not null and a.pid in (
       select l.pid from pg_catalog.pg_locks l join pg_catalog.pg_class c on c.oid = l.relation
       where l.granted and l.locktype = 'relation' and (c.relname = any($1) or exists (
           select from pg_catalog.pg_attribute t join pg_catalog.pg_type y on y.oid = t.atttypid
           left join pg_catalog.pg_type e on e.oid = y.typelem
           where t.attrelid = c.oid and 'e' in (y.typtype, e.typtype) and coalesce(e.typname, y.typname) = any($1)))
         and l.database = (select oid from pg_catalog.pg_database where datname = current_database()))
     order by a.xact_start`,
    [namesIn(sql)],
  )
  return found.map(shown)
}

/** Those for whom the server's process waits at this moment. */
export async function blocking(session: Session, pid: number): Promise<readonly Blocker[]> {
  const found = await session.query<Blocker>(
    `select ${columns} from pg_catalog.pg_stat_activity a
     where a.pid = any(pg_blocking_pids($1)) order by a.xact_start`,
    [pid],
  )
  return found.map(shown)
}

/** Every word that may be the name of a table or type; of a block that aludel writes only what stands in quotes, as all such names do. */
function namesIn(sql: string): readonly string[] {
  const word = sql.startsWith('do $aludel') ? /"(?:[^"]|"")+"/gu : /"(?:[^"]|"")+"|[\p{L}_][\p{L}\p{N}_$]*/gu
  const words = sql.match(word) ?? []
  return words.map((word) =>
    word.startsWith('"') ? word.slice(1, -1).replaceAll('""', '"') : word.toLowerCase(),
  )
}

function shown(found: Blocker): Blocker {
  return { ...found, query: shownQuery(found.query) }
}
