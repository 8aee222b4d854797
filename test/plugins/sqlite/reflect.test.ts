import { expect, test } from 'vitest'
import sqlite from '../../../plugins/sqlite/index.ts'
import { differences } from '../../support/differences.ts'
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
  const { tables, views, others } = await sqlite.reflect(session)
  const { source, ...order } = tables['Order'] ?? { name: '', columns: [] }
  expect(order).toEqual({
    name: 'Order',
    columns: [
      { name: 'id', type: { sql: 'integer' }, autoincrement: true },
      { name: 'email', type: { sql: 'varchar(500)' }, collation: 'nocase' },
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
    triggers: [
      {
        name: 't1',
        timing: 'after',
        events: ['update'],
        columns: ['x'],
        when: 'new."x" > 1',
        body: 'select 1',
      },
    ],
  })
  expect(source?.table).toMatch(/^CREATE TABLE "Order" \(\n/)
  expect(source?.dependents.map((sql) => sql.slice(0, 24))).toEqual([
    'CREATE INDEX plain on "O',
    'CREATE UNIQUE INDEX only',
    'CREATE UNIQUE INDEX odd ',
    'CREATE TRIGGER t1 after ',
  ])
  expect(views).toEqual({ v: { name: 'v', definition: 'select * from "Order"' } })
  expect(others).toBeUndefined()
})

/** What SQLite is told, statement by statement. */
const base = [
  'create table p (id integer primary key, b integer)',
  `create table t (
    id integer primary key autoincrement, a text collate nocase not null on conflict ignore default 'x', b integer,
    g integer as (b + 1) stored, d text check (d in ('a', 'b')),
    constraint fk foreign key (b) references p (id) on delete cascade on update set null deferrable initially deferred,
    constraint ck check (b > 0), unique (a, b)
  )`,
  'create table w (k text, l text, constraint pk primary key (k desc, l)) without rowid',
  'create table n (m text primary key)',
  'create index i on t (a desc, lower(d), b collate nocase) where b > 1',
  'create unique index u on t (d)',
  'create trigger tr after update of b on t when (new.b > 1) begin insert into p values (new.b); end',
  'create view v (x, y) as select a, b from t',
  'create view o as select 1',
  'create trigger iv instead of insert on v begin delete from p; end',
].join('\n;\n')

async function schemaOf(statements: string): Promise<unknown> {
  const session = await memory(...statements.split('\n;\n'))
  const { tables, ...rest } = await sqlite.reflect(session)
  const bare = Object.entries(tables).map(([name, { source: _, ...table }]) => [name, table])
  return { tables: Object.fromEntries(bare), ...rest }
}

/** What other rows tell of. */
const anything: unknown = expect.anything()

