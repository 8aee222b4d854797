import Database from 'better-sqlite3'
import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { afterTest } from '../support/cleanup.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { type Project, project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const config = { 'aludel.config.json': '{ "url": "sqlite:app.db" }' }

/** What a command says when it fails, and that it says nothing else. */
async function failing(app: Project, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const { status, stdout } = await app.run([...args, '--json'], { env })
  const lines = stdout.trim().split('\n')
  expect(lines).toHaveLength(1)
  const { error } = JSON.parse(stdout)
  expect(Object.keys(error)).toEqual(['code', 'message', 'state', 'fix', 'details'])
  expect(error.message).not.toBe('')
  return { status, ...error }
}

describe('F31: a fault of the files is found before any connection, and names the way out', () => {
  test.each<[string, string, Readonly<Record<string, string>>, readonly string[], number, RegExp]>([
    [
      'MULTIPLE_HEADS',
      'two heads',
      { ...chain('a1', 'b1'), ...revisionFile('c1', { down: 'a1' }) },
      ['upgrade'],
      4,
      /heads/,
    ],
    [
      'MULTIPLE_HEADS',
      'two heads',
      { ...chain('a1', 'b1'), ...revisionFile('c1', { down: 'a1' }) },
      ['revision', '-m', 'x'],
      4,
      /merges them/,
    ],
    [
      'CYCLE',
      'a circle',
      { ...revisionFile('a1', { down: 'b1' }), ...revisionFile('b1', { down: 'a1' }) },
      ['history'],
      4,
      /downRevision/,
    ],
    [
      'MISSING_REFERENCED_REVISION',
      'a missing parent',
      revisionFile('b1', { down: 'a1' }),
      ['upgrade'],
      4,
      /Put the file of a1 back/,
    ],
    [
      'DUPLICATE_REVISION',
      'one id twice',
      {
        ...revisionFile('a1'),
        'migrations/z.ts': "export const revision = 'a1'\nexport const downRevision = null\n",
      },
      ['current'],
      4,
      /another id/,
    ],
    [
      'SELF_LOOP',
      'a revision that follows itself',
      revisionFile('a1', { down: 'a1' }),
      ['heads'],
      4,
      /downRevision/,
    ],
    [
      'HEADER_UNREADABLE',
      'a file that is no revision',
      { 'migrations/x.ts': 'export const a = 1\n' },
      ['upgrade'],
      4,
      /begin its name with `_`/,
    ],
    [
      'ILLEGAL_REVISION_ID',
      'an id of another form',
      { 'migrations/x.ts': "export const revision = '../x'\n" },
      ['upgrade'],
      4,
      /letters, digits and underscores/,
    ],
    ['MIGRATIONS_FOLDER', 'no migrations folder', {}, ['upgrade'], 2, /aludel init/],
  ])('%s: %s', async (code, _, files, args, status, fix) => {
    // A server that is not there: a connection would fail otherwise.
    const app = project({
      'aludel.config.json': '{ "url": "postgresql://nobody@127.0.0.1:1/none" }',
      ...files,
    })
    const error = await failing(app, args)
    expect(error).toMatchObject({ status, code })
    expect(error.fix).toMatch(fix)
    expect(`${error.message} ${error.fix}`).toContain(path.join(app.folder, 'migrations'))
  })
})

