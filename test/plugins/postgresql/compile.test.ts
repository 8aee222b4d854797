import { type Collection, DeferMode, EntitySchema, MikroORM } from '@mikro-orm/postgresql'
import { expect, test } from 'vitest'
import dialect from '../../../plugins/postgresql/index.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { emptySchema, type Table } from '../../../src/schema/schema.ts'
import {
  carryOut,
  describePostgresql,
  dump,
  type Place,
  reflectAll,
  reflectTable,
  runAll,
} from './support.ts'

async function text(...operations: readonly Operation[]): Promise<readonly string[]> {
  return (await dialect.compile(operations, emptySchema)).flat().map(({ sql }) => sql)
}

const kinds = new EntitySchema<Record<string, unknown>>({
  name: 'Kinds',
  tableName: 'kinds',
  comment: "it's all kinds",
  properties: {
    id: { type: 'integer', primary: true, autoincrement: true },
    string: { type: 'string', length: 500 },
    plain: { type: 'string', unique: true },
    text: { type: 'text', nullable: true },
    character: { type: 'character', length: 3 },
    integer: { type: 'integer', default: 5 },
    tinyint: { type: 'tinyint', default: -1 },
    smallint: { type: 'smallint' },
    bigint: { type: 'bigint' },
    float: { type: 'float' },
    double: { type: 'double' },
    decimal: { type: 'decimal', precision: 12, scale: 4, default: 1.5 },
    whole: { type: 'decimal' },
    boolean: { type: 'boolean', default: false },
    date: { type: 'date', default: '2026-01-01' },
    time: { type: 'time' },
    datetime: { type: 'datetime', defaultRaw: 'now()' },
    exact: { type: 'datetime', length: 3, nullable: true },
    json: { type: 'json', default: '{}' },
    uuid: { type: 'uuid', defaultRaw: 'gen_random_uuid()' },
    blob: { type: 'blob', nullable: true },
    letter: { enum: true, items: ['a', 'b'], default: 'a' },
    one: { enum: true, items: ["it's"] },
    array: { type: 'array', nullable: true },
    collated: { type: 'string', collation: 'C', comment: "it's \\ collated" },
    generated: { type: 'integer', generated: '("integer" * 2) stored', nullable: true },
    own: { type: 'string', columnType: 'varchar(20)[]', nullable: true },
    odd: { type: 'integer', nullable: true, fieldName: 'Ünï "x"' },
  },
  checks: [{ name: 'kinds_positive', expression: '"integer" > 0 and decimal between 0 and 9' }],
  indexes: [
    {
      name: 'kinds_order',
      columns: [
        { name: 'date', sort: 'desc', nulls: 'last' },
        { name: 'string', collation: 'C' },
      ],
    },
    { name: 'kinds_json', properties: ['json'], type: 'gin' },
    { name: 'kinds_where', properties: ['string'], where: 'boolean is true', include: ['integer'] },
  ],
  uniques: [{ name: 'kinds_two', properties: ['date', 'time'] }],
})

