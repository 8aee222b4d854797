import { expect, test } from 'vitest'
import { readEntities } from '../../../plugins/mikro-orm/entities.ts'
import postgresql from '../../../plugins/postgresql/index.ts'
import type { WantedSchema } from '../../../src/dialect.ts'
import type { Schema } from '../../../src/schema/schema.ts'
import { database } from '../../support/database.ts'
import { describeDialects } from '../../support/dialects.ts'
import { sql } from '../../support/sql.ts'
import { userProject } from './user-project.ts'

async function read(text: string, config = 'export default { entities: Object.values(entities) }') {
  const root = userProject({
    'entities.mjs': `import { defineEntity, p } from '@mikro-orm/core'\n${text}`,
    'mikro-orm.config.js': `import * as entities from './entities.mjs'\n${config}`,
  })
  return readEntities('postgresql', { root, paths: [] })
}

/** With `<billing>` for the place of the schema of that name. */
function statements({ create, schemas = [] }: WantedSchema): readonly string[] {
  return create.map(({ sql: text }) =>
    schemas.reduce((left, { name, at }) => left.replaceAll(at, `<${name}>`), text),
  )
}

const shop = `
  export const Tag = defineEntity({ name: 'Tag', schema: 'Odd one', properties: { id: p.integer().primary(), mood: p.enum(['a']).nativeEnumName('mood') } })
  export const User = defineEntity({ name: 'User', tableName: 'users', schema: 'public', properties: {
    id: p.integer().primary(), name: p.string(), moods: p.enum(['ok', 'sad']).array().nativeEnumName('billing.Mood'), tags: () => p.manyToMany(Tag) },
    triggers: [{ name: 'noted', timing: 'after', events: ['insert'], when: 'billing.ready(new.id)', body: 'insert into public.users select 1; return new' }] })
  export const Invoice = defineEntity({ name: 'Invoice', tableName: 'billing.invoices', comment: 'billing.invoices',
    properties: { id: p.integer().primary(), user: () => p.manyToOne(User), parent: () => p.manyToOne(Invoice).nullable(), tags: () => p.manyToMany(Tag), word: p.string() },
    indexes: [
      { name: 'raw', expression: 'create index raw on billing.invoices (id)' },
      { name: 'called', expression: (columns, table, name) => 'create index ' + name + ' on ' + table + ' (id)' },
      { properties: ['word'], name: 'words', type: 'fulltext' },
    ],
    checks: [{ name: 'ready', expression: "word <> 'billing.invoices'" }],
    triggers: [{ name: 'noted', timing: 'after', events: ['insert'], body: 'return new' }] })
  export const Late = defineEntity({ name: 'Late', view: true, schema: 'billing', properties: { id: p.integer().primary() },
    expression: 'select users.id, billing.invoices.word from public.users join billing.invoices on user_id = users.id, "Odd one".tag, billing.early' })
  export const Early = defineEntity({ name: 'Early', view: true, schema: 'billing', expression: (em) => em.createQueryBuilder(Invoice).select('*'), properties: { id: p.integer().primary() } })`

test('what stands in schemas is built in places of their own, and is spelled with their names', async () => {
  const wanted = await read(shop)
  expect(wanted.schemas?.map(({ name }) => name)).toEqual(['Odd one', 'billing'])
  for (const { at } of wanted.schemas ?? []) expect(at).toMatch(/^aludel_scratch_[0-9a-f]{12}_[12]$/)
  expect(statements(wanted)).toEqual([
    'create schema "<Odd one>"',
    'create schema "<billing>"',
    `create type "<Odd one>"."mood" as enum ('a')`,
    `create type "<billing>"."Mood" as enum ('ok', 'sad')`,
    'create table "<Odd one>"."tag" ("id" serial primary key, "mood" "<Odd one>"."mood" not null)',
    'create table "users" ("id" serial primary key, "name" varchar(255) not null, "moods" "<billing>"."Mood"[] not null)',
    'create table "<billing>"."invoices" ("id" serial primary key, "user_id" int not null, "parent_id" int null, "word" varchar(255) not null)',
    `comment on table "<billing>"."invoices" is 'billing.invoices'`,
    'create index raw on <billing>.invoices (id)',
    'create index called on <billing>.invoices (id)',
    `create index "words" on "<billing>"."invoices" using gin(to_tsvector('simple', "word"))`,
    `alter table "<billing>"."invoices" add constraint "ready" check (word <> 'billing.invoices')`,
    'create table "<billing>"."invoices_tags" ("invoice_id" int not null, "tag_id" int not null, primary key ("invoice_id", "tag_id"))',
    'create table "users_tags" ("user_id" int not null, "tag_id" int not null, primary key ("user_id", "tag_id"))',
    'alter table "<billing>"."invoices" add constraint "invoices_user_id_foreign" foreign key ("user_id") references "users" ("id")',
    'alter table "<billing>"."invoices" add constraint "invoices_parent_id_foreign" foreign key ("parent_id") references "<billing>"."invoices" ("id") on delete set null',
    'alter table "<billing>"."invoices_tags" add constraint "invoices_tags_invoice_id_foreign" foreign key ("invoice_id") references "<billing>"."invoices" ("id") on update cascade on delete cascade',
    'alter table "<billing>"."invoices_tags" add constraint "invoices_tags_tag_id_foreign" foreign key ("tag_id") references "<Odd one>"."tag" ("id") on update cascade on delete cascade',
    'alter table "users_tags" add constraint "users_tags_user_id_foreign" foreign key ("user_id") references "users" ("id") on update cascade on delete cascade',
    'alter table "users_tags" add constraint "users_tags_tag_id_foreign" foreign key ("tag_id") references "<Odd one>"."tag" ("id") on update cascade on delete cascade',
    'create view "<billing>"."early" as select "i0".* from "<billing>"."invoices" as "i0"',
    'create view "<billing>"."late" as select users.id, <billing>.invoices.word from users join <billing>.invoices on user_id = users.id, "<Odd one>".tag, <billing>.early',
    'create or replace function "users_noted_fn"() returns trigger as $$ begin insert into public.users select 1; return new; end; $$ language plpgsql',
    'create trigger "noted" after insert on "users" for each row when (billing.ready(new.id)) execute function "users_noted_fn"()',
    'create or replace function "<billing>"."invoices_noted_fn"() returns trigger as $$ begin return new; end; $$ language plpgsql',
    'create trigger "noted" after insert on "<billing>"."invoices" for each row execute function "<billing>"."invoices_noted_fn"()',
  ])
  const { tables, views, enums, schemas } = wanted.declared
  expect(JSON.stringify(wanted.declared)).not.toContain('aludel_scratch')
  expect(schemas).toEqual(['Odd one', 'billing'])
  expect(enums).toEqual({
    'Odd one.mood': { name: 'Odd one.mood', items: ['a'] },
    'billing.Mood': { name: 'billing.Mood', items: ['ok', 'sad'] },
  })
  expect(views).toEqual({
    'billing.early': { name: 'billing.early', definition: 'select "i0".* from "billing"."invoices" as "i0"' },
    'billing.late': {
      name: 'billing.late',
      definition:
        'select users.id, billing.invoices.word from users join billing.invoices on user_id = users.id, "Odd one".tag, billing.early',
    },
  })
  expect(Object.keys(tables)).toEqual([
    'Odd one.tag',
    'users',
    'billing.invoices',
    'billing.invoices_tags',
    'users_tags',
  ])
  expect(tables['Odd one.tag']?.columns[1]?.type).toEqual({ sql: '"Odd one".mood' })
  expect(tables['users']?.columns[2]?.type).toEqual({ sql: 'billing."Mood"[]' })
  expect(tables['billing.invoices']?.foreignKeys?.map(({ references }) => references.table)).toEqual([
    'billing.invoices',
    'users',
  ])
})

