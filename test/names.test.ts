import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkConfig } from '../config/check.ts'
import { builtIn } from '../config/dialects.ts'
import { ledger } from '../src/database/ledger.ts'
import type { Session } from '../src/dialect.ts'
import { emptySchema } from '../src/schema/schema.ts'
import { afterTest } from './support/cleanup.ts'
import { database } from './support/database.ts'
import { describeDialects } from './support/dialects.ts'
import { chain } from './support/files.ts'
import { project } from './support/project.ts'
import type { DialectName } from './support/servers.ts'
import { sql } from './support/sql.ts'

const tables: Readonly<Record<DialectName, string>> = {
  sqlite: "select name from sqlite_master where type = 'table'",
  postgresql: 'select tablename as name from pg_tables where schemaname = current_schema()',
  mariadb: 'select table_name as name from information_schema.tables where table_schema = database()',
  mysql: 'select table_name as name from information_schema.tables where table_schema = database()',
  pglite: 'select tablename as name from pg_tables where schemaname = current_schema()',
}

/** Words that every SQL keeps for itself, or that once meant something to a program. */
const words = ['order', 'select', 'table', 'user', 'Group', 'NULL', 'constructor', '__proto__', 'current']

/** Texts that would be statements, were they not quoted. */
const hostile = [
  'a"; drop table keep; --',
  "a'; drop table keep; --",
  'a`; drop table keep; --',
  'a"b',
  'a""b',
  'a.b',
  '"',
  '`',
  "'",
  '$1 ? :a %s \\',
]

describeDialects('F43: names', (name) => {
  const open = async () => {
    const db = await database(name)
    const dialect = (await builtIn[name]?.load())?.default
    if (!dialect) throw new Error(`no ${name}`)
    const session: Session = await dialect.connect(db.url)
    afterTest(() => session.close())
    await session.simple('create table keep (n integer)')
    const found = async () => (await session.query<{ name: string }>(tables[name])).map((row) => row.name)
    return { dialect, session, found }
  }

  // With `quote: (name) => name` a reserved word fails, and with a quote that is not doubled `keep` is gone.
  test('of any characters make a table of exactly that name, with a column of it, and nothing else', async () => {
    const { dialect, session, found } = await open()
    const characters = fc.constantFrom(...'aZ0_"\'`.;-/\\%$?:()[]{}#@!*=<>,ü ก\n\t')
    const text = fc
      .string({ unit: characters, minLength: 1, maxLength: 20 })
      // MySQL takes no name that ends in a space.
      .filter((each) => each === each.trim())
    await fc.assert(
      fc.asyncProperty(text, async (each) => {
        // What would else be a table of another schema.
        const called = dialect.capabilities.schemas ? each.replaceAll('.', '..') : each
        const table = { name: called, columns: [{ name: each, type: 'integer' as const }] }
        const up = await dialect.compile([{ kind: 'createTable', table }], emptySchema)
        for (const statement of up.flat()) await session.simple(statement.sql)
        expect((await found()).toSorted()).toEqual([each, 'keep'].toSorted())
        await session.simple(`insert into ${dialect.quote(each)} (${dialect.quote(each)}) values (7)`)
        const rows = await session.query(`select ${dialect.quote(each)} as v from ${dialect.quote(each)}`)
        expect(rows).toEqual([{ v: 7 }])
        const down = await dialect.compile([{ kind: 'dropTable', table: called }], emptySchema)
        for (const statement of down.flat()) await session.simple(statement.sql)
        expect(await found()).toEqual(['keep'])
      }),
      { numRuns: 25, examples: [...words, ...hostile].map((each) => [each]) },
    )
  })

  test('of the ledger that a configuration may give make tables of exactly those names', async () => {
    const { dialect, session, found } = await open()
    const identifier = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,62}$/)
    await fc.assert(
      fc.asyncProperty(identifier, identifier, async (revisionTable, journalTable) => {
        fc.pre(new Set(['keep', revisionTable.toLowerCase(), journalTable.toLowerCase()]).size === 3)
        const rows = ledger(dialect, { revisionTable, journalTable })
        expect(await rows.read(session)).toEqual({ exists: false, applied: new Map() })
        await rows.create(session)
        expect((await found()).toSorted()).toEqual(['keep', revisionTable, journalTable].toSorted())
        expect(await rows.read(session)).toEqual({ exists: true, applied: new Map() })
        expect(await rows.entries(session, 1)).toEqual([])
        await session.simple(`drop table ${dialect.quote(revisionTable)}`)
        await session.simple(`drop table ${dialect.quote(journalTable)}`)
      }),
      {
        numRuns: 10,
        examples: [
          ['select', 'Order'],
          ['x'.repeat(63), `y${'x'.repeat(62)}`],
          ['MixedCase', '_'],
        ],
      },
    )
  })

  test('that are reserved or of mixed case hold the ledger of whole runs', async () => {
    const db = await database(name)
    const config = { ledger: { revisionTable: 'Select', journalTable: 'order' } }
    const app = project({ 'aludel.config.json': JSON.stringify(config), ...chain('a1') })
    const run = async (...args: readonly string[]) =>
      (await app.run(args, { env: { DATABASE_URL: db.url } })).status
    expect([
      await run('upgrade'),
      await run('log'),
      await run('stamp', 'base'),
      await run('current'),
    ]).toEqual([0, 0, 0, 0])
    expect((await sql(db.url, tables[name])).flat().toSorted()).toEqual(['Select', 'order', 't_a1'])
  })
})

