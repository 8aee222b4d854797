/** Revisions that show when one of them ran twice or only in part, and what must be true of a database after any number of runners. */
import { createHash } from 'node:crypto'
import { expect } from 'vitest'
import { sql } from './sql.ts'

export const stepIds = Array.from({ length: 10 }, (_, at) => `step${String(at).padStart(2, '0')}`)

interface Counting {
  /** Milliseconds that each takes at the least, so that runners overlap. */
  readonly pause: number
  /** One of them builds an index outside of a transaction, where the dialect can do that; it takes a second connection. */
  readonly outside?: true
}

/** A chain of ten: each changes the schema, and counts in a way that a second run of it would show. */
export function countingFiles({ pause, outside }: Counting): Readonly<Record<string, string>> {
  const files = Object.fromEntries(
    stepIds.map((id, at) => [
      `migrations/${id}.ts`,
      `import type { Operations } from 'aludel'
export const message = 'Step ${at}'
export const revision = '${id}'
export const downRevision = ${at === 0 ? 'null' : `'${stepIds[at - 1]}'`}

export async function upgrade(op: Operations) {
  ${at === 0 ? first : `op.addColumn('counter', { name: 'c${at}', type: 'integer', nullable: true })`}
  await op.query("insert into proof (step) values ('${id}')")
  await new Promise((done) => setTimeout(done, ${pause}))
  await op.query('update counter set n = n + 1')
}

export function downgrade(op: Operations) {
  ${at === 0 ? "op.dropTable('proof')\n  op.dropTable('counter')" : `op.dropColumn('counter', 'c${at}')`}
}
`,
    ]),
  )
  return outside ? { ...files, ...outsideFile } : files
}

/** Recorded operations alone, so that one that was cut short can be gone on with. */
const outsideFile = {
  'migrations/step05.ts': `import type { Operations } from 'aludel'
export const message = 'Outside'
export const revision = 'step05'
export const downRevision = 'step04'
export const transaction = false

export function upgrade(op: Operations) {
  op.createIndex('proof', { name: 'proof_step', columns: ['step'], concurrently: true })
  op.execute("insert into proof (step) values ('step05')")
  op.execute('update counter set n = n + 1')
}

export function downgrade(op: Operations) {
  op.dropIndex('proof', 'proof_step', { concurrently: true })
}
`,
}

const first = `op.createTable('proof', { columns: [{ name: 'step', type: 'string', length: 20 }] })
  op.createTable('counter', { columns: [{ name: 'n', type: 'integer' }] })
  op.execute('insert into counter (n) values (0)')`

/**
 * It expects that each of `countingFiles` ran exactly once, and that nothing else is left of whoever ran them.
 * @param url of the database itself, not of a pooler before it
 */
export async function assertExactlyOnce(url: string): Promise<void> {
  const column = async (query: string): Promise<readonly unknown[]> =>
    (await sql(url, query)).map(([value]) => value)
  const { tables } = questionsOf(url)
  expect({
    proof: await column('select step from proof order by step'),
    counter: await column('select n from counter'),
    ledger: await column('select revision from aludel_revision order by revision'),
    running: await column("select revision from aludel_journal where outcome = 'running'"),
    done: await column("select revision from aludel_journal where outcome = 'done' order by revision"),
    tables: await column(tables),
    left: await left(url),
  }).toEqual({
    proof: stepIds,
    counter: [stepIds.length],
    ledger: stepIds,
    running: [],
    done: stepIds,
    tables: ['aludel_journal', 'aludel_revision', 'counter', 'proof'],
    left: [],
  })
}

/** What runners that are gone have left: locks, indexes half built, open transactions, broken pages. */
export async function left(url: string): Promise<readonly string[]> {
  return (await sql(url, questionsOf(url).left(url))).map(([value]) => String(value))
}

/** It ends the session that holds the lock, if there is one, as an administrator or a pooler does. */
export async function endLockSession(url: string): Promise<void> {
  const holders = await sql(url, questionsOf(url).holders(url))
  const { end } = questionsOf(url)
  for (const [id] of holders) await sql(url, end(Number(id))).catch(() => undefined)
}

function questionsOf(url: string): Questions {
  return questions[new URL(url).protocol] ?? mysql
}

interface Questions {
  readonly tables: string
  /** Locks, indexes half built, broken pages: none. */
  readonly left: (url: string) => string
  /** The numbers of the sessions that hold the lock. */
  readonly holders: (url: string) => string
  readonly end: (session: number) => string
}

const mysql: Questions = {
  tables:
    'select table_name from information_schema.tables where table_schema = database() order by table_name',
  left: holdersOnMysql,
  holders: holdersOnMysql,
  end: (session) => `kill ${session}`,
}

function holdersOnMysql(url: string): string {
  const database = new URL(url).pathname.slice(1)
  const hash = createHash('sha256').update(`${database}\0aludel_revision`).digest('hex').slice(0, 40)
  return `select l.holder from (select is_used_lock('aludel:${hash}') as holder) l where l.holder is not null`
}

const questions: Readonly<Record<string, Questions>> = {
  'postgresql:': {
    tables:
      "select tablename from pg_tables where schemaname not in ('pg_catalog', 'information_schema') order by 1",
    left: () => `select 'lock ' || objid from pg_locks
      where locktype = 'advisory' and database = (select oid from pg_database where datname = current_database())
      union all select 'invalid index ' || indexrelid::regclass from pg_index where not indisvalid
      union all select 'transaction of ' || pid from pg_stat_activity
      where datname = current_database() and state like 'idle in transaction%'`,
    holders: () => `select pid from pg_locks where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())`,
    end: (session) => `select pg_terminate_backend(${session})`,
  },
  'sqlite:': {
    tables: "select name from sqlite_master where type = 'table' and name not like 'sqlite%' order by name",
    left: () => "select integrity_check from pragma_integrity_check where integrity_check <> 'ok'",
    // Its lock is the process's own.
    holders: () => 'select 1 where false',
    end: () => 'select 1',
  },
}
