import { expect, test } from 'vitest'
import { apply } from '../../../src/operations/apply.ts'
import { inverse } from '../../../src/operations/inverse.ts'
import type { ColumnChange } from '../../../src/operations/alter-column/operation.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Schema, View } from '../../../src/schema/schema.ts'
import { database } from '../../support/database.ts'
import { revisionFile } from '../../support/files.ts'
import { project } from '../../support/project.ts'
import { carryOut, describePostgresql, type Place, reflectAll, runAll } from './support.ts'

/** What is there before each change. */
const setup = [
  'create schema "Bil.ling"',
  `create type mood as enum ('sad', 'it''s', 'gone')`,
  `create type "Bil.ling"."Mood" as enum ('a', 'b')`,
  `create table users (id int primary key, mood mood default 'sad', moods mood[] default '{sad,gone}', name text)`,
  `create table "Bil.ling".users (id serial constraint own_key primary key, kind "Bil.ling"."Mood" not null default 'a', owner int,
    constraint owned foreign key (owner) references users)`,
  'create index by_owner on "Bil.ling".users (owner)',
  `create function touch_row() returns trigger language plpgsql as 'begin return new; end'`,
  'create type unused as enum ()',
  'create view names as select 1 as id',
  'create view plain as select 1 as one',
  `create function "Bil.ling".users_own_fn() returns trigger language plpgsql as 'begin return new; end'`,
  'create trigger own before insert on "Bil.ling".users for each row execute function "Bil.ling".users_own_fn()',
  'create trigger called after delete on users for each row execute function touch_row()',
  'create materialized view kept as select 1 as id',
  'create unique index kept_id on kept (id)',
  `comment on view names is 'it''s'`,
]
const changes: Readonly<Record<string, readonly Operation[]>> = {
  'an enum type is created': [{ kind: 'createEnum', name: 'Bil..ling.x..y', items: ["it's", '\\'] }],
  'values are added': [
    { kind: 'alterEnum', name: 'mood', items: ['first', 'sad', "it's", 'then', 'gone', 'last'] },
  ],
  'values trade their names': [
    { kind: 'alterEnum', name: 'Bil..ling.Mood', items: ['b', 'a'], renamed: { a: 'b', b: 'a' } },
  ],
  'values change their order': [{ kind: 'alterEnum', name: 'Bil..ling.Mood', items: ['b', 'new', 'a'] }],
  'a value goes': [{ kind: 'alterEnum', name: 'Bil..ling.Mood', items: ['a'] }],
  'all at once': [
    { kind: 'alterEnum', name: 'mood', items: ['now', 'gone', 'sad'], renamed: { "it's": 'now' } },
  ],
  'a new value is used at once': [
    { kind: 'alterEnum', name: 'mood', items: ['sad', "it's", 'gone', "new's"] },
    {
      kind: 'alterColumn',
      table: 'users',
      column: 'mood',
      change: { default: { sql: `'new''s'::mood` } },
    },
  ],
  'an enum type is dropped': [{ kind: 'dropEnum', name: 'unused' }],
  'a view is created': [
    {
      kind: 'createView',
      view: {
        name: 'Bil..ling.v',
        definition: 'SELECT 1 AS one',
        comment: 'c',
        options: ['security_barrier=true'],
      },
    },
  ],
  'a materialized view is created': [
    {
      kind: 'createView',
      view: {
        name: 'Bil..ling.v',
        definition: 'SELECT 1 AS one',
        materialized: true,
        comment: 'c',
        indexes: [{ name: 'v_one', columns: ['one'], unique: true }],
      },
    },
  ],
  'a view is replaced': [
    {
      kind: 'replaceView',
      view: { name: 'names', definition: 'SELECT 3 AS id' },
    },
  ],
  'a materialized view is replaced': [
    {
      kind: 'replaceView',
      view: { name: 'kept', definition: 'SELECT 3 AS id', materialized: true, comment: 'c' },
    },
  ],
  'a view becomes a materialized one': [
    {
      kind: 'replaceView',
      view: { name: 'plain', definition: 'SELECT 2 AS one', materialized: true },
    },
  ],
  'views are dropped': [
    { kind: 'dropView', view: 'names' },
    { kind: 'dropView', view: 'kept' },
  ],
  'triggers are created': [
    {
      kind: 'createTrigger',
      table: 'Bil..ling.users',
      trigger: { name: 'log', timing: 'after', events: ['delete'], execute: 'touch_row()' },
    },
    {
      kind: 'createTrigger',
      table: 'users',
      trigger: {
        name: 'fill',
        timing: 'before',
        events: ['insert', 'update'],
        columns: ['id', 'name'],
        when: '(new.id > 0)',
        body: "new.name := 'it''s $body$ ' || new.id;\nreturn new; -- end",
        enabled: 'always',
      },
    },
    {
      kind: 'createTrigger',
      table: 'users',
      trigger: {
        name: 'later',
        timing: 'after',
        events: ['delete', 'update'],
        body: 'declare x int; begin return null; end;',
        constraint: 'initially deferred',
      },
    },
    {
      kind: 'createTrigger',
      table: 'users',
      trigger: {
        name: 'seen',
        timing: 'after',
        events: ['update'],
        forEach: 'statement',
        referencing: 'old table as gone new table as come',
        body: 'return null;',
        enabled: 'never',
      },
    },
    {
      kind: 'createTrigger',
      table: 'names',
      trigger: { name: 'instead', timing: 'instead of', events: ['delete'], body: 'return null;' },
    },
  ],
  'triggers are dropped': [
    { kind: 'dropTrigger', table: 'Bil..ling.users', trigger: 'own' },
    { kind: 'dropTrigger', table: 'users', trigger: 'called' },
  ],
  'a table with a trigger is renamed': [
    { kind: 'renameTable', table: 'Bil..ling.users', to: 'Bil..ling.people' },
  ],
  'a table with a trigger goes to another schema': [
    { kind: 'renameTable', table: 'Bil..ling.users', to: 'people' },
  ],
  'a table with a trigger is dropped': [{ kind: 'dropTable', table: 'Bil..ling.users' }],
  'what belongs to a table in another schema': [
    { kind: 'renameIndex', table: 'Bil..ling.users', index: 'by_owner', to: 'of_owner' },
    { kind: 'dropIndex', table: 'Bil..ling.users', index: 'of_owner' },
    { kind: 'createIndex', table: 'Bil..ling.users', index: { name: 'new', columns: ['kind'] } },
    { kind: 'dropConstraint', table: 'Bil..ling.users', type: 'foreignKey', name: 'owned' },
    {
      kind: 'createForeignKey',
      table: 'users',
      foreignKey: {
        name: 'there',
        columns: ['id'],
        references: { table: 'Bil..ling.users', columns: ['id'] },
        notValid: true,
      },
    },
    { kind: 'validateConstraint', table: 'users', constraint: 'there' },
    { kind: 'setTableComment', table: 'Bil..ling.users', comment: "it's" },
    {
      kind: 'addColumn',
      table: 'Bil..ling.users',
      column: { name: 'n', type: { sql: 'integer' }, comment: 'n', nullable: true },
    },
    { kind: 'renameColumn', table: 'Bil..ling.users', column: 'n', to: 'm' },
    {
      kind: 'alterColumn',
      table: 'Bil..ling.users',
      column: 'm',
      change: { comment: null, default: { sql: '1' } },
    },
    { kind: 'alterColumn', table: 'Bil..ling.users', column: 'id', change: { autoincrement: false } },
    { kind: 'dropColumn', table: 'Bil..ling.users', column: 'owner' },
  ],
}

