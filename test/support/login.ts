/** The login that the tests have on a server. */
import { randomBytes } from 'node:crypto'
import type { ServerName } from './servers.ts'
import { sql } from './sql.ts'

/** Another one in each run: it lets in where the run has made a login with it. */
export function newCanary(): string {
  return `Qv7-${randomBytes(12).toString('base64url')}`
}

/**
 * It gives a URL whose login has the canary for a password. Where the server takes any, the login stays; where it does not, there is
 * another one that may do as much, until `remove`. A URL that has a password keeps it.
 */
export async function withCanary(
  dialect: ServerName,
  given: string,
  canary: string,
): Promise<{ readonly url: string; remove(): Promise<void> }> {
  const url = new URL(given)
  if (url.password !== '') return { url: given, remove: async () => {} }
  url.password = canary
  if (dialect === 'postgresql') return { url: url.href, remove: async () => {} }
  url.username = `aludel_canary_${randomBytes(4).toString('hex')}`
  const login = `'${url.username}'@'%'`
  await sql(
    given,
    `create user ${login} identified by '${canary}'`,
    `grant all privileges on *.* to ${login} with grant option`,
  )
  return {
    url: url.href,
    remove: async () => {
      await sql(given, `drop user ${login}`)
    },
  }
}
