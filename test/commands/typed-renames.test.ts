import { expect, test } from 'vitest'
import { resolveRenames } from '../../src/commands/typed-renames.ts'
import type { Schema, Table } from '../../src/schema/schema.ts'

const columns = (...names: readonly string[]): Table['columns'] =>
  names.map((name) => ({ name, type: 'integer' }))

const live: Schema = {
  tables: {
    users: {
      name: 'users',
      columns: columns('phone', 'both'),
      indexes: [
        { name: 'ix_old', columns: ['phone'] },
        { name: 'both', columns: ['both'] },
      ],
    },
    'billing.invoices': { name: 'billing.invoices', columns: columns('total') },
    'users.phone': { name: 'users.phone', columns: columns('id') },
  },
  enums: { mood: { name: 'mood', items: ['sad', 'ok'] } },
}
const wanted: Schema = {
  tables: {
    people: {
      name: 'people',
      columns: columns('phone_number', 'two'),
      indexes: [
        { name: 'ix_new', columns: ['phone_number'] },
        { name: 'two', columns: ['two'] },
      ],
    },
    'billing.invoices': { name: 'billing.invoices', columns: columns('sum') },
  },
  enums: { mood: { name: 'mood', items: ['unhappy', 'ok'] } },
}
const resolve = (...typed: readonly string[]) =>
  resolveRenames(
    typed.map((each) => ({ typed: each })),
    live,
    wanted,
  )

test('an answer means what the database has of its name, under the name that it has by then', () => {
  expect(
    resolve(
      ...[
        'column:users.phone:phone_number',
        'users.ix_old:users.ix_new',
        'users:people',
        'index:people.both:two',
      ],
      ...['column:people.both:two', 'billing.invoices.total:sum', 'mood#sad:mood#unhappy'],
    ),
  ).toEqual([
    { table: 'users', column: 'phone', to: 'phone_number' },
    { table: 'users', index: 'ix_old', to: 'ix_new' },
    { table: 'users', to: 'people' },
    { table: 'people', index: 'both', to: 'two' },
    { table: 'people', column: 'both', to: 'two' },
    { table: 'billing.invoices', column: 'total', to: 'sum' },
    { enum: 'mood', value: 'sad', to: 'unhappy' },
  ])
})

test.each([
  [
    'users.both:two',
    'it may be column or index; say --rename column:users.both:two, or --rename index:users.both:two',
  ],
  [
    'users.phone:x',
    'it may be table or column; say --rename table:users.phone:x, or --rename column:users.phone:x',
  ],
  ['mood#bad:x', 'the database has no enum type and no column mood with the value bad'],
  ['mood#sad:ok', 'enum type mood has a value ok already'],
  ['mood#sad:x', 'the entities want no value x in enum type mood'],
  ['users.ix_old:both', 'table users has an index both already'],
  ['index:users.none:x', 'table users has no index none'],
  ['users', 'it says not what was renamed to what'],
])('the answer %s is refused', (typed, why) => {
  expect(() => resolve(typed)).toThrow(`--rename ${typed}: ${why}.`)
})

const pair = (one: string, other: string): Schema => ({
  tables: {
    visits: {
      name: 'visits',
      columns: columns(one, other),
      indexes: [one, other].map((name) => ({ name: `ix_${name}`, columns: [name] })),
    },
  },
})

test('answers may stand in any order, and name a table as it was or as it will be', () => {
  const forth: readonly string[] = ['users:people', 'people.phone:phone_number', 'users.ix_old:ix_new']
  const renames = [
    { table: 'users', to: 'people' },
    { table: 'people', column: 'phone', to: 'phone_number' },
    { table: 'people', index: 'ix_old', to: 'ix_new' },
  ]
  expect(resolve(...forth)).toEqual(renames)
  expect(resolve(...forth.toReversed())).toEqual([
    { table: 'users', index: 'ix_old', to: 'ix_new' },
    { table: 'users', to: 'people' },
    { table: 'people', column: 'phone', to: 'phone_number' },
  ])
})

