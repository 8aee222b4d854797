import { describe, expect, test } from 'vitest'
import { readEntities } from '../../../plugins/mikro-orm/entities.ts'
import type { PlatformName } from '../../../plugins/mikro-orm/platform.ts'
import type { Column, Schema, Table } from '../../../src/schema/schema.ts'
import { userProject } from './user-project.ts'

type Tables = Readonly<Record<string, Table>>

/** Reads entities that are written as a module's text. */
async function declared(name: PlatformName, text: string): Promise<Tables> {
  return (await declaredSchema(name, text)).tables
}

async function declaredSchema(name: PlatformName, text: string): Promise<Schema> {
  const root = userProject({
    'entities.mjs': `import { defineEntity, p, quote, raw, sql, StringType, Type } from '@mikro-orm/core'\n${text}`,
  })
  return (await readEntities(name, { root, paths: ['entities.mjs'] })).declared
}

/** Reads one table with these properties beside its id. */
async function table(
  name: PlatformName,
  properties: string,
  options = '',
  before = '',
): Promise<Table | undefined> {
  const text = `${before}\nexport const A = defineEntity({ name: 'A', ${options} properties: { id: p.integer().primary(), ${properties} } })`
  return (await declared(name, text))['a']
}

/** The columns beside the id, by name. */
async function columns(
  name: PlatformName,
  properties: string,
  before = '',
): Promise<Readonly<Record<string, Omit<Column, 'name'>>>> {
  const found = await table(name, properties, '', before)
  return Object.fromEntries(
    (found?.columns ?? []).slice(1).map(({ name: column, ...rest }) => [column, rest]),
  )
}

const kinds = `
  string: p.string(), string500: p.string().length(500), string255: p.string().length(255),
  character: p.character(), character3: p.character().length(3), text: p.text(),
  integer: p.integer(), tinyint: p.tinyint(), smallint: p.smallint(), mediumint: p.mediumint(), bigint: p.bigint(),
  float: p.float(), double: p.double(), decimal: p.decimal(), decimal124: p.decimal().precision(12).scale(4),
  boolean: p.boolean(), date: p.date(), time: p.time(), datetime: p.datetime(), datetime0: p.datetime().length(0),
  datetime3: p.datetime().length(3), json: p.json(), uuid: p.uuid(), blob: p.blob(), bytes: p.uint8array(),
  choice: p.enum(['a', 'b']), number: p.enum([1, 2]), list: p.array(), interval: p.interval(),
  own: p.type('citext'), typed: p.string().columnType('varchar(77)'), class: p.type(Slug), code: p.type(Code).length(9)`
const customTypes = `
  class Slug extends Type { getColumnType() { return 'varchar(40)' } }
  class Code extends StringType {}`

/** What is the same everywhere. */
const common = {
  string: { type: 'string' },
  string500: { type: 'string', length: 500 },
  string255: { type: 'string' },
  character: { type: 'character' },
  character3: { type: 'character', length: 3 },
  text: { type: 'text' },
  integer: { type: 'integer' },
  tinyint: { type: 'tinyint' },
  smallint: { type: 'smallint' },
  bigint: { type: 'bigint' },
  float: { type: 'float' },
  double: { type: 'double' },
  decimal: { type: 'decimal' },
  decimal124: { type: 'decimal', precision: 12, scale: 4 },
  boolean: { type: 'boolean' },
  date: { type: 'date' },
  time: { type: 'time' },
  datetime: { type: 'datetime' },
  datetime0: { type: 'datetime', length: 0 },
  datetime3: { type: 'datetime', length: 3 },
  json: { type: 'json' },
  uuid: { type: 'uuid' },
  blob: { type: 'blob' },
  bytes: { type: 'blob' },
  number: { type: 'tinyint' },
  interval: { type: { sql: 'interval' } },
  own: { type: { sql: 'citext' } },
  code: { type: 'string', length: 9 },
}

