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
  ['mood#bad:x', 'the database has no enum type mood with the value bad'],
  ['mood#sad:ok', 'enum type mood has a value ok already'],
  ['mood#sad:x', 'the entities want no value x in enum type mood'],
  ['users.ix_old:both', 'table users has an index both already'],
  ['index:users.none:x', 'table users has no index none'],
  ['users', 'it says not what was renamed to what'],
])('the answer %s is refused', (typed, why) => {
  expect(() => resolve(typed)).toThrow(`--rename ${typed}: ${why}.`)
})
