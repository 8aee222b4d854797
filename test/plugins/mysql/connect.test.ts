import { createServer } from 'node:net'
import { once } from 'node:events'
import { randomBytes } from 'node:crypto'
import { expect, onTestFinished, test } from 'vitest'
import { mysqlDialect } from '../../../plugins/mysql/dialect.ts'
import { AludelError } from '../../../src/errors.ts'
import { database } from '../../support/database.ts'
import { describeBoth, open } from './support.ts'

const columns = 'information_schema.columns'
const slowly = `select count(*) from ${columns} a, ${columns} b, ${columns} c where a.column_name < b.column_name`

describeBoth('connect', (name) => {
  const dialect = mysqlDialect(name)

  test('a session reads rows, writes, and says when it was closed', async () => {
    const { session } = await open(name)
    await session.simple('create table t (id int primary key, j varchar(50))')
    expect(await session.query('insert into t values (?, ?), (2, ?)', [1, "it's", { a: '?' }])).toEqual([])
    expect(await session.query('select * from t order by id')).toEqual([
      { id: 1, j: "it's" },
      { id: 2, j: '{"a":"?"}' },
    ])
    expect(session.closed).toBe(false)
    await session.close()
    await session.close()
    expect(session.closed).toBe(true)
    await expect(session.query('select 1')).rejects.toThrow('closed state')
  })

  test('no number is rounded', async () => {
    const { session } = await open(name)
    expect(await session.query('select 9007199254740993 as big, 12 as small, 0.1 + 0.2 as exact')).toEqual([
      { big: '9007199254740993', small: 12, exact: '0.3' },
    ])
  })

  test('one call runs one statement', async () => {
    const { session } = await open(name)
    await expect(session.simple('select 1; select 2')).rejects.toMatchObject({ errno: 1064 })
  })

  test('strings keep backslashes and every character', async () => {
    const { session } = await open(name)
    const text = 'a\\b\'c"d\u0000\n😀'
    expect(await session.query(`select ${dialect.literal(text)} as a, ? as b`, [text])).toEqual([
      { a: text, b: text },
    ])
  })

  test('cancel stops the statement that runs, and the session lives on', async () => {
    const { session } = await open(name)
    const failed = session.query(slowly).catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await session.cancel()
    expect(await failed).toMatchObject({ errno: 1317 })
    expect(await session.query('select 1 as one')).toEqual([{ one: 1 }])
    await session.cancel()
  })

  test('closing ends the statement that runs', async () => {
    const { session } = await open(name)
    const failed = session.query(slowly).catch((error: unknown) => error)
    await new Promise((resolve) => setTimeout(resolve, 50))
    const start = performance.now()
    await session.close()
    expect(await failed).toMatchObject({ code: 'PROTOCOL_CONNECTION_LOST' })
    expect(performance.now() - start).toBeLessThan(900)
  })

  test('a session that the server ends is closed, and the process lives', async () => {
    const { session, url } = await open(name)
    const [row] = await session.query<{ id: number }>('select connection_id() as id')
    const other = await dialect.connect(url)
    await other.simple(`kill ${row?.id}`)
    await other.close()
    await expect.poll(() => session.closed).toBe(true)
    await session.close()
  })

  test('TLS that is preferred is no condition', async () => {
    const { url } = await database(name)
    const session = await dialect.connect(`${url}?ssl-mode=PREFERRED`)
    expect(await session.query('select 1 as one')).toEqual([{ one: 1 }])
    await session.close()
  })

  test('an idle socket can be let go and held again', async () => {
    const { session } = await open(name)
    session.unref()
    session.ref()
    expect(await session.query('select 1 as one')).toEqual([{ one: 1 }])
  })

  test('a database that is missing is named and not created', async () => {
    const { url } = await database(name)
    const error = await failure(dialect.connect(`${url}_not`))
    const missing = new URL(url).pathname.slice(1).concat('_not')
    expect(error).toMatchObject({ code: 'DATABASE_MISSING' })
    expect(error.message).toMatch(new RegExp(` at .*:\\d+ has no database ${missing}\\.$`))
    expect((await failure(dialect.connect(`${url}_not`))).code).toBe('DATABASE_MISSING')
  })

  test('a wrong password and a missing right are told apart, and no message holds the password', async () => {
    const { session, url } = await open(name)
    const user = `aludel_test_${randomBytes(4).toString('hex')}`
    await session.simple(`create user ${user} identified by 'S3cret-right'`)
    onTestFinished(async () => {
      const admin = await dialect.connect(url)
      await admin.simple(`drop user ${user}`)
      await admin.close()
    })
    const wrong = await failure(dialect.connect(as(url, user, 'S3cret-wrong')))
    expect(wrong.code).toBe('AUTHENTICATION')
    expect(wrong.message).toContain(`did not accept user ${user} for database`)
    const denied = await failure(dialect.connect(as(url, user, 'S3cret-right')))
    expect(denied.code).toBe('PERMISSION')
    expect(denied.fix).toMatch(/grant all privileges on `\w+`\.\* to 'aludel_test_\w+'@'%';$/)
    for (const error of [wrong, denied]) expect(textOf(error)).not.toContain('S3cret')
  })

  test('the other dialect on this server is told which to use', async () => {
    const { url } = await database(name)
    const [other, product] =
      name === 'mysql' ? (['mariadb', 'MySQL'] as const) : (['mysql', 'MariaDB'] as const)
    const error = await failure(mysqlDialect(other).connect(url))
    expect(error.code).toBe('DIALECT_MISMATCH')
    expect(error.message).toMatch(new RegExp(`^The server is ${product} \\(.*\\), the dialect ${other}\\.$`))
    expect(error.fix).toBe(
      `Set \`dialect: '${name}'\` in the configuration, or write the URL with ${name}://.`,
    )
  })

  test('a dialect that is named takes the URL of the other scheme', async () => {
    const { url } = await database(name)
    const session = await dialect.connect(url.replace(/^\w+:/, name === 'mysql' ? 'mariadb:' : 'mysql:'))
    expect(await session.query('select 1 as one')).toEqual([{ one: 1 }])
    await session.close()
  })
})