test.each<[string, string, string, Record<string, unknown>]>([
  [
    'the type of a column',
    'd text',
    'd varchar(10)',
    { 'tables.t.columns.d.type.sql': ['text', 'varchar(10)'] },
  ],
  [
    'null',
    'nocase not null on conflict ignore',
    'nocase',
    {
      'tables.t.columns.a.extra': ['on conflict ignore', undefined],
      'tables.t.columns.a.nullable': [undefined, true],
    },
  ],
  [
    'what is done on a null',
    'not null on conflict ignore',
    'not null on conflict replace',
    { 'tables.t.columns.a.extra': ['on conflict ignore', 'on conflict replace'] },
  ],
  [
    'that nothing is done on a null',
    ' on conflict ignore',
    '',
    { 'tables.t.columns.a.extra': ['on conflict ignore', undefined] },
  ],
  ['a default', "default 'x'", "default 'y'", { 'tables.t.columns.a.default.sql': ["'x'", "'y'"] }],
  [
    'that there is a default',
    "default 'x'",
    '',
    { 'tables.t.columns.a.default': [{ sql: "'x'" }, undefined] },
  ],
  [
    'a default and its number alike',
    "default 'x'",
    'default 5',
    { 'tables.t.columns.a.default.sql': ["'x'", '5'] },
  ],
  [
    'a collation',
    'collate nocase not null',
    'collate rtrim not null',
    { 'tables.t.columns.a.collation': ['nocase', 'rtrim'] },
  ],
  ['autoincrement', ' autoincrement', '', { 'tables.t.columns.id.autoincrement': [true, undefined] }],
  [
    'a generated expression',
    '(b + 1) stored',
    '(b + 2) stored',
    { 'tables.t.columns.g.generated.expression': ['"b" + 1', '"b" + 2'] },
  ],
  ['stored', '(b + 1) stored', '(b + 1) virtual', { 'tables.t.columns.g.generated.stored': [true, false] }],
  [
    'that a generated column may be null',
    'stored,',
    'stored not null,',
    { 'tables.t.columns.g.nullable': [true, undefined], 'tables.t.columns.g.extra': [undefined, 'not null'] },
  ],
  [
    'a column’s check',
    "('a', 'b')",
    "('a', 'c')",
    { 'tables.t.checks.0.expression': ["\"d\" in ('a', 'b')", "\"d\" in ('a', 'c')"] },
  ],
  [
    'white space in the string of a check',
    "('a', 'b')",
    "('a', 'b ')",
    { 'tables.t.checks.0.expression': ["\"d\" in ('a', 'b')", "\"d\" in ('a', 'b ')"] },
  ],
  [
    'where a check stands',
    "check (d in ('a', 'b')),",
    ", check (d in ('a', 'b')),",
    { 'tables.t.checks.0.column': ['d', undefined] },
  ],
  ['a table’s check', 'b > 0', 'b >= 0', { 'tables.t.checks.ck.expression': ['"b" > 0', '"b" >= 0'] }],
  [
    'the name of a check',
    'constraint ck',
    'constraint cl',
    {
      'tables.t.checks.ck': [{ name: 'ck', expression: '"b" > 0' }, undefined],
      'tables.t.checks.cl': [undefined, { name: 'cl', expression: '"b" > 0' }],
    },
  ],
  [
    'the columns of a unique',
    'unique (a, b)',
    'unique (b, a)',
    {
      'tables.t.uniques.0.columns': [
        ['a', 'b'],
        ['b', 'a'],
      ],
    },
  ],
  [
    'the name of a unique',
    'unique (a, b)',
    'constraint uu unique (a, b)',
    {
      'tables.t.uniques.0': [{ columns: ['a', 'b'] }, undefined],
      'tables.t.uniques.uu': [undefined, { name: 'uu', columns: ['a', 'b'] }],
    },
  ],
  [
    'the order in a unique',
    'unique (a, b)',
    'unique (a, b desc)',
    { 'tables.t.uniques.0.parts': [undefined, ['a', { column: 'b', order: 'desc' }]] },
  ],
  [
    'a collation in a unique',
    'unique (a, b)',
    'unique (a collate binary, b)',
    { 'tables.t.uniques.0.parts': [undefined, [{ column: 'a', collation: 'binary' }, 'b']] },
  ],
  [
    'what is done on a double',
    'unique (a, b)',
    'unique (a, b) on conflict replace',
    { 'tables.t.uniques.0.extra': [undefined, 'on conflict replace'] },
  ],
  [
    'the columns of a foreign key',
    'foreign key (b)',
    'foreign key (d)',
    { 'tables.t.foreignKeys.fk.columns': [['b'], ['d']] },
  ],
  [
    'the table of a foreign key',
    'references p',
    'references q',
    { 'tables.t.foreignKeys.fk.references.table': ['p', 'q'] },
  ],
  [
    'the column of a foreign key',
    'references p (id)',
    'references p (other)',
    { 'tables.t.foreignKeys.fk.references.columns': [['id'], ['other']] },
  ],
  [
    'on delete',
    'on delete cascade',
    'on delete restrict',
    { 'tables.t.foreignKeys.fk.onDelete': ['cascade', 'restrict'] },
  ],
  [
    'that there is no on update',
    'on update set null',
    '',
    { 'tables.t.foreignKeys.fk.onUpdate': ['set null', undefined] },
  ],
  [
    'deferrable',
    ' deferrable initially deferred',
    '',
    { 'tables.t.foreignKeys.fk.deferrable': ['initially deferred', undefined] },
  ],
  [
    'initially',
    'initially deferred',
    'initially immediate',
    { 'tables.t.foreignKeys.fk.deferrable': ['initially deferred', 'initially immediate'] },
  ],
  [
    'the name of a foreign key',
    'constraint fk',
    'constraint fl',
    { 'tables.t.foreignKeys.fk': [anything, undefined], 'tables.t.foreignKeys.fl': [undefined, anything] },
  ],
  [
    'the order of an index',
    'a desc',
    'a',
    { 'tables.t.indexes.i.columns.0': [{ column: 'a', order: 'desc' }, 'a'] },
  ],
  [
    'the expression of an index',
    'lower(d)',
    'upper(d)',
    { 'tables.t.indexes.i.columns.1.sql': ['lower("d")', 'upper("d")'] },
  ],
  [
    'the collation of an index',
    'b collate nocase',
    'b',
    { 'tables.t.indexes.i.columns.2': [{ column: 'b', collation: 'nocase' }, 'b'] },
  ],
  [
    'the condition of an index',
    'where b > 1',
    'where b > 2',
    { 'tables.t.indexes.i.where': ['"b" > 1', '"b" > 2'] },
  ],
  [
    'that an index has no condition',
    'where b > 1',
    '',
    { 'tables.t.indexes.i.where': ['"b" > 1', undefined] },
  ],
  [
    'that an index is unique',
    'create index i',
    'create unique index i',
    { 'tables.t.indexes.i.unique': [undefined, true] },
  ],
  [
    'that an index is not unique',
    'create unique index u',
    'create index u',
    {
      'tables.t.uniques.u': [{ name: 'u', columns: ['d'] }, undefined],
      'tables.t.indexes.u': [undefined, { name: 'u', columns: ['d'] }],
    },
  ],
  [
    'the name of an index',
    'index u',
    'index uu',
    {
      'tables.t.uniques.u': [{ name: 'u', columns: ['d'] }, undefined],
      'tables.t.uniques.uu': [undefined, { name: 'uu', columns: ['d'] }],
    },
  ],
  [
    'that there is a primary key',
    'integer primary key autoincrement',
    'integer not null',
    {
      'tables.t.columns.id.autoincrement': [true, undefined],
      'tables.t.primaryKey': [{ columns: ['id'] }, undefined],
    },
  ],
  [
    'the columns of the primary key',
    'primary key (k desc, l)',
    'primary key (k desc)',
    {
      'tables.w.columns.l.nullable': [undefined, true],
      'tables.w.primaryKey.columns': [['k', 'l'], ['k']],
      'tables.w.primaryKey.parts.1': ['l', undefined],
    },
  ],
  [
    'the order in the primary key',
    'primary key (k desc, l)',
    'primary key (k, l)',
    { 'tables.w.primaryKey.parts': [[{ column: 'k', order: 'desc' }, 'l'], undefined] },
  ],
  [
    'the order of a primary key beside its column',
    'm text primary key',
    'm text primary key desc',
    { 'tables.n.primaryKey.parts': [undefined, [{ column: 'm', order: 'desc' }]] },
  ],
  [
    'a collation in the primary key',
    'primary key (k desc, l)',
    'primary key (k desc, l collate rtrim)',
    { 'tables.w.primaryKey.parts.1': ['l', { column: 'l', collation: 'rtrim' }] },
  ],
  [
    'what is done on a double primary key',
    'primary key (k desc, l)',
    'primary key (k desc, l) on conflict replace',
    { 'tables.w.primaryKey.extra': [undefined, 'on conflict replace'] },
  ],
  ['the name of the primary key', 'constraint pk ', '', { 'tables.w.primaryKey.name': ['pk', undefined] }],
  [
    'that a table is strict',
    'without rowid',
    'without rowid, strict',
    { 'tables.w.options': [['without rowid'], ['strict', 'without rowid']] },
  ],
  [
    'that a table has row ids',
    ' without rowid',
    '',
    {
      'tables.w.columns.k.nullable': [undefined, true],
      'tables.w.columns.l.nullable': [undefined, true],
      'tables.w.options': [['without rowid'], undefined],
    },
  ],
  [
    'when a trigger runs',
    'after update',
    'before update',
    { 'tables.t.triggers.tr.timing': ['after', 'before'] },
  ],
  [
    'what a trigger is for',
    'update of b',
    'delete',
    {
      'tables.t.triggers.tr.events': [['update'], ['delete']],
      'tables.t.triggers.tr.columns': [['b'], undefined],
    },
  ],
  [
    'the columns of a trigger',
    'update of b',
    'update of b, d',
    { 'tables.t.triggers.tr.columns': [['b'], ['b', 'd']] },
  ],
  [
    'that a trigger is for all columns',
    'update of b',
    'update',
    { 'tables.t.triggers.tr.columns': [['b'], undefined] },
  ],
  [
    'the condition of a trigger',
    'new.b > 1',
    'new.b > 2',
    { 'tables.t.triggers.tr.when': ['new."b" > 1', 'new."b" > 2'] },
  ],
  [
    'that a trigger has no condition',
    'when (new.b > 1)',
    '',
    { 'tables.t.triggers.tr.when': ['new."b" > 1', undefined] },
  ],
  [
    'what a trigger does',
    'values (new.b)',
    'values (old.b)',
    { 'tables.t.triggers.tr.body': ['insert into p values (new.b)', 'insert into p values (old.b)'] },
  ],
  [
    'white space in what a trigger does',
    'values (new.b)',
    'values  (new.b)',
    { 'tables.t.triggers.tr.body': ['insert into p values (new.b)', 'insert into p values  (new.b)'] },
  ],
  [
    'the name of a trigger',
    'trigger tr',
    'trigger ts',
    { 'tables.t.triggers.tr': [anything, undefined], 'tables.t.triggers.ts': [undefined, anything] },
  ],
  [
    'the table of a trigger',
    'of b on t',
    'of b on p',
    { 'tables.p.triggers': [undefined, anything], 'tables.t.triggers': [anything, undefined] },
  ],
  [
    'a trigger of a view',
    'delete from p',
    'delete from t',
    { 'views.v.triggers.iv.body': ['delete from p', 'delete from t'] },
  ],
  [
    'the name of a view',
    'view o',
    'view oo',
    {
      'views.o': [{ name: 'o', definition: 'select 1' }, undefined],
      'views.oo': [undefined, { name: 'oo', definition: 'select 1' }],
    },
  ],
  [
    'the query of a view',
    'select a, b from t',
    'select a, b + 0 from t',
    {
      'views.v.definition': [
        'with v (x, y) as (\nselect a, b from t\n) select * from v',
        'with v (x, y) as (\nselect a, b + 0 from t\n) select * from v',
      ],
    },
  ],
  [
    'the names of the columns of a view',
    'view v (x, y)',
    'view v (y, x)',
    {
      'views.v.definition': [
        'with v (x, y) as (\nselect a, b from t\n) select * from v',
        'with v (y, x) as (\nselect a, b from t\n) select * from v',
      ],
    },
  ],
])('%s shows when it changes, and nothing else does', async (_, from, to, expected) => {
  const changed = base.replace(from, to)
  expect(changed).not.toBe(base)
  expect(differences(await schemaOf(base), await schemaOf(changed))).toEqual(expected)
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
  [
    'white space and the case of keywords in an expression',
    'a, check (a>-1 AND(a IS NOT null)or lower( a )in(1,2))',
    'a, check (a > -1 and (a is not null) or lower(a) in (1, 2))',
  ],
  [
    'white space and case in a default',
    'a default (1+CURRENT_DATE||(2))',
    'a default (1 + current_date || (2))',
  ],
  [
    'brackets around a check, and the case of functions, types and collations in it',
    'a, check ((LENGTH(CAST(a AS TEXT) COLLATE NOCASE) > 1))',
    'a, check (length(cast(a as text) collate nocase) > 1)',
  ],
  [
    'the end of a conflict that is the usual one',
    'a not null on conflict abort unique on conflict ABORT',
    'a not null unique',
  ],
  [
    'the case of names in a foreign key',
    'a primary key, b references T (A)',
    'a primary key, b references t (a)',
  ],
  [
    'white space in a type',
    'a Numeric ( 10 , 2 ) , b double  precision',
    'a numeric(10,2), b double precision',
  ],
  ['double quotes around a text', 'a default "it\'s"', "a default 'it''s'"],
  [
    'other signs and words for the same',
    'a, check (a!=1 and a == -1 or a NOTNULL or a isnull)',
    'a, check (a <> 1 and a = -1 or a is not null or a is null)',
  ],
  ['no action', 'a references t (a) on delete no action', 'a references t (a)'],
])('%s makes no difference', async (_, one, other) => {
  expect(await reflected(await memory(`create table t (${one})`), 't')).toEqual(
    await reflected(await memory(`create table t (${other})`), 't'),
  )
})

