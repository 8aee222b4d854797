import { DatabaseSync } from 'node:sqlite'
import { describe, expect, test } from 'vitest'
import type { Session } from '../../../src/dialect.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { carryOut, memory, newFile, opened, reflected, textOf } from './support.ts'

/** Tables with a column `a text not null`, as people write them. */
const tables: readonly (readonly [label: string, ...statements: readonly string[]])[] = [
  [
    'lines, upper case, unique and check beside a column',
    `CREATE TABLE users (\n  id INTEGER PRIMARY KEY,\n  a TEXT NOT NULL UNIQUE CHECK (a is not null and length(a) > 0),\n  b INTEGER DEFAULT (1 + 1),\n  UNIQUE (a, b)\n)`,
    "insert into users values (7, 'x', 1), (9, 'y', 2)",
  ],
  [
    'named and unnamed checks',
    'create table users (id integer primary key, a text not null, b integer, constraint ck1 check (b > 0), check (b < 100))',
    "insert into users values (1, 'x', 1)",
  ],
  [
    'strict and without rowid',
    'create table users (id integer primary key, a text not null, b integer) strict, without rowid',
    "insert into users values (1, 'x', 1)",
  ],
  [
    'strict',
    'create table users (id int, a text not null, b any) strict',
    "insert into users values (1, 'x', '01')",
  ],
  [
    'indexes with expression, condition and order',
    'create table users (id integer primary key, a text not null, b integer)',
    'create index e1 on users (lower(a))',
    'create index p1 on users (b desc) where b > 3',
    'create unique index u1 on users (a collate nocase, b)',
    "insert into users values (1, 'x', 1)",
  ],
  [
    'triggers, a view, a view on it, a trigger on the view',
    'create table users (id integer primary key, a text not null, b integer)',
    'create table log (x)',
    'create trigger t1 after update of a on users when new.a <> old.a begin update users set b = b + 1 where id = new.id; insert into log values (new.a); end',
    'create trigger t0 before delete on users begin insert into log values (old.id); end',
    'create trigger t2 after insert on log begin update users set b = 1 where a = new.x; end',
    'create view v as select a, b from users',
    'create view w as select a from v',
    'create trigger t3 instead of insert on v begin insert into users (a) values (new.a); end',
    "insert into users values (1, 'x', 1)",
  ],
  [
    'generated columns',
    'create table users (id integer primary key, g integer generated always as (b * 2) stored, a text not null, b integer, h as (b + 1))',
    "insert into users (a, b) values ('x', 1)",
  ],
  [
    'collations and defaults with quotes',
    "create table users (id integer primary key, a text collate nocase not null default 'x'', not null', b integer, ts text default (datetime('now')))",
    "insert into users values (1, 'x', 1, '2026')",
  ],
  [
    'a foreign key of two columns, one beside a column, one to itself',
    'create table k (x, y, primary key (x, y))',
    'create table users (id integer primary key, a text not null, b integer references users (id) on delete cascade deferrable initially deferred, constraint "to k" foreign key (a, b) references k (x, y) on delete cascade)',
    "insert into k values ('x', 1)",
    "insert into users values (1, 'x', 1)",
  ],
  [
    'a key of two columns',
    'create table users (id integer, a text not null, b integer, primary key (b desc, id))',
    "insert into users values (1, 'x', 1), (2, 'x', 1)",
  ],
  [
    'a counter with a gap',
    'create table users (id integer primary key autoincrement, a text not null, b integer)',
    "insert into users values (10, 'a', 1), (3, 'b', 1)",
    'delete from users where id = 10',
  ],
  [
    'a counter and no row',
    'create table users (id integer primary key autoincrement, a text not null, b integer)',
    "insert into users values (10, 'a', 1)",
    'delete from users',
  ],
  [
    'a counter never used',
    'create table users (id integer primary key autoincrement, a text not null, b integer)',
  ],
  [
    'odd names',
    'create table users (id integer primary key, "a" text not null, b integer, "we,ird (x" text, [br ] text, `or``der` int, camelCase int, "with ""q" text)',
    `insert into users values (1, 'x', 1, 'w', 'b', 2, 3, 'q')`,
    'create index "odd ""i" on users ("we,ird (x", `or``der`)',
  ],
  [
    'comments',
    'create table users (\n  id integer primary key, -- the id, really (\n  a text -- of old\n not null /* x, y */,\n  b integer not null default 5 -- last\n) -- end',
    "insert into users values (1, 'x', 1)",
  ],
  [
    'ids of rows without a column for them',
    'create table users (a text not null, b integer)',
    "insert into users (rowid, a, b) values (5, 'x', 1), (1000, 'y', 2)",
  ],
  [
    'ids of rows whose usual name is a column’s',
    'create table users (rowid text, a text not null, b integer)',
    "insert into users (_rowid_, rowid, a, b) values (5, 'r', 'x', 1)",
  ],
  [
    'a check that calls a column by the table’s name',
    'create table users (id integer primary key, a text not null, b integer check (users.b > 0 and "Users".a <> \'users.a\'))',
    "insert into users values (1, 'x', 1)",
  ],
  [
    'what names it in another case of letters',
    'create table users (id integer primary key, a text not null, b integer references USERS (ID))',
    'create table child (x integer references USERS on delete cascade)',
    'create table log (x)',
    'create trigger t1 after update of A on USERS when new.A <> old.a begin insert into LOG values (new.A); end',
    'create trigger t2 after insert on log begin update "Users" set B = 1 where A = new.x; end',
    'create index i1 on "USERS" (A, lower(B))',
    'create view v as select A, b from Users',
    "insert into users values (1, 'x', 1)",
    'insert into child values (1)',
  ],
  [
    'generated columns and indexes that use the column',
    'create table users (id integer primary key, a text not null, b integer, g text as (a || b) stored, h int as (length("a")), check (g <> \'no\'))',
    "create index e1 on users (lower(a), g) where a is not null and a <> ''",
    'create unique index u1 on users (a)',
    "insert into users (a, b) values ('x', 1), ('y', 2)",
  ],
  [
    'rows of its own and of others that refer to a unique index',
    'create table users (id integer primary key, a text not null, b text references users (a) on delete cascade deferrable initially deferred)',
    'create unique index u1 on users (a)',
    'create table child (x text references users (a) on delete cascade on update cascade)',
    "insert into users values (1, 'x', 'y'), (2, 'y', null)",
    "insert into child values ('x'), ('y'), (null)",
  ],
  [
    'columns named like words of the language',
    'create table users (key text default \'k\', action int, a text not null, b integer, cascade int check (cascade > 0), "check" text collate nocase, "primary" int, [unique] int as (key), `references` int, "constraint" int, no int, "generated" int, "as" int, "not null" text not null, asc int, "desc" int)',
    'insert into users (a, b, cascade, "check", "primary", "not null", "as") values (\'x\', 1, 2, \'c\', 3, \'n\', 4)',
    'create index "index" on users ("check" desc, asc) where "primary" is not null',
  ],
  [
    'all three names of the row’s id taken',
    'create table users (rowid text, _rowid_ text, oid int, a text not null, b integer)',
    "insert into users values ('1', '2', 3, 'x', 1)",
  ],
  [
    'what is done on conflicts, orders and collations of keys, names of constraints',
    "create table users (id integer constraint pk primary key desc on conflict replace, a text not null constraint dd default 'd' unique on conflict ignore, b integer not null on conflict replace default 5, unique (b desc, a collate nocase) on conflict replace)",
    "insert into users values (2, 'x', 1), (1, 'y', 1)",
  ],
  [
    'a full-text index of its rows',
    'create table users (id integer primary key, a text not null, b integer)',
    "create virtual table words using fts5(a, content='users', content_rowid='id')",
    'create trigger w1 after insert on users begin insert into words (rowid, a) values (new.id, new.a); end',
    "create trigger w2 after delete on users begin insert into words (words, rowid, a) values ('delete', old.id, old.a); end",
    "insert into users values (1, 'x y', 1), (2, 'y', 1)",
  ],
  [
    'a name in single quotes, a comment before everything',
    "create table 'users' /* ( */ ( -- first, (\n 'id' integer primary key, 'a' text not null /* a */, /* b, */ 'b' integer) /* last */ strict -- end",
    "insert into users values (1, 'x', 1)",
  ],
  [
    'a key without row ids in descending order',
    'create table users (a text collate nocase not null, b integer, c blob, primary key (a desc, b)) without rowid',
    "insert into users values ('x', 1, x'00'), ('y', 2, zeroblob(3))",
    'create index i1 on users (c)',
  ],
  [
    'views of other views and triggers on them that write to it',
    'create table users (id integer primary key, a text not null, b integer)',
    'create view v as select * from users',
    'create view w (x, y) as select v.a, (select max(b) from users) from v where a in (select a from users)',
    'create trigger t1 instead of update of x on w begin update users set a = new.x where a = old.x; end',
    'create trigger t2 instead of delete on w begin delete from users where a = old.x; end',
    "insert into users values (1, 'x', 1)",
  ],
  [
    'values of every kind',
    'create table users (id integer primary key, a text not null, b)',
    "insert into users values (1, 'x', 9223372036854775807), (2, '', null), (3, 'ä' || char(0) || 'b', x'00ff'), (4, 'y', 1.5e300), (5, 'z', '007')",
  ],
]