describe('types', () => {
  test('of SQLite are those that the entities declare, also where all of them are text', async () => {
    expect(await columns('sqlite', kinds, customTypes)).toEqual({
      ...common,
      mediumint: { type: { sql: 'mediumint' } },
      choice: { type: 'text' },
      list: { type: 'text' },
      typed: { type: { sql: 'varchar(77)' } },
      class: { type: { sql: 'varchar(40)' } },
    })
  })

  test('of PostgreSQL', async () => {
    expect(await columns('postgresql', kinds, customTypes)).toEqual({
      ...common,
      mediumint: { type: { sql: 'mediumint' } },
      choice: { type: 'text' },
      list: { type: { sql: 'text[]' } },
      typed: { type: 'string', length: 77 },
      class: { type: 'string', length: 40 },
    })
  })

  test.each(['mysql', 'mariadb'] as const)('of %s', async (name) => {
    expect(await columns(name, kinds, customTypes)).toEqual({
      ...common,
      mediumint: { type: 'mediumint' },
      choice: { type: 'enum', items: ['a', 'b'] },
      list: { type: 'text' },
      typed: { type: 'string', length: 77 },
      class: { type: 'string', length: 40 },
    })
  })

  test('that only PostgreSQL has', async () => {
    const properties = `mood: p.enum(['sad', 'ok']).nativeEnumName('mood'), odd: p.enum(['a']).nativeEnumName('Mood'), word: p.enum(['a']).array().nativeEnumName('order'),
      moods: p.enum(['a']).array().nativeEnumName('mood'), stamp: p.datetime().columnType('timestamp'),
      seq: p.integer().generated('by default as identity'), vector: p.type('vector(3)')`
    expect(await columns('postgresql', properties)).toEqual({
      mood: { type: { sql: 'mood' } },
      odd: { type: { sql: '"Mood"' } },
      word: { type: { sql: '"order"[]' } },
      moods: { type: { sql: 'mood[]' } },
      stamp: { type: { sql: 'timestamp' } },
      seq: { type: 'integer', extra: 'generated by default as identity' },
      vector: { type: { sql: 'vector(3)' } },
    })
  })

  test('that only MySQL and MariaDB have', async () => {
    const properties = `count: p.integer().unsigned(), price: p.decimal().unsigned(), big: p.bigint().unsigned(),
      at: p.datetime().defaultRaw('current_timestamp').extra('on update current_timestamp'), year: p.type('year')`
    expect(await columns('mariadb', properties)).toEqual({
      count: { type: 'integer', unsigned: true },
      price: { type: 'decimal', unsigned: true },
      big: { type: 'bigint', unsigned: true },
      at: { type: 'datetime', default: { sql: 'current_timestamp' }, extra: 'on update current_timestamp' },
      year: { type: { sql: 'year' } },
    })
  })
})

test.each([
  ['sqlite', { name: 'id', type: 'integer', autoincrement: true }],
  ['postgresql', { name: 'id', type: 'integer', autoincrement: true }],
  ['mysql', { name: 'id', type: 'integer', unsigned: true, autoincrement: true }],
  ['mariadb', { name: 'id', type: 'integer', unsigned: true, autoincrement: true }],
] as const)('a numeric primary key counts by itself on %s', async (name, id) => {
  expect(await table(name, '')).toEqual({ name: 'a', columns: [id], primaryKey: { columns: ['id'] } })
})

test.each([
  ['sqlite', { name: 'id', type: 'bigint', autoincrement: true }],
  ['postgresql', { name: 'id', type: 'bigint', autoincrement: true }],
  ['mariadb', { name: 'id', type: 'bigint', unsigned: true, autoincrement: true }],
] as const)('a big primary key is big on %s', async (name, id) => {
  const { a } = await declared(
    name,
    `export const A = defineEntity({ name: 'A', properties: { id: p.bigint().primary() } })`,
  )
  expect(a?.columns).toEqual([id])
})

