import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:net'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, inject, test } from 'vitest'
import { afterTest } from '../support/cleanup.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { type Project, project, type RunOptions } from '../support/project.ts'
import { relay } from '../support/relay.ts'
import type { DialectName } from '../support/servers.ts'
import { sql } from '../support/sql.ts'

const config = { 'aludel.config.json': '{}' }

/** What a command says when it fails, and what it said before that. */
async function failing(app: Project, args: readonly string[], options: RunOptions = {}) {
  const { status, stdout, stderr } = await app.run([...args, '--json'], options)
  return { status, retries: stderr.split('trying again').length - 1, ...JSON.parse(stdout).error }
}

// Fails where no error of a socket is one that may pass.
describeDialects(
  'a server that is away (F23)',
  (dialect) => {
    test('is waited for, with a line for each try', async () => {
      const db = await database(dialect)
      const way = await relay(db.url)
      const app = project({ ...config, ...chain('a1') })
      const running = app.start(['upgrade', '--json'], { env: { DATABASE_URL: way.url } })
      await running.said('trying again')
      await way.open()
      const { status, stdout, stderr } = await running.ended
      expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 0, heads: ['a1'] })
      expect(stderr).toMatch(
        /^[\d:]{8} \w+ at 127\.0\.0\.1:\d+ \(database aludel_test_\w+, user \w+\) cannot be reached: connect ECONNREFUSED 127\.0\.0\.1:\d+; trying again in 0\.\d s, 60 s left\.$/m,
      )
    })

    test('is tried for as long as --connect-timeout says, and the end says how often', async () => {
      const way = await relay((await database(dialect)).url)
      const app = project({ ...config, ...chain('a1') })
      const env = { DATABASE_URL: way.url }
      const start = performance.now()
      const { retries, ...error } = await failing(app, ['current', '--connect-timeout', '3'], { env })
      expect(performance.now() - start).toBeLessThan(6000)
      expect(retries).toBeGreaterThan(1)
      expect(error).toMatchObject({
        status: 7,
        code: 'DATABASE_UNREACHABLE',
        message: expect.stringMatching(
          new RegExp(`cannot be reached: .* It was tried ${retries + 1} times in [23] s\\.$`),
        ),
        state: 'Nothing was read or changed.',
        fix: 'Start the server, or correct host and port of the URL. --connect-timeout waits longer.',
        details: { tries: retries + 1, waited: expect.any(Number) },
      })
    })

    test('is tried once where the time is 0, in the configuration too', async () => {
      const way = await relay((await database(dialect)).url)
      const env = { DATABASE_URL: way.url }
      const app = project({ 'aludel.config.json': '{ "connectTimeout": 0 }', ...chain('a1') })
      const once = { status: 7, retries: 0, details: { tries: 1 } }
      expect(await failing(app, ['current'], { env })).toMatchObject(once)
      app.write(config)
      expect(await failing(app, ['upgrade', '--connect-timeout=0'], { env })).toMatchObject(once)
    })

    test.each([
      ['SIGINT', 130],
      ['SIGTERM', 143],
    ] as const)('is not waited for after %s', async (signal, status) => {
      const way = await relay((await database(dialect)).url)
      const app = project({ ...config, ...chain('a1') })
      const running = app.start(['upgrade'], { env: { DATABASE_URL: way.url } })
      await running.said('trying again')
      const start = performance.now()
      running.kill(signal)
      expect(await running.ended).toMatchObject({ status, stderr: expect.stringContaining(`by ${signal}`) })
      expect(performance.now() - start).toBeLessThan(1000)
    })

    test('in the middle of a run is waited for too', async () => {
      const db = await database(dialect)
      const way = await relay(db.url)
      await way.open()
      // The first step is long enough for a second runner to wait for the lock.
      const up = `await op.query('select ${dialect === 'postgresql' ? 'pg_sleep' : 'sleep'}(4)')`
      const app = project({ ...config, ...revisionFile('a1', { up }), ...chain('b1') })
      app.write(revisionFile('b1', { down: 'a1' }))
      const first = app.start(['upgrade'], { env: { DATABASE_URL: db.url } })
      await first.said('Running upgrade base -> a1')
      const second = app.start(['upgrade'], { env: { DATABASE_URL: way.url } })
      await second.said('Another runner holds the lock')
      await way.close()
      await second.said('trying again')
      await way.open()
      expect(await first.ended).toMatchObject({ status: 0 })
      expect(await second.ended).toMatchObject({ status: 0 })
    })

    test('is waited for when it has as many connections as it may have', async () => {
      const db = await database(dialect)
      const { url, release } = await lastConnection(dialect, db.url)
      const app = project({ ...config, 'migrations/.keep': '' })
      const running = app.start(['current', '--json'], { env: { DATABASE_URL: url } })
      await running.said('trying again')
      await release()
      expect(await running.ended).toMatchObject({
        status: 0,
        stderr: expect.stringMatching(/too many|exceeded/),
      })
    })

    test('F24: is not waited for where that cannot help: a missing database, a wrong password', async () => {
      const db = await database(dialect)
      const app = project({ ...config, ...chain('a1') })
      const missing = `${new URL(db.url).pathname.slice(1)}_none`
      expect(
        await failing(app, ['upgrade'], {
          env: { DATABASE_URL: changed(db.url, { pathname: `/${missing}` }) },
        }),
      ).toMatchObject({
        status: 7,
        retries: 0,
        code: 'DATABASE_MISSING',
        message: expect.stringContaining(`has no database ${missing}.`),
        fix: expect.stringContaining('aludel never creates a database'),
      })
      await expect(sql(changed(db.url, { pathname: `/${missing}` }), 'select 1')).rejects.toThrow()
      const username = `nobody_${randomBytes(4).toString('hex')}`
      expect(
        await failing(app, ['upgrade'], {
          env: { DATABASE_URL: changed(db.url, { username, password: 'S3cret' }) },
        }),
      ).toMatchObject({ status: 7, retries: 0, code: 'AUTHENTICATION' })
    })
  },
  ['postgresql', 'mariadb', 'mysql'],
)

