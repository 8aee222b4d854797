import { expect, test } from 'vitest'
import { apply } from '../../src/operations/apply.ts'
import { inverse } from '../../src/operations/inverse.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Schema } from '../../src/schema/schema.ts'
import { codeOf } from '../support/revisions.ts'

const shop: Schema = {
  tables: {
    users: {
      name: 'users',
      columns: [
        { name: 'id', type: 'integer', autoincrement: true },
        { name: 'email', type: 'string', length: 100 },
      ],
      primaryKey: { columns: ['id'] },
      uniques: [{ name: 'users_email_unique', columns: ['email'] }],
      source: { table: 'create table users (…)', dependents: [] },
    },
    orders: {
      name: 'orders',
      columns: [{ name: 'user_id', type: 'integer' }],
      indexes: [{ name: 'orders_user', columns: ['user_id'] }],
      foreignKeys: [{ name: 'fk', columns: ['user_id'], references: { table: 'users', columns: ['id'] } }],
      checks: [{ name: 'positive', column: 'user_id', expression: 'user_id > 0' }],
    },
  },
}

test('renaming a table takes the foreign keys of others along', () => {
  const renamed = apply(shop, { kind: 'renameTable', table: 'users', to: 'accounts' })
  expect(Object.keys(renamed.tables).sort()).toEqual(['accounts', 'orders'])
  expect(renamed.tables['accounts']?.name).toBe('accounts')
  expect(renamed.tables['orders']?.foreignKeys?.[0]?.references.table).toBe('accounts')
})

test('renaming a column takes keys, indexes, checks and references along', () => {
  const own = apply(shop, { kind: 'renameColumn', table: 'orders', column: 'user_id', to: 'owner' })
  expect(own.tables['orders']).toMatchObject({
    columns: [{ name: 'owner' }],
    indexes: [{ columns: ['owner'] }],
    foreignKeys: [{ columns: ['owner'] }],
    checks: [{ column: 'owner' }],
  })
  const other = apply(shop, { kind: 'renameColumn', table: 'users', column: 'id', to: 'key' })
  expect(other.tables['users']?.primaryKey).toEqual({ columns: ['key'] })
  expect(other.tables['orders']?.foreignKeys?.[0]?.references.columns).toEqual(['key'])
})

test('a new type takes its own length; another change keeps the old one', () => {
  const change = (wanted: Extract<Operation, { kind: 'alterColumn' }>['change']) =>
    apply(shop, { kind: 'alterColumn', table: 'users', column: 'email', change: wanted }).tables['users']
      ?.columns[1]
  expect(change({ type: 'text' })).toEqual({ name: 'email', type: 'text' })
  expect(change({ nullable: true })).toEqual({ name: 'email', type: 'string', length: 100, nullable: true })
  expect(change({ default: false })).toEqual({ name: 'email', type: 'string', length: 100, default: false })
  expect(change({ default: null, nullable: false })).toEqual({ name: 'email', type: 'string', length: 100 })
})

test("a changed table's source text is no longer true", () => {
  const changed = apply(shop, { kind: 'addColumn', table: 'users', column: { name: 'x', type: 'text' } })
  expect(changed.tables['users']?.source).toBeUndefined()
})

test('what is not there cannot be changed', () => {
  expect(codeOf(() => apply(shop, { kind: 'dropTable', table: 'none' }))).toBe('SHAPE_UNKNOWN')
  expect(codeOf(() => apply(shop, { kind: 'dropColumn', table: 'users', column: 'none' }))).toBe(
    'SHAPE_UNKNOWN',
  )
})

test.each<[string, Operation, Operation]>([
  [
    'a created table',
    { kind: 'createTable', table: { name: 't', columns: [] } },
    { kind: 'dropTable', table: 't' },
  ],
  [
    'a dropped column',
    { kind: 'dropColumn', table: 'users', column: 'email' },
    { kind: 'addColumn', table: 'users', column: { name: 'email', type: 'string', length: 100 } },
  ],
  [
    'a renamed column',
    { kind: 'renameColumn', table: 'users', column: 'email', to: 'mail' },
    { kind: 'renameColumn', table: 'users', column: 'mail', to: 'email' },
  ],
  [
    'an altered column',
    { kind: 'alterColumn', table: 'users', column: 'email', change: { type: 'text', default: 'x' } },
    {
      kind: 'alterColumn',
      table: 'users',
      column: 'email',
      change: { type: 'string', length: 100, default: null },
    },
  ],
  [
    'a dropped constraint',
    { kind: 'dropConstraint', table: 'orders', type: 'check', name: 'positive' },
    {
      kind: 'createCheckConstraint',
      table: 'orders',
      check: { name: 'positive', column: 'user_id', expression: 'user_id > 0' },
    },
  ],
])('%s is taken back', (_, operation, expected) => {
  expect(inverse(operation, shop)).toEqual([expected])
})

test('raw SQL has no inverse', () => {
  expect(codeOf(() => inverse({ kind: 'execute', sql: 'vacuum' }, shop))).toBe('IRREVERSIBLE')
})
