import type { DialectName } from '../../support/servers.ts'
import type { Reasons } from '../scenario.ts'

type Other = Exclude<DialectName, 'postgresql' | 'pglite'>

/** Why it is nowhere but on PostgreSQL; a reason for each of the others, or one for all. */
export function onlyPostgres(reason: string): Reasons {
  return { sqlite: reason, mariadb: reason, mysql: reason } satisfies Record<Other, string>
}

export function notOnMysql(reason: string): Reasons {
  return { mariadb: reason, mysql: reason }
}

export const noComments: Reasons = { sqlite: 'SQLite keeps no comments' }
export const noLengths: Reasons = { sqlite: 'SQLite keeps no lengths' }
