import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { inspect } from 'node:util'
import { expect, onTestFinished, test, vi } from 'vitest'
import dialect from '../../../plugins/postgresql/index.ts'
import type { Session } from '../../../src/dialect.ts'
import { AludelError } from '../../../src/errors.ts'
import { connected, describePostgresql, failure, runAll } from './support.ts'

const password = 'S3cret-word'

/** The address of a server that does with its clients what is said. */
async function fakeServer(talk: (socket: Socket) => void): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    talk(socket)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return `127.0.0.1:${address.port}`
}

describePostgresql('connect', (open) => {
  test('a session reads rows, writes, and says when it was closed', async () => {
    const { session } = await open()
    await session.simple('create table t (id int primary key, j jsonb)')
    expect(await session.query('insert into t values ($1, $2), (2, $3)', [1, { a: "it's" }, null])).toEqual(
      [],
    )
    expect(await session.query('select * from t order by id')).toEqual([
      { id: 1, j: { a: "it's" } },
      { id: 2, j: null },
    ])
    expect(await session.query('select 1 as a; select 2 as b')).toEqual([{ b: 2 }])
    expect(session.closed).toBe(false)
    await session.close()
    await session.close()
    expect(session.closed).toBe(true)
    await expect(session.query('select 1')).rejects.toThrow('closed')
  })

  test('no number is rounded, and dates are dates', async () => {
    const { session } = await open()
    expect(
      await session.query(
        `select 9007199254740991::bigint as safe, 9007199254740993::bigint as big, 0.10::numeric as exact,
         '2026-01-02T03:04:05Z'::timestamptz as at`,
      ),
    ).toEqual([
      { safe: 9007199254740991, big: 9007199254740993n, exact: '0.10', at: new Date('2026-01-02T03:04:05Z') },
    ])
  })

  test('names and values are written as the server reads them', async () => {
    const { session } = await open()
    const text = 'a\\b\'c"d\n😀'
    expect(dialect.quote('a.b', 'c"d')).toBe('"a.b"."c""d"')
    const values = [text, 1.5, -7n, true, null, Infinity].map((value) => dialect.literal(value))
    expect(
      await session.query(`select ${values.map((value, at) => `${value} as "${at}"`).join(', ')}`),
    ).toEqual([{ 0: text, 1: '1.5', 2: -7, 3: true, 4: null, 5: 'Infinity' }])
    expect(await session.query(`select ${dialect.placeholder(2)}::int as x, $1::int as y`, [1, 2])).toEqual([
      { x: 2, y: 1 },
    ])
  })

  test('statements that are not waited for run one after the other', async () => {
    const { session } = await open()
    const warnings = vi.spyOn(process, 'emitWarning')
    onTestFinished(() => warnings.mockRestore())
    const [, failed, last] = await Promise.allSettled([
      session.simple('create table t (id int)'),
      session.query('select * from nowhere'),
      session.query('select count(*) as n from t'),
    ])
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: '42P01' } })
    expect(last).toEqual({ status: 'fulfilled', value: [{ n: 0 }] })
    expect(warnings).not.toHaveBeenCalled()
  })

  test('cancel stops the statement that runs, and the session lives on', async () => {
    const { session } = await open()
    const failed = expect(session.query('select pg_sleep(20)')).rejects.toMatchObject({ code: '57014' })
    await pause(100)
    await session.cancel()
    await failed
    expect(await session.query('select 1 as one')).toEqual([{ one: 1 }])
  })

  test('closing ends a session whose statement runs', async () => {
    const { session } = await open()
    const failed = expect(session.query('select pg_sleep(20)')).rejects.toThrow('Connection terminated')
    await pause(50)
    await session.close()
    await failed
  })

  test('a session that the server ends is closed, and the process lives', async () => {
    const { session, url } = await open()
    const [row] = await session.query<{ pid: number }>('select pg_backend_pid() as pid')
    await (await connected(url)).query('select pg_terminate_backend($1)', [row?.pid])
    await expect.poll(() => session.closed).toBe(true)
    await session.close()
  })

  test('an idle socket can be let go and held again', async () => {
    const { session } = await open()
    session.unref()
    session.ref()
    expect(await session.query('select 1 as one')).toEqual([{ one: 1 }])
  })

  test('the name of the application and settings of the server come from the URL', async () => {
    const { url, schema } = await open()
    const name = (session: Session) =>
      session.query(
        `select current_setting('application_name') as name, current_setting('search_path') as path`,
      )
    const path = `${schema},public`
    expect(await name(await connected(url))).toEqual([{ name: 'aludel', path }])
    expect(await name(await connected(`${url}&application_name=mine`))).toEqual([{ name: 'mine', path }])
  })

  test('no variable of the environment overrides what the URL says', async () => {
    const { url } = await open()
    const wrong = {
      PGHOST: 'nowhere.invalid',
      PGPORT: '1',
      PGUSER: 'nobody_at_all',
      PGDATABASE: 'nothing',
      PGSSLMODE: 'require',
      PGSSLNEGOTIATION: 'direct',
      PGAPPNAME: 'theirs',
      PGOPTIONS: '-c search_path=theirs',
    }
    for (const [variable, value] of Object.entries(wrong)) vi.stubEnv(variable, value)
    onTestFinished(() => void vi.unstubAllEnvs())
    const session = await connected(url)
    expect(
      await session.query(
        `select current_setting('application_name') as name, current_database() as database`,
      ),
    ).toEqual([{ name: 'aludel', database: new URL(url).pathname.slice(1) }])
  })

  test('a table that is missing and a key that is taken are told from other errors', async () => {
    const place = await open()
    await runAll(place, 'create table t (id int primary key)', 'insert into t values (1)')
    const missing = await failure(place.session.query('select * from nowhere'))
    const noSchema = await failure(place.session.query('insert into nowhere.t values (1)'))
    const duplicate = await failure(place.session.query('insert into t values (1)'))
    const other = await failure(place.session.query('select 1 / 0'))
    expect([missing, noSchema, duplicate, other].map((error) => dialect.isMissingTable(error))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect([missing, noSchema, duplicate, other].map((error) => dialect.isDuplicateKey(error))).toEqual([
      false,
      false,
      true,
      false,
    ])
  })

  test('Kysely runs on the same connection', async () => {
    const place = await open()
    await runAll(place, 'begin', 'create table t (id int)', 'insert into t values (7)')
    const kysely = await dialect.kysely(place.session)
    const { sql, Kysely } = await import('kysely')
    if (!(kysely instanceof Kysely)) throw new Error('no Kysely')
    expect((await sql`select id from t where id = ${7}`.execute(kysely)).rows).toEqual([{ id: 7 }])
  })

  test('a database that is missing is named and not created', async () => {
    const { url } = await open()
    const server = new URL(url)
    const name = `${server.pathname.slice(1)}_not`
    for (const _ of [1, 2]) {
      expect(await failure(dialect.connect(`postgresql://postgres@${server.host}/${name}`))).toMatchObject({
        code: 'DATABASE_MISSING',
        message: `PostgreSQL at ${server.host} has no database ${name}.`,
        fix: `Create it (createdb ${name}), or correct the URL; aludel never creates a database.`,
      })
    }
  })

  test('a user that the server refuses is named, the password is not', async () => {
    const { url } = await open()
    const { host } = new URL(url)
    const error = await failure(dialect.connect(`postgresql://nobody_at_all:${password}@${host}/postgres`))
    expect(error).toMatchObject({
      code: 'AUTHENTICATION',
      message: `PostgreSQL at ${host} did not let user nobody_at_all into database postgres: role "nobody_at_all" does not exist.`,
      details: { user: 'nobody_at_all', database: 'postgres', reason: '28000' },
    })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('S3cr')
  })

  test('a password that the server repeats is masked', async () => {
    const { url } = await open()
    const { host } = new URL(url)
    const options = 'options=-c%20s3cret_word%3D1'
    const error = await failure(
      dialect.connect(`postgresql://postgres:s3cret_word@${host}/postgres?${options}`),
    )
    expect(error).toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: `PostgreSQL at ${host} (database postgres, user postgres) refused the connection: unrecognized configuration parameter "***".`,
      details: { reason: '42704' },
    })
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('s3cr')
  })
})