describe('defaults', () => {
  const properties = `
    text: p.string().default('x'), empty: p.string().default(''), quote: p.string().default("it's"), doubled: p.string().default("it''s"),
    number: p.integer().default(-5), fraction: p.float().default(1.5), yes: p.boolean().default(true), no: p.boolean().default(false),
    big: p.bigint().default(5n), choice: p.enum(['a', 'b']).default('b'), json: p.json().default('{"a":1}'),
    now: p.datetime().defaultRaw('current_timestamp'), call: p.string().default(raw('upper(?)', ['y'])), none: p.string().nullable().default(null),
    version: p.integer().version()`

  test.each(['sqlite', 'postgresql', 'mariadb'] as const)(
    'are literals where they are, on %s',
    async (name) => {
      const found = await columns(name, properties)
      expect(
        Object.fromEntries(Object.entries(found).map(([column, { default: value }]) => [column, value])),
      ).toEqual({
        text: 'x',
        empty: '',
        quote: "it's",
        doubled: "it's",
        number: -5,
        fraction: 1.5,
        yes: true,
        no: false,
        big: '5',
        choice: 'b',
        json: '{"a":1}',
        now: { sql: 'current_timestamp' },
        call: { sql: "upper('y')" },
        none: undefined,
        version: 1,
      })
    },
  )

  test('with a backslash are SQL where a backslash means something', async () => {
    const found = await Promise.all(
      (['sqlite', 'postgresql', 'mysql'] as const).map((name) =>
        columns(name, `path: p.string().default('a\\\\b')`),
      ),
    )
    expect(found.map(({ path }) => path?.default)).toEqual(['a\\b', 'a\\b', { sql: "'a\\b'" }])
  })
})

test('nullable, comment and collation are told where the database keeps them', async () => {
  const properties = `name: p.string().nullable().comment('who').collation('C')`
  expect(await columns('postgresql', properties)).toEqual({
    name: { type: 'string', nullable: true, collation: 'C', comment: 'who' },
  })
  expect(await columns('sqlite', properties)).toEqual({
    name: { type: 'string', nullable: true, collation: 'C' },
  })
  expect(await table('mariadb', '', `comment: 'all of them',`)).toMatchObject({ comment: 'all of them' })
  expect(await table('sqlite', '', `comment: 'all of them',`)).not.toHaveProperty('comment')
})

test('generated columns', async () => {
  expect(await columns('sqlite', `twice: p.integer().generated('(id * 2)')`)).toEqual({
    twice: { type: 'integer', nullable: true, generated: { expression: 'id * 2', stored: false } },
  })
  expect(await columns('postgresql', `twice: p.integer().generated('(id * 2) stored')`)).toEqual({
    twice: { type: 'integer', generated: { expression: 'id * 2', stored: true } },
  })
  expect(await columns('mysql', `twice: p.integer().generated('(id * 2) virtual')`)).toEqual({
    twice: { type: 'integer', nullable: true, generated: { expression: 'id * 2', stored: false } },
  })
})