describe('F32, F44: what is typed wrong changes nothing', () => {
  test.each<[string, readonly string[], string]>([
    ['an unknown command', ['upgarde'], 'USAGE'],
    ['an unknown option', ['upgrade', '--forse'], 'USAGE'],
    ['a word too many', ['current', 'now'], 'USAGE'],
    ['a second target that is none', ['upgrade', 'head', 'now'], 'UNKNOWN_REVISION'],
    ['an unknown target', ['upgrade', 'nope'], 'UNKNOWN_REVISION'],
    ['the beginning of short ids', ['upgrade', 'a'], 'UNKNOWN_REVISION'],
    ['too many steps forward', ['upgrade', '+99'], 'RELATIVE_OUT_OF_RANGE'],
    ['a step back from base', ['downgrade', '-1'], 'RELATIVE_OUT_OF_RANGE'],
    ['a step back as an upgrade', ['upgrade', '-1'], 'RELATIVE_OUT_OF_RANGE'],
    ['an unknown target down', ['downgrade', 'nope'], 'UNKNOWN_REVISION'],
    ['an unknown stamp', ['stamp', 'nope'], 'UNKNOWN_REVISION'],
    ['a stamp without target', ['stamp'], 'USAGE'],
    ['a revision without message', ['revision'], 'MESSAGE_MISSING'],
    ['an id that is taken', ['revision', '-m', 'x', '--rev-id', 'a1'], 'REVISION_EXISTS'],
    ['an id of another form', ['revision', '-m', 'x', '--rev-id', '../x'], 'ILLEGAL_REVISION_ID'],
    ['an id that means a target', ['revision', '-m', 'x', '--rev-id', 'head'], 'ILLEGAL_REVISION_ID'],
    ['a rename without autogenerate', ['revision', '-m', 'x', '--rename', 'a.b:c'], 'USAGE'],
    ['a rename of no form', ['revision', '-m', 'x', '--autogenerate', '--rename', 'abc'], 'USAGE'],
    ['an empty URL', ['upgrade', '--url', ''], 'USAGE'],
    ['an empty configuration', ['upgrade', '--config='], 'USAGE'],
    ['a lock wait that is no number', ['upgrade', '--lock-wait', 'long'], 'USAGE'],
    ['a connect timeout that is no number', ['upgrade', '--connect-timeout=-1'], 'USAGE'],
  ])('%s', async (_, args, code) => {
    const app = project({ ...config, ...chain('a1', 'a2') })
    const error = await failing(app, args)
    expect(error).toMatchObject({ status: 2, code })
    expect(error.fix).toBeTruthy()
    expect(readdirSync(path.join(app.folder, 'migrations'))).toEqual(['a1.ts', 'a2.ts'])
    const current = await app.run(['current', '--json'])
    expect(JSON.parse(current.stdout)).toMatchObject({ applied: 0, pending: 2 })
  })
})

test('without a configuration the way to one is named', async () => {
  expect(await failing(project(), ['upgrade'])).toMatchObject({
    status: 2,
    code: 'CONFIG_NOT_FOUND',
    fix: expect.stringContaining('aludel init'),
  })
})

test('without --json the three parts stand on stderr, a line each, and stdout is empty', async () => {
  const app = project({ ...config, ...chain('a1') })
  const { status, stdout, stderr } = await app.run(['upgrade', 'nope'])
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(
    stderr
      .trim()
      .split('\n')
      .map((line) => line.replace(/^\d\d:\d\d:\d\d /, '')),
  ).toEqual([
    "UNKNOWN_REVISION: Can't locate revision identified by 'nope'.",
    'State: Nothing was changed.',
    expect.stringMatching(/^Next: `aludel history`/),
  ])
  // No colours where nobody watches.
  expect(stderr).not.toContain('\u001b')
})

test('ids stay the text that they are: leading zeros, an exponent, digits alone', async () => {
  const app = project({ ...config, ...chain('001', '123e45678901', '42') })
  expect((await app.run(['upgrade', '123e45678901', '--json'])).status).toBe(0)
  expect(JSON.parse((await app.run(['current', '--json'])).stdout)).toMatchObject({ heads: ['123e45678901'] })
  expect(JSON.parse((await app.run(['show', '001', '--json'])).stdout)).toMatchObject([{ revision: '001' }])
})

