import { expect, test } from 'vitest'
import { adoption } from '../../plugins/sqlite/adoption.ts'
import { adoptMigrations, adoptedId } from '../../src/commands/adopted.ts'
import type { RecordedMigration } from '../../src/dialect.ts'

const named = (name: string, more: Partial<RecordedMigration> = {}): RecordedMigration => ({
  name,
  path: undefined,
  transactional: true,
  up: { texts: ['select 1'] },
  down: { texts: ['select 2'] },
  ...more,
})

const adopt = (...migrations: readonly RecordedMigration[]) =>
  adoptMigrations(migrations, {
    adoption,
    root: '/app',
    after: undefined,
    rollsBack: (sql) => !sql.includes('concurrently'),
  }).map(({ revision }) => revision)

test('ids, messages and times come from the names alone, the same for everybody', () => {
  expect(adoptedId('Migration20240101120000')).toBe('fd5fdd7dfa8f')
  const names = [
    'Migration20240101120000',
    'Migration20240102030405_add_users',
    '1704164645000-addOrders',
    'init',
    'Migration20241399000000_Zöe',
  ]
  expect(
    adopt(...names.map((name) => named(name))).map(({ message, createdAt }) => [
      message,
      createdAt.toISOString(),
    ]),
  ).toEqual([
    ['Migration20240101120000', '2024-01-01T12:00:00.000Z'],
    ['add users', '2024-01-02T03:04:05.000Z'],
    ['add Orders', '2024-01-02T03:04:05.000Z'],
    // Without a time of its own it has that of the one before.
    ['init', '2024-01-02T03:04:05.000Z'],
    ['Zöe', '2024-01-02T03:04:05.000Z'],
  ])
})

test('each follows the one before', () => {
  const [one, two] = adopt(named('a'), named('b'))
  expect([one?.downRevision, two?.downRevision]).toEqual([[], [adoptedId('a')]])
})

test('one without a way back cannot be undone, and one that does nothing can', () => {
  const [empty, refusing, nothing] = adopt(
    named('a', { down: { texts: [] } }),
    named('b', { down: { texts: [], refuses: 'never' } }),
    named('c', { up: { texts: [] }, down: { texts: [] } }),
  )
  expect(empty?.irreversible).toBe('a of MikroORM has no way back')
  expect(refusing?.irreversible).toBe('never')
  expect(nothing?.irreversible).toBeUndefined()
})

test('where the configuration takes transactions from all, only what cannot run in one stays without', () => {
  const concurrently = { up: { texts: ['create index concurrently a on b (c); select 1'] } }
  const found = adopt(
    named('a', { transactional: 'unsaid' }),
    named('b', { transactional: 'unsaid', ...concurrently }),
    named('c', { transactional: false }),
  )
  expect(found.map(({ transaction = true }) => transaction)).toEqual([true, false, false])
})