async function contents(session: Session): Promise<unknown> {
  const columns = await session.query<{ name: string }>(`select name from pragma_table_xinfo('users')`)
  const values = columns.map(({ name }) => `quote("${name.replaceAll('"', '""')}")`)
  const id = await session.query('select 1 from pragma_table_list where name = ? and wr = 0', ['users'])
  const names = columns.map(({ name }) => name)
  const rowid = id.length === 0 ? 'null' : names.includes('rowid') ? '_rowid_' : 'rowid'
  const hasCounter = await session.query(`select 1 from sqlite_master where name = 'sqlite_sequence'`)
  return {
    rows: await session.query(
      `select ${rowid} as id, json_array(${values.join(', ')}) as v from users order by 1, 2`,
    ),
    counter: hasCounter.length > 0 ? await session.query('select name, seq from sqlite_sequence') : [],
  }
}

async function objects(session: Session): Promise<readonly unknown[]> {
  return session.query(
    `select type, name, tbl_name, sql from sqlite_master where name <> 'users' order by type, name`,
  )
}

/** The create text from its first bracket on. */
async function body(session: Session): Promise<string> {
  return ((await textOf(session, 'users')) ?? '').replace(/^[^(]*/, '')
}

describe.each(tables)('a rebuild keeps %s', (_, ...statements) => {
  test('when a column may be null: nothing else changes', async () => {
    const session = await memory(...statements)
    const [rows, others, text] = [await contents(session), await objects(session), await body(session)]
    await carryOut(session, { kind: 'alterColumn', table: 'users', column: 'A', change: { nullable: true } })
    expect(await contents(session)).toEqual(rows)
    expect(await objects(session)).toEqual(others)
    expect(await body(session)).toBe(withoutQualifiers(text.replace(/(?<!is )not null(?= |,|\))/i, 'null')))
    expect(await session.query('pragma legacy_alter_table')).toEqual([{ legacy_alter_table: 0 }])
    expect(await session.query('pragma foreign_keys')).toEqual([{ foreign_keys: 1 }])
    expect(await session.query('pragma integrity_check')).toEqual([{ integrity_check: 'ok' }])
    expect(await session.query('pragma foreign_key_check')).toEqual([])
  })

  test('when the change is taken back', async () => {
    const session = await memory(...statements)
    const [rows, shape] = [await contents(session), await reflected(session, 'users')]
    const change = (nullable: boolean): Operation => ({
      kind: 'alterColumn',
      table: 'users',
      column: 'a',
      change: { nullable },
    })
    await carryOut(session, change(true), change(false))
    expect(await contents(session)).toEqual(rows)
    expect(await reflected(session, 'users')).toEqual(shape)
  })

  test('when constraints and columns come and go', async () => {
    const session = await memory(...statements)
    const [rows, others, shape] = [
      await contents(session),
      await objects(session),
      await reflected(session, 'users'),
    ]
    const check = { name: 'short', expression: 'length(a) < 1000' }
    const foreignKey = {
      name: 'to_parent',
      columns: ['parent'],
      references: { table: 'users', columns: ['a'] },
    }
    await carryOut(
      session,
      { kind: 'createUniqueConstraint', table: 'users', unique: { name: 'users_a', columns: ['a'] } },
      {
        kind: 'addColumn',
        table: 'users',
        column: { name: 'made', type: 'text', default: { sql: 'current_timestamp' } },
      },
      { kind: 'addColumn', table: 'users', column: { name: 'parent', type: 'text', nullable: true } },
      { kind: 'createCheckConstraint', table: 'users', check },
      { kind: 'createForeignKey', table: 'users', foreignKey },
      { kind: 'createUniqueConstraint', table: 'users', unique: { columns: ['made', 'a'] } },
    ).catch((error: unknown) => {
      // Two rows of one table here have the same `a`.
      if (!String(error).includes('UNIQUE constraint failed')) throw error
    })
    if ((await reflected(session, 'users')).checks?.some(({ name }) => name === 'short')) {
      await carryOut(
        session,
        { kind: 'dropConstraint', table: 'users', type: 'foreignKey', name: 'to_parent' },
        { kind: 'dropConstraint', table: 'users', type: 'unique', columns: ['made', 'a'] },
        { kind: 'dropConstraint', table: 'users', type: 'check', name: 'short' },
        { kind: 'dropColumn', table: 'users', column: 'made' },
        { kind: 'dropColumn', table: 'users', column: 'parent' },
        { kind: 'dropConstraint', table: 'users', type: 'unique', name: 'users_a' },
      )
    }
    expect(await contents(session)).toEqual(rows)
    expect(await objects(session)).toEqual(others)
    expect(await reflected(session, 'users')).toEqual(shape)
  })
})

