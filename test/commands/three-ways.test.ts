import { expect, test } from 'vitest'
import { recordAgrees } from '../../src/commands/record-agrees.ts'
import { noHistory } from '../../src/commands/history-schema.ts'
import { threeWays } from '../../src/commands/three-ways.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Schema } from '../../src/schema/schema.ts'

const add = (name: string): Operation => ({
  kind: 'addColumn',
  table: 'users',
  column: { name, type: 'integer' },
})
const table: Operation = { kind: 'createTable', table: { name: 'users', columns: [] } }

const told = (ways: Parameters<typeof threeWays>[0]) =>
  threeWays(ways).map(({ object, between, off }) => `${object}: ${between.join('-')}, ${off ?? 'unknown'}`)

test('the one is off that the other two are not', () => {
  const wanted = [add('ahead'), add('gone'), add('mixed'), add('pending')]
  const made = [add('gone'), add('mixed'), add('early'), add('both')]
  const missingNow = [add('ahead'), add('mixed'), add('both')]
  const missing = [...missingNow, add('undone')]
  expect(told({ wanted, made, missing, missingNow })).toEqual([
    'users.ahead: entities-database, entities',
    'users.gone: history-database, database',
    'users.mixed: entities-database, all',
    'users.pending: entities-database, database',
    'users.both: entities-history, history',
    'users.early: history-database, database',
  ])
})

test('a table and what it has are one object; without the history nobody is off', () => {
  expect(told({ wanted: [table], made: [add('a')], missing: [], missingNow: [] })).toEqual([
    'users: history-database, database',
  ])
  expect(told({ wanted: [table], made: undefined, missing: undefined, missingNow: undefined })).toEqual([
    'users: entities-database, unknown',
  ])
})

test('a record agrees that has the names that are wanted, but for what raw SQL and data steps name', () => {
  const schema = (...columns: readonly string[]): Schema => ({
    tables: { users: { name: 'users', columns: columns.map((name) => ({ name, type: 'integer' })) } },
  })
  const agrees = (more: Partial<typeof noHistory>, wanted: Schema): boolean =>
    recordAgrees({ ...noHistory, schema: schema('id', 'a'), ...more }, wanted)
  expect(agrees({}, schema('ID', 'a'))).toBe(true)
  expect(agrees({}, schema('id', 'a', 'b'))).toBe(false)
  expect(agrees({}, schema('id'))).toBe(false)
  expect(agrees({ raw: ['alter table users add b int'] }, schema('id', 'a', 'b'))).toBe(true)
  expect(
    agrees({ dataSteps: [{ revision: 'a1', source: "op.dropColumn('users', 'a')" }] }, schema('id')),
  ).toBe(true)
  expect(agrees({ raw: ['alter table users add c int'] }, schema('id', 'a', 'b'))).toBe(false)
})
