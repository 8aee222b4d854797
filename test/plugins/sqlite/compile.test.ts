import { describe, expect, test } from 'vitest'
import sqlite from '../../../plugins/sqlite/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Table } from '../../../src/schema/schema.ts'
import { carryOut, memory, reflected, textOf } from './support.ts'

const users = `create table users (id integer not null primary key autoincrement, email text not null, age integer null, org_id integer null,
  kind text check (kind in ('a', 'b')) not null default 'a', constraint users_org_foreign foreign key (org_id) references org (id) on delete cascade,
  constraint adult check (age > 17), unique (email))`
const org = 'create table org (id integer primary key, name text)'

const alter = (column: string, change: Extract<Operation, { kind: 'alterColumn' }>['change']): Operation => ({
  kind: 'alterColumn',
  table: 'users',
  column,
  change,
})

/** What is between the brackets, on one line. */
async function body(...args: Parameters<typeof textOf>): Promise<string> {
  return ((await textOf(...args)) ?? '').replace(/^[^(]*/, '').replaceAll(/\s+/g, ' ')
}

describe('native statements', () => {
  test.each<[Operation, string[]]>([
    [{ kind: 'dropTable', table: 'a`b' }, ['drop table `a``b`']],
    [{ kind: 'renameTable', table: 'a', to: 'b' }, ['alter table `a` rename to `b`']],
    [
      { kind: 'renameTable', table: 'users', to: 'Users' },
      ['alter table `users` rename to `_aludel_users`', 'alter table `_aludel_users` rename to `Users`'],
    ],
    [
      { kind: 'renameColumn', table: 't', column: 'a', to: 'b.c' },
      ['alter table `t` rename column `a` to `b.c`'],
    ],
    [
      { kind: 'addColumn', table: 't', column: { name: 'a', type: 'string', nullable: true } },
      ['alter table `t` add column `a` text null'],
    ],
    [
      { kind: 'addColumn', table: 't', column: { name: 'a', type: 'enum', items: ['x'], default: 'x' } },
      ["alter table `t` add column `a` text check (`a` in ('x')) not null default 'x'"],
    ],
    [
      {
        kind: 'addColumn',
        table: 't',
        column: { name: 'a', type: 'text', nullable: true, generated: { expression: 'b', stored: false } },
      },
      ['alter table `t` add column `a` text generated always as (b) virtual null'],
    ],
    [
      {
        kind: 'createIndex',
        table: 't',
        index: { name: 'i', columns: ['a', { sql: 'lower(b)', order: 'desc' }], where: 'a > 1' },
      },
      ['create index `i` on `t` (`a`, lower(b) desc) where a > 1'],
    ],
    [
      {
        kind: 'createIndex',
        table: 't',
        index: { name: 'i', columns: [{ column: 'a', collation: 'nocase' }], unique: true },
      },
      ['create unique index `i` on `t` (`a` collate nocase)'],
    ],
    [{ kind: 'dropIndex', table: 't', index: 'i' }, ['drop index `i`']],
    [
      { kind: 'createUniqueConstraint', table: 't', unique: { name: 'u', columns: ['a', 'b'] } },
      ['create unique index `u` on `t` (`a`, `b`)'],
    ],
    [{ kind: 'execute', sql: "update t set a = 'x;y'" }, ["update t set a = 'x;y'"]],
  ])('%j needs no shape', async (operation, expected) => {
    expect(sqlite.reads([operation])).toEqual([])
    const compiled = await sqlite.compile([operation], { tables: {} })
    expect(compiled).toEqual([expected.map((sql) => ({ sql }))])
  })
})

describe('a change of a column', () => {
  test.each<[string, Operation, string, string]>([
    ['its type', alter('age', { type: 'bigint' }), 'age integer null', 'age bigint null'],
    [
      'a type of its own',
      alter('age', { type: { sql: 'decimal(10, 2)' } }),
      'age integer null',
      'age decimal(10, 2) null',
    ],
    ['null', alter('email', { nullable: true }), 'email text not null', 'email text null'],
    ['not null', alter('age', { nullable: false }), 'age integer null', 'age integer not null'],
    ['a default', alter('age', { default: 18 }), 'age integer null', 'age integer null default 18'],
    ['another default', alter('kind', { default: 'b' }), "default 'a'", "default 'b'"],
    ['no default', alter('kind', { default: null }), " default 'a'", ''],
    [
      'an expression as default',
      alter('age', { default: { sql: '1 + 1' } }),
      'age integer null',
      'age integer null default (1 + 1)',
    ],
    ['a collation', alter('email', { collation: 'nocase' }), 'email text', 'email text collate nocase'],
    ['no autoincrement', alter('id', { autoincrement: false }), ' autoincrement', ''],
    [
      'the values of an enum',
      alter('kind', { type: 'enum', items: ['a', 'b', 'c'] }),
      "kind in ('a', 'b')",
      "`kind` in ('a', 'b', 'c')",
    ],
    [
      'all at once',
      alter('age', { type: 'string', nullable: false, default: 'x', collation: 'rtrim' }),
      'age integer null',
      "age text collate rtrim not null default 'x'",
    ],
  ])('is a change of one place: %s', async (_, operation, from, to) => {
    const session = await memory(org, users)
    const before = await body(session, 'users')
    await carryOut(session, operation)
    expect(await body(session, 'users')).toBe(before.replace(from, to))
  })

  test('that SQLite does not know makes no statement', async () => {
    const session = await memory(org, users)
    const before = await sqlite.reflect(session)
    const operations = [
      alter('email', { type: 'string', length: 100 }),
      alter('email', { comment: 'their address', extra: 'on update x', using: 'email::text' }),
      alter('id', { type: 'bigint' }),
      alter('age', { nullable: true }),
      alter('age', { default: null }),
    ]
    expect(await sqlite.compile(operations, before)).toEqual([[], [], [], [], []])
  })

  test('converts values as SQLite’s columns do', async () => {
    const session = await memory(
      'create table users (a text)',
      "insert into users values ('12'), ('no number')",
    )
    await carryOut(session, alter('a', { type: 'integer' }))
    expect(await session.query('select a, typeof(a) as t from users')).toEqual([
      { a: 12, t: 'integer' },
      { a: 'no number', t: 'text' },
    ])
  })

  test('that makes two values one fails, also where the table would keep only one of them', async () => {
    const session = await memory(
      'create table users (a text unique on conflict ignore)',
      "insert into users values ('1'), ('01')",
    )
    await expect(carryOut(session, alter('a', { type: 'integer' }))).rejects.toThrow(
      'UNIQUE constraint failed: users.a',
    )
    expect(await session.query('select a from users')).toEqual([{ a: '1' }, { a: '01' }])
  })

  test('makes a stored column of a generated one and back', async () => {
    const session = await memory(
      'create table users (a int, b int as (a * 2) stored)',
      'insert into users values (4)',
    )
    await carryOut(session, alter('b', { generated: null }))
    expect(await session.query('select * from users')).toEqual([{ a: 4, b: 8 }])
    await carryOut(session, alter('b', { generated: { expression: 'a * 3', stored: false } }))
    expect(await session.query('select * from users')).toEqual([{ a: 4, b: 12 }])
  })

  test('makes a counter of a key, whichever way the key was written', async () => {
    for (const text of ['id integer primary key', 'id bigint, primary key (id)']) {
      const session = await memory(
        `create table users (${text.replace(', primary', ', a text, primary')})`,
        'insert into users (id) values (41)',
      )
      await carryOut(session, alter('id', { autoincrement: true }))
      await session.simple('delete from users')
      await session.simple('insert into users default values')
      expect(await session.query('select id from users')).toEqual([{ id: 42 }])
    }
  })

  test('to not null fails with the table’s own name where a row has null, and leaves everything as it was', async () => {
    const session = await memory(org, users, "insert into users (email) values ('x')")
    await expect(carryOut(session, alter('age', { nullable: false }))).rejects.toThrow(
      'NOT NULL constraint failed: users.age',
    )
    expect(await session.query('select email from users')).toEqual([{ email: 'x' }])
    expect(await session.query('pragma legacy_alter_table')).toEqual([{ legacy_alter_table: 0 }])
  })
})

describe('a column is added', () => {
  const add = (column: Table['columns'][number]): Operation => ({ kind: 'addColumn', table: 'users', column })

  test.each<[string, Table['columns'][number], unknown]>([
    [
      'the time of now',
      { name: 'c', type: 'text', default: { sql: 'current_date' } },
      new Date().toISOString().slice(0, 10),
    ],
    ['an expression', { name: 'c', type: 'text', default: { sql: "lower('AB')" } }, 'ab'],
    [
      'what a generated column keeps',
      { name: 'c', type: 'text', nullable: true, generated: { expression: 'upper(a)', stored: true } },
      'X',
    ],
    ['a counter', { name: 'c', type: 'integer', autoincrement: true }, 7],
  ])('by a rebuild, so that old rows get %s', async (_, column, value) => {
    const session = await memory(
      'create table users (a text, check (a <> 1))',
      "insert into users (rowid, a) values (7, 'x')",
    )
    await carryOut(session, add(column))
    expect(await session.query('select c from users')).toEqual([{ c: value }])
  })

  test('behind the other columns and before the constraints, natively and by a rebuild', async () => {
    const session = await memory('create table users (a text, check (a <> 1))')
    await carryOut(
      session,
      add({ name: 'b', type: 'text', default: { sql: 'current_date' } }),
      add({ name: 'c', type: 'text', nullable: true }),
    )
    expect(await body(session, 'users')).toBe(
      '(a text, `b` text not null default current_date, `c` text null, check (a <> 1))',
    )
  })

  test('without a default and not null to a table that is empty', async () => {
    const session = await memory('create table users (a text)')
    await carryOut(session, add({ name: 'b', type: 'text' }))
    expect(await body(session, 'users')).toBe('(a text, `b` text not null)')
  })

  test('without a default and not null to no table that has rows', async () => {
    const session = await memory('create table users (a text)', 'insert into users values (1)')
    await expect(carryOut(session, add({ name: 'b', type: 'text' }))).rejects.toThrow(
      'Cannot add a NOT NULL column with default value NULL: the table has rows, so give the column a default, or add it nullable and fill it first',
    )
    expect(await body(session, 'users')).toBe('(a text)')
  })
})

describe('a column is dropped', () => {
  const drop = (column: string): Operation => ({ kind: 'dropColumn', table: 't', column })

  test.each<[string, string[], string]>([
    ['alone', ['create table t (a int, b int)'], '(a int)'],
    [
      'with its index',
      [
        'create table t (a int, b int)',
        'create index i on t (b desc)',
        'create unique index u on t (lower(b)) where b > 1',
      ],
      '(a int)',
    ],
    ['with its unique constraint', ['create table t (a int, b int unique)'], '(a int)'],
    [
      'with its unique constraint behind the columns',
      ['create table t (a int, b int, constraint u unique (b))'],
      '(a int)',
    ],
    [
      'with its foreign key',
      ['create table t (a int, b int references p (id) on delete cascade)'],
      '(a int)',
    ],
    [
      'with its foreign key behind the columns',
      ['create table t (a int, b int, constraint f foreign key (b) references p (id), check (a > 0))'],
      '(a int, check (a > 0))',
    ],
    ['with its check', ['create table t (a int, b int check (b > 0))'], '(a int)'],
    ['with its check behind the columns', ['create table t (a int, b int, check (b > 0))'], '(a int)'],
    ['with its check beside another column', ['create table t (a int check (b > 0), b int)'], '(a int)'],
    [
      'that is the primary key',
      ['create table t (b integer primary key autoincrement, a int)', 'insert into t values (5, 1)'],
      '(a int)',
    ],
    ['that is the key of a row', ['create table t (a int, b text not null, primary key (b))'], '(a int)'],
    ['that is generated', ['create table t (a int, b int as (a + 1))'], '(a int)'],
    [
      'from between comments',
      ['create table t (a int, -- about a\n b int unique, -- about b\n c int -- about c\n)'],
      '(a int, -- about a c int -- about c )',
    ],
  ])('%s', async (_, statements, text) => {
    const session = await memory(
      'create table p (id integer primary key)',
      ...statements,
      'create trigger t1 after insert on t begin select new.a; end',
    )
    await carryOut(session, drop('B'))
    expect(await body(session, 't')).toBe(text)
    expect(await session.query("select name from sqlite_master where type in ('index', 'trigger')")).toEqual([
      { name: 't1' },
    ])
    await session.simple('insert into t (a) values (1)')
  })

  test.each<[string, string[], string]>([
    ['an index', ['create table t (a int, b int)', 'create index i on t (a, b)'], 'index i'],
    [
      'the condition of an index',
      ['create table t (a int, b int)', 'create index i on t (a) where b > 1'],
      'index i',
    ],
    [
      'an expression of an index',
      ['create table t (a int, b int)', 'create index i on t (a + "b")'],
      'index i',
    ],
    ['a unique constraint', ['create table t (a int, b int, unique (a, b))'], 'unique (a, b)'],
    [
      'the primary key',
      ['create table t (a int, b int, constraint pk primary key (b, a))'],
      'primary key pk',
    ],
    [
      'a foreign key',
      ['create table t (a int, b int, foreign key (a, b) references p (x, y))'],
      'foreign key (a, b)',
    ],
    ['a check', ['create table t (a int, b int, constraint c check (a < b))'], 'check c'],
    ['a check beside the column', ['create table t (a int, b int check (a < b))'], 'check (b)'],
    ['a generated column', ['create table t (a int, b int, c int as (b + 1))'], 'generated column c'],
    [
      'two things',
      ['create table t (a int, b int, constraint c check (a < b))', 'create index i on t (a, b)'],
      'index i, check c',
    ],
  ])('never when %s concerns another column too', async (_, statements, named) => {
    const session = await memory(...statements)
    await expect(carryOut(session, drop('b'))).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      message: `Column t.b cannot be dropped: ${named} would lose it and concerns another column too.`,
    })
  })

  test('never when a trigger or a view needs it', async () => {
    const make = ['create table t (a int, b int unique)', 'insert into t values (1, 2)']
    const trigger = await memory(...make, 'create trigger needs after insert on t begin select new.b; end')
    await expect(carryOut(trigger, drop('b'))).rejects.toThrow(
      'error in trigger needs after drop column: no such column: new.b',
    )
    const view = await memory(...make, 'create view needs as select b from t')
    await expect(carryOut(view, drop('b'))).rejects.toThrow(
      'error in view needs after drop column: no such column: b',
    )
    expect(await view.query('select * from needs')).toEqual([{ b: 2 }])
  })

  test('and the rows keep their ids', async () => {
    const session = await memory(
      'create table t (a int, b text primary key)',
      "insert into t (rowid, a, b) values (99, 1, 'x')",
    )
    await carryOut(session, drop('b'))
    expect(await session.query('select rowid, a from t')).toEqual([{ rowid: 99, a: 1 }])
  })
})