describe('indexes and uniques', () => {
  const properties = `email: p.string().unique(), first: p.string().index(), last: p.string(), data: p.json()`
  const options = `
    indexes: [
      { properties: ['first', 'last'], name: 'names' },
      { properties: ['last'], name: 'last_desc', columns: [{ name: 'last', sort: 'desc' }] },
      { name: 'lower_last', expression: 'create index lower_last on a (lower(last))' },
      { properties: ['data.city'], name: 'city' },
    ],
    uniques: [{ properties: ['first', 'last'], name: 'one_name' }],`
  const indexes = [
    { name: 'a_first_index', columns: ['first'] },
    { name: 'last_desc', columns: [{ column: 'last', order: 'desc' }] },
    { name: 'names', columns: ['first', 'last'] },
  ]
  const uniques = [
    { name: 'a_email_unique', columns: ['email'] },
    { name: 'one_name', columns: ['first', 'last'] },
  ]

  test.each(['sqlite', 'postgresql', 'mysql', 'mariadb'] as const)(
    'of %s, without those that are only SQL',
    async (name) => {
      expect(await table(name, properties, options)).toMatchObject({ indexes, uniques })
    },
  )

  test('a partial unique index is an index', async () => {
    const partial = `uniques: [{ properties: ['last'], name: 'live', where: 'first is null' }],`
    expect(await table('sqlite', properties, partial)).toMatchObject({
      uniques: [{ name: 'a_email_unique', columns: ['email'] }],
      indexes: [
        { name: 'a_first_index', columns: ['first'] },
        { name: 'live', columns: ['last'], unique: true, where: 'first is null' },
      ],
    })
    expect(await table('postgresql', properties, partial)).toMatchObject({
      uniques: [{ name: 'a_email_unique', columns: ['email'] }],
      indexes: [
        { name: 'a_first_index', columns: ['first'] },
        { name: 'live', columns: ['last'], unique: true, where: 'first is null' },
      ],
    })
  })

  test('options that only PostgreSQL has', async () => {
    const own = `
      indexes: [
        { properties: ['data'], name: 'search', type: 'gin' },
        { properties: ['last'], name: 'covering', include: ['first'], columns: [{ name: 'last', sort: 'desc', nulls: 'last', collation: 'C' }] },
        { properties: ['last'], name: 'words', type: 'fulltext' },
      ],
      uniques: [{ properties: ['first', 'last'], name: 'later', deferMode: 'deferred' }],`
    expect(await table('postgresql', properties, own)).toMatchObject({
      indexes: [
        { name: 'a_first_index', columns: ['first'] },
        {
          name: 'covering',
          columns: [{ column: 'last', order: 'desc', nulls: 'last', collation: 'C' }],
          include: ['first'],
        },
        { name: 'search', columns: ['data'], method: 'gin' },
      ],
      uniques: [
        { name: 'a_email_unique', columns: ['email'] },
        { name: 'later', columns: ['first', 'last'], deferrable: 'initially deferred' },
      ],
    })
  })

  test('options that only MySQL and MariaDB have', async () => {
    const own = `
      indexes: [
        { properties: ['last'], name: 'start', columns: [{ name: 'last', length: 10 }] },
        { properties: ['last'], name: 'words', type: 'fulltext' },
      ],
      uniques: [{ properties: ['first'], name: 'start_of_first', columns: [{ name: 'first', length: 5 }] }],`
    expect(await table('mariadb', properties, own)).toMatchObject({
      indexes: [
        { name: 'a_first_index', columns: ['first'] },
        { name: 'start', columns: [{ column: 'last', length: 10 }] },
        { name: 'start_of_first', columns: [{ column: 'first', length: 5 }], unique: true },
        { name: 'words', columns: ['last'], method: 'fulltext' },
      ],
      uniques: [{ name: 'a_email_unique', columns: ['email'] }],
    })
  })
})

describe('checks', () => {
  const properties = `role: p.enum(["admin", "it's"]), age: p.integer().check('age > 0'), kind: p.enum(['x']).nullable().default('x')`
  const options = `checks: [{ name: 'adult', expression: 'age > 17' }],`

  test('of SQLite stand beside their column without a name', async () => {
    expect((await table('sqlite', properties, options))?.checks).toEqual([
      { name: 'adult', expression: 'age > 17' },
      { column: 'age', expression: 'age > 0' },
      { column: 'kind', expression: { in: ['x'] } },
      { column: 'role', expression: { in: ['admin', "it's"] } },
    ])
  })

  test('of PostgreSQL have names', async () => {
    const exclusion = options.replace(
      '],',
      `, { name: 'apart', expression: 'exclude using gist (age with =)' }],`,
    )
    expect((await table('postgresql', properties, exclusion))?.checks).toEqual([
      { name: 'a_age_check', expression: 'age > 0' },
      { name: 'a_kind_check', column: 'kind', expression: { in: ['x'] } },
      { name: 'a_role_check', column: 'role', expression: { in: ['admin', "it's"] } },
      { name: 'adult', expression: 'age > 17' },
    ])
  })

  test('of MariaDB are not needed for an enum', async () => {
    expect((await table('mariadb', properties, options))?.checks).toEqual([
      { name: 'a_age_check', expression: 'age > 0' },
      { name: 'adult', expression: 'age > 17' },
    ])
  })
})

