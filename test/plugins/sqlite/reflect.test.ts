import { expect, test } from 'vitest'
import sqlite from '../../../plugins/sqlite/index.ts'
import { memory, reflected } from './support.ts'

test('a table is told in SQLite’s own words', async () => {
  const session = await memory(
    'create table parent (x int, y int, primary key (x, y))',
    `CREATE TABLE "Order" (
      id INTEGER PRIMARY KEY AUTOINCREMENT, -- the id, really (
      email VARCHAR( 500 ) NOT NULL COLLATE NOCASE UNIQUE,
      status text not null DEFAULT 'new, (one)',
      made datetime default (datetime('now')),
      kind text check (\`kind\`  in ('a',
        'b')) not null,
      none default null,
      twice int as ((x * 2)),
      kept int generated always as (x + y) stored not null,
      x int constraint positive check (x > 0), y int /* why, not */,
      constraint to_parent foreign key (x, y) references parent on delete cascade deferrable initially deferred,
      constraint both unique (x, y),
      check (x < y)
    )`,
    'create index plain on "Order" (y, x)',
    'create unique index only on "Order" (x)',
    'create unique index odd on "Order" (y desc, lower(status) collate rtrim, status collate nocase) where  x > 3\n and y <> \'a  b\'',
    'create trigger t1 after update of x on "Order" when new.x > 1 begin select 1; end',
    'create view v as select * from "Order"',
  )
  const { tables, others } = await sqlite.reflect(session)
  const { source, ...order } = tables['Order'] ?? { name: '', columns: [] }
  expect(order).toEqual({
    name: 'Order',
    columns: [
      { name: 'id', type: { sql: 'integer' }, autoincrement: true },
      { name: 'email', type: { sql: 'varchar( 500 )' }, collation: 'nocase' },
      { name: 'status', type: { sql: 'text' }, default: { sql: "'new, (one)'" } },
      { name: 'made', type: { sql: 'datetime' }, nullable: true, default: { sql: "datetime('now')" } },
      { name: 'kind', type: { sql: 'text' } },
      { name: 'none', type: { sql: '' }, nullable: true },
      {
        name: 'twice',
        type: { sql: 'int' },
        nullable: true,
        generated: { expression: '"x" * 2', stored: false },
      },
      {
        name: 'kept',
        type: { sql: 'int' },
        extra: 'not null',
        generated: { expression: '"x" + "y"', stored: true },
      },
      { name: 'x', type: { sql: 'int' }, nullable: true },
      { name: 'y', type: { sql: 'int' }, nullable: true },
    ],
    primaryKey: { columns: ['id'] },
    uniques: [
      { columns: ['email'] },
      { name: 'both', columns: ['x', 'y'] },
      { name: 'only', columns: ['x'] },
    ],
    indexes: [
      {
        name: 'odd',
        columns: [
          { column: 'y', order: 'desc' },
          { sql: 'lower("status")', collation: 'rtrim' },
          { column: 'status', collation: 'nocase' },
        ],
        unique: true,
        where: `"x" > 3 and "y" <> 'a  b'`,
      },
      { name: 'plain', columns: ['y', 'x'] },
    ],
    foreignKeys: [
      {
        name: 'to_parent',
        columns: ['x', 'y'],
        references: { table: 'parent', columns: ['x', 'y'] },
        onDelete: 'cascade',
        deferrable: 'initially deferred',
      },
    ],
    checks: [
      { expression: '"x" < "y"' },
      { column: 'kind', expression: `"kind" in ('a', 'b')` },
      { name: 'positive', column: 'x', expression: '"x" > 0' },
    ],
  })
  expect(source?.table).toMatch(/^CREATE TABLE "Order" \(\n/)
  expect(source?.dependents.map((sql) => sql.slice(0, 24))).toEqual([
    'CREATE INDEX plain on "O',
    'CREATE UNIQUE INDEX only',
    'CREATE UNIQUE INDEX odd ',
    'CREATE TRIGGER t1 after ',
  ])
  expect(others).toEqual([
    { kind: 'trigger', name: 't1' },
    { kind: 'view', name: 'v' },
  ])
})

const base = `create table p (id integer primary key); create table t (
  id integer primary key autoincrement, a text collate nocase not null default 'x', b integer, g integer as (b + 1) stored,
  d text check (d in ('a', 'b')),
  constraint fk foreign key (b) references p (id) on delete cascade on update set null deferrable initially deferred,
  constraint ck check (b > 0), unique (a, b)
); create index i on t (a desc, lower(d), b collate nocase) where b > 1; create unique index u on t (d)`

test.each<[string, string, string]>([
  ['the name of a column', 'id integer primary key auto', 'idd integer primary key auto'],
  ['the type of a column', 'd text', 'd varchar(10)'],
  ['null', 'nocase not null', 'nocase'],
  ['a default', "default 'x'", "default 'y'"],
  ['that there is a default', "default 'x'", ''],
  ['a default and its number alike', "default 'x'", 'default 5'],
  ['a collation', 'collate nocase not null', 'collate rtrim not null'],
  ['autoincrement', ' autoincrement', ''],
  ['a generated expression', '(b + 1) stored', '(b + 2) stored'],
  ['stored', '(b + 1) stored', '(b + 1) virtual'],
  ['a column’s check', "('a', 'b')", "('a', 'c')"],
  ['white space in the string of a check', "('a', 'b')", "('a', 'b ')"],
  ['where a check stands', "check (d in ('a', 'b')),", ", check (d in ('a', 'b')),"],
  ['a table’s check', 'b > 0', 'b >= 0'],
  ['the name of a check', 'constraint ck', 'constraint cl'],
  ['that a check has a name', 'constraint ck ', ''],
  ['the columns of a unique', 'unique (a, b)', 'unique (b, a)'],
  ['the name of a unique', 'unique (a, b)', 'constraint uu unique (a, b)'],
  ['the columns of a foreign key', 'foreign key (b)', 'foreign key (d)'],
  ['the table of a foreign key', 'references p', 'references q'],
  ['the column of a foreign key', 'references p (id)', 'references p (other)'],
  ['on delete', 'on delete cascade', 'on delete restrict'],
  ['that there is no on update', 'on update set null', ''],
  ['deferrable', ' deferrable initially deferred', ''],
  ['initially', 'initially deferred', 'initially immediate'],
  ['the name of a foreign key', 'constraint fk', 'constraint fl'],
  ['the order of an index', 'a desc', 'a'],
  ['the expression of an index', 'lower(d)', 'upper(d)'],
  ['the collation of an index', 'b collate nocase', 'b'],
  ['the condition of an index', 'where b > 1', 'where b > 2'],
  ['that an index has no condition', 'where b > 1', ''],
  ['that an index is unique', 'create index i', 'create unique index i'],
  ['that an index is not unique', 'create unique index u', 'create index u'],
  ['the name of an index', 'index u', 'index v'],
  ['the primary key', 'integer primary key autoincrement', 'integer not null'],
])('%s shows when it changes', async (_, from, to) => {
  const changed = base.replace(from, to)
  expect(changed).not.toBe(base)
  const before = await memory(...base.split('; '))
  const after = await memory(...changed.split('; '))
  const shape = await reflected(before, 't')
  expect(await reflected(await memory(...base.split('; ')), 't')).toEqual(shape)
  expect(await reflected(after, 't')).not.toEqual(shape)
})

test.each<[string, string, string]>([
  ['the case of a type', 'a TEXT', 'a text'],
  ['brackets around a default', 'a default (1)', 'a default 1'],
  ['white space and comments in a check', 'a, check (a>0 /* so */\n and a  < 5)', 'a, check (a>0 and a < 5)'],
  ['`default null`', 'a default NULL', 'a'],
  ['`null`', 'a int null', 'a int'],
  ['generated always', 'a, b int generated always as (a) virtual', 'a, b int as (a)'],
  ['`binary`', 'a text collate BINARY', 'a text'],
  ['`not null` beside a row’s own id', 'a integer primary key', 'a integer not null primary key'],
  ['no action', 'a references t (a) on delete no action', 'a references t (a)'],
])('%s makes no difference', async (_, one, other) => {
  expect(await reflected(await memory(`create table t (${one})`), 't')).toEqual(
    await reflected(await memory(`create table t (${other})`), 't'),
  )
})

test('SQLite’s own tables and those of virtual tables are left out', async () => {
  const session = await memory(
    'create table t (id integer primary key autoincrement)',
    'create virtual table words using fts5(word)',
    'create virtual table boxes using rtree(id, a, b)',
    'create view broken as select * from missing',
    'analyze',
  )
  const { tables, others } = await sqlite.reflect(session)
  expect(Object.keys(tables)).toEqual(['t'])
  expect(others).toEqual([
    { kind: 'virtual table', name: 'boxes' },
    { kind: 'view', name: 'broken' },
    { kind: 'virtual table', name: 'words' },
  ])
})

test('a filter names tables in any case of letters, and what does not exist is left out', async () => {
  const session = await memory(
    'create table Users (a)',
    'create table orders (a)',
    'create index i on orders (a)',
  )
  const { tables } = await sqlite.reflect(session, { tables: ['users', 'nothing'] })
  expect(Object.keys(tables)).toEqual(['Users'])
  expect(await sqlite.reflect(await memory())).toEqual({ tables: {} })
})

test.each([
  'create table t (a int, unique (a) check (a > 0))',
  "create table 't' ('a' int default 'x,)' check ('a' <> ')('))",
  'create table [t] ([a ] int, `b``c` int, "d""e" int, unique ([a ], `b``c`, "d""e"))',
  'create table t (a "weird type" (1, 2) constraint n not null on conflict ignore constraint d default -1.5e-3, b)',
  "create table t (a default current_timestamp, b default x'00', c default (case when 1 then ')' end))",
  'create table t (id integer, b, primary key (id autoincrement))',
  'create table t (a, constraint c1 primary key (a desc) on conflict rollback, constraint c2 unique (a collate nocase) on conflict fail)',
  'create table t (a references t deferrable, b references t (a) match full on delete set default not deferrable initially deferred)',
  'create table t (a text primary key, b int) without rowid, strict',
  'create table t (größe int, "änderung" text -- last\n)',
  'create table t (a int, constraint lonely)',
])('%s is read and made again with the same shape', async (sql) => {
  const session = await memory(sql)
  const shape = await reflected(session, 't')
  const again = await memory()
  for (const each of (await sqlite.compile([{ kind: 'createTable', table: shape }], { tables: {} })).flat()) {
    await again.simple(each.sql)
  }
  expect(await reflected(again, 't')).toEqual(shape)
})