describe('a constraint', () => {
  test.each<[string, string, Operation, string]>([
    [
      'primary key',
      '(a int, b int)',
      { kind: 'createPrimaryKey', table: 't', primaryKey: { columns: ['a', 'b'] } },
      '(a int, b int, primary key (`a`, `b`))',
    ],
    [
      'named primary key',
      '(a int)',
      { kind: 'createPrimaryKey', table: 't', primaryKey: { name: 'pk', columns: ['a'] } },
      '(a int, constraint `pk` primary key (`a`))',
    ],
    [
      'unique without a name',
      '(a int -- last\n)',
      { kind: 'createUniqueConstraint', table: 't', unique: { columns: ['a'] } },
      '(a int, unique (`a`) -- last )',
    ],
    [
      'foreign key',
      '(a int unique)',
      {
        kind: 'createForeignKey',
        table: 't',
        foreignKey: {
          name: 'f',
          columns: ['a'],
          references: { table: 't', columns: ['a'] },
          onDelete: 'set null',
          onUpdate: 'cascade',
          deferrable: 'initially deferred',
        },
      },
      '(a int unique, constraint `f` foreign key (`a`) references `t` (`a`) on update cascade on delete set null deferrable initially deferred)',
    ],
    [
      'check',
      '(a int)',
      { kind: 'createCheckConstraint', table: 't', check: { name: 'c', expression: 'a > 0' } },
      '(a int, constraint `c` check (a > 0))',
    ],
    [
      'check of a column, with the name that other databases give it',
      '(a text not null)',
      {
        kind: 'createCheckConstraint',
        table: 't',
        check: { name: 't_a_check', column: 'a', expression: { in: ['x', "y's"] } },
      },
      "(a text check (`a` in ('x', 'y''s')) not null)",
    ],
    [
      'check of a column, with a name of its own',
      '(a text not null)',
      {
        kind: 'createCheckConstraint',
        table: 't',
        check: { name: 'long', column: 'a', expression: 'length(a) > 1' },
      },
      '(a text constraint `long` check (length(a) > 1) not null)',
    ],
  ])('is added: %s', async (_, before, operation, after) => {
    const session = await memory(`create table t ${before}`)
    await carryOut(session, operation)
    expect(await body(session, 't')).toBe(after)
  })

  test('that an enum’s column has already is not added again', async () => {
    const session = await memory('create table t (id integer)')
    await carryOut(
      session,
      { kind: 'addColumn', table: 't', column: { name: 'a', type: 'enum', items: ['x'], nullable: true } },
      {
        kind: 'createCheckConstraint',
        table: 't',
        check: { name: 't_a_check', column: 'a', expression: { in: ['x'] } },
      },
      { kind: 'createPrimaryKey', table: 't', primaryKey: { columns: ['id'] } },
      { kind: 'createPrimaryKey', table: 't', primaryKey: { columns: ['id'] } },
    )
    expect(await body(session, 't')).toBe(
      "(id integer, `a` text check (`a` in ('x')) null, primary key (`id`))",
    )
  })

  test.each<[string, string, Extract<Operation, { kind: 'dropConstraint' }>, string]>([
    [
      'a primary key by name',
      '(a int, constraint pk primary key (a))',
      { kind: 'dropConstraint', table: 't', type: 'primary', name: 'pk' },
      '(a int)',
    ],
    [
      'a primary key by another database’s name',
      '(a integer not null primary key autoincrement, b)',
      { kind: 'dropConstraint', table: 't', type: 'primary', name: 't_pkey' },
      '(a integer not null, b)',
    ],
    [
      'a unique by columns',
      '(a int unique, b int, unique (a, b))',
      { kind: 'dropConstraint', table: 't', type: 'unique', columns: ['a', 'b'] },
      '(a int unique, b int)',
    ],
    [
      'a unique beside its column',
      '(a int constraint u unique on conflict ignore default 5)',
      { kind: 'dropConstraint', table: 't', type: 'unique', name: 'U' },
      '(a int default 5)',
    ],
    [
      'a foreign key by name',
      '(a int references x (y), b int constraint f references x (y) on delete set null deferrable)',
      { kind: 'dropConstraint', table: 't', type: 'foreignKey', name: 'f' },
      '(a int references x (y), b int)',
    ],
    [
      'a foreign key by columns',
      '(a int, foreign key (a) references x (y) on update set default, check (a > 0))',
      { kind: 'dropConstraint', table: 't', type: 'foreignKey', columns: ['a'] },
      '(a int, check (a > 0))',
    ],
    [
      'a check by name',
      "(a int, constraint c check (a <> ')') constraint d check (a > 0))",
      { kind: 'dropConstraint', table: 't', type: 'check', name: 'c' },
      '(a int, constraint d check (a > 0))',
    ],
    [
      'a check by what it says',
      '(a int, check (a  > /* b */ 0), check (a > 1))',
      { kind: 'dropConstraint', table: 't', type: 'check', expression: 'a > 0' },
      '(a int, check (a > 1))',
    ],
    [
      'a check by its values',
      "(a text check (`a` in ('x', 'y')))",
      { kind: 'dropConstraint', table: 't', type: 'check', expression: { in: ['x', 'y'] } },
      '(a text)',
    ],
    [
      'a column’s check by the name that other databases give it',
      "(a text check (a in ('x')) not null, b text check (b > 1))",
      { kind: 'dropConstraint', table: 't', type: 'check', name: 'old_name_a_check' },
      '(a text not null, b text check (b > 1))',
    ],
  ])('is dropped: %s', async (_, before, operation, after) => {
    const session = await memory(`create table t ${before}`, 'create table x (y primary key)')
    await carryOut(session, operation)
    expect(await body(session, 't')).toBe(after)
  })

  test('that is a unique index is dropped as one', async () => {
    const session = await memory(
      'create table t (a int, b int)',
      'create unique index u on t (a)',
      'create unique index v on t (b)',
    )
    expect(
      await carryOut(
        session,
        { kind: 'dropConstraint', table: 't', type: 'unique', name: 'u' },
        { kind: 'dropConstraint', table: 't', type: 'unique', columns: ['b'] },
      ),
    ).toEqual(['drop index `u`', 'drop index `v`'])
  })

  test.each<[Operation, string, string]>([
    [
      { kind: 'dropConstraint', table: 't', type: 'check', name: 'c' },
      'SHAPE_UNKNOWN',
      'Table t has no check c.',
    ],
    [
      { kind: 'dropConstraint', table: 't', type: 'unique', columns: ['a', 'b'] },
      'SHAPE_UNKNOWN',
      'Table t has no unique constraint of a, b.',
    ],
    [
      { kind: 'dropConstraint', table: 'nothing', type: 'primary' },
      'SHAPE_UNKNOWN',
      'The shape of table nothing is not known.',
    ],
    [{ kind: 'dropColumn', table: 't', column: 'x' }, 'SHAPE_UNKNOWN', 'Table t has no column x.'],
    [
      { kind: 'createPrimaryKey', table: 't', primaryKey: { columns: ['b'] } },
      'NOT_SUPPORTED',
      'Table t has a primary key already: a.',
    ],
    [
      { kind: 'alterColumn', table: 't', column: 'b', change: { autoincrement: true } },
      'NOT_SUPPORTED',
      'SQLite gives no values by itself to column t.b: it does so only to a primary key of one column.',
    ],
    [
      {
        kind: 'alterColumn',
        table: 't',
        column: 'b',
        change: { generated: { expression: 'c', stored: true } },
      },
      'NOT_SUPPORTED',
      'SQLite refuses alterColumn on table t: no such column: c.',
    ],
    [
      { kind: 'createCheckConstraint', table: 't', check: { expression: { in: ['x'] } } },
      'NOT_SUPPORTED',
      'A check of t lists values and names no column.',
    ],
  ])('%j is refused', async (operation, code, message) => {
    const session = await memory('create table t (a integer primary key, b int)')
    await expect(carryOut(session, operation)).rejects.toMatchObject({ code, message })
  })
})