/** A rebuild takes the table's name away from before a column's: nothing would change it with the table's. */
function withoutQualifiers(text: string): string {
  return text.replace('(users.b', '(b').replace(/\\?"Users\\?"\.a/, 'a')
}

test('a rebuild reads strings in double quotes, which other programs write, and leaves triggers as they are', async () => {
  const file = newFile()
  const other = new DatabaseSync(file, { enableDoubleQuotedStringLiterals: true })
  other.exec(
    `create table t (a text check (a in ("x", 'y')), "b" text default "q", c text as ("b" || "it's"))`,
  )
  other.exec(`create index i on t ("b") where "b" <> "x" collate "nocase"`)
  other.exec(`create trigger t1 after insert on t begin update t set b = "trig"; end`)
  other.exec(`insert into t (a) values ('x')`)
  other.close()
  const session = await opened(`sqlite:${file}`)
  await carryOut(session, { kind: 'alterColumn', table: 't', column: 'b', change: { nullable: false } })
  expect(await textOf(session, 't')).toBe(
    `CREATE TABLE "t" (a text check (a in ('x', 'y')), "b" text not null default "q", c text as ("b" || 'it''s'))`,
  )
  expect(await textOf(session, 'i')).toBe(`CREATE INDEX i on t ("b") where "b" <> 'x' collate "nocase"`)
  expect(await textOf(session, 't1')).toBe(
    'CREATE TRIGGER t1 after insert on t begin update t set b = "trig"; end',
  )
  expect(await session.query('select * from t')).toEqual([{ a: 'x', b: 'trig', c: "trigit's" }])
  await carryOut(session, {
    kind: 'dropConstraint',
    table: 't',
    type: 'check',
    expression: `a in ("x", 'y')`,
  })
  expect((await reflected(session, 't')).checks).toBeUndefined()
})

