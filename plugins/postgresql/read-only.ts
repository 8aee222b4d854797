import type { Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { quote } from './literal.ts'

interface Facts {
  readonly replica: boolean
  readonly database: string
  readonly user: string
  /** What set default_transaction_read_only: `database`, `user`, `database user`, `client`, … */
  readonly source: string
}

/** Says why a database can only be read, and what ends that. */
export async function readOnly(session: Session): Promise<AludelError> {
  const [facts] = await session.query<Facts>(
    `select pg_is_in_recovery() as replica, current_database() as database, current_user as "user", source
     from pg_catalog.pg_settings where name = 'default_transaction_read_only'`,
  )
  const isReplica = facts?.replica === true
  const why = isReplica ? 'the server is a replica' : 'default_transaction_read_only is on'
  return new AludelError('READ_ONLY', `The database can only be read: ${why}.`, {
    state: 'Nothing was changed.',
    fix: isReplica || !facts ? 'Let the URL name the primary server.' : switchOff(facts),
    details: { replica: isReplica },
  })
}

function switchOff({ database, user, source }: Facts): string {
  if (source === 'client') return 'Take default_transaction_read_only out of the options of the URL.'
  const [toDatabase, toUser] = [quote(database), quote(user)]
  const places: Readonly<Record<string, string>> = {
    database: `alter database ${toDatabase} reset default_transaction_read_only`,
    user: `alter role ${toUser} reset default_transaction_read_only`,
    'database user': `alter role ${toUser} in database ${toDatabase} reset default_transaction_read_only`,
  }
  const statement =
    places[source] ?? 'alter system set default_transaction_read_only = off; select pg_reload_conf()'
  // It holds for whoever mends it too.
  return `Let somebody who may run: set default_transaction_read_only = off; ${statement};`
}
