import { randomBytes } from 'node:crypto'
import { expect, inject, test } from 'vitest'
import { afterTest } from '../support/cleanup.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import type { DialectName } from '../support/servers.ts'
import { sql } from '../support/sql.ts'
import { startMariadb, startPostgres } from '../support/throwaway.ts'

const files = { 'aludel.config.json': '{}' }

interface Limited {
  /** As SQL. */
  readonly login: string
  /** The same database for it. */
  readonly url: string
  /** As somebody who may. */
  admin(...statements: readonly string[]): Promise<void>
}

/** A login that may connect to a database and read what is there, no more. */
async function limited(dialect: DialectName): Promise<Limited> {
  const db = await database(dialect)
  const server = inject('servers')[dialect]
  if ('missing' in server) throw new Error(server.missing)
  const name = `aludel_${randomBytes(4).toString('hex')}`
  const base = new URL(db.url).pathname.slice(1)
  const isPostgres = dialect === 'postgresql'
  const login = isPostgres ? `"${name}"` : `'${name}'@'%'`
  await sql(server.url, isPostgres ? `create role ${login} login` : `create user ${login}`)
  afterTest(async () => {
    if (isPostgres) await sql(db.url, `drop owned by ${login}`).catch(() => undefined)
    await sql(server.url, `${isPostgres ? 'drop role' : 'drop user'} ${login}`)
  })
  await sql(db.url, isPostgres ? 'select 1' : `grant select on ${base}.* to ${login}`)
  return {
    login,
    url: Object.assign(new URL(db.url), { username: name, password: '' }).href,
    admin: async (...statements) => {
      await sql(db.url, ...statements)
    },
  }
}

/** Runs a command that is refused, does as it is told, and gives what it was told. */
async function obey(
  { url, admin }: Limited,
  app: ReturnType<typeof project>,
  command: readonly string[] = ['upgrade'],
) {
  const { status, stdout } = await app.run([...command, '--json'], { env: { DATABASE_URL: url } })
  const { error } = JSON.parse(stdout)
  expect(error?.fix ?? stdout).toMatch(/Let somebody who may run: .+;/)
  const [, statements = ''] = /Let somebody who may run: (.+?);(?: [A-Z].*)?$/.exec(error.fix) ?? []
  await admin(...statements.split('; '))
  return { status, code: error.code, message: error.message, fix: error.fix, ran: statements }
}