describe('several operations', () => {
  test('see the shape that those before them leave', async () => {
    const session = await memory(
      'create table org (id integer primary key)',
      'create table users (id integer primary key, a text not null, org_id int references org (id))',
      'create table log (x)',
      'create trigger t1 after update of a on users begin insert into log values (new.a); end',
      "insert into users values (1, 'x', null)",
    )
    await carryOut(
      session,
      { kind: 'renameTable', table: 'org', to: 'company' },
      { kind: 'renameTable', table: 'log', to: 'audit' },
      { kind: 'renameTable', table: 'users', to: 'people' },
      { kind: 'renameColumn', table: 'people', column: 'a', to: 'name' },
      { kind: 'addColumn', table: 'people', column: { name: 'n', type: 'integer', default: 1 } },
      { kind: 'alterColumn', table: 'people', column: 'n', change: { default: 2 } },
      { kind: 'createIndex', table: 'people', index: { name: 'i', columns: ['n'] } },
      { kind: 'alterColumn', table: 'people', column: 'name', change: { nullable: true } },
      { kind: 'createTable', table: { name: 'new', columns: [{ name: 'a', type: 'integer' }] } },
      { kind: 'renameTable', table: 'new', to: 'newer' },
      { kind: 'alterColumn', table: 'newer', column: 'a', change: { nullable: true } },
      { kind: 'execute', sql: 'create table raw (a int not null)' },
      { kind: 'alterColumn', table: 'raw', column: 'a', change: { nullable: true } },
    )
    expect(await body(session, 'people')).toBe(
      '(id integer primary key, "name" text null, org_id int references "company" (id), `n` integer not null default 2)',
    )
    expect(await textOf(session, 't1')).toBe(
      'CREATE TRIGGER t1 after update of "name" on "people" begin insert into "audit" values (new."name"); end',
    )
    expect(await textOf(session, 'i')).toBe('CREATE INDEX `i` on `people` (`n`)')
    expect(await body(session, 'newer')).toBe('(`a` integer null)')
    expect(await body(session, 'raw')).toBe('(a int null)')
    await session.simple("update people set name = 'y'")
    expect(await session.query('select * from audit')).toEqual([{ x: 'y' }])
  })

  test('compile the same from a shape without texts, as a history gives it', async () => {
    const table: Table = {
      name: 't',
      columns: [
        { name: 'id', type: 'integer', autoincrement: true },
        { name: 'a', type: 'string', length: 10 },
      ],
      primaryKey: { columns: ['id'] },
      uniques: [{ name: 'u', columns: ['a'] }],
    }
    const compiled = await sqlite.compile(
      [{ kind: 'alterColumn', table: 't', column: 'a', change: { nullable: true } }],
      { tables: { t: table } },
    )
    expect(compiled.flat().map(({ sql }) => sql)).toEqual([
      'pragma legacy_alter_table = on',
      'CREATE TABLE `_aludel_t` (`id` integer not null primary key autoincrement, `a` text null)',
      'insert or abort into `_aludel_t` (`id`, `a`) select `id`, `a` from `t`',
      "delete from sqlite_sequence where name = '_aludel_t'",
      "insert into sqlite_sequence (name, seq) select '_aludel_t', seq from sqlite_sequence where name = 't'",
      'drop table `t`',
      'alter table `_aludel_t` rename to `t`',
      'CREATE UNIQUE INDEX `u` on `t` (`a`)',
      'pragma legacy_alter_table = off',
    ])
  })

  test.each<[string, Operation[], string[]]>([
    [
      'nothing for what SQLite does itself',
      [
        { kind: 'dropTable', table: 'a' },
        { kind: 'renameTable', table: 'b', to: 'c' },
      ],
      [],
    ],
    [
      'a table once',
      [
        { kind: 'dropColumn', table: 'a', column: 'x' },
        { kind: 'dropColumn', table: 'a', column: 'y' },
      ],
      ['a'],
    ],
    [
      'no table that is made before',
      [
        { kind: 'createTable', table: { name: 'a', columns: [] } },
        { kind: 'dropColumn', table: 'a', column: 'x' },
      ],
      [],
    ],
    [
      'a renamed table by its old name',
      [
        { kind: 'renameTable', table: 'a', to: 'b' },
        { kind: 'renameTable', table: 'b', to: 'c' },
        { kind: 'dropColumn', table: 'c', column: 'x' },
      ],
      ['a'],
    ],
    [
      'a table whose name another takes',
      [
        { kind: 'dropColumn', table: 'a', column: 'x' },
        { kind: 'dropTable', table: 'a' },
        { kind: 'renameTable', table: 'b', to: 'a' },
        { kind: 'dropColumn', table: 'a', column: 'x' },
      ],
      ['a', 'b'],
    ],
    [
      'a table that is renamed beside',
      [
        { kind: 'renameColumn', table: 'p', column: 'a', to: 'b' },
        { kind: 'dropColumn', table: 'a', column: 'x' },
      ],
      ['p', 'a'],
    ],
    [
      'a table that a default rebuilds',
      [
        {
          kind: 'addColumn',
          table: 'a',
          column: { name: 'x', type: 'datetime', default: { sql: 'current_timestamp' } },
        },
      ],
      ['a'],
    ],
  ])('read %s', (_, operations, tables) => {
    expect(sqlite.reads(operations)).toEqual(tables)
  })
})