const always = 'generated always as identity'
const byDefault = 'generated by default as identity'
/** What a column is before, and what changes. */
const counting: readonly (readonly [string, ColumnChange])[] = [
  ['int not null', { extra: always }],
  ['int not null', { extra: `${byDefault} (increment by 5)` }],
  ['int not null', { autoincrement: true }],
  ['int not null', { autoincrement: true, extra: 'increment by 5 start with 100' }],
  [`int ${always}`, { extra: byDefault }],
  [`int ${always}`, { extra: `${always} (increment by 5)` }],
  [`int ${always} (increment by 5)`, { extra: byDefault }],
  [`int ${byDefault} (increment by 5)`, { extra: null }],
  [`int ${byDefault} (increment by 5)`, { extra: null, autoincrement: true }],
  ['serial', { autoincrement: false }],
  ['serial', { autoincrement: false, extra: byDefault }],
  ['serial', { extra: 'increment by 5' }],
  ['serial', { type: { sql: 'bigint' } }],
  ['serial', { autoincrement: false, default: { sql: '5' } }],
  [`int ${always}`, { type: { sql: 'bigint' } }],
  ['int not null default 7', { default: null, extra: always }],
  ['int default 7', { default: null, nullable: false, extra: always }],
]

describePostgresql('operations', (open) => {
  // Looked for under the one name "app.x" there was no such table, and its rows were lost without a word.
  test('on a table of another schema lose no rows without consent', async () => {
    const db = await database('postgresql')
    const table = `op.createSchema('app'); op.createTable('app.x..y', { columns: [{ name: 'n', type: 'integer' }, { name: 'm', type: 'integer' }] })`
    const app = project({
      'aludel.config.json': '{}',
      ...revisionFile('a1', { up: `${table}; op.bulkInsert('app.x..y', [{ n: 1, m: 2 }])` }),
      ...revisionFile('b1', { down: 'a1', up: `op.dropColumn('app.x..y', 'm')` }),
      ...revisionFile('c1', { down: 'a1', up: `op.dropTable('app.x..y')` }),
    })
    const run = (to: string) => app.run(['upgrade', to, '--json'], { env: { DATABASE_URL: db.url } })
    expect(await run('a1')).toMatchObject({ status: 0 })
    for (const to of ['b1', 'c1']) {
      const { stdout } = await run(to)
      expect(JSON.parse(stdout).error, to).toMatchObject({ code: 'CONSENT_MISSING' })
    }
  })

  test('there and back, the server has what `apply` says, and then what it had', async () => {
    const place = await open()
    await runAll(place, ...setup)
    const before = await reflected(place)
    for (const [title, operations] of Object.entries(changes)) {
      const back = await there(place, title, operations, before)
      await carryOut(place, ...back).catch((cause: unknown) => {
        throw new Error(`${title}, back: ${String(cause)}\n${JSON.stringify(back)}`, { cause })
      })
      expect.soft(inAnyOrder(await reflected(place)), `${title}, back`).toEqual(inAnyOrder(before))
    }
  })

  test('make columns count, count otherwise, and stop, there and back', async () => {
    const place = await open()
    for (const [made, change] of counting) {
      const title = `${made}: ${JSON.stringify(change)}`
      await runAll(place, `create table t (a text, c ${made})`)
      const before = await reflected(place)
      const operation: Operation = { kind: 'alterColumn', table: 't', column: 'c', change }
      await carryOut(place, ...(await there(place, title, [operation], before)))
      expect.soft(await reflected(place), `${title}, back`).toEqual(before)
      await runAll(place, 'drop table t')
    }
  })
})

