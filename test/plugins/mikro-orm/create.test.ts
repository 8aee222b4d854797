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

test('the statements are those of getCreateSchemaSQL, one a string, without views and triggers', async () => {
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

describeDialects('statements', (dialect) => {
  test('build the whole schema, quotes and semicolons in it', async () => {
    const { url } = await database(dialect)
    await sql(url, ...(await create(dialect, shop)))
    const insert = `insert into users (role, home_street, home_kind) values ('it''s', 'Main', 'home')`
    expect(await sql(url, insert, 'select name, role from users')).toEqual([["it's; a \\", "it's"]])
  })
})