test('what names a table stays when it is rebuilt: children, views, triggers of others', async () => {
  const session = await memory(
    'create table org (id integer primary key, n integer not null)',
    'create table users (id integer primary key, org_id integer not null references org (id) on delete cascade)',
    'create view v as select n from org',
    'create view w as select n from v',
    'create table log (x)',
    'create trigger other after insert on log begin update org set n = new.x; end',
    'insert into org values (1, 10)',
    'insert into users values (1, 1), (2, 1)',
  )
  await carryOut(session, { kind: 'alterColumn', table: 'org', column: 'n', change: { nullable: true } })
  await session.simple('insert into log values (11)')
  expect(await session.query('select * from w')).toEqual([{ n: 11 }])
  expect(await session.query('select count(*) as n from users')).toEqual([{ n: 2 }])
  await session.simple('delete from org')
  expect(await session.query('select count(*) as n from users')).toEqual([{ n: 0 }])
})

test('foreign keys of children follow a table and a column that are renamed', async () => {
  const session = await memory(
    'create table org (id integer primary key)',
    'create table users (id integer primary key, org_id integer references org (id) on delete cascade)',
    'insert into org values (1)',
    'insert into users values (1, 1)',
  )
  await carryOut(
    session,
    { kind: 'renameTable', table: 'org', to: 'Org' },
    { kind: 'renameColumn', table: 'Org', column: 'id', to: 'key' },
  )
  expect((await reflected(session, 'users')).foreignKeys).toEqual([
    { columns: ['org_id'], references: { table: 'Org', columns: ['key'] }, onDelete: 'cascade' },
  ])
})

