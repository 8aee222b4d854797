import { execFile } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, test } from 'vitest'
import sqlite from '../../../plugins/sqlite/index.ts'
import { parseUrl } from '../../../plugins/sqlite/url.ts'
import { memory, newFile, opened } from './support.ts'

describe('a URL', () => {
  const here = (name: string) => path.resolve(name)
  test.each([
    ['sqlite:app.db', here('app.db')],
    ['sqlite:./data/app.db', here('data/app.db')],
    ['sqlite:../app.db', here('../app.db')],
    ['sqlite://app.db', here('app.db')],
    ['sqlite:/abs/app.db', '/abs/app.db'],
    ['sqlite:///abs/app.db', '/abs/app.db'],
    ['SQLITE:app.db', here('app.db')],
    ['file:app.db', here('app.db')],
    ['file:///abs/with%20space.db', '/abs/with space.db'],
    ['file://localhost/abs/app.db', '/abs/app.db'],
    ['sqlite:100%.db', here('100%.db')],
    ['sqlite:app.db?connection_limit=1', here('app.db')],
    ['sqlite::memory:', ':memory:'],
    [':memory:', ':memory:'],
    ['sqlite://:memory:', ':memory:'],
    ['file:anything?mode=memory', ':memory:'],
  ])('%s names %s', (url, file) => {
    expect(parseUrl(url)).toEqual({ file, readOnly: false, mustExist: false })
  })

  test('chooses how the file is opened', () => {
    expect(parseUrl('file:/a.db?mode=ro')).toEqual({ file: '/a.db', readOnly: true, mustExist: false })
    expect(parseUrl('file:/a.db?mode=rw')).toEqual({ file: '/a.db', readOnly: false, mustExist: true })
  })

  test.each([
    'sqlite:',
    'sqlite://',
    'sqlite:folder/',
    'postgres://user:S3cret@host/db',
    'app.db',
    'sqlite:app.db?mode=S3',
  ])('%s is refused', async (url) => {
    const error = await sqlite.connect(url).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'URL_INVALID' })
    expect(JSON.stringify(error) + String(error)).not.toContain('S3cret')
  })
})

describe('a file', () => {
  test('that is not there is made, in no folder that is not there', async () => {
    const file = newFile()
    await opened(`sqlite:${file}`, ['create table t (a)'])
    expect(existsSync(file)).toBe(true)
    const folder = path.join(path.dirname(file), 'none')
    await expect(sqlite.connect(`sqlite:${folder}/app.db`)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: `The SQLite database ${folder}/app.db cannot be opened: there is no folder ${folder}.`,
    })
    await expect(sqlite.connect(`file:${file}2?mode=rw`)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    })
  })

  test('that is no database, or a folder, cannot be opened', async () => {
    const file = newFile()
    writeFileSync(file, 'this is no database at all, though it is long enough to look like one '.repeat(20))
    await expect(sqlite.connect(`sqlite:${file}`)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
      message: `The SQLite database ${file} cannot be opened: file is not a database.`,
    })
    await expect(sqlite.connect(`sqlite:${path.dirname(file)}`)).rejects.toMatchObject({
      code: 'DATABASE_UNREACHABLE',
    })
  })

  test('that may not be written is read', async () => {
    const file = newFile()
    const session = await opened(`sqlite:${file}`, ['create table t (a)', 'insert into t values (1)'])
    await session.close()
    chmodSync(file, 0o444)
    chmodSync(path.dirname(file), 0o755)
    const script = `
      const { default: sqlite } = await import(${JSON.stringify(pathToFileURL(path.resolve('plugins/sqlite/index.ts')).href)})
      const session = await sqlite.connect(${JSON.stringify(`sqlite:${file}`)})
      const rows = await session.query('select * from t')
      const step = await sqlite.step(async () => session, { table: 'l', wait: 0 }, async () => 'written').catch((error) => error.code)
      console.log(JSON.stringify({ rows, step }))`
    // Rights do not bind root.
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      ...nobody,
      cwd: '/',
    })
    expect(JSON.parse(stdout)).toEqual({ rows: [{ a: 1 }], step: 'READ_ONLY' })
  })

  test('in a folder that may not be written is read-only too', async () => {
    const folder = path.join(path.dirname(newFile()), 'locked')
    mkdirSync(folder)
    const file = path.join(folder, 'app.db')
    const session = await opened(`sqlite:${file}`, ['create table t (a)'])
    await session.close()
    chmodSync(file, 0o666)
    chmodSync(path.dirname(folder), 0o755)
    if (process.getuid?.() === 0) chownSync(folder, 0, 0)
    chmodSync(folder, 0o555)
    const script = `
      const { default: sqlite } = await import(${JSON.stringify(pathToFileURL(path.resolve('plugins/sqlite/index.ts')).href)})
      const session = await sqlite.connect(${JSON.stringify(`sqlite:${file}`)})
      const rows = await session.query('select * from t')
      const work = (inside) => inside.simple('insert into t values (1)')
      const step = await sqlite.step(async () => session, { table: 'l', wait: 0 }, work).catch((error) => error.code)
      console.log(JSON.stringify({ rows, step }))`
    const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], {
      ...nobody,
      cwd: '/',
    })
    chmodSync(folder, 0o755)
    expect(JSON.parse(stdout)).toEqual({ rows: [], step: 'READ_ONLY' })
  })
})

