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
  export const View = defineEntity({ name: 'View', view: true, expression: 'select id from nowhere', properties: { id: p.integer().primary() } })`

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

test('they are one a string, and without views and triggers', async () => {
  const text = `
    export const A = defineEntity({ name: 'A', properties: { id: p.integer().primary(), b: () => p.manyToOne(B), note: p.string().default('x;\\ny') },
      triggers: [{ name: 'noted', timing: 'after', events: ['insert'], body: 'select 1; select 2' }] })
    export const B = defineEntity({ name: 'B', properties: { id: p.integer().primary(), mood: p.enum(['ok']).nativeEnumName('mood') } })`
  expect(await create('postgresql', text)).toEqual([
    `create type "mood" as enum ('ok')`,
    `create table "b" ("id" serial primary key, "mood" "mood" not null)`,
    `create table "a" ("id" serial primary key, "b_id" int not null, "note" varchar(255) not null default 'x;\ny')`,
    `alter table "a" add constraint "a_b_id_foreign" foreign key ("b_id") references "b" ("id")`,
  ])
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
  expect(wanted.create).toEqual([{ sql: 'create table "c" ("id" serial primary key)' }])
})

describeDialects('statements', (dialect) => {
  test('build the whole schema, quotes and semicolons in it', async () => {
    const { url } = await database(dialect)
    await sql(url, ...(await create(dialect, shop)))
    const insert = `insert into users (role, home_street, home_kind) values ('it''s', 'Main', 'home')`
    expect(await sql(url, insert, 'select name, role from users')).toEqual([["it's; a \\", "it's"]])
  })
})