test('views and triggers of others that name what is not there do not stand in the way of a rebuild, and stay', async () => {
  const session = await memory(
    'create table users (id integer primary key, a text not null, b integer)',
    'create table log (x)',
    'create view broken as select * from missing join users',
    'create view broken2 as select nope from users',
    'create trigger t1 after insert on log begin insert into missing select a from users; end',
    "insert into users values (1, 'x', 1)",
  )
  const others = await objects(session)
  const change = { nullable: true, default: 'd' }
  await carryOut(session, { kind: 'alterColumn', table: 'users', column: 'a', change })
  expect(await objects(session)).toEqual(others)
  expect(await session.query('select * from users')).toEqual([{ id: 1, a: 'x', b: 1 }])
})

test('a unique constraint that says more than an index stands in the table, comes and goes', async () => {
  const session = await memory(
    'create table users (id integer primary key, a text not null on conflict ignore, b integer)',
    "insert into users values (1, 'x', 1)",
  )
  const before = await reflected(session, 'users')
  const unique = {
    name: 'both',
    columns: ['a', 'b'],
    parts: [{ column: 'a', order: 'desc' } as const, 'b'],
    extra: 'on conflict replace',
  }
  await carryOut(session, { kind: 'createUniqueConstraint', table: 'users', unique })
  expect((await reflected(session, 'users')).uniques).toEqual([unique])
  await carryOut(
    session,
    { kind: 'dropConstraint', table: 'users', type: 'unique', name: 'both' },
    { kind: 'alterColumn', table: 'users', column: 'a', change: { nullable: true, extra: null } },
  )
  expect((await reflected(session, 'users')).columns[1]).toEqual({
    name: 'a',
    type: { sql: 'text' },
    nullable: true,
  })
  const change = { nullable: false, extra: 'on conflict ignore' }
  await carryOut(session, { kind: 'alterColumn', table: 'users', column: 'a', change })
  expect(await reflected(session, 'users')).toEqual(before)
  await carryOut(session, {
    kind: 'alterColumn',
    table: 'users',
    column: 'a',
    change: { extra: 'on conflict fail' },
  })
  expect((await reflected(session, 'users')).columns[1]).toHaveProperty('extra', 'on conflict fail')
})
