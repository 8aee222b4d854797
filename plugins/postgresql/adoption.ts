import {
  type Adoption,
  type Dialect,
  type Rehearsal,
  type Session,
  withStatements,
} from '../../src/dialect.ts'
import { AludelError } from '../../src/errors.ts'
import { splitStatements } from '../split-statements.ts'
import { rollsBack } from './effect.ts'
import { lexer } from './lexer.ts'
import { reachIn } from './reach.ts'

const setting =
  /^set\s+(?:session\s+)?(?!local\b|constraints\b|transaction\b|session\b)(time\s+zone|role|[\w.]+)\b/i
const configuring = /^(select\s+(?:pg_catalog\.)?set_config\s*\(\s*'([\w.]+)'\s*,[^]*,\s*)false(\s*\))$/i
/** What statements of the ledger, which come after those of the revision, are read by. */
const outlasting = ['search_path', 'role']

/** What is the same however the database is reached. */
export const porting: Pick<Adoption, 'split' | 'port'> = {
  split: (text) => splitStatements(text, lexer),
  port: (texts, { transactional }) => {
    const all = texts.flatMap((text) => splitStatements(text, lexer))
    const kept = all.filter((sql) => !/^set\s+(?:session\s+)?(?:names|client_encoding)\b/i.test(sql))
    const settings = kept.flatMap((sql) => setting.exec(sql)?.[1] ?? configuring.exec(sql)?.[2] ?? [])
    const names = [...new Set(settings.map((name) => name.toLowerCase().replaceAll(/\s+/g, ' ')))]
    const reset = transactional ? names.filter((name) => outlasting.includes(name)) : names
    return {
      statements: [...(transactional ? kept.map(local) : kept), ...reset.map((name) => `reset ${name}`)],
      notes: [
        ...(kept.length < all.length
          ? ['What sets the encoding is left out: the connection of aludel speaks UTF-8.']
          : []),
        ...names.map(
          (name) =>
            `${name} is set ${transactional ? 'for the transaction alone' : 'back at the end'}, so that it does not outlast the revision.`,
        ),
      ],
    }
  },
}

/** How the database is reached, and by which of MikroORM's drivers. */
export interface Reach extends Pick<Dialect, 'connect' | 'scratch'> {
  readonly name: 'postgresql' | 'pglite'
}

export function adoptionFor({ name, connect, scratch }: Reach): Adoption {
  return {
    ...porting,
    history: async (source) => (await import('../mikro-orm/migrations.ts')).readMigrations(name, source),
    rehearse: async (url, rehearsal, work) => {
      if (rehearsal.dedicated) return inDedicated(() => connect(url, rehearsal), work)
      return scratch(url, async (session) => inScratch(session, rehearsal, work), rehearsal)
    },
  }
}

async function inScratch<T>(
  session: Session,
  { statements }: Rehearsal,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const refuse = await reachIn(session)
  for (const sql of statements) refuse(sql)
  await withoutOthers(session)
  return work(inTransaction(session))
}

/** Behind the scratch schema the path has those of the project, where a name that is not there would be found. */
export async function withoutOthers(session: Session): Promise<void> {
  await session.simple(`select set_config('search_path', quote_ident(current_schema()), true)`)
}

function local(sql: string): string {
  if (setting.test(sql)) return sql.replace(/^set\s+(?:session\s+)?/i, 'set local ')
  return sql.replace(configuring, '$1true$3')
}

/** Everything in one transaction, so that the database stays empty. @throws {AludelError} SCRATCH_UNAVAILABLE when it is not */
export async function inDedicated<T>(
  connect: () => Promise<Session>,
  work: (session: Session) => Promise<T>,
): Promise<T> {
  const session = await connect()
  try {
    const [row] = await session.query<{ readonly name: string }>(
      `select quote_ident(nspname) || '.' || quote_ident(relname) as name from pg_catalog.pg_class c
       join pg_catalog.pg_namespace n on n.oid = c.relnamespace
       where relkind in ('r', 'p', 'v', 'm', 'f') and nspname !~ '^pg_' and nspname <> 'information_schema'
       and not exists (select from pg_catalog.pg_depend d where d.objid = c.oid and d.deptype = 'e') limit 1`,
    )
    if (row) {
      throw new AludelError(
        'SCRATCH_UNAVAILABLE',
        `The database of \`scratchUrl\` is not empty: it has ${row.name}.`,
        {
          state: 'Nothing was tried.',
          fix: 'Let `scratchUrl` name an empty database.',
          details: { relation: row.name },
        },
      )
    }
    await session.simple('begin')
    return await work(inTransaction(session))
  } finally {
    await session.simple('rollback').catch(() => undefined)
    await session.close()
  }
}

/** An index can be built inside of the transaction too, though others would have to wait for it. What changes no schema is left out. */
export function inTransaction(session: Session): Session {
  const bare = (sql: string): string => {
    if (rollsBack(sql)) return sql
    return upkeep.test(sql) ? 'select' : sql.replace(/\bconcurrently\b/i, '')
  }
  return withStatements(session, {
    query: (sql, params) => session.query(bare(sql), params),
    simple: (sql) => session.simple(bare(sql)),
  })
}

const upkeep = /^\s*(?:vacuum|reindex|cluster)\b/i