async function there(
  place: Place,
  title: string,
  operations: readonly Operation[],
  before: Schema,
): Promise<readonly Operation[]> {
  const after = operations.reduce(apply, before)
  let shape = before
  const back: Operation[] = []
  for (const operation of operations) {
    back.unshift(...inverse(operation, shape))
    shape = apply(shape, operation)
  }
  await carryOut(place, ...operations).catch((cause: unknown) => {
    throw new Error(`${title}: ${String(cause)}`, { cause })
  })
  expect.soft(inAnyOrder(await reflected(place)), title).toEqual(inAnyOrder(after))
  return back
}

/** Without what follows from the definition of a view. */
async function reflected({ session }: Place): Promise<Schema> {
  const schemas = [{ name: 'Bil.ling', at: 'Bil.ling' }]
  const { views = {}, ...schema } = await reflectAll(session, { schemas })
  const plain = Object.values(views).map(({ columns: _, ...view }): readonly [string, View] => [
    view.name,
    view,
  ])
  return { ...schema, views: Object.fromEntries(plain) }
}

/** A column that was dropped comes back as the last one. */
function inAnyOrder(schema: Schema): unknown {
  const tables = Object.values(schema.tables).map(({ columns, ...table }) => ({
    ...table,
    columns: columns.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  }))
  return { ...schema, tables: tables.toSorted((a, b) => (a.name < b.name ? -1 : 1)) }
}
