import { randomBytes } from 'node:crypto'
import { describe, expect, inject, test } from 'vitest'
import { afterTest } from '../support/cleanup.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { type Run, project } from '../support/project.ts'
import type { DialectName } from '../support/servers.ts'
import { sql } from '../support/sql.ts'

/** Passwords of which no four characters in a row stand in anything else that is printed. */
const reserved = '77/Qz7#Vk9@Wx3/Jp5?Hm8:Zr2%Lt6&Bd4'
const quoted = `Fg1"Ns0'Mc5\\Yx7 Kw2$Pv8\`Rj6`
/** The password as it stands in a URL: encoded as it must be, or as people write it. */
const written: Readonly<Record<string, string>> = {
  'with special characters, encoded': encodeURIComponent(reserved + quoted),
  'with special characters as they are': reserved + quoted,
  'with quotes as they are': quoted,
}

/** Every four characters in a row of the password, however it is spelled, that stand in the text. */
function leaks(text: string, password: string): readonly string[] {
  const plain = decode(password)
  const spelled = [password, plain, encodeURIComponent(plain), JSON.stringify(plain).slice(1, -1)]
  const pieces = spelled.flatMap((form) =>
    Array.from({ length: Math.max(0, form.length - 3) }, (_, at) => form.slice(at, at + 4)),
  )
  return [...new Set(pieces)].filter((piece) => text.includes(piece))
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const everything = ({ stdout, stderr }: Run): string => stdout + stderr

test('four characters of a password are found wherever they stand', () => {
  expect(leaks('at db:Vk9@h', reserved)).toEqual(['Vk9@'])
  expect(leaks('%23Vk', encodeURIComponent(reserved))).toEqual(['%23V', '23Vk'])
  expect(leaks('{"a":"Fg1\\\\"N"}', quoted)).not.toEqual([])
  expect(leaks('127.0.0.1', reserved)).toEqual([])
})

interface Place {
  readonly args?: readonly string[]
  readonly env?: Readonly<Record<string, string>>
  readonly config?: object
  readonly files?: Readonly<Record<string, string>>
}

/** Where a URL can be given. */
const places: Readonly<Record<string, (url: string, password: string) => Place>> = {
  '--url': (url) => ({ args: ['--url', url] }),
  '--url=': (url) => ({ args: [`--url=${url}`] }),
  ALUDEL_DATABASE_URL: (url) => ({ env: { ALUDEL_DATABASE_URL: url } }),
  DIRECT_URL: (url) => ({ env: { DIRECT_URL: url } }),
  DATABASE_URL: (url) => ({ env: { DATABASE_URL: url } }),
  configuration: (url) => ({ config: { url } }),
  'a variable of the configuration': (url) => ({ env: { MINE: url }, config: { url: '${MINE}' } }),
  'mikro-orm.config': (url) => ({
    files: { 'mikro-orm.config.mjs': `export default { clientUrl: ${JSON.stringify(url)} }` },
  }),
  'the password of mikro-orm.config': (_, password) => {
    const options = { clientUrl: 'postgresql://app@127.0.0.1:1/shop', password: decode(password) }
    return { files: { 'mikro-orm.config.mjs': `export default ${JSON.stringify(options)}` } }
  },
}

/** Each cannot be connected to. */
const urls: Readonly<Record<string, (password: string) => string>> = {
  'a PostgreSQL server that is not there': (password) => `postgresql://app:${password}@127.0.0.1:1/shop`,
  'a MySQL server that is not there': (password) => `mysql://app:${password}@127.0.0.1:1/shop`,
  'a MariaDB server that is not there': (password) => `mariadb://app:${password}@127.0.0.1:1/shop`,
  'a URL with an unknown scheme': (password) => `mongodb://app:${password}@127.0.0.1:1/shop`,
  'a URL with a bad port': (password) => `mysql://app:${password}@127.0.0.1:port/shop`,
  'a URL with one slash': (password) => `postgresql:/app:${password}@127.0.0.1:1/shop`,
  'a URL without a scheme': (password) => `app:${password}@127.0.0.1:1/shop`,
  'a password as a parameter': (password) => `postgresql://127.0.0.1:1/shop?user=app&password=${password}`,
}

describe.each(Object.entries(written))('a password %s', (_, password) => {
  test.each(Object.entries(places))('is not told when its URL comes by %s', async (_name, place) => {
    const {
      args = [],
      env = {},
      config = {},
      files = {},
    } = place(`postgresql://app:${password}@127.0.0.1:1/shop`, password)
    const written = JSON.stringify({ connectTimeout: 0, ...config })
    const app = project({ 'aludel.config.json': written, ...files, ...chain('a1') })
    const runs = await Promise.all([
      app.run(['current', '--json', '--debug', ...args], { env }),
      app.run(['upgrade', '--debug', ...args], { env }),
    ])
    expect(runs.map(everything).flatMap((text) => leaks(text, password))).toEqual([])
    // The URL was looked at: it cannot be read, or nobody answers.
    for (const run of runs) expect(everything(run)).toMatch(/URL_INVALID|DATABASE_UNREACHABLE/)
  })

  test('is not told of any URL that cannot be used', async () => {
    const app = project({ 'aludel.config.json': '{ "connectTimeout": 0 }', ...chain('a1') })
    const runs = Object.entries(urls).map(async ([name, url]) => {
      const run = await app.run(['current', '--json', '--debug'], { env: { DATABASE_URL: url(password) } })
      return [name, leaks(everything(run), password), JSON.parse(run.stdout).error.code]
    })
    const code = expect.stringMatching(/^(?:URL_INVALID|DIALECT_UNKNOWN|DATABASE_UNREACHABLE)$/)
    expect(await Promise.all(runs)).toEqual(Object.keys(urls).map((name) => [name, [], code]))
  })

  test.each([
    ['an error', 'throw new Error(`no ${url}`)'],
    ['an error with a cause', 'throw new Error("no", { cause: new Error(url) })'],
    ['the password itself', 'throw process.env.PASSWORD'],
    ['an error in a callback', 'setTimeout(() => { throw new Error(url) }, 1); await new Promise(() => {})'],
  ])('is not told when configuration or revision throw %s', async (_name, statement) => {
    const url = `postgresql://app:${password}@127.0.0.1:1/shop`
    const env = { DATABASE_URL: url, PASSWORD: decode(password) }
    const head = 'const url = process.env.DATABASE_URL\n'
    const app = project({
      'aludel.config.json': '{}',
      'throws.mjs': `${head}export default async () => { ${statement} }`,
      ...revisionFile('a1', { header: head, up: statement, back: statement }),
    })
    const local = '--url=sqlite:app.db'
    const configuration = await app.run(['upgrade', '--json', '--debug', '--config=throws.mjs'], { env })
    const upgrade = await app.run(['upgrade', '--json', '--debug', local], { env })
    expect([configuration, upgrade].map(({ status }) => status)).not.toContain(0)
    await app.run(['stamp', 'head', local], { env })
    const downgrade = await app.run(['downgrade', '--debug', local], { env })
    expect(downgrade.status).toBeOneOf([1, 70])
    expect([configuration, upgrade, downgrade].flatMap((run) => leaks(everything(run), password))).toEqual([])
    expect(leaks(await ledgerText(`sqlite:${app.folder}/app.db`), password)).toEqual([])
  })
  test('is not told when it stands in a statement that fails', async () => {
    const up = `op.execute(\`select '\${String(process.env.DATABASE_URL).replaceAll("'", "''")}' from nothing\`)`
    const app = project({ 'aludel.config.json': '{}', ...revisionFile('a1', { up }) })
    const env = { DATABASE_URL: `postgresql://app:${password}@127.0.0.1:1/shop` }
    const run = await app.run(['upgrade', '--json', '--url=sqlite:app.db'], { env })
    expect(JSON.parse(run.stdout).error.details.sql).toMatch(/^select 'postgresql:.*from nothing$/s)
    expect(leaks(everything(run), password)).toEqual([])
  })
})

test('F25: a URL that cannot be read is told by what is wrong with it, and nothing of it is shown', async () => {
  const app = project({
    'aludel.config.json': '{ "connectTimeout": 0 }',
    'variable.json': '{ "url": "postgresql://app:${NOT_SET}@127.0.0.1:1/shop" }',
    ...chain('a1'),
  })
  for (const scheme of ['postgresql', 'mariadb']) {
    for (const [url, why] of [
      [`${scheme}://app:Qz7Vk9Wx@127.0.0.1:54x2/shop`, /the port is not a number/],
      [
        `${scheme}://app:Qz7/Vk9Wx@127.0.0.1:1/shop`,
        /a \/ or \? in the user or password is written %2F or %3F/,
      ],
      [
        `${scheme}://app:Qz7?Vk9Wx@127.0.0.1:1/shop`,
        /a \/ or \? in the user or password is written %2F or %3F/,
      ],
      [`${scheme}://app:Qz7#Vk9Wx@127.0.0.1:1/shop`, /it holds a #, which is written %23/],
      [`${scheme}://app:Qz7%Vk9Wx@127.0.0.1:1/shop`, /a % is written %25/],
      [`${scheme}://app:Qz7Vk9Wx@127.0.0.1:1,127.0.0.1:2/shop`, /it names several hosts/],
      [`${scheme}:app:Qz7Vk9Wx@127.0.0.1:1/shop`, /it does not begin with/],
      [`//app:Qz7Vk9Wx@127.0.0.1:1/shop`, /does not begin with a scheme/],
    ] as const) {
      const run = await app.run(['upgrade', '--json', '--debug'], { env: { DATABASE_URL: url } })
      expect({ url, status: run.status, ...JSON.parse(run.stdout).error }).toMatchObject({
        ...{
          url,
          status: 2,
          code: 'URL_INVALID',
          message: expect.stringMatching(why),
          fix: expect.any(String),
        },
      })
      expect(leaks(everything(run), 'Qz7Vk9Wx')).toEqual([])
    }
    // These may stand as they are.
    for (const secret of ['Qz7@Vk9Wx', 'Qz7 Vk9Wx', 'Qz7[Vk9Wx', 'Qz7:Vk9Wx']) {
      const env = { DATABASE_URL: `${scheme}://app:${secret}@127.0.0.1:1/shop` }
      const run = await app.run(['upgrade', '--json', '--debug'], { env })
      expect({ secret, ...JSON.parse(run.stdout).error }).toMatchObject({ code: 'DATABASE_UNREACHABLE' })
      expect(leaks(everything(run), secret)).toEqual([])
    }
  }
  const { status, stdout } = await app.run(['upgrade', '--json', '--config=variable.json'])
  expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
    status: 2,
    code: 'URL_MISSING',
    message: expect.stringContaining('needs the variable NOT_SET, which is not set'),
  })
})

describe.each(Object.entries(written))('the ledger holds nothing of a password %s', (_, password) => {
  test.each([
    ['throws it', 'throw new Error(url)'],
    ['runs it', "op.execute(`select '${url.replaceAll(\"'\", \"''\")}'`)"],
  ])('when a downgrade that is compiled for it %s', async (_name, back) => {
    const header = "const url = process.env.DATABASE_URL ?? ''"
    const app = project({ 'aludel.config.json': '{}', ...revisionFile('a1', { header, back }) })
    const env = { DATABASE_URL: `postgresql://app:${password}@127.0.0.1:1/shop` }
    expect(await app.run(['upgrade', '--url=sqlite:app.db'], { env })).toMatchObject({ status: 0 })
    expect(leaks(await ledgerText(`sqlite:${app.folder}/app.db`), password)).toEqual([])
  })
})

test('a password that is a word leaves the results of commands as they are', async () => {
  const app = project({ 'aludel.config.json': '{}', ...chain('a1') })
  const env = { DATABASE_URL: 'postgresql://app:migrations@127.0.0.1:1/shop' }
  const { stdout } = await app.run(
    ['revision', '-m', 'Next', '--rev-id', 'b1', '--json', `--url=${env.DATABASE_URL}`],
    { env },
  )
  expect(JSON.parse(stdout)).toMatchObject({ path: `${app.folder}/migrations/b1_next.ts` })
})

/** Every value of every row that aludel keeps. */
async function ledgerText(url: string): Promise<string> {
  const tables = await Promise.all(
    ['aludel_revision', 'aludel_journal'].map((table) => sql(url, `select * from ${table}`)),
  )
  expect(tables.flat()).not.toEqual([])
  return JSON.stringify(tables.flat(2).map((value) => (Buffer.isBuffer(value) ? value.toString() : value)))
}

describeDialects(
  'a server that asks for a password',
  (dialect) => {
    test('gives nothing of it away: a wrong database, a wrong password, a failing revision, a scratch place', async () => {
      const user = await login(dialect, reserved)
      const { url } = await database(dialect)
      const given = (change: (url: URL) => void = () => {}): string => {
        const changed = new URL(url)
        Object.assign(changed, { username: user, password: encodeURIComponent(reserved) })
        change(changed)
        return changed.href
      }
      await sql(url, ...grants(dialect, user, new URL(url).pathname.slice(1)))
      const failing = "op.execute('create table t (n integer)'); throw new Error(process.env.DATABASE_URL)"
      const app = project({
        'aludel.config.json':
          '{ "scratchUrl": "${SCRATCH:-}", "entities": "entities/*.ts", "connectTimeout": 0 }',
        'entities/note.ts': `import { defineEntity, p } from '@mikro-orm/core'
          export const Note = defineEntity({ name: 'Note', properties: { id: p.integer().primary() } })`,
        ...chain('a1'),
        ...revisionFile('b2', { down: 'a1', up: failing }),
      })
      const run = async (command: string, DATABASE_URL: string, SCRATCH = '') => {
        const ran = await app.run([command, '--json', '--debug'], { env: { DATABASE_URL, SCRATCH } })
        expect(leaks(everything(ran), reserved)).toEqual([])
        return JSON.parse(ran.stdout).error?.code
      }
      expect(await run('current', given())).toBe(undefined)
      expect(
        await run(
          'current',
          given((to) => (to.pathname = '/aludel_test_none')),
        ),
      ).toBeOneOf(missing)
      // Where any password is let in, this is no error.
      expect(
        await run(
          'current',
          given((to) => (to.password += 'Xy')),
        ),
      ).toBeOneOf(['AUTHENTICATION', undefined])
      expect(
        await run(
          'check',
          given(),
          given((to) => (to.port = '1')),
        ),
      ).toBe('DATABASE_UNREACHABLE')
      expect(await run('upgrade', given())).toBeOneOf(['STEP_FAILED', 'STEP_HALF_DONE'])
      const text = await ledgerText(url)
      expect(text).toContain('failed')
      expect(leaks(text, reserved)).toEqual([])
    })
  },
  ['postgresql', 'mariadb', 'mysql'],
)

const literal = 'Qz7Vk9Wx3Jp5'

// Fails when withDatabase throws its errors as they are.
describeDialects('F26: a password in a statement', (dialect) => {
  const statements: Readonly<Record<string, string>> = {
    'is none of the server': `create role aludel_nobody password '${literal}' nonsense`,
    'names somebody who is not there': `alter role aludel_nobody password '${literal}'`,
    'is for a user of MySQL': `alter user 'aludel_nobody'@'%' identified by '${literal}'`,
    'is quoted from its fault on': `select 1 nonsense identified by password '${literal}'`,
    'is cut off where it is quoted': `alter user aludel_nobody nonsense ${' '.repeat(30)}identified by '${literal.repeat(5)}'`,
  }
  test('is not told when the statement fails, also with what ran before it', async () => {
    const { url } = await database(dialect)
    const table = `op.createTable('t', { columns: [{ name: 'password', type: 'text', default: '${literal}' }] })`
    const failing = Object.values(statements).map((statement, at) => [
      `q${at}`,
      `await op.query(\`${statement}\`)`,
    ])
    // Where it cannot be rolled back, it is told what stays.
    failing.push(['e1', `${table}\n  op.execute(\`${statements['is quoted from its fault on']}\`)`])
    const app = project({
      'aludel.config.json': '{}',
      ...chain('base1'),
      ...Object.assign({}, ...failing.map(([id = '', up = '']) => revisionFile(id, { down: 'base1', up }))),
    })
    const env = { DATABASE_URL: url }
    expect((await app.run(['upgrade', 'base1'], { env })).status).toBe(0)
    for (const [id = ''] of failing) {
      const run = await app.run(['upgrade', id, '--json', '--debug'], { env })
      const { error } = JSON.parse(run.stdout)
      expect(error.code).toMatch(/^STEP_/)
      expect([id, ...leaks(everything(run), literal)]).toEqual([id])
      expect(error.details.sql).toContain("'***'")
    }
    expect(leaks(await ledgerText(url), literal)).toEqual([])
  })

  test('is not kept: neither in the text of the file nor in the way back', async () => {
    const { url } = await database(dialect)
    const back = `op.execute("alter role aludel_nobody password '${literal}'")`
    const app = project({ 'aludel.config.json': '{}', ...revisionFile('a1', { back }) })
    const env = { DATABASE_URL: url }
    expect((await app.run(['upgrade'], { env })).status).toBe(0)
    const text = await ledgerText(url)
    expect(leaks(text, literal)).toEqual([])
    expect(text).toContain("alter role aludel_nobody password '***'")
    // The file is still the one that was applied.
    expect((await app.run(['current', '--json'], { env })).status).toBe(0)
  })
})

const missing = ['DATABASE_MISSING', 'PERMISSION']

/** Makes a user with this password, gone after the test. */
async function login(dialect: DialectName, password: string): Promise<string> {
  const server = inject('servers')[dialect]
  if ('missing' in server) throw new Error(server.missing)
  const name = `aludel_${randomBytes(6).toString('hex')}`
  const [create, drop] =
    dialect === 'postgresql'
      ? [`create role ${name} login password '${password}'`, `drop role ${name}`]
      : [`create user '${name}'@'%' identified by '${password}'`, `drop user '${name}'@'%'`]
  afterTest(async () => {
    await sql(server.url, drop)
  })
  await sql(server.url, create)
  return name
}

function grants(dialect: string, user: string, name: string): readonly string[] {
  return dialect === 'postgresql'
    ? [`alter database ${name} owner to ${user}`]
    : [`grant all on ${name}.* to '${user}'@'%'`]
}
