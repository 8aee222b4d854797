import Database from 'better-sqlite3'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import { expect, test } from 'vitest'
import { lockKey } from '../../plugins/postgresql/lock.ts'
import { afterTest } from '../support/cleanup.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { type Project, project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const sleeping = 'await new Promise((done) => setTimeout(done, 20_000))'

const slow = { ...chain('a1'), ...revisionFile('b1', { down: 'a1', up: sleeping }) }

/** Holds the lock as a person at a console would. */
async function holdByHand(url: string): Promise<{ readonly pid: number }> {
  if (url.startsWith('sqlite:')) {
    const held = new Database(url.slice('sqlite:'.length))
    afterTest(() => void held.close())
    held.exec('begin immediate')
    return { pid: process.pid }
  }
  if (url.startsWith('postgresql:')) {
    const held = new pg.Client({ connectionString: url, application_name: 'psql' })
    await held.connect()
    afterTest(() => held.end())
    await held.query('begin')
    const key = lockKey({ table: 'aludel_revision', wait: 0 })
    const { rows } = await held.query(`select pg_advisory_xact_lock(${key}), pg_backend_pid() as pid`)
    return { pid: rows[0].pid }
  }
  const held = await createConnection({ uri: url })
  afterTest(() => held.end())
  const name = "concat('aludel:', left(sha2(concat(database(), '\\0aludel_revision'), 256), 40))"
  const [rows] = await held.query({ sql: `select get_lock(${name}, 0), connection_id()`, rowsAsArray: true })
  return { pid: Number((rows as unknown as readonly (readonly unknown[])[])[0]?.[1]) }
}

const json = async (app: Project, url: string, ...args: readonly string[]) => {
  const { status, stdout } = await app.run([...args, '--json'], { env: { DATABASE_URL: url } })
  return { status, ...JSON.parse(stdout) }
}

describeDialects('who holds the lock', (dialect) => {
  test('is nobody, and asking changes nothing', async () => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{ "migrations": "none" }' })
    expect(await json(app, db.url, 'lock')).toEqual({ status: 0, locked: false, holder: null })
    expect(await app.run(['lock'], { env: { DATABASE_URL: db.url } })).toMatchObject({
      status: 0,
      stdout: 'Nobody holds the lock.\n',
    })
    if (dialect === 'sqlite') await expect(sql(db.url, 'select 1')).resolves.toEqual([[1]])
    await app.run(['current'], { env: { DATABASE_URL: db.url } })
  })

  test('F15: is named with what it runs: to who asks, to who waits and to who waited in vain', async () => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...slow })
    const env = { DATABASE_URL: db.url }
    const upgrade = app.start(['upgrade'], { env })
    await upgrade.said('Running upgrade a1 -> b1')
    // Of a SQLite file the process is known, no more.
    const work =
      dialect === 'sqlite' ? {} : { direction: 'upgrade', revision: 'b1', user: expect.any(String) }
    const name = dialect === 'postgresql' ? { application: 'aludel' } : {}
    const since =
      dialect === 'sqlite' ? {} : { since: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/) }
    const holder = {
      ...work,
      ...name,
      ...since,
      pid: expect.any(Number),
      advice: expect.stringMatching(/^To end it: /),
    }
    expect(await json(app, db.url, 'lock')).toEqual({
      status: 0,
      locked: true,
      holder: expect.objectContaining(holder),
    })
    const shown =
      dialect === 'sqlite'
        ? /^Held by process \d+, application \S.*\.\nTo end it: kill \d+\n$/
        : /^Held by process \d+, .*user \w+.*, since \d.*, upgrade b1\.\nTo end it: .*\d+.*\n$/
    expect((await app.run(['lock'], { env })).stdout).toMatch(shown)

    const late = app.start(['upgrade', '--lock-wait', '1', '--json'], { env })
    const { status, stdout, stderr } = await late.ended
    const { error } = JSON.parse(stdout)
    expect(stderr).toMatch(
      dialect === 'sqlite'
        ? /holds the lock \(process \d+.*\); waiting for it\./
        : /holds the lock \(process .*, upgrade b1\); waiting for it\./,
    )
    expect({ status, ...error }).toMatchObject({
      status: 6,
      code: 'LOCK_NOT_OBTAINED',
      message: expect.stringMatching(dialect === 'sqlite' ? /process \d+/ : /process \d+, .*, upgrade b1\.$/),
      state: expect.stringContaining('Nothing was changed'),
      fix: expect.stringContaining('To end it: '),
      details: { holder },
    })
    upgrade.kill('SIGINT')
    expect((await upgrade.ended).status).toBe(130)
    expect(await json(app, db.url, 'lock')).toMatchObject({ locked: false })
  })

  test('F15: is named also when it is no aludel', async () => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...chain('a1') })
    const { pid } = await holdByHand(db.url)
    const found = await json(app, db.url, 'lock')
    expect(found).toMatchObject({ locked: true, holder: { pid } })
    expect(found.holder).not.toHaveProperty('revision')
    expect(await json(app, db.url, 'upgrade', '--lock-wait', '0.5')).toMatchObject({
      status: 6,
      error: {
        code: 'LOCK_NOT_OBTAINED',
        message: expect.stringContaining(`process ${pid}`),
        details: { holder: { pid } },
      },
    })
  })
})

describeDialects(
  'the lock',
  (dialect) => {
    test('of two ledgers in one database are two, of one ledger through two URLs is one', async () => {
      const db = await database(dialect)
      await holdByHand(db.url)
      const app = project({
        'aludel.config.json': '{}',
        'other/aludel.config.json':
          '{ "ledger": { "revisionTable": "other", "journalTable": "other_journal" } }',
        ...chain('a1'),
        ...Object.fromEntries(Object.entries(chain('o1')).map(([name, text]) => [`other/${name}`, text])),
      })
      const same = new URL(db.url)
      same.hostname = 'localhost'
      expect(await json(app, same.href, 'upgrade', '--lock-wait', '0')).toMatchObject({ status: 6 })
      expect(
        await json(app, db.url, 'upgrade', '--config', 'other/aludel.config.json', '--lock-wait', '0'),
      ).toMatchObject({ status: 0, heads: ['o1'] })
    })
  },
  ['postgresql', 'mariadb', 'mysql'],
)

test('a SQLite database that is locked whole names the process too', async () => {
  const db = await database('sqlite')
  const held = new Database(db.url.slice('sqlite:'.length))
  afterTest(() => void held.close())
  held.exec('create table t (n integer); begin exclusive')
  const app = project({ 'aludel.config.json': '{}' })
  expect(await json(app, db.url, 'lock')).toMatchObject({
    status: 0,
    locked: true,
    holder: { pid: process.pid },
  })
})

test('a SQLite database in WAL mode names the process that writes', async () => {
  const db = await database('sqlite')
  await sql(db.url, 'pragma journal_mode = wal', 'create table t (n integer)')
  const { pid } = await holdByHand(db.url)
  const app = project({ 'aludel.config.json': '{}' })
  expect(await json(app, db.url, 'lock')).toMatchObject({ locked: true, holder: { pid } })
})
