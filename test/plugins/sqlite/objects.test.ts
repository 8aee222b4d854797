import { expect, test } from 'vitest'
import sqlite from '../../../plugins/sqlite/index.ts'
import { apply } from '../../../src/operations/apply.ts'
import { inverse } from '../../../src/operations/inverse.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { emptySchema, type Schema } from '../../../src/schema/schema.ts'
import { carryOut, memory, textOf } from './support.ts'
import { onlyPostgresMeans } from '../../support/only-postgres.ts'

const other = 'select n from t where n < 9'
const early = {
  name: 'early',
  timing: 'before',
  events: ['update'],
  columns: ['n'],
  when: `new."a" = ';'`,
  body: "select raise(abort, 'a;b'); select 1",
} as const
const seen = {
  name: 'seen',
  timing: 'instead of',
  events: ['insert'],
  body: 'insert into t (n) values (new.n)',
} as const

/** As far as it is compared. */
function compared({ tables, ...schema }: Schema): Schema {
  const shown = Object.entries(tables).map(([name, { source: _, ...table }]) => [name, table])
  return { ...schema, tables: Object.fromEntries(shown) }
}

test('views, triggers and indexes become what their data says, and are taken back', async () => {
  const session = await memory(
    'create table t (id integer primary key, a text, n integer)',
    'create unique index u on t (a)',
    'create index i on t (n) where n > 1',
    'create table log (n integer)',
    'create view w (x) as select n from t',
    'create trigger w_insert instead of insert on w begin insert into t (n) values (new.x); end',
    'create trigger gone after delete on t begin insert into log values (old.n); end',
    "insert into t values (1, 'a', 5)",
  )
  const read = async (): Promise<Schema> => compared(await sqlite.reflect(session))
  const operations: readonly Operation[] = [
    { kind: 'createView', view: { name: 'v', definition: `${other} -- all` } },
    { kind: 'replaceView', view: { name: 'w', definition: other } },
    { kind: 'dropView', view: 'w' },
    { kind: 'createTrigger', table: 't', trigger: early },
    { kind: 'createTrigger', table: 'w', trigger: seen },
    { kind: 'dropTrigger', table: 't', trigger: 'gone' },
    { kind: 'dropTrigger', table: 'w', trigger: 'w_insert' },
    { kind: 'renameIndex', table: 't', index: 'i', to: 'j' },
    { kind: 'renameIndex', table: 't', index: 'u', to: 'k' },
    {
      kind: 'createTable',
      table: {
        name: 'made',
        columns: [{ name: 'n', type: { sql: 'integer' }, nullable: true }],
        triggers: [early],
      },
    },
    { kind: 'dropTable', table: 'log' },
  ]
  for (const operation of operations) {
    const before = await read()
    await carryOut(session, operation)
    const told = JSON.stringify(operation)
    expect(await read(), told).toEqual(apply(before, operation))
    await carryOut(session, ...inverse(operation, before))
    expect(await read(), `${told} taken back`).toEqual(before)
  }
  expect(await session.query('select * from t')).toEqual([{ id: 1, a: 'a', n: 5 }])
})

test('rows are added, of a column that is left out its default', async () => {
  const session = await memory("create table t (id integer primary key, a text default 'd', b)")
  const rows = [{ a: "it's \\ \r\n", b: true }, { b: false }, { a: null, b: { sql: '1 > 2' } }]
  await carryOut(session, { kind: 'bulkInsert', table: 't', rows })
  expect(await session.query('select a, b from t order by id')).toEqual([
    { a: "it's \\ \r\n", b: 1 },
    { a: 'd', b: 0 },
    { a: null, b: 0 },
  ])
})

test.each<[Operation, RegExp]>([
  [
    { kind: 'createTrigger', table: 't', trigger: { ...early, events: ['delete', 'update'] } },
    /one trigger for each event.*early_delete, early_update/,
  ],
  [{ kind: 'createTrigger', table: 't', trigger: { ...early, forEach: 'statement' } }, /`forEach`/],
  ...onlyPostgresMeans,
])('%j is refused, with what to write instead', async (operation, fix) => {
  await expect(sqlite.compile([operation], emptySchema)).rejects.toMatchObject({
    code: 'NOT_SUPPORTED',
    fix: expect.stringMatching(fix),
  })
})

test('what has no place in SQLite makes no statement', async () => {
  const operations: readonly Operation[] = [
    { kind: 'setTableComment', table: 't', comment: 'c' },
    { kind: 'validateConstraint', table: 't', constraint: 'c' },
  ]
  expect(await sqlite.compile(operations, emptySchema)).toEqual([[], []])
})

const column = (name: string): Operation => ({
  kind: 'alterColumn',
  table: 't',
  column: name,
  change: { nullable: false },
})

