import pg from 'pg'
import { expect, inject, test } from 'vitest'
import { afterTest } from '../support/cleanup.ts'
import { database } from '../support/database.ts'
import { chain, revisionFile } from '../support/files.ts'
import { edits, orderingFiles } from '../support/ordering.ts'
import { describePoolers, type Through } from '../support/pgbouncer.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'
import { type Pool, startPgbouncer } from '../support/throwaway.ts'

/**
 * What other clients see afterwards, on every connection that the pooler has to the server. PgBouncer itself sets those that it
 * keeps for each client; to one that has no name it leaves the name of the client before.
 */
async function leftovers(url: string, { size }: Pool): Promise<unknown> {
  const clients = Array.from({ length: size }, () => new pg.Client({ connectionString: url }))
  await Promise.all(clients.map((client) => client.connect()))
  try {
    // All at once, so that no two have the same connection.
    for (const client of clients) await client.query('begin')
    const found = []
    for (const client of clients) {
      const { rows } = await client.query(
        `select 'setting ' || name as leftover from pg_settings
           where source = 'session' and name not in ('client_encoding', 'DateStyle', 'TimeZone', 'standard_conforming_strings', 'transaction_isolation', 'transaction_read_only', 'transaction_deferrable')
           and (name <> 'application_name' or setting <> 'aludel')
         union all select 'statement ' || name from pg_prepared_statements
         union all select 'cursor ' || name from pg_cursors
         union all select 'channel ' || pg_listening_channels()
         union all select 'lock' from pg_locks where locktype = 'advisory'
           and database = (select oid from pg_database where datname = current_database())
         union all select 'schema ' || nspname from pg_namespace where nspname like 'aludel%' or nspname like 'pg_temp%'`,
      )
      found.push(...rows)
    }
    return found
  } finally {
    await Promise.all(clients.map((client) => client.end()))
  }
}

// Seen to fail, through the pools of transactions, with each of: a plain `set`, a lock of the session, a name set for the session.
describePoolers('F04: every command', (through: Through, pool) => {
  test('does its work, and leaves nothing behind for other clients', { timeout: 120_000 }, async () => {
    const db = await database('postgresql')
    const url = through(db.url)
    const app = project(orderingFiles())
    const run = async (...args: readonly string[]): Promise<unknown> => {
      const { status, stdout, stderr } = await app.run([...args, '--json'], { env: { DATABASE_URL: url } })
      expect({ args, status, said: status === 0 ? '' : stdout + stderr }).toEqual({
        args,
        status: 0,
        said: '',
      })
      expect(await leftovers(url, pool)).toEqual([])
      return JSON.parse(stdout)
    }
    expect(await leftovers(url, pool)).toEqual([])
    expect(await run('revision', '--autogenerate', '-m', 'First', '--rev-id', 'a1')).toMatchObject({
      operations: 4,
    })
    expect(await run('upgrade')).toMatchObject({ heads: ['a1'] })
    edits.addColumns(app)
    expect(await run('revision', '--autogenerate', '-m', 'Columns', '--rev-id', 'b1')).toMatchObject({
      operations: 2,
    })
    expect(await run('upgrade', '+1')).toMatchObject({ heads: ['b1'] })
    expect(await run('check')).toMatchObject({ ok: true })
    expect(await run('current')).toMatchObject({ atHead: true })
    expect(await run('downgrade')).toMatchObject({ heads: ['a1'] })
    expect(await run('downgrade', 'base')).toMatchObject({ heads: [] })
    expect(await run('stamp', 'head')).toMatchObject({ heads: ['b1'] })
    expect(await run('history', '-i')).toMatchObject([{ applied: true }, { applied: true }])
    expect(await run('log')).toHaveLength(6)
  })

  test('is stopped by SIGINT with its statement', async () => {
    const db = await database('postgresql')
    const url = through(db.url)
    const app = project({
      'aludel.config.json': '{}',
      ...chain('a1'),
      ...revisionFile('b1', { down: 'a1', up: "await op.query('select pg_sleep(20)')" }),
    })
    const env = { DATABASE_URL: url }
    const upgrade = app.start(['upgrade', '--json'], { env })
    const running = async () =>
      Number(
        (
          await sql(
            db.url,
            "select count(*) from pg_stat_activity where query = 'select pg_sleep(20)' and state = 'active' and datname = current_database()",
          )
        )[0]?.[0],
      )
    await expect.poll(running, { timeout: 10_000 }).toBe(1)
    const begin = performance.now()
    upgrade.kill('SIGINT')
    expect((await upgrade.ended).status).toBe(130)
    expect(performance.now() - begin).toBeLessThan(5000)
    expect(await running()).toBe(0)
    expect(await leftovers(url, pool)).toEqual([])
    expect(await sql(db.url, 'select revision from aludel_revision')).toEqual([['a1']])
  })
})

// With CI=true a missing PgBouncer has failed the run before this.
test.skipIf('missing' in inject('pgbouncer'))(
  'F04: while another runner has the only connection, a runner waits as long as --lock-wait says, also when the pooler throws it out',
  { timeout: 120_000, meta: { dialect: 'postgresql', pooled: true } },
  async () => {
    const { postgresql } = inject('servers')
    if ('missing' in postgresql) throw new Error(postgresql.missing)
    const db = await database('postgresql')
    const app = project({
      'aludel.config.json': '{}',
      ...chain('a1'),
      ...revisionFile('b1', { down: 'a1', up: "await op.query('select pg_sleep(9)')" }),
    })
    for (const wait of [1, 100]) {
      const pooler = await startPgbouncer(postgresql.url, { mode: 'transaction', size: 1, wait })
      afterTest(() => pooler.stop())
      const env = { DATABASE_URL: `${pooler.url.replace(/[^/]*$/, '')}${new URL(db.url).pathname.slice(1)}` }
      expect(await app.run(['downgrade', 'base'], { env })).toMatchObject({ status: 0 })
      const holder = app.start(['upgrade'], { env })
      await holder.said('a1 -> b1')
      const [waiting, late] = [
        app.run(['upgrade'], { env }),
        app.start(['upgrade', '--lock-wait', '0.5', '--json'], { env }),
      ]
      const { status, stdout } = await late.ended
      expect({ status, error: JSON.parse(stdout).error }).toMatchObject({
        status: 6,
        error: { code: 'LOCK_NOT_OBTAINED', state: expect.stringContaining('Nothing was changed') },
      })
      expect(await holder.ended).toMatchObject({ status: 0 })
      expect(await waiting).toMatchObject({ status: 0 })
    }
  },
)