const kindsDeclared: Table = {
  name: 'kinds',
  comment: "it's all kinds",
  columns: [
    { name: 'id', type: 'integer', autoincrement: true },
    { name: 'string', type: 'string', length: 500 },
    { name: 'plain', type: 'string' },
    { name: 'text', type: 'text', nullable: true },
    { name: 'character', type: 'character', length: 3 },
    { name: 'integer', type: 'integer', default: 5 },
    { name: 'tinyint', type: 'tinyint', default: -1 },
    { name: 'smallint', type: 'smallint' },
    { name: 'bigint', type: 'bigint' },
    { name: 'float', type: 'float' },
    { name: 'double', type: 'double' },
    { name: 'decimal', type: 'decimal', precision: 12, scale: 4, default: 1.5 },
    { name: 'whole', type: 'decimal' },
    { name: 'boolean', type: 'boolean', default: false },
    { name: 'date', type: 'date', default: '2026-01-01' },
    { name: 'time', type: 'time' },
    { name: 'datetime', type: 'datetime', default: { sql: 'now()' } },
    { name: 'exact', type: 'datetime', length: 3, nullable: true },
    { name: 'json', type: 'json', default: '{}' },
    { name: 'uuid', type: 'uuid', default: { sql: 'gen_random_uuid()' } },
    { name: 'blob', type: 'blob', nullable: true },
    { name: 'letter', type: 'enum', items: ['a', 'b'], default: 'a' },
    { name: 'one', type: 'enum', items: ["it's"] },
    { name: 'array', type: { sql: 'text[]' }, nullable: true },
    { name: 'collated', type: 'string', collation: 'C', comment: "it's \\ collated" },
    {
      name: 'generated',
      type: 'integer',
      generated: { expression: '"integer" * 2', stored: true },
      nullable: true,
    },
    { name: 'own', type: { sql: 'varchar(20)[]' }, nullable: true },
    { name: 'Ünï "x"', type: 'integer', nullable: true },
  ],
  primaryKey: { columns: ['id'] },
  uniques: [
    { name: 'kinds_plain_unique', columns: ['plain'] },
    { name: 'kinds_two', columns: ['date', 'time'] },
  ],
  indexes: [
    { name: 'kinds_json', columns: ['json'], method: 'gin' },
    {
      name: 'kinds_order',
      columns: [
        { column: 'date', order: 'desc', nulls: 'last' },
        { column: 'string', collation: 'C' },
      ],
    },
    { name: 'kinds_where', columns: ['string'], where: 'boolean is true', include: ['integer'] },
  ],
  checks: [
    { name: 'kinds_letter_check', column: 'letter', expression: { in: ['a', 'b'] } },
    { name: 'kinds_one_check', column: 'one', expression: { in: ["it's"] } },
    { name: 'kinds_positive', expression: '"integer" > 0 and decimal between 0 and 9' },
  ],
}

const tag = new EntitySchema<{ language: string; name: string }>({
  name: 'Tag',
  tableName: 'tag',
  properties: {
    language: { type: 'string', length: 2, primary: true },
    name: { type: 'string', primary: true },
  },
})
interface Author {
  id: string
  number: number
  mentor: Author
  tags: Collection<{ language: string; name: string }>
}
const author: EntitySchema<Author> = new EntitySchema<Author>({
  name: 'Author',
  tableName: 'author',
  properties: {
    id: { type: 'bigint', primary: true, autoincrement: true },
    number: { type: 'integer', generated: 'by default as identity' },
    mentor: {
      kind: 'm:1',
      entity: () => author,
      nullable: true,
      deleteRule: 'set null',
      deferMode: DeferMode.INITIALLY_DEFERRED,
    },
    tags: { kind: 'm:n', entity: () => tag },
  },
})

const relationsDeclared: readonly Table[] = [
  {
    name: 'author',
    columns: [
      { name: 'id', type: 'bigint', autoincrement: true },
      { name: 'number', type: 'integer', extra: 'generated by default as identity' },
      { name: 'mentor_id', type: 'bigint', nullable: true },
    ],
    primaryKey: { columns: ['id'] },
    foreignKeys: [
      {
        name: 'author_mentor_id_foreign',
        columns: ['mentor_id'],
        references: { table: 'author', columns: ['id'] },
        onDelete: 'set null',
        deferrable: 'initially deferred',
      },
    ],
  },
  {
    name: 'tag',
    columns: [
      { name: 'language', type: 'string', length: 2 },
      { name: 'name', type: 'string' },
    ],
    primaryKey: { columns: ['language', 'name'] },
  },
  {
    name: 'author_tags',
    columns: [
      { name: 'author_id', type: 'bigint' },
      { name: 'tag_language', type: 'string', length: 2 },
      { name: 'tag_name', type: 'string' },
    ],
    primaryKey: { columns: ['author_id', 'tag_language', 'tag_name'] },
    foreignKeys: [
      {
        name: 'author_tags_author_id_foreign',
        columns: ['author_id'],
        references: { table: 'author', columns: ['id'] },
        onUpdate: 'cascade',
        onDelete: 'cascade',
      },
      {
        name: 'author_tags_tag_language_tag_name_foreign',
        columns: ['tag_language', 'tag_name'],
        references: { table: 'tag', columns: ['language', 'name'] },
        onUpdate: 'cascade',
        onDelete: 'cascade',
      },
    ],
  },
]