describeDialects('on a database', (dialect) => {
  const start = async (files: Readonly<Record<string, string>>) => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...files })
    const env = { DATABASE_URL: db.url }
    const succeed = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await app.run([...args, '--json'], { env })
      expect(`${status}${status === 0 ? '' : stdout + stderr}`).toBe('0')
      return JSON.parse(stdout)
    }
    return { db, app, succeed, fail: (...args: readonly string[]) => failing(app, args, env) }
  }

  test('an id that no file has: what it means and the command that forgets it', async () => {
    const { app, succeed, fail, db } = await start({ ...chain('a1'), ...chain('b1') })
    await succeed('upgrade', 'heads')
    const { rmSync } = await import('node:fs')
    rmSync(path.join(app.folder, 'migrations/b1.ts'))
    for (const args of [['upgrade'], ['downgrade', 'base'], ['check'], ['stamp', 'head']]) {
      const error = await fail(...args)
      expect(error).toMatchObject({
        status: 4,
        code: 'UNKNOWN_REVISION',
        message: "Can't locate revision identified by 'b1'.",
      })
      expect(error.fix).toContain('aludel stamp --purge head')
    }
    const current = await app.run(['current', '--json'], { env: { DATABASE_URL: db.url } })
    expect(current.status).toBe(4)
    expect(JSON.parse(current.stdout)).toEqual({
      heads: ['a1', 'b1'],
      applied: 2,
      pending: 0,
      unknown: ['b1'],
      edited: [],
      atHead: false,
    })
    await succeed('stamp', '--purge', 'head')
    expect(await succeed('current')).toMatchObject({ heads: ['a1'], applied: 1, unknown: [] })
  })

  test('an edited revision is named; --allow-edited goes on, stamp takes it as it is', async () => {
    const { app, succeed, fail } = await start(chain('a1'))
    await succeed('upgrade')
    app.write(revisionFile('a1', { up: "op.execute('select 1')" }))
    expect(await fail('upgrade')).toMatchObject({
      status: 4,
      code: 'EDITED_REVISION',
      details: { revision: 'a1' },
    })
    await succeed('upgrade', '--allow-edited')
    await succeed('stamp', 'a1')
    await succeed('upgrade')
  })

  test('a failing revision leaves those before it applied and itself absent', async () => {
    const { app, db, succeed, fail } = await start({
      ...chain('a1'),
      ...revisionFile('b1', {
        down: 'a1',
        message: 'Breaks',
        up: "op.createTable('half', { columns: [{ name: 'n', type: 'integer' }] })\n  op.execute('insert into nowhere (n) values (1)')",
      }),
    })
    const error = await fail('upgrade')
    expect(error.message).toContain('b1 (Breaks)')
    expect(error.message).toContain('statement 2 of 2')
    expect(error.details).toMatchObject({
      revision: 'b1',
      statement: 2,
      sql: 'insert into nowhere (n) values (1)',
    })
    expect(error.details.line).toMatch(/migrations\/b1\.ts:8$/)
    expect(await succeed('current')).toMatchObject({ heads: ['a1'], applied: 1, pending: 1 })
    const half = await sql(db.url, 'select count(*) from half').catch(() => 'gone')
    if (dialect === 'mariadb' || dialect === 'mysql') {
      expect(error).toMatchObject({ status: 5, code: 'STEP_HALF_DONE' })
      expect(error.state).toContain('(1) create table `half`')
      expect(half).not.toBe('gone')
    } else {
      expect(error).toMatchObject({ status: 1, code: 'STEP_FAILED' })
      expect(error.state).toContain('b1 was rolled back')
      expect(half).toBe('gone')
      app.write(revisionFile('b1', { down: 'a1' }))
      expect(await succeed('upgrade')).toMatchObject({ heads: ['b1'] })
    }
  })

  test('F35: whatever a revision throws is told with its line, and nothing is recorded', async () => {
    for (const up of [
      "throw new Error('boom')",
      "await Promise.reject('boom')",
      'throw undefined',
      "op.addColumn('t', { name: 'x', type: 'nonsense' as never })",
    ]) {
      const { succeed, fail } = await start(revisionFile('a1', { up }))
      const error = await fail('upgrade')
      expect(error).toMatchObject({ status: 1, code: 'STEP_FAILED', details: { revision: 'a1' } })
      expect(error.details.line).toMatch(
        up === 'throw undefined' || up.startsWith('await') ? /a1\.ts$/ : /a1\.ts:7$/,
      )
      expect(await succeed('current')).toMatchObject({ applied: 0 })
    }
  })

  test('what cannot be compiled is told with the line of its call, and with what helps', async () => {
    const { fail } = await start({
      ...chain('a1'),
      ...revisionFile('b1', {
        down: 'a1',
        up: "op.addColumn('t_a1', { name: 'm', type: 'integer', nullable: true })\n  op.alterColumn('t_a1', 'n', { length: 7 })\n  op.dropColumn('t_a1', 'm')",
      }),
    })
    const error = await fail('upgrade')
    expect(error).toMatchObject({ status: 1, code: 'STEP_FAILED' })
    expect(error.details.line).toMatch(/b1\.ts:8$/)
    expect(error.fix).toContain('Give the change the whole type')
    expect(error.fix).toContain('b1.ts:8')
  })

  test('a file that cannot be imported stops the run between two steps, with its line', async () => {
    const { app, succeed, fail } = await start(chain('a1'))
    app.write(revisionFile('b1', { down: 'a1', up: 'const x = ' }))
    const error = await fail('upgrade')
    expect(error).toMatchObject({
      status: 1,
      code: 'REVISION_INVALID',
      state: 'Nothing else was changed; the 1 step before it stays.',
    })
    expect(error.message).toMatch(/b1\.ts:\d+: it cannot be imported/)
    expect(await succeed('current')).toMatchObject({ heads: ['a1'] })
  })

  test('a way back that failed is corrected and gone as told', async () => {
    const { app, succeed, fail } = await start(
      revisionFile('a1', { up: "await op.query('select 1')", back: "op.execute('drop table nowhere')" }),
    )
    await succeed('upgrade')
    expect((await fail('downgrade')).fix).toMatch(
      /^Correct .*a1\.ts:11 and run the same command again with --allow-edited\.$/,
    )
    app.write(revisionFile('a1', { up: "await op.query('select 1')" }))
    expect(await succeed('downgrade', '--allow-edited')).toMatchObject({ heads: [] })
  })

  test('ids that differ by the case of their letters alone are two', async () => {
    const { succeed } = await start({
      ...revisionFile('aa'),
      'migrations/AA_.ts': Object.values(revisionFile('AA', { down: 'aa' })).join(''),
    })
    expect(await succeed('upgrade')).toMatchObject({ heads: ['AA'] })
    expect(await succeed('downgrade')).toMatchObject({ heads: ['aa'] })
  })

  test('F38: a query without await is found', async () => {
    const { fail } = await start(revisionFile('a1', { up: "void op.query('select 1')" }))
    expect((await fail('upgrade')).message).toContain('`await` is missing')
  })

  test('a revision that cannot be undone stops the way back before its first step', async () => {
    const { succeed, fail } = await start({
      ...chain('a1', 'b1'),
      ...revisionFile('a1', { header: "export const irreversible = 'the rows are gone'" }),
    })
    await succeed('upgrade')
    const error = await fail('downgrade', 'base')
    expect(error).toMatchObject({ status: 2, code: 'IRREVERSIBLE' })
    expect(error.message).toContain('the rows are gone')
    expect(await succeed('current')).toMatchObject({ applied: 2 })
  })

  test('generating on a database that is behind is refused, with the command that mends it', async () => {
    const { fail, app } = await start(chain('a1'))
    app.write({ 'entities/none.ts': '' })
    const error = await fail('revision', '--autogenerate', '-m', 'x')
    expect(error).toMatchObject({
      status: 3,
      code: 'DATABASE_BEHIND',
      message: 'Target database is not up to date.',
    })
    expect(error.fix).toContain('aludel upgrade head')
    expect(readdirSync(path.join(app.folder, 'migrations'))).toEqual(['a1.ts'])
  })

  test('a table of another shape in the place of the ledger is refused', async () => {
    const { fail, db } = await start(chain('a1'))
    await sql(db.url, 'create table aludel_revision (id integer)')
    expect(await fail('upgrade')).toMatchObject({ status: 4, code: 'LEDGER_SHAPE' })
    expect(await fail('current')).toMatchObject({
      status: 4,
      code: 'LEDGER_SHAPE',
      message: expect.stringContaining('it has no revision, down_revision'),
    })
  })

  test('a table of another shape in the place of the journal is refused before the first step', async () => {
    const { fail, db } = await start(chain('a1'))
    await sql(db.url, 'create table aludel_journal (id integer, entry integer)')
    expect(await fail('upgrade')).toMatchObject({
      status: 4,
      code: 'LEDGER_SHAPE',
      message: expect.stringMatching(/aludel_journal.* it has no run_id, revision/),
    })
    await expect(sql(db.url, 'select 1 from aludel_revision')).rejects.toThrow()
  })

  test('current creates nothing', async () => {
    const { succeed, db } = await start(chain('a1'))
    expect(await succeed('current')).toMatchObject({ heads: [], applied: 0, pending: 1, atHead: false })
    expect(await succeed('history', '-i')).toMatchObject([{ revision: 'a1', applied: false }])
    await expect(sql(db.url, 'select 1 from aludel_revision')).rejects.toThrow()
  })
})