// Fails where the sessions of PostgreSQL and MariaDB throw a 42501, an 1142 as it is.
describeDialects(
  'F22: a right that is missing',
  (dialect) => {
    const isPostgres = dialect === 'postgresql'

    test('to create the ledger is named, and nothing began', async () => {
      const who = await limited(dialect)
      const app = project({ ...files, ...revisionFile('a1', { up: "op.execute('select 1')" }) })
      const told = await obey(who, app)
      const base = new URL(who.url).pathname.slice(1)
      expect(told).toMatchObject({
        status: 7,
        code: 'PERMISSION',
        ran: isPostgres
          ? `grant create on schema "public" to ${who.login}`
          : `grant create on \`${base}\`.* to ${who.login}`,
      })
      const again = await app.run(['upgrade', '--json'], { env: { DATABASE_URL: who.url } })
      if (isPostgres) return expect(again.status).toBe(0)
      // What it creates it may not write yet.
      expect(await obey(who, app)).toMatchObject({ code: 'STEP_FAILED' })
      expect((await app.run(['upgrade'], { env: { DATABASE_URL: who.url } })).status).toBe(0)
    })

    test('on the tables of the ledger is named, for both and for all at once', async () => {
      const who = await limited(dialect)
      const app = project({ ...files, ...revisionFile('a1', { up: "op.execute('select 1')" }) })
      const owner = await app.run(['upgrade'], { env: { DATABASE_URL: adminUrl(who.url, dialect) } })
      expect(owner.status).toBe(0)
      app.write(revisionFile('b1', { down: 'a1', up: "op.execute('select 1')" }))
      if (isPostgres) {
        expect(await obey(who, app, ['current'])).toMatchObject({
          status: 7,
          code: 'PERMISSION',
          message: expect.stringContaining('aludel_revision'),
          ran: ['aludel_revision', 'aludel_journal']
            .map((name) => `grant select, insert, update, delete on table "${name}" to ${who.login}`)
            .join('; '),
        })
      } else {
        expect(await obey(who, app)).toMatchObject({
          status: 1,
          code: 'STEP_FAILED',
          message: expect.stringContaining('INSERT command denied'),
          ran: ['aludel_revision', 'aludel_journal']
            .map((name) => {
              const table = `\`${new URL(who.url).pathname.slice(1)}\`.\`${name}\``
              return `grant select, insert, update, delete on ${table} to ${who.login}`
            })
            .join('; '),
        })
      }
      expect((await app.run(['upgrade'], { env: { DATABASE_URL: who.url } })).status).toBe(0)
    })

    test('of a step is named, one after the other until it runs', async () => {
      const who = await limited(dialect)
      await who.admin(
        'create table users (id integer primary key, name varchar(20))',
        'insert into users values (1, null)',
      )
      const app = project({
        ...files,
        ...revisionFile('a1', { up: 'await op.query("update users set name = \'a\' where id = 1")' }),
        ...revisionFile('b1', {
          down: 'a1',
          up: "op.addColumn('users', { name: 'age', type: 'integer', nullable: true })",
        }),
        ...revisionFile('c1', {
          down: 'b1',
          up: "op.createTable('more', { columns: [{ name: 'n', type: 'integer' }] })",
        }),
      })
      const base = new URL(who.url).pathname.slice(1)
      const table = isPostgres ? 'table "users"' : `\`${base}\`.\`users\``
      if (isPostgres) await who.admin(`grant create on schema public to ${who.login}`)
      else
        await who.admin(
          `grant create, insert, update, delete on ${base}.* to ${who.login}`,
          `revoke update on ${base}.* from ${who.login}`,
        )
      const told: string[] = []
      for (let tries = 0; tries < 5; tries += 1) {
        const run = await app.run(['upgrade', '--json'], { env: { DATABASE_URL: who.url } })
        if (run.status === 0) break
        const { status, code, ran, fix } = await obey(who, app)
        expect([status, code]).toEqual([1, 'STEP_FAILED'])
        expect(fix).toMatch(/; Run the same command again\.$/)
        told.push(ran)
      }
      expect(told).toEqual(
        isPostgres
          ? [`grant select, update on ${table} to ${who.login}`, `alter ${table} owner to ${who.login}`]
          : [
              ['aludel_revision', 'aludel_journal']
                .map(
                  (name) => `grant select, insert, update, delete on \`${base}\`.\`${name}\` to ${who.login}`,
                )
                .join('; '),
              `grant update on ${table} to ${who.login}`,
              `grant alter on ${table} to ${who.login}`,
            ],
      )
    })
  },
  ['postgresql', 'mariadb'],
)

function adminUrl(url: string, dialect: DialectName): string {
  const server = inject('servers')[dialect]
  if ('missing' in server) throw new Error(server.missing)
  const { username, password } = new URL(server.url)
  return Object.assign(new URL(url), { username, password }).href
}

// Fails where a PostgreSQL step does not ask transaction_read_only, and where a MariaDB session throws a 1290 as it is.
describeDialects('F21: a database that can only be read', (dialect) => {
  test('is found before the first step, and read all the same', async () => {
    const place = await readable(dialect)
    const app = project({ ...files, ...chain('a1') })
    const run = async (command: string) => {
      const env = { DATABASE_URL: place.url }
      const { status, stdout, stderr } = await app.run([command, '--json'], { env })
      return { status, stderr, document: JSON.parse(stdout) }
    }
    expect((await run('upgrade')).document).toMatchObject({ heads: ['a1'] })
    await place.close()
    expect(await run('upgrade')).toMatchObject({ status: 0 })
    app.write(revisionFile('b1', { down: 'a1', up: "throw new Error('it ran')" }))
    expect(await run('current')).toMatchObject({ status: 0, document: { applied: 1, pending: 1 } })
    for (const command of ['upgrade', 'downgrade']) {
      const { status, document } = await run(command)
      expect({ status, ...document.error }).toMatchObject({
        status: 7,
        code: 'READ_ONLY',
        message: expect.stringMatching(place.message),
        state: 'Nothing was changed.',
        fix: place.fix,
      })
    }
    app.write(revisionFile('b1', { down: 'a1' }))
    await place.open()
    expect(await run('upgrade')).toMatchObject({ status: 0 })
  })
})

interface Readable {
  readonly url: string
  readonly message: RegExp
  readonly fix: string
  /** It can only be read from now on. */
  close(): Promise<void>
  /** Does what the message says. */
  open(): Promise<void>
}