describePostgresql('compile', (open) => {
  test.for([
    ['every kind of property', [kinds], [kindsDeclared]],
    ['relations', [author, tag], relationsDeclared],
  ] as const)('of a table with %s is what MikroORM creates', async ([, entities, tables]) => {
    const orm = new MikroORM({ dbName: 'none', entities: [...entities] })
    const create = await orm.schema.getCreateSchemaSQL({ wrap: false })
    const [theirs, ours] = [await open(), await open()]
    await theirs.session.simple(create)
    await carryOut(ours, ...tables.map((table): Operation => ({ kind: 'createTable', table })))
    expect(await reflectAll(ours.session)).toEqual(await reflectAll(theirs.session))
    expect(await dump(ours)).toBe(await dump(theirs))
  })

  test('a table is compiled as one statement, and one for each index and comment', async () => {
    const table: Table = {
      name: 'users',
      columns: [
        { name: 'id', type: { sql: 'bigint' }, autoincrement: true },
        { name: 'team_id', type: { sql: 'integer' }, nullable: true, comment: "the user's" },
        { name: 'kind', type: { sql: 'text' }, default: "it's" },
      ],
      primaryKey: { name: 'users_key', columns: ['id'] },
      uniques: [{ columns: ['team_id', 'kind'], deferrable: 'initially immediate' }],
      foreignKeys: [
        {
          name: 'users_team',
          columns: ['team_id'],
          references: { table: 'auth.team', columns: ['id'] },
          onDelete: 'cascade',
        },
      ],
      checks: [{ expression: 'team_id > 0' }],
      indexes: [
        {
          name: 'users_kind',
          columns: [
            { sql: 'lower(kind)', operatorClass: 'text_pattern_ops', order: 'desc', nulls: 'last' },
            'id',
          ],
          unique: true,
          where: 'team_id is null',
        },
      ],
      comment: 'people',
    }
    expect(await text({ kind: 'createTable', table })).toEqual([
      'create table "users" (\n' +
        '  "id" bigserial not null,\n' +
        '  "team_id" integer,\n' +
        "  \"kind\" text default 'it''s' not null,\n" +
        '  constraint "users_key" primary key ("id"),\n' +
        '  unique ("team_id", "kind") deferrable initially immediate,\n' +
        '  constraint "users_team" foreign key ("team_id") references "auth"."team" ("id") on delete cascade,\n' +
        '  check (team_id > 0)\n' +
        ')',
      'create unique index "users_kind" on "users" ((lower(kind)) text_pattern_ops desc nulls last, "id") where team_id is null',
      'comment on table "users" is \'people\'',
      'comment on column "users"."team_id" is \'the user\'\'s\'',
    ])
  })

  test('each other operation is one plain statement', async () => {
    expect(
      await text(
        { kind: 'dropTable', table: 'a' },
        { kind: 'renameTable', table: 'a', to: 'b"c' },
        { kind: 'addColumn', table: 'a', column: { name: 'n', type: { sql: 'int' }, default: 0 } },
        { kind: 'dropColumn', table: 'a', column: 'n' },
        { kind: 'renameColumn', table: 'a', column: 'n', to: 'm' },
        {
          kind: 'createIndex',
          table: 'a',
          index: { name: 'i', columns: ['n'], method: 'gin', include: ['m'] },
        },
        { kind: 'dropIndex', table: 'a', index: 'i' },
        { kind: 'createPrimaryKey', table: 'a', primaryKey: { columns: ['n'] } },
        { kind: 'createUniqueConstraint', table: 'a', unique: { name: 'u', columns: ['n', 'm'] } },
        {
          kind: 'createForeignKey',
          table: 'a',
          foreignKey: { columns: ['n'], references: { table: 'b', columns: ['m'] }, onUpdate: 'set default' },
        },
        {
          kind: 'createCheckConstraint',
          table: 'a',
          check: { name: 'c', column: 'n', expression: { in: ['x', "y'"] } },
        },
        {
          kind: 'createCheckConstraint',
          table: 'a',
          check: { name: 'x', expression: 'EXCLUDE USING gist (r WITH &&)' },
        },
        { kind: 'dropConstraint', table: 'a', type: 'check', name: 'c' },
        { kind: 'execute', sql: 'select 1; -- as it is' },
      ),
    ).toEqual([
      'drop table "a"',
      'alter table "a" rename to "b""c"',
      'alter table "a" add column "n" int default 0 not null',
      'alter table "a" drop column "n"',
      'alter table "a" rename column "n" to "m"',
      'create index "i" on "a" using gin ("n") include ("m")',
      'drop index "i"',
      'alter table "a" add primary key ("n")',
      'alter table "a" add constraint "u" unique ("n", "m")',
      'alter table "a" add foreign key ("n") references "b" ("m") on update set default',
      'alter table "a" add constraint "c" check ("n" in (\'x\', \'y\'\'\'))',
      'alter table "a" add constraint "x" EXCLUDE USING gist (r WITH &&)',
      'alter table "a" drop constraint "c"',
      'select 1; -- as it is',
    ])
  })

  test('only what needs the present shape reads it, under the name that the table has now', () => {
    const drop = (table: string, name?: string): Operation => ({
      kind: 'dropConstraint',
      table,
      type: 'unique',
      ...(name === undefined ? { columns: ['a'] } : { name }),
    })
    expect(
      dialect.reads([
        {
          kind: 'alterColumn',
          table: 'a',
          column: 'n',
          change: { nullable: true, default: null, comment: 'x' },
        },
        drop('b', 'known'),
        { kind: 'renameTable', table: 'old', to: 'new' },
        { kind: 'alterColumn', table: 'new', column: 'n', change: { type: 'text' } },
        drop('c'),
        drop('c'),
      ]),
    ).toEqual(['old', 'c'])
  })

  test('a constraint without a name is found by what it holds', async () => {
    const place = await open()
    await runAll(place, 'create table t (a int, b int, unique (a, b), unique (b), check (a > 0))')
    const statements = await carryOut(
      place,
      { kind: 'dropConstraint', table: 't', type: 'unique', columns: ['a', 'b'] },
      { kind: 'dropConstraint', table: 't', type: 'check', expression: '(a > 0)' },
    )
    expect(statements).toEqual([
      'alter table "t" drop constraint "t_a_b_key"',
      'alter table "t" drop constraint "t_a_check"',
    ])
    await expect(
      carryOut(place, { kind: 'dropConstraint', table: 't', type: 'unique', columns: ['a'] }),
    ).rejects.toMatchObject({
      code: 'SHAPE_UNKNOWN',
      message: 'The constraint of t to drop has no name, and none is like it.',
    })
  })

  test('what the server says of a table makes the same table again', async () => {
    const [first, second] = [await open(), await open()]
    await runAll(
      first,
      'create table rooms (name text primary key)',
      `create table t (
        id smallserial primary key, n bigserial, gone int, room text not null references rooms on delete restrict deferrable,
        during tsrange, total numeric(10, 2) default 0 check (total >= 0), name varchar(20) collate "C" default 'it''s',
        pair text generated always as (name || room) stored, seen timestamp(3) with time zone default now(),
        always int generated always as identity, tags varchar(5)[] default '{}',
        constraint twice unique (n, room) deferrable initially deferred,
        constraint overlap exclude using gist (during with &&))`,
      'alter table t drop gone',
      'alter table t alter n drop not null',
      'create index i1 on t (lower(name) desc, (n + 1), room text_pattern_ops nulls first) include (total) where n > 0',
      `create unique index i2 on t (name collate "POSIX")`,
      'create index i3 on t using hash (name)',
      `comment on table t is 'a "t"'`,
      `comment on column t.pair is e'two\nlines'`,
    )
    const schema = await reflectAll(first.session)
    const { rooms, t } = schema.tables
    if (!rooms || !t) throw new Error('no tables')
    await carryOut(second, { kind: 'createTable', table: rooms }, { kind: 'createTable', table: t })
    expect(await reflectAll(second.session)).toEqual(schema)
    expect(await dump(second)).toBe(await dump(first))
  })
})