test('what only reads makes no database file', async () => {
  const app = project({
    'entities/note.ts': `import { defineEntity, p } from '@mikro-orm/core'
export const Note = defineEntity({ name: 'Note', properties: { id: p.integer().primary() } })`,
    'aludel.config.json': '{ "url": "sqlite:app.db", "entities": "entities/*.ts" }',
    'migrations/.keep': '',
  })
  const file = path.join(app.folder, 'app.db')
  expect(JSON.parse((await app.run(['check', '--json'])).stdout)).toMatchObject({
    ok: false,
    differences: [{ kind: 'createTable' }],
  })
  expect((await app.run(['revision', '--autogenerate', '-m', 'Notes'])).status).toBe(0)
  expect((await app.run(['current'])).status).toBe(0)
  expect((await app.run(['history', '-i'])).status).toBe(0)
  expect(existsSync(file)).toBe(false)
  expect((await app.run(['upgrade'])).status).toBe(0)
  expect(existsSync(file)).toBe(true)
})

test('a SQLite database that another process has locked whole is waited for as long as --lock-wait says', async () => {
  const app = project({ ...config, ...chain('a1') })
  const held = new Database(path.join(app.folder, 'app.db'))
  afterTest(() => void held.close())
  held.exec('create table t (n integer); begin exclusive')
  expect(await failing(app, ['upgrade', '--lock-wait', '0.3'])).toMatchObject({
    status: 6,
    code: 'LOCK_NOT_OBTAINED',
    fix: expect.stringContaining('--lock-wait'),
  })
  expect(await failing(app, ['current', '--lock-wait', '0.3'])).toMatchObject({ status: 6 })
  const waiting = app.run(['upgrade', '--lock-wait', '30'])
  await pause(1000)
  held.exec('commit')
  expect((await waiting).status).toBe(0)
})