test.each<[string, readonly Operation[], { readonly texts: Readonly<Record<string, RegExp | undefined>> }]>([
  [
    'a trigger made before it',
    [{ kind: 'createTrigger', table: 't', trigger: early }, column('n')],
    { texts: { early: /before update of `n`/, gone: /old\.a/ } },
  ],
  [
    'no trigger dropped before it',
    [{ kind: 'dropTrigger', table: 't', trigger: 'gone' }, column('n')],
    { texts: { gone: undefined, v: /select a from t/ } },
  ],
  [
    'a view made before it, and the triggers of that',
    [
      { kind: 'createView', view: { name: 'made', definition: 'select t.n from t, elsewhere' } },
      { kind: 'createTrigger', table: 'made', trigger: seen },
      column('n'),
    ],
    { texts: { made: /from t, elsewhere/, seen: /on `made`/ } },
  ],
  [
    'a column that a trigger dropped before it used',
    [
      { kind: 'dropTrigger', table: 't', trigger: 'gone' },
      { kind: 'dropView', view: 'v' },
      { kind: 'dropColumn', table: 't', column: 'a' },
      column('n'),
    ],
    { texts: { gone: undefined, t: /`?n`? integer not null\)/ } },
  ],
  [
    'what reads another table too, and has a new name since',
    [
      { kind: 'createView', view: { name: 'made', definition: 'select t.n from t, elsewhere' } },
      { kind: 'renameColumn', table: 't', column: 'n', to: 'm' },
      { kind: 'alterColumn', table: 't', column: 'm', change: { nullable: false } },
      { kind: 'renameColumn', table: 't', column: 'm', to: 'n' },
    ],
    { texts: { made: /select t\."?n"? from t, elsewhere/, t: /integer not null/ } },
  ],
  [
    'the new names in a trigger and a view, which are replaced after it',
    [
      { kind: 'renameColumn', table: 't', column: 'a', to: 'b' },
      column('n'),
      { kind: 'replaceView', view: { name: 'v', definition: 'select b, n from t' } },
    ],
    { texts: { gone: /old\.`?"?b/, v: /select b, n from t/ } },
  ],
])('a rebuild keeps %s', async (_, operations, { texts }) => {
  const session = await memory(
    'create table t (id integer primary key, a text, n integer)',
    'create table log (a text)',
    'create table elsewhere (x)',
    'create view v as select a from t',
    'create trigger gone after delete on t begin insert into log values (old.a); end',
    "insert into t values (1, 'a', 5)",
  )
  await carryOut(session, ...operations)
  for (const [name, text] of Object.entries(texts))
    if (text) expect(await textOf(session, name)).toMatch(text)
    else expect(await textOf(session, name)).toBeUndefined()
  expect(await session.query('select id, n from t')).toEqual([{ id: 1, n: 5 }])
})

test('a table is not made again by a trigger whose text nobody can say any more', async () => {
  const session = await memory('create table t (a text, n integer)', 'create table log (a text)')
  const body = 'insert into log values (new.a)'
  const operations: readonly Operation[] = [
    { kind: 'createTrigger', table: 't', trigger: { name: 'x', timing: 'after', events: ['insert'], body } },
    { kind: 'renameColumn', table: 't', column: 'a', to: 'b' },
    column('n'),
  ]
  await expect(carryOut(session, ...operations)).rejects.toMatchObject({ code: 'SHAPE_UNKNOWN' })
  await carryOut(session, ...operations.slice(0, 2))
  await carryOut(session, ...operations.slice(2))
  expect(await textOf(session, 'x')).toMatch(/new\."?b/)
})

test('a constraint that is not to look at old rows looks at them all the same, as no other is there', async () => {
  const session = await memory(
    'create table p (id integer primary key)',
    'create table t (a int)',
    'insert into t values (1)',
  )
  const foreignKey = { columns: ['a'], references: { table: 'p', columns: ['id'] }, notValid: true }
  await expect(carryOut(session, { kind: 'createForeignKey', table: 't', foreignKey })).rejects.toThrow(
    /refers/,
  )
  await session.simple('insert into p values (1)')
  await carryOut(session, { kind: 'createForeignKey', table: 't', foreignKey })
  expect(await textOf(session, 't')).toMatch(/references `p`/)
})

test('a view that reads other tables is replaced with its triggers, whatever is renamed beside it', async () => {
  const session = await memory(
    'create table t (a text, n integer)',
    'create table u (x integer)',
    'create view v as select x from u',
    'create view plain as select t.n, u.x from t, u',
    'create trigger r instead of insert on v begin insert into u values (new.x); end',
    'create trigger s instead of delete on v begin insert into t (n) values (old.x); end',
  )
  const replace = (name: string): Operation => ({
    kind: 'replaceView',
    view: { name, definition: 'select 1 as x' },
  })
  const rename = (from: string, to: string): Operation => ({
    kind: 'renameColumn',
    table: 't',
    column: from,
    to,
  })
  // That trigger names the table whose column has another name.
  await expect(carryOut(session, rename('a', 'b'), replace('v'))).rejects.toMatchObject({
    code: 'SHAPE_UNKNOWN',
  })
  await session.simple('drop trigger s')
  const trigger = { ...seen, name: 'w', events: ['update'], body: 'select 1' } as const
  await carryOut(
    session,
    rename('a', 'b'),
    { kind: 'createTrigger', table: 'v', trigger },
    rename('b', 'c'),
    replace('v'),
    replace('plain'),
    column('n'),
  )
  expect(await textOf(session, 'r')).toMatch(/insert into u/)
  expect(await textOf(session, 'w')).toMatch(/select 1/)
  expect(await textOf(session, 'v')).toMatch(/select 1/)
})