test('brackets around the condition or a key of an index make no difference', async () => {
  const [one, other] = await Promise.all(
    [
      'create index i on t ((LOWER(a)), b) where (b > 1)',
      'create index i on t (lower(a), b) where b > 1',
    ].map(async (index) => (await reflected(await memory('create table t (a, b)', index), 't')).indexes),
  )
  expect(one).toEqual(other)
})

test.each([
  'create trigger tr after update of a, "b c" on t when new.a > 1 begin update t set a = 1; select 1; end',
  'CREATE TRIGGER IF NOT EXISTS main.[tr] AFTER  UPDATE OF [A],`b c` ON "T" FOR EACH ROW WHEN (NEW.a>1)\nBEGIN update t set a = 1; select 1 ;\nEND;',
  `create trigger 'tr' after update of 'a', 'b c' on 't' when NEW."A" /* so */ > 1 begin update t set a = 1; select 1; end -- end`,
])('a trigger is the same however it is written: %s', async (sql) => {
  const session = await memory('create table t (a, "b c")', sql)
  expect((await reflected(session, 't')).triggers).toEqual([
    {
      name: 'tr',
      timing: 'after',
      events: ['update'],
      columns: ['a', 'b c'],
      when: 'new."a" > 1',
      body: 'update t set a = 1; select 1',
    },
  ])
})