test('the schema of the configuration is that of all entities that name none', async () => {
  const wanted = await read(
    `export const A = defineEntity({ name: 'A', properties: { id: p.integer().primary(), as: () => p.manyToMany(A), mood: p.enum(['x']).nativeEnumName('mood') } })
     export const B = defineEntity({ name: 'B', schema: 'public', properties: { id: p.integer().primary(), a: () => p.manyToOne(A) } })`,
    `export default { entities: Object.values(entities), schema: 'app', schemaGenerator: { skipTables: ['public.a', 'app.b'] } }`,
  )
  expect(Object.keys(wanted.declared.tables)).toEqual(['app.a', 'app.a_as', 'b'])
  expect(statements(wanted).slice(1)).toEqual([
    `create type "<app>"."mood" as enum ('x')`,
    'create table "<app>"."a" ("id" serial primary key, "mood" "<app>"."mood" not null)',
    'create table "<app>"."a_as" ("a_1_id" int not null, "a_2_id" int not null, primary key ("a_1_id", "a_2_id"))',
    'create table "b" ("id" serial primary key, "a_id" int not null)',
    'alter table "<app>"."a_as" add constraint "a_as_a_1_id_foreign" foreign key ("a_1_id") references "<app>"."a" ("id") on update cascade on delete cascade',
    'alter table "<app>"."a_as" add constraint "a_as_a_2_id_foreign" foreign key ("a_2_id") references "<app>"."a" ("id") on update cascade on delete cascade',
    'alter table "b" add constraint "b_a_id_foreign" foreign key ("a_id") references "<app>"."a" ("id")',
  ])
})

/** Of each table and view with its triggers and their bodies. */
function namesIn({ tables, views = {}, enums = {}, schemas = [] }: Schema): unknown {
  const all = [...Object.values(tables), ...Object.values(views)].map(({ name, triggers = [] }) => ({
    name,
    triggers: triggers.map(({ name: trigger, body = '' }) => `${trigger}: ${body.replace(/;$/, '')}`),
  }))
  return {
    all: all.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    enums: Object.values(enums).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    schemas,
  }
}

describeDialects(
  'building',
  (dialect) => {
    test('touches nothing of the project, though its tables have the same names in the same schemas', async () => {
      const { url } = await database(dialect)
      const wanted = await read(shop)
      await sql(
        url,
        'create schema billing',
        'create schema "Odd one"',
        'create table users (id int primary key)',
        'create table billing.invoices (id int primary key)',
        'create table "Odd one".tag (id int primary key)',
        'create function billing.ready(int) returns boolean language sql as $$ select true $$',
      )
      const objects =
        'select oid, relname, xmin from pg_class union all select oid, proname, xmin from pg_proc order by 1'
      const before = await sql(url, objects)
      await postgresql.scratch(url, async (session) => {
        for (const { sql: text } of wanted.create) await session.simple(text)
        const actual = await postgresql.reflect(session, { schemas: wanted.schemas ?? [] })
        expect(JSON.stringify(actual)).not.toMatch(/aludel_scratch|public\.users (?!select)/)
        expect(namesIn(actual)).toEqual(namesIn(wanted.declared))
        expect(actual.views?.['billing.late']?.definition).toMatch(/join billing\.invoices/i)
      })
      expect(await sql(url, objects)).toEqual(before)
    })
  },
  ['postgresql'],
)