describe('relations', () => {
  const shop = `
    export const Tag = defineEntity({ name: 'Tag', properties: { slug: p.string().length(60).primary() } })
    export const User = defineEntity({ name: 'User', tableName: 'users', properties: {
      id: p.integer().primary(), boss: () => p.manyToOne(User).nullable(), tags: () => p.manyToMany(Tag) } })
    export const Order = defineEntity({ name: 'Order', tableName: 'orders', properties: {
      id: p.uuid().primary(), user: () => p.manyToOne(User).deleteRule('cascade').updateRule('no action'), last: () => p.oneToOne(Line).nullable() } })
    export const Line = defineEntity({ name: 'Line', properties: {
      order: () => p.manyToOne(Order).primary(), tag: () => p.manyToOne(Tag).primary(), amount: p.integer() } })`

  test('keys have the type of what they refer to, however far away, on SQLite', async () => {
    expect(await declared('sqlite', shop)).toEqual({
      tag: {
        name: 'tag',
        columns: [{ name: 'slug', type: 'string', length: 60 }],
        primaryKey: { columns: ['slug'] },
      },
      users: {
        name: 'users',
        columns: [
          { name: 'id', type: 'integer', autoincrement: true },
          { name: 'boss_id', type: 'integer', nullable: true },
        ],
        primaryKey: { columns: ['id'] },
        indexes: [{ name: 'users_boss_id_index', columns: ['boss_id'] }],
        foreignKeys: [
          {
            name: 'users_boss_id_foreign',
            columns: ['boss_id'],
            references: { table: 'users', columns: ['id'] },
            onDelete: 'set null',
          },
        ],
      },
      orders: {
        name: 'orders',
        columns: [
          { name: 'id', type: 'uuid' },
          { name: 'user_id', type: 'integer' },
          { name: 'last_order_id', type: 'uuid', nullable: true },
          { name: 'last_tag_slug', type: 'string', length: 60, nullable: true },
        ],
        primaryKey: { columns: ['id'] },
        uniques: [
          { name: 'orders_last_order_id_last_tag_slug_unique', columns: ['last_order_id', 'last_tag_slug'] },
        ],
        indexes: [{ name: 'orders_user_id_index', columns: ['user_id'] }],
        foreignKeys: [
          {
            name: 'orders_last_order_id_last_tag_slug_foreign',
            columns: ['last_order_id', 'last_tag_slug'],
            references: { table: 'line', columns: ['order_id', 'tag_slug'] },
            onDelete: 'set null',
            onUpdate: 'cascade',
          },
          {
            name: 'orders_user_id_foreign',
            columns: ['user_id'],
            references: { table: 'users', columns: ['id'] },
            onDelete: 'cascade',
          },
        ],
      },
      line: {
        name: 'line',
        columns: [
          { name: 'order_id', type: 'uuid' },
          { name: 'tag_slug', type: 'string', length: 60 },
          { name: 'amount', type: 'integer' },
        ],
        primaryKey: { columns: ['order_id', 'tag_slug'] },
        indexes: [
          { name: 'line_order_id_index', columns: ['order_id'] },
          { name: 'line_tag_slug_index', columns: ['tag_slug'] },
        ],
        foreignKeys: [
          {
            name: 'line_order_id_foreign',
            columns: ['order_id'],
            references: { table: 'orders', columns: ['id'] },
            onDelete: 'cascade',
            onUpdate: 'cascade',
          },
          {
            name: 'line_tag_slug_foreign',
            columns: ['tag_slug'],
            references: { table: 'tag', columns: ['slug'] },
            onDelete: 'cascade',
            onUpdate: 'cascade',
          },
        ],
      },
      users_tags: {
        name: 'users_tags',
        columns: [
          { name: 'user_id', type: 'integer' },
          { name: 'tag_slug', type: 'string', length: 60 },
        ],
        primaryKey: { columns: ['user_id', 'tag_slug'] },
        indexes: [
          { name: 'users_tags_tag_slug_index', columns: ['tag_slug'] },
          { name: 'users_tags_user_id_index', columns: ['user_id'] },
        ],
        foreignKeys: [
          {
            name: 'users_tags_tag_slug_foreign',
            columns: ['tag_slug'],
            references: { table: 'tag', columns: ['slug'] },
            onDelete: 'cascade',
            onUpdate: 'cascade',
          },
          {
            name: 'users_tags_user_id_foreign',
            columns: ['user_id'],
            references: { table: 'users', columns: ['id'] },
            onDelete: 'cascade',
            onUpdate: 'cascade',
          },
        ],
      },
    })
  })

  test('on PostgreSQL they have no index of their own, on MariaDB they are unsigned', async () => {
    expect((await declared('postgresql', shop))['users']).toEqual({
      name: 'users',
      columns: [
        { name: 'id', type: 'integer', autoincrement: true },
        { name: 'boss_id', type: 'integer', nullable: true },
      ],
      primaryKey: { columns: ['id'] },
      foreignKeys: [
        {
          name: 'users_boss_id_foreign',
          columns: ['boss_id'],
          references: { table: 'users', columns: ['id'] },
          onDelete: 'set null',
        },
      ],
    })
    expect((await declared('mariadb', shop))['users']?.columns).toEqual([
      { name: 'id', type: 'integer', unsigned: true, autoincrement: true },
      { name: 'boss_id', type: 'integer', unsigned: true, nullable: true },
    ])
  })

  test('a deferred key', async () => {
    const text = `export const A = defineEntity({ name: 'A', properties: { id: p.integer().primary(), next: () => p.manyToOne(A).deferMode('deferred') } })`
    expect((await declared('postgresql', text))['a']?.foreignKeys).toEqual([
      {
        name: 'a_next_id_foreign',
        columns: ['next_id'],
        references: { table: 'a', columns: ['id'] },
        deferrable: 'initially deferred',
      },
    ])
  })

  test('tables come in the order in which they can be created', async () => {
    expect(Object.keys(await declared('postgresql', shop))).toEqual([
      'tag',
      'users',
      'orders',
      'line',
      'users_tags',
    ])
  })
})

