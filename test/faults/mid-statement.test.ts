import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { assertExactlyOnce, countingFiles, stepIds } from '../support/exactly-once.ts'
import { type Through, describePoolers } from '../support/pgbouncer.ts'
import { type Run, project } from '../support/project.ts'
import type { ServerName } from '../support/servers.ts'
import { sql } from '../support/sql.ts'

const onServers: readonly ServerName[] = ['postgresql', 'mariadb', 'mysql']

interface Server {
  /** A statement that takes 20 s. */
  readonly sleep: string
  /** Its sessions, each with its number. */
  readonly sleeping: string
  readonly sessions: string
  readonly end: (pid: unknown) => string
}

const mysql: Server = {
  sleep: 'select sleep(20)',
  sleeping:
    "select id from information_schema.processlist where info = 'select sleep(20)' and db = database()",
  sessions: 'select id from information_schema.processlist where db = database() and id <> connection_id()',
  end: (pid) => `kill ${String(pid)}`,
}

const servers: Readonly<Record<ServerName, Server>> = {
  mariadb: mysql,
  mysql,
  postgresql: {
    sleep: 'select pg_sleep(20)',
    sleeping:
      "select pid from pg_stat_activity where query = 'select pg_sleep(20)' and state = 'active' and datname = current_database()",
    sessions:
      'select pid from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
    end: (pid) => `select pg_terminate_backend(${String(pid)})`,
  },
}

const id = { mariadb: 'id', mysql: 'id', postgresql: 'pid' } as const

const rolledBack = {
  status: 1,
  code: 'STEP_FAILED',
  state: 'Revision step03 was rolled back; the 3 steps before it stay.',
  fix: 'Look whether the server was restarted, or ended the session. Run the same command again.',
}

/** Where statements commit by themselves only the next run can tell. */
const lost = {
  status: 7,
  code: 'DATABASE_UNREACHABLE',
  state: expect.stringMatching(
    /the next run finds out.*step03 is not recorded as applied; the 3 steps before it stay/,
  ),
  fix: expect.stringContaining('run the same command'),
}

const told = { postgresql: rolledBack, mariadb: lost, mysql: lost } as const

/** The ten steps, of which one changes only data, and waits with that the first time. */
function filesThatWait(waiting: string): Readonly<Record<string, string>> {
  const files = countingFiles({ pause: 0 })
  const name = `migrations/${stepIds[3]}.ts`
  const text = files[name] ?? ''
  return {
    'aludel.config.json': '{}',
    ...files,
    [name]: text
      .replaceAll(/^ {2}op\..*\n/gm, '')
      .replace(/^ {2}await op.query\('update/m, `  if (process.env['ONCE']) ${waiting}\n$&`),
  }
}

const pausing = (ms: number): string => `await new Promise((done) => setTimeout(done, ${ms}))`

describeDialects(
  'F14: a run whose session an administrator ends',
  (dialect) => {
    const { sleep, sleeping, sessions, end } = servers[dialect]

    /** @returns how many there were */
    const endAll = async (url: string, which: string): Promise<number> => {
      const found = await sql(url, which)
      for (const [pid] of found) await sql(url, end(pid)).catch(() => undefined)
      return found.length
    }

    const started = async (waiting: string) => {
      const { url } = await database(dialect)
      const app = project(filesThatWait(waiting))
      const env = { DATABASE_URL: url }
      const run = app.start(['upgrade', '--json'], { env: { ...env, ONCE: '1' } })
      await run.said('-> step03')
      return { url, app, env, run }
    }

    const failed = (run: Run) => {
      expect({ status: run.status, ...JSON.parse(run.stdout).error }).toMatchObject(told[dialect])
    }

    test('while its statement runs fails; the step is not there, and the next run ends with 0', async () => {
      const { url, app, env, run } = await started(`await op.query(${JSON.stringify(sleep)})`)
      await expect.poll(() => endAll(url, sleeping), { timeout: 20_000 }).toBe(1)
      failed(await run.ended)
      expect(await app.run(['upgrade'], { env })).toMatchObject({ status: 0 })
      await assertExactlyOnce(url)
    })

    test('while its own code runs fails; the step is not there, and the next run ends with 0', async () => {
      const { url, app, env, run } = await started(pausing(2000))
      // Its row of data is written by then, and one session is its own.
      await pause(500)
      expect(await endAll(url, sessions)).toBe(1)
      failed(await run.ended)
      expect(await app.run(['upgrade'], { env })).toMatchObject({ status: 0 })
      await assertExactlyOnce(url)
    })

    test('between two steps goes on with another one', async () => {
      const { url } = await database(dialect)
      const app = project({ 'aludel.config.json': '{}', ...countingFiles({ pause: 0 }) })
      const env = { DATABASE_URL: url, ALUDEL_TEST_STOP: 'after-commit:4' }
      const run = app.start(['upgrade'], { env })
      await run.stopped('after-commit')
      expect(await endAll(url, sessions)).toBe(1)
      run.kill('SIGCONT')
      expect(await run.ended).toMatchObject({ status: 0 })
      await assertExactlyOnce(url)
    })

    // Of a session that it had lost in the middle of a try it made an error (MariaDB): seen.
    test('while it waits for the lock waits on', async () => {
      const { url, app, env, run } = await started(pausing(3000))
      const [[holder] = []] = await sql(url, sessions)
      const waiting = app.start(['upgrade'], { env })
      await waiting.said('waiting for it')
      for (const stop = Date.now() + 1500; Date.now() < stop; await pause(5))
        await endAll(url, `${sessions} and ${id[dialect]} <> ${String(holder)}`)
      expect(await run.ended).toMatchObject({ status: 0 })
      expect(await waiting.ended).toMatchObject({ status: 0 })
      await assertExactlyOnce(url)
    })
  },
  onServers,
)

/** Twice what is promised, as machines are busy. MariaDB looks for its client every 5 s of a sleep; an ALTER TABLE it would end. */
const patience = { postgresql: 4000, mariadb: 10_000, mysql: 10_000 } as const

// Without `client_connection_check_interval` PostgreSQL goes on to the end of the 20 s: seen.
async function killedInStatement(dialect: ServerName, through: Through): Promise<void> {
  const { sleep, sleeping } = servers[dialect]
  const { url } = await database(dialect)
  const app = project(filesThatWait(`await op.query(${JSON.stringify(sleep)})`))
  const env = { DATABASE_URL: through(url) }
  const run = app.start(['upgrade'], { env: { ...env, ONCE: '1' } })
  const running = async () => (await sql(url, sleeping)).length
  await expect.poll(running, { timeout: 20_000 }).toBe(1)
  run.kill('SIGKILL')
  await expect.poll(running, { timeout: patience[dialect], interval: 50 }).toBe(0)
  expect(await app.run(['upgrade', '--lock-wait', '1'], { env })).toMatchObject({ status: 0 })
  await assertExactlyOnce(url)
}

describeDialects(
  'F07: after kill -9 in the middle of a statement of 20 s',
  (dialect) => {
    test('the server ends it, and the lock is free', () => killedInStatement(dialect, (url) => url))
  },
  onServers,
)

describePoolers('F07: after kill -9 in the middle of a statement of 20 s', (through) => {
  test('the server ends it, and the lock is free', () => killedInStatement('postgresql', through))
})