test.for([
  [
    'a port where nothing listens',
    '127.0.0.1:1',
    'PostgreSQL at 127.0.0.1:1 (database d, user u) cannot be reached: connect ECONNREFUSED 127.0.0.1:1.',
  ],
  [
    'a name that is nowhere',
    'nowhere.invalid',
    /^PostgreSQL at nowhere\.invalid:5432 \(database d, user u\) cannot be reached: getaddrinfo /,
  ],
  [
    'a folder without a socket',
    '%2Fnowhere',
    'PostgreSQL at /nowhere:5432 (database d, user u) cannot be reached: connect ENOENT /nowhere/.s.PGSQL.5432.',
  ],
] as const)('%s is unreachable', async ([, host, message]) => {
  const error = await failure(dialect.connect(`postgresql://u:${password}@${host}/d`))
  if (!(error instanceof AludelError)) throw error
  expect(error.code).toBe('DATABASE_UNREACHABLE')
  expect(error.message).toMatch(message)
  expect(inspect(error, { depth: 9, showHidden: true })).not.toContain('S3cr')
})

test('a server that does not answer in time is unreachable', async () => {
  const host = await fakeServer(() => undefined)
  expect(await failure(dialect.connect(`postgresql://u@${host}/d`, { timeout: 100 }))).toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    message: `PostgreSQL at ${host} (database d, user u) cannot be reached: timeout expired.`,
  })
})