test('embeddables become columns, or one column of JSON', async () => {
  const text = `
    const Address = defineEntity({ name: 'Address', embeddable: true, properties: { street: p.string().length(90), kind: p.enum(['home']).nullable() } })
    export const A = defineEntity({ name: 'A', properties: { id: p.integer().primary(), home: () => p.embedded(Address), others: () => p.embedded(Address).array() } })`
  expect((await declared('postgresql', text))['a']).toEqual({
    name: 'a',
    columns: [
      { name: 'id', type: 'integer', autoincrement: true },
      { name: 'home_street', type: 'string', length: 90 },
      { name: 'home_kind', type: 'text', nullable: true },
      { name: 'others', type: 'json' },
    ],
    primaryKey: { columns: ['id'] },
    checks: [{ name: 'a_home_kind_check', column: 'home_kind', expression: { in: ['home'] } }],
  })
})

test('single-table inheritance is one table, table-per-type is several', async () => {
  const single = `
    export const Animal = defineEntity({ name: 'Animal', discriminatorColumn: 'kind', discriminatorValue: 'animal', properties: { id: p.integer().primary(), kind: p.enum(['animal', 'dog']) } })
    export const Dog = defineEntity({ name: 'Dog', extends: Animal, discriminatorValue: 'dog', properties: { name: p.string().length(20) } })`
  expect(await declared('sqlite', single)).toEqual({
    animal: {
      name: 'animal',
      columns: [
        { name: 'id', type: 'integer', autoincrement: true },
        { name: 'kind', type: 'text' },
        { name: 'name', type: 'string', length: 20, nullable: true },
      ],
      primaryKey: { columns: ['id'] },
      indexes: [{ name: 'animal_kind_index', columns: ['kind'] }],
      checks: [{ column: 'kind', expression: { in: ['animal', 'dog'] } }],
    },
  })
  const perType = `
    export const Animal = defineEntity({ name: 'Animal', inheritance: 'tpt', properties: { id: p.integer().primary(), name: p.string() } })
    export const Dog = defineEntity({ name: 'Dog', extends: Animal, properties: { breed: p.string().length(20) } })`
  expect((await declared('postgresql', perType))['dog']).toEqual({
    name: 'dog',
    columns: [
      { name: 'breed', type: 'string', length: 20 },
      { name: 'id', type: 'integer' },
    ],
    primaryKey: { columns: ['id'] },
    foreignKeys: [
      {
        name: 'dog_id_foreign',
        columns: ['id'],
        references: { table: 'animal', columns: ['id'] },
        onDelete: 'cascade',
        onUpdate: 'cascade',
      },
    ],
  })
})

