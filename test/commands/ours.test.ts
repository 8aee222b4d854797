import { expect, test } from 'vitest'
import { noHistory } from '../../src/commands/history-schema.ts'
import { type Claims, divide } from '../../src/commands/ours.ts'
import type { Schema, Table } from '../../src/schema/schema.ts'

const columns = (...names: readonly string[]): Table['columns'] =>
  names.map((name) => ({ name, type: 'integer' }))

function schema(...tables: readonly Table[]): Schema {
  return { tables: Object.fromEntries(tables.map((table) => [table.name, table])) }
}

const users: Table = { name: 'users', columns: columns('id', 'email', 'org') }
const nothing: Claims = { wanted: schema(users), history: noHistory, owns: [], renames: [] }

/** What is left to others, as `kind name`. */
function unmanaged(live: Schema, claims: Partial<Claims> = {}): readonly string[] {
  return divide(live, { ...nothing, ...claims }).unmanaged.map(({ kind, name }) => `${kind} ${name}`)
}

const dressed: Table = {
  ...users,
  columns: columns('id', 'email', 'org', 'legacy'),
  uniques: [
    { name: 'users_email_unique', columns: ['email'] },
    { name: 'users_legacy_key', columns: ['legacy'] },
  ],
  indexes: [{ name: 'ix_org', columns: ['org'] }],
  foreignKeys: [{ name: 'fk_org', columns: ['org'], references: { table: 'orgs', columns: ['id'] } }],
  checks: [{ name: 'positive', expression: 'id > 0' }],
  triggers: [{ name: 'touch', timing: 'before', events: ['update'], body: '' }],
}

test('what no entity wants and no revision made is told once each, and is no part of what is compared', () => {
  const live: Schema = {
    ...schema(dressed, { name: 'audit', columns: columns('id', 'at') }),
    views: { days: { name: 'days', definition: 'select 1' } },
    enums: { mood: { name: 'mood', items: ['sad'] } },
    schemas: ['billing'],
    others: [{ kind: 'function', name: 'f' }],
  }
  const division = divide(live, nothing)
  expect(division.unmanaged.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    ...['column users.legacy', 'unique users.users_email_unique', 'unique users.users_legacy_key'],
    ...['index users.ix_org', 'foreignKey users.fk_org', 'check users.positive', 'trigger users.touch'],
    ...['table audit', 'view days', 'enum mood', 'schema billing', 'function f'],
  ])
  expect(division.ours).toEqual({ ...schema(users), views: {}, enums: {}, schemas: [] })
})

test('what the history made is ours, also what it gave no name; what it dropped and somebody made again is not', () => {
  const made: Table = {
    ...dressed,
    columns: columns('id', 'email', 'org'),
    uniques: [{ columns: ['email'] }],
    checks: [{ expression: '("id" > 0)' }],
  }
  const history = {
    ...noHistory,
    schema: { ...schema(made), views: { days: { name: 'days', definition: '' } } },
  }
  const live: Schema = { ...schema(dressed), views: { days: { name: 'days', definition: 'select 1' } } }
  expect(unmanaged(live, { history })).toEqual(['column users.legacy', 'unique users.users_legacy_key'])
})

test('what is made of a column that is not ours is not ours either, unless the entities want it by its name', () => {
  const live = schema({
    ...dressed,
    checks: [{ name: 'c', expression: 'legacy > 0' }],
    indexes: [{ name: 'ix_org', columns: ['org', 'legacy'] }],
    uniques: [],
    foreignKeys: [],
    triggers: [],
  })
  const history = {
    ...noHistory,
    schema: schema({ ...users, checks: [{ name: 'c', expression: 'legacy > 0' }] }),
  }
  const wanted = schema({ ...users, indexes: [{ name: 'ix_org', columns: ['org'] }] })
  expect(unmanaged(live, { history })).toEqual(['column users.legacy', 'index users.ix_org', 'check users.c'])
  expect(unmanaged(live, { history, wanted })).toEqual(['column users.legacy', 'check users.c'])
})