describeDialects(
  'a ledger in a schema of its own, or of another login,',
  (dialect) => {
    test('is told when it is another table, or may not be read', async () => {
      const db = await database(dialect)
      const app = project({ 'aludel.config.json': '{ "ledger": { "schema": "${LEDGER}" } }', ...chain('a1') })
      const name = `aludel_test_ledger_${randomBytes(4).toString('hex')}`
      afterTest(async () => {
        await sql(db.url, `drop schema if exists ${name}${dialect === 'postgresql' ? ' cascade' : ''}`)
      })
      await sql(db.url, `create schema ${name}`, `create table ${name}.aludel_revision (revision integer)`)
      const env = { LEDGER: name, DATABASE_URL: db.url }
      expect(await failing(app, ['current'], env)).toMatchObject({ status: 4, code: 'LEDGER_SHAPE' })
      await sql(db.url, `drop table ${name}.aludel_revision`)
      expect((await app.run(['upgrade'], { env })).status).toBe(0)
      const login = `aludel_${randomBytes(4).toString('hex')}`
      const who = dialect === 'postgresql' ? login : `'${login}'@'%'`
      const [make, drop, grant] =
        dialect === 'postgresql'
          ? [
              `create role ${who} login`,
              `drop owned by ${who}; drop role ${who}`,
              `grant usage on schema ${name} to ${who}`,
            ]
          : [
              `create user ${who}`,
              `drop user ${who}`,
              `grant select on ${new URL(db.url).pathname.slice(1)}.* to ${who}`,
            ]
      await sql(db.url, make, grant)
      afterTest(async () => {
        await sql(db.url, drop)
      })
      const url = new URL(db.url)
      Object.assign(url, { username: login, password: '' })
      expect(await failing(app, ['upgrade'], { ...env, DATABASE_URL: url.href })).toMatchObject({
        status: 7,
        code: 'PERMISSION',
        message: expect.stringContaining('aludel_revision'),
        fix: expect.stringContaining('grant select, insert, update, delete on'),
      })
    })
  },
  ['postgresql', 'mariadb'],
)

