import { expect, test } from 'vitest'
import { porting as postgresql } from '../../plugins/postgresql/adoption.ts'
import { adoptionFor } from '../../plugins/mysql/adoption.ts'
import { adoption as sqlite } from '../../plugins/sqlite/adoption.ts'

const mariadb = adoptionFor('mariadb')

const common = [
  ['a; b;\n\n;c', ['a', 'b', 'c']],
  ["insert into t values ('a;b''; c'); x", ["insert into t values ('a;b''; c')", 'x']],
  ['create table "a;b" (c int); x', ['create table "a;b" (c int)', 'x']],
  ['a /* ; */ b; -- c; d\ne; /* f */', ['a /* ; */ b', '-- c; d\ne']],
  ["a 'b; c", ["a 'b; c"]],
  ['a /* b; c', ['a /* b; c']],
] as const

test.each([
  ...common.map(([text, pieces]) => ['sqlite', sqlite, text, pieces] as const),
  ...common.map(([text, pieces]) => ['postgresql', postgresql, text, pieces] as const),
  ...common.map(([text, pieces]) => ['mariadb', mariadb, text, pieces] as const),
  ['sqlite', sqlite, 'a `b;`; [c;]; d', ['a `b;`', '[c;]', 'd']],
  ['sqlite', sqlite, 'create trigger a begin b; c; end; d;', ['create trigger a begin b; c; end; d']],
  [
    'sqlite',
    sqlite,
    "insert into t values ('create trigger'); b",
    ["insert into t values ('create trigger')", 'b'],
  ],
  ['postgresql', postgresql, 'do $$ begin a; b; end $$; c', ['do $$ begin a; b; end $$', 'c']],
  ['postgresql', postgresql, 'a $x$ ; $$ ; $x$; b', ['a $x$ ; $$ ; $x$', 'b']],
  ['postgresql', postgresql, String.raw`a e'\'; b'; c`, [String.raw`a e'\'; b'`, 'c']],
  ['postgresql', postgresql, String.raw`a '\'; c`, [String.raw`a '\'`, 'c']],
  ['postgresql', postgresql, 'a /* /* ; */ ; */; b', ['a /* /* ; */ ; */; b']],
  [
    'postgresql',
    postgresql,
    'create function f() begin atomic a; end; b',
    ['create function f() begin atomic a; end; b'],
  ],
  ['mariadb', mariadb, String.raw`a '\'; b'; "\";"; c`, [String.raw`a '\'; b'`, String.raw`"\";"`, 'c']],
  ['mariadb', mariadb, 'a # ;\n; b--;', ['a # ;', 'b--']],
  ['mariadb', mariadb, 'create trigger a begin b; end; c', ['create trigger a begin b; end; c']],
] as const)('a text for %s is cut only where a statement ends: %#', (_name, adoption, text, pieces) => {
  expect(adoption.split(text)).toEqual(pieces)
})

const port = (adoption: typeof postgresql, texts: readonly string[], transactional = true) =>
  adoption.port(texts, { transactional })

test('no setting outlasts the revision', () => {
  expect(port(sqlite, ['pragma foreign_keys = off;', 'a;', 'pragma foreign_keys = on']).statements).toEqual([
    'a',
  ])
  const sets = [
    "set names 'utf8';",
    'SET statement_timeout = 0; a',
    'set time zone utc',
    'set local role x',
    "set search_path to 'b'",
  ]
  expect(port(postgresql, sets).statements).toEqual([
    ...['set local statement_timeout = 0', 'a', 'set local time zone utc', 'set local role x'],
    ...["set local search_path to 'b'", 'reset search_path'],
  ])
  expect(
    port(postgresql, ['set statement_timeout to 0', 'a', 'set session time zone utc'], false).statements,
  ).toEqual([
    ...[
      'set statement_timeout to 0',
      'a',
      'set session time zone utc',
      'reset statement_timeout',
      'reset time zone',
    ],
  ])
  expect(port(postgresql, ["SELECT pg_catalog.set_config('search_path', '', false);"]).statements).toEqual([
    ...["SELECT pg_catalog.set_config('search_path', '', true)", 'reset search_path'],
  ])
  const frame = ['set names utf8mb4;', 'set foreign_key_checks = 0;', 'a', 'set foreign_key_checks = 1;']
  expect(port(mariadb, frame).statements).toEqual([
    'set foreign_key_checks = 0',
    'a',
    'set foreign_key_checks = 1',
  ])
  expect(
    port(mariadb, ['set sql_mode = ""; set foreign_key_checks = 0; a', 'set @b = 1']).statements,
  ).toEqual([
    ...['set sql_mode = ""', 'set foreign_key_checks = 0', 'a', 'set @b = 1'],
    ...['set sql_mode = default', 'set foreign_key_checks = default'],
  ])
})

const tried = (adoption: typeof sqlite, ...statements: readonly string[]) =>
  adoption.rehearse('sqlite::memory:', { statements, dedicated: false }, async () => 'tried')

test('a statement that opens another file is not tried', async () => {
  await expect(tried(sqlite, 'a', " attach 'x.db' as x")).rejects.toMatchObject({
    code: 'SCRATCH_UNAVAILABLE',
  })
  await expect(tried(sqlite, "vacuum into 'x.db'")).rejects.toMatchObject({ code: 'SCRATCH_UNAVAILABLE' })
  expect(await tried(sqlite, "insert into t values ('attach')")).toBe('tried')
})
