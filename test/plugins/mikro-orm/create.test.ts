import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { MariaDbDriver } from '@mikro-orm/mariadb'
import { MySqlDriver } from '@mikro-orm/mysql'
import { PostgreSqlDriver } from '@mikro-orm/postgresql'
import { type AbstractSqlDriver, MikroORM } from '@mikro-orm/sql'
import { SqliteDriver } from '@mikro-orm/sqlite'
import { expect, test } from 'vitest'
import { readEntities } from '../../../plugins/mikro-orm/entities.ts'
import type { PlatformName } from '../../../plugins/mikro-orm/platform.ts'
import { database } from '../../support/database.ts'
import { describeDialects } from '../../support/dialects.ts'
import type { DialectName } from '../../support/servers.ts'
import { sql } from '../../support/sql.ts'
import { userProject } from './user-project.ts'

async function create(name: PlatformName, text: string): Promise<readonly string[]> {
  const root = userProject({ 'entities.mjs': `import { defineEntity, p } from '@mikro-orm/core'\n${text}` })
  const wanted = await readEntities(name, { root, paths: ['entities.mjs'] })
  return wanted.create.map((statement) => statement.sql)
}

const shop = `
  const Address = defineEntity({ name: 'Address', embeddable: true, properties: { street: p.string(), kind: p.enum(['home', 'work']) } })
  export const Tag = defineEntity({ name: 'Tag', properties: { slug: p.string().length(60).primary() } })
  export const User = defineEntity({ name: 'User', tableName: 'users', comment: 'people; all',
    indexes: [{ properties: ['name'], columns: [{ name: 'name', sort: 'desc' }] }],
    checks: [{ name: 'named', expression: "name <> ';'" }],
    properties: { id: p.integer().primary(), name: p.string().default("it's; a \\\\"), role: p.enum(['admin', "it's"]),
      home: () => p.embedded(Address), boss: () => p.manyToOne(User).nullable(), tags: () => p.manyToMany(Tag), at: p.datetime().defaultRaw('current_timestamp') } })
  export const Order = defineEntity({ name: 'Order', tableName: 'orders', properties: {
    id: p.uuid().primary(), user: () => p.manyToOne(User), last: () => p.oneToOne(Line).nullable() } })
  export const Line = defineEntity({ name: 'Line', properties: {
    order: () => p.manyToOne(Order).primary(), tag: () => p.manyToOne(Tag).primary(), note: p.text().default('a;b'), data: p.json() } })
  export const Few = defineEntity({ name: 'Few', view: true, expression: "select id, '-- few;' as note from many where name <> ';'", properties: { id: p.integer().primary() } })
  export const Many = defineEntity({ name: 'Many', view: true, expression: 'select id, name from users;', properties: { id: p.integer().primary() } })`

/** Statements of a trigger before an insert, with a semicolon in a string. */
const noting: Record<DialectName, string> = {
  sqlite: "update users set name = name || ';\\n\\nx' where id = new.id; select 1",
  postgresql: "new.name := new.name || ';\\n\\nx';\\n  return new;",
  pglite: "new.name := new.name || ';\\n\\nx';\\n  return new;",
  mariadb: "set new.name = concat(new.name, ';\\n\\nx');\\n  set new.role = new.role",
  mysql: "set new.name = concat(new.name, ';\\n\\nx');\\n  set new.role = new.role",
}

const plain = `import { defineEntity, p } from '@mikro-orm/core'
  export const Tag = defineEntity({ name: 'Tag', comment: 'labels', properties: { slug: p.string().length(60).primary() } })
  export const User = defineEntity({ name: 'User', indexes: [{ properties: ['name', 'age'] }], properties: {
    id: p.integer().primary(), name: p.string().unique(), age: p.integer().check('age > 0'), role: p.enum(['a', 'b']).default('a'),
    boss: () => p.manyToOne(User).nullable(), tags: () => p.manyToMany(Tag) } })`