test('an answer that names nothing writes no revision', async () => {
  const app = project({
    'aludel.config.json': '{ "url": "sqlite:app.db", "entities": "user.ts" }',
    'user.ts': `import { defineEntity, p } from '@mikro-orm/core'
export const User = defineEntity({ name: 'User', tableName: 't', properties: { id: p.integer().primary(), a: p.string(), b: p.string() } })
`,
  })
  const create = ['revision', '--autogenerate', '-m', 'x', '--rename']
  await app.run(create.slice(0, -1))
  await app.run(['upgrade'])
  const files = readdirSync(path.join(app.folder, 'migrations'))
  for (const [answer, why] of [
    ['t.a:zz', 'the entities want no column zz in table t'],
    ['t:tt', 'the entities want no table tt'],
    ['t.a:b', 'table t has a column b already'],
    ['t.none:c', 'table t has no column or index none'],
    ['none:tt', 'the database has no table none'],
  ] as const) {
    const error = await failing(app, [...create, answer])
    expect(error).toMatchObject({
      status: 2,
      code: 'USAGE',
      message: `--rename ${answer}: ${why}.`,
      state: 'Nothing was written.',
    })
  }
  expect(readdirSync(path.join(app.folder, 'migrations'))).toEqual(files)
  app.write({
    'user.ts': `import { defineEntity, p } from '@mikro-orm/core'
export const User = defineEntity({ name: 'User', tableName: 't', properties: { id: p.integer().primary(), c: p.string(), b: p.string() } })
`,
  })
  const { stdout } = await app.run([...create, 't.a:t.c', '--json'])
  expect(JSON.parse(stdout)).toMatchObject({ operations: 1 })
})

test.each([
  [
    "op.addColumn('t', { name: 'x', type: 'string', len: 5 })",
    /`len` is unknown here \(there are name, type, length/,
  ],
  ["op.alterColumn('t', 'x', { nullabel: true })", /`nullabel` is unknown here/],
  ["op.createIndex('t', { name: 'i', columns: ['a'], uniqe: true })", /`uniqe` is unknown here/],
  ["op.createTable({ name: 't', columns: [] })", /the name of a table is missing/],
  ["op.createTable('t')", /table t needs `columns`/],
])('%s of a file without types is refused', async (up, message) => {
  const text = Object.values(revisionFile('a1', { up })).join('')
  const plain = text.replace(/^import type.*\n/, '').replaceAll(': Operations', '')
  const app = project({ ...config, 'migrations/a1.mjs': plain })
  const error = await failing(app, ['upgrade'])
  expect(error).toMatchObject({ status: 1, code: 'STEP_FAILED' })
  expect(error.message).toMatch(message)
})

describeDialects(
  'a database of an older character set',
  (dialect) => {
    test('keeps the text of every revision', async () => {
      const db = await database(dialect)
      await sql(db.url, `alter database ${new URL(db.url).pathname.slice(1)} character set latin1`)
      const app = project({
        'aludel.config.json': '{}',
        ...revisionFile('a1', { message: 'ภาษาไทย 🎉', up: "op.execute('select 1')" }),
      })
      const env = { DATABASE_URL: db.url, ALUDEL_ACTOR: 'คน' }
      expect((await app.run(['upgrade'], { env })).status).toBe(0)
      const log = await app.run(['log', '--json'], { env })
      expect(JSON.parse(log.stdout)).toMatchObject([{ appliedBy: 'คน' }])
    })

    test('a way back that stopped half-way is gone on with as told, and no other branch is forgotten', async () => {
      const db = await database(dialect)
      const table = (name: string) =>
        `op.createTable('${name}', { columns: [{ name: 'n', type: 'integer' }] })`
      const app = project({
        'aludel.config.json': '{}',
        ...revisionFile('b1', { up: table('t1'), back: "op.dropTable('t1')" }),
        ...revisionFile('b2', {
          up: `${table('t2')}\n  ${table('t3')}`,
          back: "op.dropTable('t3')\n  op.execute('drop table nope')\n  op.dropTable('t2')",
        }),
      })
      const env = { DATABASE_URL: db.url }
      await app.run(['upgrade', 'heads'], { env })
      const error = await failing(app, ['downgrade', 'base'], env)
      expect(error).toMatchObject({ status: 5, code: 'STEP_HALF_DONE' })
      expect(error.fix).toContain('it goes on after them')
      await sql(db.url, 'drop table t2')
      await app.run(['repair', 'b2', '--statement', '3', '--applied'], { env })
      const again = await app.run(['downgrade', 'base', '--json'], { env })
      expect(JSON.parse(again.stdout)).toMatchObject({ heads: [] })
      await expect(sql(db.url, 'select 1 from t1')).rejects.toThrow()
    })
  },
  ['mariadb', 'mysql'],
)