test.each([
  [
    'create trigger before insert on t begin select 1; end',
    { name: 'before', timing: 'before', events: ['insert'] },
  ],
  ['create trigger tr delete on t begin select 1; end', { name: 'tr', timing: 'before', events: ['delete'] }],
  [
    'create trigger "on" before update of "when", "delete" on t when case when new."begin" then 1 end begin select 1; end',
    {
      name: 'on',
      timing: 'before',
      events: ['update'],
      columns: ['when', 'delete'],
      when: 'case when new."begin" then 1 end',
    },
  ],
])('odd names do not confuse the reader: %s', async (sql, trigger) => {
  const session = await memory('create table t ("when", "delete", "begin")', sql)
  expect((await reflected(session, 't')).triggers).toEqual([{ ...trigger, body: 'select 1' }])
})

test('of a temporary trigger and view nothing is read', async () => {
  const session = await memory(
    'create table t (a)',
    'create temp trigger tr after insert on main.t begin select 1; end',
    'create temp view v as select * from t',
    'create temp table tt (a)',
  )
  expect(Object.keys(await sqlite.reflect(session))).toEqual(['tables'])
  expect(await reflected(session, 't')).not.toHaveProperty('triggers')
})

test.each([
  ['create view v as select 1', 'select 1'],
  ['CREATE VIEW IF NOT EXISTS \'v\' AS\n  select 1 as "as" -- one\n;', 'select 1 as "as" -- one'],
  ['create view [v] as select (a) from (select 1 as a)', 'select (a) from (select 1 as a)'],
  [
    'create view "v"("a ""b", c) as select 1, 2',
    'with "v" ("a ""b", c) as (\nselect 1, 2\n) select * from "v"',
  ],
])('the query of a view is read without what is around it: %s', async (sql, definition) => {
  const session = await memory(sql)
  expect((await sqlite.reflect(session)).views).toEqual({ v: { name: 'v', definition } })
  const columns = (): Promise<unknown> => session.query("select name from pragma_table_info('v')")
  const before = await columns()
  await session.simple('drop view v')
  await session.simple(`create view v as ${definition}`)
  expect(await columns()).toEqual(before)
  expect((await sqlite.reflect(session)).views).toEqual({ v: { name: 'v', definition } })
})