async function readable(dialect: DialectName): Promise<Readable> {
  if (dialect === 'sqlite') {
    const { url } = await database(dialect)
    let current = url
    return {
      get url() {
        return current
      },
      message: /^The database \/.*\.db cannot be written/,
      fix: 'Give this user the right to write to the file and its folder.',
      // Rights of files do not hold for root.
      close: async () => void (current = `${url}?mode=ro`),
      open: async () => void (current = url),
    }
  }
  if (dialect === 'postgresql') {
    const { url } = await database(dialect)
    const name = new URL(url).pathname.slice(1)
    const reset = `set default_transaction_read_only = off; alter database "${name}" reset default_transaction_read_only;`
    return {
      url,
      message: /^The database can only be read: default_transaction_read_only is on\.$/,
      fix: `Let somebody who may run: ${reset}`,
      close: async () => {
        await sql(url, `alter database "${name}" set default_transaction_read_only = on`)
      },
      open: async () => {
        await sql(url, ...reset.split('; '))
      },
    }
  }
  // The shared server must stay as it is.
  const server = await startMariadb()
  afterTest(() => server.stop())
  await sql(server.url, 'create database d', `create user 'app'@'%'`, `grant all on d.* to 'app'@'%'`)
  return {
    url: Object.assign(new URL(server.url), { username: 'app', pathname: '/d' }).href,
    message: /^The database can only be read: The MariaDB server is running with the --read-only option/,
    fix: 'Let the URL name the primary server, not a replica; where it is the primary, let somebody who may run: set global read_only = 0;',
    close: async () => {
      await sql(server.url, 'set global read_only = 1')
    },
    open: async () => {
      await sql(server.url, 'set global read_only = 0')
    },
  }
}

test(
  'F21: a replica is told from a primary that is read-only',
  { meta: { dialect: 'postgresql' } },
  async () => {
    const server = await startPostgres('standby.signal')
    afterTest(() => server.stop())
    const app = project({ ...files, ...chain('a1') })
    const { status, stdout } = await app.run(['upgrade', '--json'], { env: { DATABASE_URL: server.url } })
    expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
      status: 7,
      code: 'READ_ONLY',
      message: 'The database can only be read: the server is a replica.',
      fix: 'Let the URL name the primary server.',
    })
  },
)

test('F20: a disk that is full on sqlite leaves what was there, and the step is rolled back', async () => {
  const { url } = await database('sqlite')
  const rows =
    'with recursive c(n) as (select 1 union all select n + 1 from c where n < 100000) select n from c'
  const app = project({
    ...files,
    ...chain('a1'),
    // No disk is at hand that can be filled; this is what its end looks like to SQLite.
    ...revisionFile('b1', {
      down: 'a1',
      up: `await op.query('pragma max_page_count = 20')
  await op.query('insert into t_a1 (n) ${rows}')`,
    }),
  })
  const env = { DATABASE_URL: url }
  const { status, stdout } = await app.run(['upgrade', '--json'], { env })
  expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
    status: 1,
    code: 'STEP_FAILED',
    message: expect.stringContaining('database or disk is full'),
    state: 'Revision b1 was rolled back; the 1 step before it stays.',
  })
  expect(await sql(url, 'pragma integrity_check')).toEqual([['ok']])
  expect(await sql(url, 'select * from t_a1')).toEqual([])
  expect(JSON.parse((await app.run(['current', '--json'], { env })).stdout)).toMatchObject({ heads: ['a1'] })
})

// To look first at what stands there takes a right more: SHOW VIEW.
describeDialects(
  'a login that may make a view, and not see how it was made,',
  (dialect) => {
    test('makes another of it', async () => {
      const who = await limited(dialect)
      const base = new URL(who.url).pathname.slice(1)
      await who.admin(
        `grant create, insert, update, delete, drop, create view on ${base}.* to ${who.login}`,
        'create sql security invoker view v as select 1 as n',
      )
      const up = "op.execute('create or replace sql security invoker view v as select 2 as n')"
      const app = project({ ...files, ...revisionFile('a1', { up }) })
      const { status, stderr } = await app.run(['upgrade'], { env: { DATABASE_URL: who.url } })
      expect({ status, stderr }).toMatchObject({ status: 0 })
    })
  },
  ['mariadb', 'mysql'],
)