const objects = `
  export const A = defineEntity({ name: 'A', properties: { id: p.integer().primary(), mood: p.enum(['sad', 'ok']).nativeEnumName('mood') },
    triggers: [
      { name: 'noted', timing: 'after', events: ['update', 'insert'], when: 'new.id > 1', body: "select 'a;b'; -- two;\\n\\nselect 1;" },
      { name: 'ddl', timing: 'after', events: ['delete'], expression: 'create trigger ddl' }] })
  export const V = defineEntity({ name: 'V', view: true, expression: (em) => em.createQueryBuilder(A).select('id').where({ id: 1 }), properties: { id: p.integer().primary() },
    triggers: [{ timing: 'instead of', events: ['insert'], body: (columns, table) => raw('delete from ??', [table.name]) }] })
  export const Virtual = defineEntity({ name: 'Virtual', expression: 'select 1 as id', properties: { id: p.integer() } })`

test('views, triggers and enum types of PostgreSQL', async () => {
  const text = `${objects}
    export const M = defineEntity({ name: 'M', view: true, materialized: true, expression: 'select id, 1 as x from v; ', properties: { id: p.integer().primary(), x: p.integer() },
      indexes: [{ properties: ['x'], name: 'm_x', columns: [{ name: 'x', sort: 'desc' }], fillFactor: 70 }, { name: 'raw', expression: 'create index raw on m (x)' }] })`
  const { tables, ...rest } = await declaredSchema('postgresql', text)
  expect(Object.keys(tables)).toEqual(['a'])
  expect(tables['a']?.triggers).toEqual([
    {
      name: 'noted',
      timing: 'after',
      events: ['insert', 'update'],
      when: 'new.id > 1',
      body: "select 'a;b'; -- two;\n\nselect 1",
    },
  ])
  expect(rest).toEqual({
    views: {
      v: {
        name: 'v',
        definition: `select "a0"."id" from "a" as "a0" where "a0"."id" = 1`,
        triggers: [
          {
            name: 'v_insert_trigger',
            timing: 'instead of',
            events: ['insert'],
            body: 'delete from "v"',
          },
        ],
      },
      m: {
        name: 'm',
        definition: 'select id, 1 as x from v',
        materialized: true,
        indexes: [
          { name: 'm_pkey', columns: ['id'], unique: true },
          { name: 'm_x', columns: [{ column: 'x', order: 'desc' }], extra: 'with (fillfactor=70)' },
        ],
      },
    },
    enums: { mood: { name: 'mood', items: ['sad', 'ok'] } },
  })
})

test('triggers of SQLite are for one event, and views have them too', async () => {
  const { tables, ...rest } = await declaredSchema('sqlite', objects)
  const body = "select 'a;b'; -- two;\n\nselect 1"
  expect(tables['a']?.triggers).toEqual([
    { name: 'noted_insert', timing: 'after', events: ['insert'], when: 'new.id > 1', body },
    { name: 'noted_update', timing: 'after', events: ['update'], when: 'new.id > 1', body },
  ])
  expect(rest).toEqual({
    views: {
      v: {
        name: 'v',
        definition: 'select `a0`.`id` from `a` as `a0` where `a0`.`id` = 1',
        triggers: [
          { name: 'v_insert_trigger', timing: 'instead of', events: ['insert'], body: 'delete from `v`' },
        ],
      },
    },
  })
})

test('triggers of MariaDB have their condition in their statements', async () => {
  const text = `export const A = defineEntity({ name: 'A', properties: { id: p.integer().primary() },
    triggers: [{ name: 'noted', timing: 'before', events: ['update'], when: 'new.id > 1', body: 'set new.id = 1;\\nset new.id = 2' }] })`
  expect((await declared('mariadb', text))['a']?.triggers).toEqual([
    {
      name: 'noted',
      timing: 'before',
      events: ['update'],
      body: 'if new.id > 1 then set new.id = 1; set new.id = 2; end if',
    },
  ])
})