test('SQLite’s own tables and those of virtual tables are left out', async () => {
  const session = await memory(
    'create table t (id integer primary key autoincrement)',
    'create virtual table words using fts5(word)',
    'create virtual table boxes using rtree(id, a, b)',
    'create view broken as select * from missing',
    'create trigger into_words after insert on t begin insert into words values (new.id); end',
    'analyze',
  )
  const { tables, views, others } = await sqlite.reflect(session)
  expect(Object.keys(tables)).toEqual(['t'])
  expect(views).toEqual({ broken: { name: 'broken', definition: 'select * from missing' } })
  expect(others).toEqual([
    { kind: 'virtual table', name: 'boxes' },
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
  base.split('\n;\n')[1] ?? '',
  'create table t (a text not null on conflict replace, b text as (a) not null on conflict fail, id integer primary key desc on conflict ignore)',
  'create table t (a text, b text collate nocase, constraint pk primary key (b collate binary) on conflict fail, unique (a desc, b) on conflict replace)',
  'create table t (id integer, primary key (id desc))',
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
  const session = await memory(
    sql,
    'create trigger "t ""r" after update on t when 1 in (1, 2) begin select 1; delete from t; -- all\n end',
    'create trigger tr before delete on t begin select 1 -- one\n; end',
  )
  const shape = await reflected(session, 't')
  const again = await memory()
  for (const each of (await sqlite.compile([{ kind: 'createTable', table: shape }], { tables: {} })).flat()) {
    await again.simple(each.sql)
  }
  expect(await reflected(again, 't')).toEqual(shape)
})