describePostgresql('alterColumn', (open) => {
  const alter = (place: Place, change: Extract<Operation, { kind: 'alterColumn' }>['change'], column = 'c') =>
    carryOut(place, { kind: 'alterColumn', table: 't', column, change })
  const rows = async ({ session }: Place): Promise<readonly unknown[]> =>
    session.query('select * from t order by 1')
  const column = async (place: Place, name = 'c') =>
    (await reflectTable(place, 't')).columns.find((each) => each.name === name)

  test('changes type, default and nullability in one statement, and converts the rows', async () => {
    const place = await open()
    await runAll(place, `create table t (c varchar(10) default '7')`, `insert into t values ('1'), ('2')`)
    expect(await alter(place, { type: 'integer', default: 8, nullable: false })).toEqual([
      'alter table "t" alter column "c" drop default, alter column "c" type int using ("c"::int), ' +
        'alter column "c" set default 8, alter column "c" set not null',
    ])
    expect(await rows(place)).toEqual([{ c: 1 }, { c: 2 }])
    expect(await column(place)).toEqual({ name: 'c', type: { sql: 'integer' }, default: { sql: '8' } })
    await alter(place, { default: null, nullable: true })
    expect(await column(place)).toEqual({ name: 'c', type: { sql: 'integer' }, nullable: true })
  })

  test('never cuts a text that is too long for the new type', async () => {
    const place = await open()
    await runAll(place, 'create table t (c text)', `insert into t values ('too long')`)
    await expect(alter(place, { type: 'string', length: 3 })).rejects.toMatchObject({ code: '22001' })
    await alter(place, { type: 'string', length: 3, using: 'left(c, 3)' })
    expect(await rows(place)).toEqual([{ c: 'too' }])
  })

  test('converts rows and default to a type that PostgreSQL casts to, to an enum type, and where only texts are between', async () => {
    const place = await open()
    await runAll(place, `create type mood as enum ('sad', '7')`, `create type other as enum ('sad', '7')`)
    const pairs = [
      ['text', "'sad'", 'mood', "'sad'::mood"],
      ['character varying(9)', "'7'", 'integer', '7'],
      ['mood', "'sad'", 'text', "'sad'::text"],
      ['mood', "'7'", 'integer', '7'],
      ['mood', "'7'", 'other', "'7'::other"],
      ['mood[]', "'{sad,7}'", 'other[]', "'{sad,7}'::other[]"],
      ['mood[]', "'{sad,7}'", 'text[]', "'{sad,7}'::text[]"],
      ['text[]', "'{sad,7}'", 'mood[]', "'{sad,7}'::mood[]"],
      ['integer', '7', 'mood', "'7'::mood"],
      ['integer', '7', 'text', "'7'::text"],
      ['integer', '7', 'jsonb', "'7'::jsonb"],
      ['bigint', '7', 'boolean', '(7 <> 0)'],
      ['boolean', 'true', 'bigint', '((true)::integer)::bigint'],
      ['integer', '7', 'numeric(10,2)', '7'],
      ['text', "'2026-01-01'", 'date', "'2026-01-01'::date"],
      ['date', "'2026-01-01'", 'text', "'2026-01-01'::text"],
      ['text', `'{"a": 1}'`, 'json', `'{"a": 1}'::json`],
      ['json', `'{"a": 1}'`, 'jsonb', `'{"a": 1}'::jsonb`],
      [
        'text',
        "'b0c1d2e3-0000-4000-8000-000000000000'",
        'uuid',
        "'b0c1d2e3-0000-4000-8000-000000000000'::uuid",
      ],
    ] as const
    for (const [from, value, to, expected] of pairs) {
      await runAll(place, `create table t (c ${from} default ${value})`, 'insert into t values (default)')
      await alter(place, { type: { sql: to } })
      const wanted = { name: 'c', type: { sql: to }, nullable: true, default: { sql: expected } }
      expect.soft(await column(place), `${from} to ${to}`).toEqual(wanted)
      await runAll(place, 'insert into t values (default)')
      expect
        .soft(await place.session.query('select 1 from t group by c::text'), `${from} to ${to}`)
        .toHaveLength(1)
      await runAll(place, 'drop table t')
    }
    // No default names a type any more that nothing is of.
    await runAll(place, 'drop type mood', 'drop type other')
  })

  test('keeps the collation when only the type changes, and changes it when asked', async () => {
    const place = await open()
    await runAll(place, 'create table t (c varchar(10) collate "C")')
    await alter(place, { type: 'text' })
    expect(await column(place)).toMatchObject({ type: { sql: 'text' }, collation: 'C' })
    await alter(place, { collation: 'POSIX' })
    expect(await column(place)).toMatchObject({ type: { sql: 'text' }, collation: 'POSIX' })
    await alter(place, { collation: null })
    expect(await column(place)).toEqual({ name: 'c', type: { sql: 'text' }, nullable: true })
    await alter(place, { collation: 'C' })
    await alter(place, { type: 'integer' })
    expect(await column(place)).toEqual({ name: 'c', type: { sql: 'integer' }, nullable: true })
  })

  test('makes a column count on from its greatest value, as a serial column would, and stops it', async () => {
    const [place, serial] = [await open(), await open()]
    await runAll(place, 'create table t (c int primary key)', 'insert into t values (41)')
    await runAll(serial, 'create table t (c serial primary key)')
    await alter(place, { autoincrement: true })
    await runAll(place, 'insert into t default values')
    expect(await rows(place)).toEqual([{ c: 41 }, { c: 42 }])
    expect(await dump(place)).toBe(await dump(serial))
    await alter(place, { autoincrement: false })
    expect(await column(place)).toEqual({ name: 'c', type: { sql: 'integer' } })
    expect(
      await place.session.query(
        `select relname from pg_class where relkind = 'S' and relnamespace = $1::regnamespace`,
        [place.schema],
      ),
    ).toEqual([])
  })

  test('gives the sequence the type that the column gets', async () => {
    const [place, bigserial] = [await open(), await open()]
    await runAll(place, 'create table t (c serial primary key)')
    await runAll(bigserial, 'create table t (c bigserial primary key)')
    await alter(place, { type: 'bigint' })
    expect(await dump(place)).toBe(await dump(bigserial))
  })

  test('makes a serial column an identity, which counts on, and takes that away', async () => {
    const place = await open()
    await runAll(place, 'create table t (c serial primary key, n int)', 'insert into t (c) values (7)')
    await alter(place, { autoincrement: false, extra: 'generated by default as identity' })
    await runAll(place, 'insert into t default values')
    expect(await rows(place)).toEqual([
      { c: 7, n: null },
      { c: 8, n: null },
    ])
    expect(await column(place)).toMatchObject({ extra: 'generated by default as identity' })
    await alter(place, { extra: 'generated always as identity' })
    expect(await column(place)).toMatchObject({ extra: 'generated always as identity' })
    await alter(place, { extra: null })
    expect(await column(place)).toEqual({ name: 'c', type: { sql: 'integer' } })
    await expect(alter(place, { extra: 'on update now()' })).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
  })

  test('gives a generated column another expression and keeps what holds it', async () => {
    const place = await open()
    await runAll(
      place,
      `create table t (id int primary key, c int generated always as (id * 2) stored unique, d int, cc int,
        constraint small check (c < 100 and d > 0), constraint other check (cc > 0))`,
      'create index i on t ((c + 1)) where c > 3',
      'insert into t values (1, default, 1, 1)',
      `comment on column t.c is 'twice'`,
    )
    const before = await reflectTable(place, 't')
    await alter(place, { generated: { expression: 'id * 3', stored: true } })
    expect(await rows(place)).toEqual([{ id: 1, d: 1, cc: 1, c: 3 }])
    const [id, c, d, cc] = before.columns
    expect(await reflectTable(place, 't')).toEqual({
      ...before,
      columns: [id, d, cc, { ...c, generated: { expression: '(id * 3)', stored: true } }],
    })
    await alter(place, { generated: null, default: 5 })
    expect(await column(place)).toMatchObject({ default: { sql: '5' } })
  })

  test('writes, changes and removes a comment', async () => {
    const place = await open()
    await runAll(place, 'create table t (c int)')
    await alter(place, { comment: "it's" })
    expect(await column(place)).toMatchObject({ comment: "it's" })
    await alter(place, { comment: null })
    expect(await column(place)).toEqual({ name: 'c', type: { sql: 'integer' }, nullable: true })
  })

  test('takes a shape that operations before it have made', async () => {
    const place = await open()
    await runAll(place, 'create table t (c varchar(10) collate "C")')
    await carryOut(
      place,
      { kind: 'renameColumn', table: 't', column: 'c', to: 'd' },
      { kind: 'renameTable', table: 't', to: 'u' },
      { kind: 'alterColumn', table: 'u', column: 'd', change: { type: 'text' } },
      { kind: 'renameTable', table: 'u', to: 't' },
    )
    expect(await column(place, 'd')).toMatchObject({ type: { sql: 'text' }, collation: 'C' })
  })

  test.for([
    ['another size without a type', { length: 5 }],
    ['another collation', { collation: 'C' }],
    ['an expression', { generated: { expression: '1', stored: true } }],
  ] as const)('cannot give a column that is not known %s', async ([, change]) => {
    await expect(text({ kind: 'alterColumn', table: 't', column: 'c', change })).rejects.toMatchObject({
      code: 'SHAPE_UNKNOWN',
    })
  })
})