test.each([
  ['sqlite', SqliteDriver],
  ['postgresql', PostgreSqlDriver],
  ['mysql', MySqlDriver],
  ['mariadb', MariaDbDriver],
] as const)('the statements for %s are those of getCreateSchemaSQL', async (name, driver) => {
  const root = userProject({ 'entities.mjs': plain })
  const { create: statements } = await readEntities(name, { root, paths: ['entities.mjs'] })
  const { Tag, User } = await import(pathToFileURL(path.join(root, 'entities.mjs')).href)
  const orm = new MikroORM<AbstractSqlDriver>({ driver, dbName: 'none', entities: [Tag, User] })
  const text = await orm.schema.getCreateSchemaSQL({ wrap: false })
  expect(statements.map(({ sql: statement }) => `${statement};`)).toEqual(text.split('\n').filter(Boolean))
})

test('they are one a string, views in the order in which they read each other, triggers last', async () => {
  const text = `
    export const A = defineEntity({ name: 'A', properties: { id: p.integer().primary(), b: () => p.manyToOne(B), note: p.string().default('x;\\ny') },
      triggers: [{ name: 'noted', timing: 'after', events: ['update', 'insert'], when: 'new.id > 1', body: "insert into b values (';\\n\\n');\\n\\n return new;" }] })
    export const B = defineEntity({ name: 'B', properties: { id: p.integer().primary(), mood: p.enum(['ok']).nativeEnumName('mood') } })
    export const Late = defineEntity({ name: 'Late', view: true, expression: "select '--' as id -- all\\n\\nfrom early;", properties: { id: p.string().primary() },
      triggers: [{ name: 'kept', timing: 'instead of', events: ['insert'], body: 'return null' }] })
    export const Early = defineEntity({ name: 'Early', view: true, materialized: true, expression: 'select id, late.x from a late', properties: { id: p.integer().primary() } })`
  expect(await create('postgresql', text)).toEqual([
    `create type "mood" as enum ('ok')`,
    `create table "b" ("id" serial primary key, "mood" "mood" not null)`,
    `create table "a" ("id" serial primary key, "b_id" int not null, "note" varchar(255) not null default 'x;\ny')`,
    `alter table "a" add constraint "a_b_id_foreign" foreign key ("b_id") references "b" ("id")`,
    'create materialized view "early" as select id, late.x from a late with no data',
    'create unique index "early_pkey" on "early" ("id")',
    `create view "late" as select '--' as id -- all\n\nfrom early`,
    `create or replace function "a_noted_fn"() returns trigger as $$ begin insert into b values (';\n\n');\n\n return new; end; $$ language plpgsql`,
    'create trigger "noted" after insert or update on "a" for each row when (new.id > 1) execute function "a_noted_fn"()',
    'create or replace function "late_kept_fn"() returns trigger as $$ begin return null; end; $$ language plpgsql',
    'create trigger "kept" instead of insert on "late" for each row execute function "late_kept_fn"()',
  ])
})

test('a trigger is made for each event where it takes one, and its condition stands where it can', async () => {
  const text = `export const A = defineEntity({ name: 'A', properties: { id: p.integer().primary() }, triggers: [
    { name: 'noted', timing: 'after', events: ['insert', 'update'], when: 'new.id > 1', body: 'delete from a;\\n\\n  delete from a;' },
    { name: 'raw', timing: 'after', events: ['delete'], expression: "create trigger raw after delete on a for each row begin select ';'; end;" }] })`
  expect((await create('sqlite', text)).slice(1)).toEqual([
    'create trigger `noted_insert` after insert on `a` for each row when (new.id > 1) begin delete from a;   delete from a; end',
    'create trigger `noted_update` after update on `a` for each row when (new.id > 1) begin delete from a;   delete from a; end',
    "create trigger raw after delete on a for each row begin select ';'; end",
  ])
  expect((await create('mysql', text))[1]).toBe(
    'create trigger `noted_insert` after insert on `a` for each row begin if new.id > 1 then delete from a;   delete from a; end if; end',
  )
})