test('the same thing under another name than the entities want is ours, as long as theirs is not there', () => {
  const wanted = schema({ ...users, uniques: [{ name: 'users_email_unique', columns: ['email'] }] })
  const other = { name: 'users_email_key', columns: ['email'] }
  expect(unmanaged(schema({ ...users, uniques: [other] }), { wanted })).toEqual([])
  const both = [other, { name: 'users_email_unique', columns: ['email'] }]
  expect(unmanaged(schema({ ...users, uniques: both }), { wanted })).toEqual(['unique users.users_email_key'])
  // One name holds one of them: a unique index stands where the constraint is to be.
  const index = { name: 'users_email_unique', columns: ['email'], unique: true }
  expect(unmanaged(schema({ ...users, indexes: [index] }), { wanted })).toEqual([])
})

test('a constraint without a name is ours when the entities want, or a revision made, one with a name in its place', () => {
  const key = { columns: ['org'], references: { table: 'orgs', columns: ['id'] } }
  const live = schema({
    ...users,
    uniques: [{ columns: ['email'] }],
    foreignKeys: [{ ...key, onDelete: 'cascade' }],
  })
  const named: Partial<Table> = {
    uniques: [{ name: 'users_email_unique', columns: ['email'] }],
    foreignKeys: [{ name: 'users_org_foreign', ...key }],
  }
  expect(unmanaged(live, { wanted: schema({ ...users, ...named }) })).toEqual([])
  expect(unmanaged(live, { history: { ...noHistory, schema: schema({ ...users, ...named }) } })).toEqual([])
  expect(unmanaged(live, {})).toEqual(['unique users.email', 'foreignKey users.org'])
})

test('a check with a name is ours that a revision made as the values of a column', () => {
  const live = schema({ ...users, checks: [{ name: 'known', expression: `"org" in ('a', 'it''s')` }] })
  const made = schema({ ...users, checks: [{ column: 'org', expression: { in: ['a', "it's"] } }] })
  expect(unmanaged(live, { history: { ...noHistory, schema: made } })).toEqual([])
})

test('a table that was taken over under a name in other letters has what the history made', () => {
  const live = schema({ ...users, name: 'USERS', checks: [{ expression: 'length("EMAIL") > 1' }] })
  const made = schema({ ...users, checks: [{ name: 'users_check', expression: 'length(email) > 1' }] })
  const renames = [{ table: 'USERS', to: 'users' }]
  expect(unmanaged(live, { history: { ...noHistory, schema: made }, renames })).toEqual([])
})

test('owns claims by glob a table with all that it has, or one part of it', () => {
  const live = schema(dressed)
  expect(unmanaged(live, { owns: 'everything' })).toEqual([])
  expect(unmanaged(live, { owns: ['users'] })).toEqual([])
  expect(unmanaged(live, { owns: ['users.*_org', 'users.legacy'] })).toEqual([
    ...['unique users.users_email_unique', 'unique users.users_legacy_key'],
    ...['check users.positive', 'trigger users.touch'],
  ])
})

test('an answer makes its column ours, and looks for the rest of the table under the new name', () => {
  const live = schema({ ...users, uniques: [{ name: 'users_email_key', columns: ['email'] }] })
  const wanted = schema({
    ...users,
    name: 'people',
    columns: columns('id', 'mail', 'org'),
    uniques: [{ name: 'people_mail_unique', columns: ['mail'] }],
  })
  const renames = [
    { table: 'users', column: 'email', to: 'mail' },
    { table: 'users', to: 'people' },
  ]
  expect(divide(live, { ...nothing, wanted, renames })).toEqual({ ours: live, unmanaged: [], lost: [] })
})

test('raw SQL of a revision makes ours what it names beside the table', () => {
  const history = {
    ...noHistory,
    raw: ['create index ix_org on users (org)', 'alter table orgs add column legacy int'],
  }
  const live = schema({
    ...users,
    columns: columns('id', 'email', 'org', 'legacy'),
    indexes: dressed.indexes ?? [],
  })
  expect(unmanaged(live, { history })).toEqual(['column users.legacy'])
})

test('a table that is dropped is whole, and what goes with it unasked is told', () => {
  const history = { ...noHistory, schema: schema(users) }
  const live = schema({ ...users, columns: columns('id', 'email', 'org', 'legacy') })
  expect(divide(live, { ...nothing, wanted: schema(), history })).toEqual({
    ours: live,
    unmanaged: [],
    lost: [{ kind: 'column', name: 'users.legacy' }],
  })
})