interface LastConnection {
  /** Of a login that may have one connection, and has it. */
  readonly url: string
  release(): Promise<void>
}

async function lastConnection(dialect: DialectName, url: string): Promise<LastConnection> {
  const username = `aludel_${randomBytes(4).toString('hex')}`
  const server = inject('servers')[dialect]
  if ('missing' in server) throw new Error(server.missing)
  const [create, drop] =
    dialect === 'postgresql'
      ? [[`create role ${username} login connection limit 1`], `drop role ${username}`]
      : [
          [
            `create user '${username}'@'%' with max_user_connections 1`,
            `grant all on ${new URL(url).pathname.slice(1)}.* to '${username}'@'%'`,
          ],
          `drop user '${username}'@'%'`,
        ]
  await sql(server.url, ...create)
  afterTest(async () => {
    await sql(server.url, drop)
  })
  const own = changed(url, { username, password: '' })
  const sleep = dialect === 'postgresql' ? 'select pg_sleep(60)' : 'select sleep(60)'
  const held = sql(own, sleep).catch(() => undefined)
  const [find, kill] =
    dialect === 'postgresql'
      ? [`select pid from pg_stat_activity where usename = '${username}'`, 'select pg_terminate_backend(%)']
      : [`select id from information_schema.processlist where user = '${username}'`, 'kill %']
  let id = 0
  while (id === 0) id = Number((await sql(server.url, find))[0]?.[0] ?? 0)
  return {
    url: own,
    release: async () => {
      await sql(server.url, kill.replace('%', `${id}`))
      await held
    },
  }
}

function changed(url: string, parts: Partial<Pick<URL, 'username' | 'password' | 'pathname'>>): string {
  return Object.assign(new URL(url), parts).href
}

describe('what answers wrongly', () => {
  test('a server that takes the connection and says nothing has no more time than there is', async () => {
    const silent = createServer(() => {}).listen(0, '127.0.0.1')
    await once(silent, 'listening')
    afterTest(() => void silent.close())
    const address = silent.address()
    const port = typeof address === 'object' ? address?.port : undefined
    const app = project({ ...config, ...chain('a1') })
    for (const scheme of ['postgresql', 'mariadb']) {
      const start = performance.now()
      const args = ['current', '--connect-timeout', '1.5', `--url=${scheme}://u@127.0.0.1:${port}/d`]
      expect(await failing(app, args)).toMatchObject({
        status: 7,
        code: 'DATABASE_UNREACHABLE',
        details: { tries: 1 },
      })
      expect(performance.now() - start).toBeLessThan(4000)
    }
  })

  test('a name that is nowhere is waited for', async () => {
    const app = project({ ...config, ...chain('a1') })
    for (const scheme of ['postgresql', 'mariadb']) {
      const running = app.start(['current', `--url=${scheme}://u@nowhere.invalid/d`])
      await running.said('trying again')
      running.kill('SIGTERM')
      expect(await running.ended).toMatchObject({
        status: 143,
        stderr: expect.stringContaining('getaddrinfo'),
      })
    }
  })

  test('a SQLite file that cannot be opened is told at once', async () => {
    const app = project({ ...config, ...chain('a1') })
    const url = `sqlite:${path.join(app.folder, 'none', 'app.db')}`
    expect(await failing(app, ['upgrade'], { env: { DATABASE_URL: url } })).toMatchObject({
      status: 7,
      retries: 0,
      code: 'DATABASE_UNREACHABLE',
    })
  })
})

test(
  'F12: a server that is restarted in the middle of a step leaves nothing of it, and the next run finds it so (on postgresql)',
  { meta: { dialect: 'postgresql' } },
  async () => {
    const db = await database('postgresql')
    const way = await relay(db.url)
    await way.open()
    const up =
      "op.createTable('half', { columns: [{ name: 'n', type: 'integer' }] })\n  await op.query('select pg_sleep(60)')"
    const app = project({ ...config, ...chain('a1'), ...revisionFile('b1', { down: 'a1', up }) })
    const running = app.start(['upgrade', '--json'], { env: { DATABASE_URL: way.url } })
    await running.said('Running upgrade a1 -> b1')
    await pause(500)
    await way.close()
    // The failure is noted in the journal when the server is back.
    await running.said('trying again')
    await way.open()
    const { status, stdout } = await running.ended
    expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
      status: 1,
      code: 'STEP_FAILED',
      message: expect.stringMatching(
        /^The upgrade of revision b1 \(b1\) failed at statement 2 of 2: the connection to the server was lost: /,
      ),
      state: 'Revision b1 was rolled back; the 1 step before it stays.',
      fix: 'Look whether the server was restarted, or ended the session. Run the same command again.',
    })
    const log = await app.run(['log', '--json'], { env: { DATABASE_URL: db.url } })
    expect(JSON.parse(log.stdout)).toMatchObject([{ revision: 'b1', outcome: 'failed' }, { revision: 'a1' }])
    await expect(sql(db.url, 'select 1 from half')).rejects.toThrow()
    app.write(revisionFile('b1', { down: 'a1' }))
    expect((await app.run(['upgrade'], { env: { DATABASE_URL: db.url } })).status).toBe(0)
  },
)