const mariadb = mysqlDialect('mariadb')

test('a server that is not there is unreachable', async () => {
  const error = await failure(mariadb.connect('mysql://root:S3cret@127.0.0.1:1/app'))
  expect(error).toMatchObject({
    code: 'DATABASE_UNREACHABLE',
    message:
      'MariaDB at 127.0.0.1:1 (database app, user root) cannot be reached: connect ECONNREFUSED 127.0.0.1:1.',
    state: 'Nothing was read or changed.',
    fix: 'Start the server, or correct host and port of the URL.',
  })
  expect(textOf(error)).not.toContain('S3cret')
})

test('a host or socket that does not exist is unreachable', async () => {
  expect((await failure(mariadb.connect('mysql://root@db.invalid/app'))).code).toBe('DATABASE_UNREACHABLE')
  const socket = await failure(mariadb.connect('mysql://root@localhost/app?socketPath=/nowhere/mysqld.sock'))
  expect(socket.message).toContain(
    'MariaDB at /nowhere/mysqld.sock (database app, user root) cannot be reached',
  )
})

test('a server that accepts and says nothing is given up after the time limit', async () => {
  const silent = createServer(() => {}).listen(0, '127.0.0.1')
  await once(silent, 'listening')
  onTestFinished(() => void silent.close())
  const address = silent.address()
  const port = typeof address === 'object' ? address?.port : undefined
  const error = await failure(mariadb.connect(`mysql://root@127.0.0.1:${port}/app`, { timeout: 100 }))
  expect(error.code).toBe('DATABASE_UNREACHABLE')
  expect(error.message).toContain('connect ETIMEDOUT')
})

test.for([
  [{ errno: 1040, code: 'ER_CON_COUNT_ERROR' }, true],
  [{ errno: 1203, code: 'ER_TOO_MANY_USER_CONNECTIONS' }, true],
  [{ errno: 1053, code: 'ER_SERVER_SHUTDOWN' }, true],
  [{ code: 'ECONNREFUSED' }, true],
  [{ code: 'PROTOCOL_CONNECTION_LOST' }, true],
  [{ errno: 1045, code: 'ER_ACCESS_DENIED_ERROR' }, false],
  [{ errno: 1049, code: 'ER_BAD_DB_ERROR' }, false],
  [{ errno: 1205, code: 'ER_LOCK_WAIT_TIMEOUT' }, false],
  [{ code: 'HANDSHAKE_SSL_ERROR' }, false],
  [{ code: 'HANDSHAKE_NO_SSL_SUPPORT' }, false],
] as const)('%o may pass: %s', ([parts, passes]) => {
  const error = Object.assign(new Error('no'), parts)
  expect(mariadb.isTransient(error)).toBe(passes)
  expect(mariadb.isTransient(new AludelError('DATABASE_UNREACHABLE', 'No.', { cause: error }))).toBe(passes)
  expect(mariadb.isTransient(new AludelError('PERMISSION', 'No.', { cause: error }))).toBe(false)
})

async function failure(attempt: Promise<unknown>): Promise<AludelError> {
  const error = await attempt.then(
    () => new Error('it connected'),
    (reason: unknown) => reason,
  )
  if (error instanceof AludelError) return error
  throw error
}

function as(url: string, user: string, password: string): string {
  const changed = new URL(url)
  changed.username = user
  changed.password = password
  return changed.href
}

function textOf({ message, state, fix, details, cause }: AludelError): string {
  return [message, state, fix, JSON.stringify(details), String(cause)].join('\n')
}