describe('a session', () => {
  test('gives integers as numbers where a number holds them, else as bigint', async () => {
    const session = await memory()
    expect(
      await session.query(
        'select 1 as a, 9007199254740991 as b, 9007199254740992 as c, -9223372036854775808 as d, 1.5 as e',
      ),
    ).toEqual([{ a: 1, b: 9007199254740991, c: 9007199254740992n, d: -9223372036854775808n, e: 1.5 }])
  })

  test('takes parameters of every kind and gives them back', async () => {
    const session = await memory()
    const values = [
      1,
      1.5,
      'x',
      null,
      undefined,
      true,
      false,
      9007199254740993n,
      Buffer.from('b'),
      new Date(5),
    ]
    const places = values.map((_, at) => `? as c${at}, typeof(?) as t${at}`).join(', ')
    const [row] = await session.query(
      `select ${places}`,
      values.flatMap((value) => [value, value]),
    )
    expect(Object.values(row ?? {})).toEqual([
      1,
      'integer',
      1.5,
      'real',
      'x',
      'text',
      null,
      'null',
      null,
      'null',
      1,
      'integer',
      0,
      'integer',
      9007199254740993n,
      'integer',
      Buffer.from('b'),
      'blob',
      5,
      'integer',
    ])
  })

  test('gives rows of a statement that returns some, and none of others', async () => {
    const session = await memory('create table t (id integer primary key, a)')
    expect(await session.query('insert into t (a) values (?), (?) returning id', ['x', 'y'])).toEqual([
      { id: 1 },
      { id: 2 },
    ])
    expect(await session.query('update t set a = 1')).toEqual([])
  })

  test('runs one statement a call', async () => {
    const session = await memory()
    await expect(session.simple('create table a (x); create table b (x)')).rejects.toThrow(
      'more than one statement',
    )
    expect((await sqlite.reflect(session)).tables).toEqual({})
  })

  test('is closed once and for all, and closing twice is safe', async () => {
    const session = await memory()
    expect(session.closed).toBe(false)
    await session.close()
    await session.close()
    expect(session.closed).toBe(true)
    await expect(session.query('select 1')).rejects.toThrow('not open')
  })
})

test('errors are told apart', async () => {
  const session = await memory(
    'create table t (a integer primary key, b unique)',
    'insert into t values (1, 1)',
  )
  const errorOf = (sql: string) =>
    session.query(sql).then(
      () => undefined,
      (error: unknown) => error,
    )
  const tell = async (sql: string) => {
    const error = await errorOf(sql)
    return [sqlite.isMissingTable(error), sqlite.isDuplicateKey(error)]
  }
  expect(await tell('select * from nothing_here')).toEqual([true, false])
  expect(await tell('insert into t values (1, 2)')).toEqual([false, true])
  expect(await tell('insert into t values (2, 1)')).toEqual([false, true])
  expect(await tell('select nothing_here from t')).toEqual([false, false])
  expect(await tell('not sql')).toEqual([false, false])
  expect([sqlite.isMissingTable(undefined), sqlite.isDuplicateKey(new Error('no such table: x'))]).toEqual([
    false,
    false,
  ])
})

test('names and values are written as SQLite reads them', async () => {
  const session = await memory()
  const name = 'a.b`c"d'
  expect(sqlite.quote('main', name)).toBe('`main`.`a.b``c"d`')
  expect(sqlite.placeholder(3)).toBe('?')
  await session.simple(`create table ${sqlite.quote('main', name)} (${sqlite.quote(name)})`)
  const values = [
    "it's",
    '',
    'a\nb\\c',
    'x\0y',
    '); --',
    5,
    -1.5,
    1e21,
    9223372036854775807n,
    null,
    Infinity,
    -Infinity,
  ]
  for (const value of values) {
    expect(await session.query(`select ${sqlite.literal(value)} as v`)).toEqual([{ v: value }])
  }
  expect(await session.query(`select ${sqlite.literal(true)} as t, ${sqlite.literal(false)} as f`)).toEqual([
    { t: 1, f: 0 },
  ])
})

test('a scratch place is empty, and gone afterwards also when the work throws', async () => {
  let lent: Awaited<ReturnType<typeof memory>> | undefined
  const work = sqlite.scratch('sqlite:/nowhere/app.db', async (session) => {
    lent = session
    await session.simple('create table t (a references later (b))')
    expect(Object.keys((await sqlite.reflect(session)).tables)).toEqual(['t'])
    throw new Error('no')
  })
  await expect(work).rejects.toThrow('no')
  expect(lent?.closed).toBe(true)
})

test('the dialect loads neither driver nor MikroORM nor kysely before they are needed', async () => {
  const script = `
    await import(${JSON.stringify(pathToFileURL(path.resolve('plugins/sqlite/index.ts')).href)})
    const { createRequire } = await import('node:module')
    console.log(JSON.stringify(Object.keys(createRequire('/').cache).filter((name) => name.includes('node_modules'))))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  expect(JSON.parse(stdout)).toEqual([])
})