test('a name that another answer frees may be taken, whichever comes first', () => {
  const chain = ['visits.a:b', 'visits.b:c']
  const answers = chain.map((typed) => ({ typed }))
  expect(resolveRenames(answers, pair('a', 'b'), pair('b', 'c'))).toEqual([
    { table: 'visits', column: 'b', to: 'c' },
    { table: 'visits', column: 'a', to: 'b' },
  ])
})

test('what changes names with one another takes a name in between', () => {
  const answers = ['visits.a:b', 'visits.b:a', 'visits.ix_a:ix_b', 'visits.ix_b:ix_a']
  const schema = pair('a', 'b')
  expect(
    resolveRenames(
      answers.map((typed) => ({ typed })),
      schema,
      schema,
    ),
  ).toEqual([
    { table: 'visits', column: 'a', to: 'swap' },
    { table: 'visits', column: 'b', to: 'a' },
    { table: 'visits', column: 'swap', to: 'b' },
    { table: 'visits', index: 'ix_a', to: 'swap' },
    { table: 'visits', index: 'ix_b', to: 'ix_a' },
    { table: 'visits', index: 'swap', to: 'ix_b' },
  ])
})

test('a circle of tables and of values of an enum is closed as well', () => {
  const tables: Schema = {
    tables: Object.fromEntries(['x.a', 'x.b', 'x.c'].map((name) => [name, { name, columns: [] }])),
    enums: { mood: { name: 'mood', items: ['low', 'high', 'swap'] } },
  }
  const answers = ['x.a:x.b', 'x.b:x.c', 'x.c:x.a', 'mood#low:high', 'mood#high:low']
  expect(
    resolveRenames(
      answers.map((typed) => ({ typed })),
      tables,
      tables,
    ),
  ).toEqual([
    { table: 'x.a', to: 'x.swap' },
    { table: 'x.c', to: 'x.a' },
    { table: 'x.b', to: 'x.c' },
    { table: 'x.swap', to: 'x.b' },
    { enum: 'mood', value: 'low', to: 'swap_2' },
    { enum: 'mood', value: 'high', to: 'low' },
    { enum: 'mood', value: 'swap_2', to: 'high' },
  ])
})

test('a name may have a colon in it', () => {
  expect(
    resolveRenames(
      [{ typed: 'visits.a:b:c:d' }, { typed: 'index:visits.ix_a:b:ix_c:d' }],
      pair('a:b', 'e'),
      pair('c:d', 'e'),
    ),
  ).toEqual([
    { table: 'visits', column: 'a:b', to: 'c:d' },
    { table: 'visits', index: 'ix_a:b', to: 'ix_c:d' },
  ])
})

test('a value of a column is one of its own enum type, or of a check of it alone, whatever the column is called by then', () => {
  const table = (name: string, column: string, ...items: readonly string[]): Schema['tables'] => {
    const list = items.map((item) => `'${item}'`).join(', ')
    const checks = [
      { name: 'c', expression: `"kind" = any (array[${list}])` },
      { name: 'd', expression: `"n" not in (${list})` },
    ]
    return {
      [name]: {
        name,
        columns: [
          { name: column, type: { sql: `enum(${list})` } },
          { name: 'kind', type: { sql: 'text' } },
          { name: 'n', type: { sql: 'text' } },
        ],
        checks,
      },
    }
  }
  const given = (...typed: readonly string[]) =>
    resolveRenames(
      typed.map((each) => ({ typed: each })),
      { tables: table('users', 'mood', 'sad', 'ok') },
      { tables: table('people', 'state', 'low', 'ok') },
    )
  expect(
    given('users.mood#sad:low', 'users:people', 'people.mood:state', 'value:people.kind#sad:low'),
  ).toEqual([
    { table: 'users', to: 'people' },
    { table: 'people', column: 'mood', to: 'state' },
    { table: 'people', column: 'state', value: 'sad', to: 'low' },
    { table: 'people', column: 'kind', value: 'sad', to: 'low' },
  ])
  expect(() => given('users:people', 'users.kind#sad:ok')).toThrow(
    'column people.kind has a value ok already',
  )
  expect(() => given('users:people', 'users.kind#sad:x')).toThrow(
    'the entities want no value x in column people.kind',
  )
  expect(() => given('users.n#sad:low')).toThrow(
    'the database has no enum type and no column users.n with the value sad',
  )
})
