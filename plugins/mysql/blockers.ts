import { type Blocker, type Session, shownQuery } from '../../src/dialect.ts'

/** Who has a transaction open in this database, the oldest first; the server lets only users with the right PROCESS see it. */
export async function blockers(session: Session): Promise<readonly Blocker[]> {
  const found = await session.query<Blocker>(
    `select p.id as pid, p.user as user, null as application, p.info as query,
       date_format(utc_timestamp() - interval timestampdiff(second, t.trx_started, now()) second, '%Y-%m-%dT%H:%i:%sZ') as since
     from information_schema.innodb_trx t join information_schema.processlist p on p.id = t.trx_mysql_thread_id
     where p.id <> connection_id() and p.db = database() order by t.trx_started`,
  )
  return found.map((each) => ({ ...each, query: shownQuery(each.query) }))
}