test.each([
  [
    'sqlite',
    `events: ['insert'], forEach: 'statement', timing: 'after'`,
    'it is for a statement, and here a trigger is for a row',
  ],
  ['sqlite', `events: ['truncate'], timing: 'after'`, 'there is no event `truncate` here'],
  ['mariadb', `events: ['insert'], timing: 'instead of'`, 'no trigger is `instead of` here'],
] as const)('a trigger that %s cannot have is refused: %s', async (name, options, why) => {
  const text = `export const A = defineEntity({ name: 'A', properties: { id: p.integer().primary() }, triggers: [{ name: 't', body: 'select 1', ${options} }] })`
  await expect(create(name, text)).rejects.toMatchObject({
    code: 'ENTITIES_INVALID',
    message: `Trigger t of a cannot be made: ${why}.`,
  })
})

test('a materialized view is refused where there is none', async () => {
  const text = `export const A = defineEntity({ name: 'A', view: true, materialized: true, expression: 'select 1 as id', properties: { id: p.integer().primary() } })`
  await expect(create('mariadb', text)).rejects.toMatchObject({
    code: 'ENTITIES_INVALID',
    message: 'View a is materialized: only PostgreSQL has such views.',
  })
})

test('an enum type is an enum like any other where there are none', async () => {
  const text = `
    const E = defineEntity({ name: 'E', embeddable: true, properties: { inner: p.enum(['x']).nativeEnumName('inner') } })
    export const A = defineEntity({ name: 'A', properties: { id: p.integer().primary(), mood: p.enum(['ok', "it's"]).nativeEnumName('mood'), e: () => p.embedded(E) } })`
  expect(await create('sqlite', text)).toEqual([
    "create table `a` (`id` integer not null primary key autoincrement, `mood` text check (`mood` in ('ok', 'it''s')) not null, `e_inner` text check (`e_inner` in ('x')) not null)",
  ])
  expect((await create('mariadb', text))[0]).toContain(
    "`mood` enum('ok','it''s') not null, `e_inner` enum('x') not null",
  )
})

test('none names the schema public, so that all of them are built where they are run', async () => {
  const text = `
    export const A = defineEntity({ name: 'A', schema: 'public', properties: { id: p.integer().primary(), word: p.string(), next: () => p.manyToOne(A) },
      indexes: [
        { properties: ['word'], name: 'words', type: 'fulltext' },
        { name: 'lower', expression: (columns, table, name) => 'create index ' + name + ' on ' + table + ' (lower(word))' },
      ] })`
  const statements = await create('postgresql', text)
  expect(statements).toContain('create index lower on a (lower(word))')
  expect(statements.filter((statement) => statement.includes('public'))).toEqual([])
})

test('a table that the configuration skips is left out, by its name and by that with its schema', async () => {
  const root = userProject({
    'mikro-orm.config.js': `import { defineEntity, p } from '@mikro-orm/core'
      const entities = ['A', 'B', 'C'].map((name) => defineEntity({ name, properties: { id: p.integer().primary() } }))
      export default { entities, schemaGenerator: { skipTables: ['a', 'public.b'] } }`,
  })
  const wanted = await readEntities('postgresql', { root, paths: [] })
  expect(Object.keys(wanted.declared.tables)).toEqual(['c'])
  expect(wanted.create).toEqual([{ sql: 'create table "c" ("id" serial primary key)', table: 'c' }])
})

describeDialects('statements', (dialect) => {
  test('build the whole schema, quotes and semicolons in it', async () => {
    const { url } = await database(dialect)
    const timing = dialect === 'sqlite' ? 'after' : 'before'
    const trigger = `triggers: [{ name: 'noting', timing: '${timing}', events: ['insert'], body: "${noting[dialect]}" }],`
    await sql(url, ...(await create(dialect, shop.replace('comment:', `${trigger} comment:`))))
    const insert = `insert into users (role, home_street, home_kind) values ('it''s', 'Main', 'home')`
    expect(await sql(url, insert, 'select name, role from users')).toEqual([["it's; a \\;\n\nx", "it's"]])
    expect(await sql(url, 'select id, note from few')).toEqual([[1, '-- few;']])
  })
})
