/** Whether a statement stays inside of a scratch database on the project's server. */
import type { Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { withoutComments } from './effect.ts'

const server =
  /^(?:use|grant|revoke|(?:create|alter|drop|rename)\s+(?:or\s+replace\s+)?(?:database|schema|user|role|server|tablespace)|set\s+(?:global|persist|password|role|default)|set\s+@@(?:global|persist)|load|install|flush|kill|shutdown)\b/i

/** @returns what refuses a statement that names another database, or is about the server: {AludelError} SCRATCH_UNAVAILABLE */
export async function reachIn(session: Session): Promise<(sql: string) => void> {
  const rows = await session.query<{ readonly name: string }>(
    `select schema_name as name from information_schema.schemata where schema_name <> 'information_schema'`,
  )
  const names = rows.map(({ name }) => name.toLowerCase())
  return (sql) => {
    const named = [...sql.toLowerCase().matchAll(/(?:`((?:[^`]|``)+)`|([\w$\u0080-\uffff]+))\s*\.(?!\d)/g)]
    const place = named.map(([, quoted, bare]) => quoted ?? bare ?? '').find((each) => names.includes(each))
    // What stands in a comment that the server runs is run.
    const text = withoutComments(sql.replace(/^\s*\/\*M?!\d*\s*/, '')).trim()
    if (place === undefined && !server.test(text)) return
    const what = place === undefined ? 'is about the whole server' : `names the database ${place}`
    throw new AludelError('SCRATCH_UNAVAILABLE', `A statement ${what}: ${sql.slice(0, 100)}.`, {
      state: 'Nothing was tried.',
      fix: 'Such a statement is tried in no scratch database. What it does to tables is written without the name of the database.',
      details: { sql },
    })
  }
}
