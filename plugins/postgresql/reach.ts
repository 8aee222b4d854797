/** Whether a statement stays inside of a scratch schema that stands beside the project's own. */
import type { Session } from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { lexer } from './lexer.ts'

const wide =
  /\bsearch_path\b|\bset\s+(?:local\s+|session\s+)?(?:schema|role|session\s+authorization)\b|\breset\s+all\b|\bdblink|\b(?:create|alter|drop)\s+(?:database|role|user|tablespace|subscription|publication|server|event\s+trigger)\b|\balter\s+system\b|\bcopy\b[^;]*\bprogram\b|\breassign\s+owned\b|\bdrop\s+owned\b|\ball\s+tables\s+in\b|\b(?:create|alter|drop)\s+schema\b|\b(?:alter|drop)\s+extension\b/i

/** What ends the transaction that is to be rolled back; looked for outside of literals and bodies. */
const ending =
  /(?:^|;)\s*(?:commit|end|abort|rollback(?!\s+(?:(?:work|transaction)\s+)?to\b)|prepare\s+transaction)\b/i
const opaque = new RegExp(lexer.opaque.join('|'), 'g')

/**
 * Looks into strings and bodies of functions too, for they may be run.
 * @returns what refuses a statement: {AludelError} SCRATCH_UNAVAILABLE
 */
export async function reachIn(session: Session): Promise<(sql: string) => void> {
  const rows = await session.query<{ readonly name: string }>(
    `select nspname as name from pg_catalog.pg_namespace where nspname not in ('pg_catalog', 'information_schema', current_schema())`,
  )
  const names = new Set(rows.map(({ name }) => name))
  return (sql) => {
    const qualified = [...sql.matchAll(/(?:"((?:[^"]|"")+)"|([\p{L}_][\p{L}\p{N}_$]*))\s*\.(?!\d)/gu)]
    const schema = qualified
      .map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare?.toLowerCase() ?? '')
      .find((each) => names.has(each))
    const found = wide.exec(sql)?.[0]
    if (schema === undefined && found === undefined) return endsTransaction(sql)
    const what = schema === undefined ? `has \`${found}\`` : `names the schema ${schema}`
    throw refused(
      `A statement ${what}, so a scratch schema beside the project's own is no place to try it`,
      sql,
    )
  }
}

/** @throws {AludelError} SCRATCH_UNAVAILABLE for what would keep what is to be rolled back */
export function endsTransaction(sql: string): void {
  const [found] = ending.exec(sql.replaceAll(opaque, ' ')) ?? []
  if (found === undefined) return
  throw refused(`A statement has \`${found.replace(/^;?\s*/, '')}\`, and would keep what is only tried`, sql)
}

function refused(why: string, sql: string): AludelError {
  return new AludelError('SCRATCH_UNAVAILABLE', `${why}: ${sql.slice(0, 100)}`, {
    state: 'Nothing was tried.',
    fix: 'Set `scratchUrl` in the configuration to an empty database of the same server version; what is tried there is rolled back.',
    details: { sql },
  })
}