describeDialects(
  'F43: a name longer than 63 bytes',
  () => {
    // Without the check PostgreSQL makes a table of another name, and says nothing.
    test('is refused before the step, also where its characters are fewer', async () => {
      const db = await database('postgresql')
      const column = `columns: [{ name: 'n', type: 'integer' }]`
      for (const long of ['x'.repeat(64), 'ก'.repeat(22)]) {
        const [file, text = ''] = Object.entries(chain('a1'))[0] ?? []
        const app = project({
          'aludel.config.json': '{}',
          [`${file}`]: text.replace(/op\.createTable\(.*/, `op.createTable('${long}', { ${column} })`),
        })
        const { status, stdout } = await app.run(['upgrade', '--json'], { env: { DATABASE_URL: db.url } })
        expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
          status: 1,
          message: expect.stringContaining('PostgreSQL cuts names at 63 bytes'),
          fix: expect.stringContaining('Give it a shorter name'),
        })
        expect((await sql(db.url, tables.postgresql)).flat()).toEqual([])
      }
    })
  },
  ['postgresql'],
)

describe('F43: a name in the configuration', () => {
  const keys = ['schema', 'revisionTable', 'journalTable'] as const
  const check = (key: string, value: string) =>
    checkConfig({ ledger: { [key]: value } }, { file: 'aludel.config.json', env: {} })

  test.each([
    ...hostile,
    '',
    'a b',
    'a-b',
    '9a',
    'ü',
    'x'.repeat(64),
    'x'.repeat(10_000),
    '../x',
    'a\u0000',
    'a\n',
  ])('that is %j is refused, with its key', (value) => {
    for (const key of keys) {
      expect(() => check(key, value)).toThrow(
        expect.objectContaining({
          code: 'CONFIG_INVALID',
          exitCode: 2,
          message: expect.stringContaining(`ledger.${key} `),
        }),
      )
    }
  })

  test('of any kind is refused, or one that needs no quotes', () => {
    const name = fc.oneof(fc.string({ unit: 'binary' }), fc.string(), fc.stringMatching(/^\w*["'.;]?\w*$/))
    fc.assert(
      fc.property(fc.constantFrom(...keys), name, (key, value) => {
        let taken: string | undefined
        try {
          taken = check(key, value).ledger?.[key]
        } catch (error) {
          expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
          return
        }
        expect(taken).toMatch(/^[A-Za-z_]\w{0,62}$/)
      }),
    )
  })

  test('is refused before any connection, and no statement of it is run', async () => {
    const ledger = {
      schema: 'a"; drop table x; --',
      revisionTable: "r'; drop table x; --",
      journalTable: 'a.b',
    }
    const app = project({
      'aludel.config.json': JSON.stringify({ url: 'postgresql://nobody@127.0.0.1:1/none', ledger }),
      ...chain('a1'),
    })
    const { status, stdout } = await app.run(['upgrade', '--json'])
    expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 2, error: { code: 'CONFIG_INVALID' } })
  })
})