test('a table that `execute` changes in an unknown way is refused, another is not', async () => {
  const session = await memory('create table t (a int)', 'create table u (a int)')
  const nullable = (table: string): Operation => ({
    kind: 'alterColumn',
    table,
    column: 'a',
    change: { nullable: false },
  })
  const unknown: Operation = { kind: 'execute', sql: '-- why\ncreate table v as select * from t, elsewhere' }
  const before = await sqlite.reflect(session)
  await expect(sqlite.compile([unknown, nullable('u')], before)).resolves.toHaveLength(2)
  await expect(sqlite.compile([unknown, nullable('t')], before)).rejects.toMatchObject({
    code: 'SHAPE_UNKNOWN',
  })
  const known: Operation = { kind: 'execute', sql: '/* so */ alter table t add column b int' }
  const [, rebuilt] = await sqlite.compile([known, nullable('t')], before)
  expect(rebuilt?.[1]?.sql).toBe('CREATE TABLE `_aludel_t` (a int not null, b int)')
})

test('a table that cannot be made again is refused', async () => {
  const table: Table = {
    name: 't',
    columns: [{ name: 'a', type: { sql: 'text' } }],
    source: { table: 'create table t (a text)', dependents: ['create index i on t (a collate swedish)'] },
  }
  const operation: Operation = { kind: 'alterColumn', table: 't', column: 'a', change: { nullable: true } }
  await expect(sqlite.compile([operation], { tables: { t: table } })).rejects.toMatchObject({
    code: 'NOT_SUPPORTED',
    message: 'SQLite would not make table t again: no such collation sequence: swedish.',
  })
})