test('a server that hangs up or is none of PostgreSQL is unreachable', async () => {
  const mute = await fakeServer((socket) => void socket.end())
  const other = await fakeServer((socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
  for (const host of [mute, other]) {
    for (const sslmode of ['disable', 'prefer', 'require']) {
      const error = await failure(
        dialect.connect(`postgresql://u@${host}/d?sslmode=${sslmode}`, { timeout: 1000 }),
      )
      expect(error).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
    }
  }
})

test.for([
  [{ code: '57P03', message: 'the database system is starting up' }, true],
  [{ code: '57P01', message: 'terminating connection due to administrator command' }, true],
  [{ code: '53300', message: 'sorry, too many clients already' }, true],
  [{ code: 'EAI_AGAIN', message: 'getaddrinfo EAI_AGAIN db' }, true],
  [{ code: 'ECONNRESET', message: 'Client network socket disconnected before secure TLS connection' }, true],
  [{ message: 'Connection terminated unexpectedly' }, true],
  [{ message: 'timeout expired' }, true],
  [{ code: '08P01', message: 'no more connections allowed (max_client_conn)' }, true],
  [{ code: '08P01', message: 'server login has been failing, try again later (server_login_retry)' }, true],
  [{ code: 'XX000', message: 'MaxClientsInSessionMode: max clients reached' }, true],
  [{ code: '08P01', message: 'no such database: d' }, false],
  [{ code: 'XX000', message: 'Tenant or user not found' }, false],
  [{ code: '28P01', message: 'password authentication failed for user "u"' }, false],
  [{ code: '3D000', message: 'database "d" does not exist' }, false],
  [{ code: 'SELF_SIGNED_CERT_IN_CHAIN', message: 'self-signed certificate in certificate chain' }, false],
  [{ message: 'The server does not support SSL connections' }, false],
  [{ code: '57014', message: 'canceling statement due to user request' }, false],
] as const)('%o may pass: %s', ([parts, passes]) => {
  const error = Object.assign(new Error(parts.message), parts)
  expect(dialect.isTransient(error)).toBe(passes)
  expect(dialect.isTransient(new AludelError('DATABASE_UNREACHABLE', 'No.', { cause: error }))).toBe(passes)
  expect(dialect.isTransient(new AludelError('STEP_FAILED', 'No.', { cause: error }))).toBe(false)
})
