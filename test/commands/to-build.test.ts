import { expect, test } from 'vitest'
import { toBuild } from '../../src/commands/to-build.ts'
import type { WantedStatement } from '../../src/dialect.ts'
import type { Schema, Table } from '../../src/schema/schema.ts'

const plain = (name: string, ...columns: readonly string[]): Table => ({
  name,
  columns: columns.map((column) => ({ name: column, type: { sql: 'integer' } })),
})
const schema = (...tables: readonly Table[]): Schema => ({
  tables: Object.fromEntries(tables.map((table) => [table.name, table])),
})
const foreseen = (...tables: readonly Table[]): ReadonlyMap<string, Table> =>
  new Map(tables.map((table) => [table.name, table]))

const create: readonly WantedStatement[] = [
  { sql: 'type mood' },
  { sql: 'table a', table: 'a' },
  { sql: 'index a', table: 'a' },
  { sql: 'table b', table: 'b' },
  { sql: 'table c', table: 'c' },
  { sql: 'key a to b', table: 'a', references: 'b' },
  { sql: 'key b to c', table: 'b', references: 'c' },
]
const [a, b, c] = [plain('a', 'id'), plain('b', 'id', 'n'), plain('c', 'id')]
const build = (...input: Parameters<typeof toBuild>): readonly string[] =>
  toBuild(...input).statements.map(({ sql }) => sql)

test('what is foreseen to the letter is not built, in whatever order its columns stand and whatever text made it', () => {
  const live = schema(a, { ...plain('b', 'n', 'id'), source: { table: 'create', dependents: [] } }, c)
  expect(build(create, foreseen(a, b, c), live)).toEqual(['type mood'])
  expect(toBuild(create, foreseen(a, b, c), live).same).toEqual(Object.values(live.tables))
})

test('what differs is built with the tables that its keys lead to, which need no keys of their own', () => {
  expect(build(create, foreseen(a, b, c), schema(plain('a', 'id', 'x'), b, c))).toEqual([
    'type mood',
    'table a',
    'index a',
    'table b',
    'key a to b',
  ])
  expect(build(create, foreseen(a, c), schema(a, b, c))).toEqual([
    'type mood',
    'table b',
    'table c',
    'key b to c',
  ])
})

test.each<readonly [string, Table]>([
  ['a table of which not all is foreseen', b],
  ['one that the database lacks', b],
  ['one with a comment more', { ...b, comment: 'x' }],
  [
    'one with a trigger more',
    { ...b, triggers: [{ name: 't', timing: 'after', events: ['insert'], body: 'x' }] },
  ],
  ['one with an option more', { ...b, options: ['unlogged'] }],
])('%s is built', (title, found) => {
  const known = title.includes('not all') ? foreseen(a, c) : foreseen(a, b, c)
  const live = title.includes('lacks') ? schema(a, c) : schema(a, found, c)
  expect(build(create, known, live)).toContain('table b')
})

test('a text that makes no table has the tables that it names', () => {
  const [orders, users] = [plain('orders', 'id'), plain('users', 'id')]
  const view = { sql: 'create view open as select * from Orders' }
  const tables = [orders, users].map(({ name }) => ({ sql: `table ${name}`, table: name }))
  expect(build([...tables, view], foreseen(orders, users), schema(orders, users))).toEqual([
    'table orders',
    view.sql,
  ])
})

test('all is built where nothing is foreseen', () => {
  expect(build(create, new Map(), schema(a, b, c))).toEqual(create.map(({ sql }) => sql))
})
