import { expect, test } from 'vitest'
import { dropName, dropsOf } from '../../src/operations/drops.ts'
import type { Operation } from '../../src/operations/operation.ts'

const column = { name: 'a', type: 'integer' } as const
const dropTable = (table: string): Operation => ({ kind: 'dropTable', table })
const dropColumn = (table: string, name: string): Operation => ({ kind: 'dropColumn', table, column: name })
const createTable = (name: string): Operation => ({ kind: 'createTable', table: { name, columns: [column] } })
const addColumn = (table: string): Operation => ({ kind: 'addColumn', table, column })
const renameTable = (table: string, to: string): Operation => ({ kind: 'renameTable', table, to })
const renameColumn = (table: string, name: string, to: string): Operation => ({
  kind: 'renameColumn',
  ...{ table, column: name, to },
})

const names = (caseless: 'none' | 'columns' | 'all', ...operations: readonly Operation[]) =>
  dropsOf(operations, { caseless }).map(dropName)

test('drops are named as things were before the first operation', () => {
  expect(names('none', dropTable('t'), dropColumn('u', 'a'))).toEqual(['t', 'u.a'])
  expect(names('none', renameTable('t', 'u'), renameColumn('u', 'a', 'b'), dropColumn('u', 'b'))).toEqual([
    't.a',
  ])
  expect(names('none', renameColumn('t', 'a', 'b'), renameTable('t', 'u'), dropTable('u'))).toEqual(['t'])
  expect(names('none', renameTable('t', 'old'), createTable('t'), dropTable('t'), dropTable('old'))).toEqual([
    't',
  ])
})

test('what the operations made is dropped without a word', () => {
  expect(names('none', createTable('t'), dropColumn('t', 'a'), dropTable('t'))).toEqual([])
  expect(names('none', addColumn('t'), dropColumn('t', 'a'))).toEqual([])
  expect(names('none', createTable('t'), renameTable('t', 'u'), dropTable('u'))).toEqual([])
  expect(names('none', dropColumn('t', 'a'), addColumn('t'), dropColumn('t', 'a'))).toEqual(['t.a'])
})

test('names are the same as the dialect takes them for', () => {
  const operations = [createTable('t'), addColumn('u'), dropTable('T'), dropColumn('u', 'A')]
  expect(names('none', ...operations)).toEqual(['T', 'u.A'])
  expect(names('columns', ...operations)).toEqual(['T'])
  expect(names('all', ...operations)).toEqual([])
})

test('what holds no rows is dropped without a word', () => {
  const operations: readonly Operation[] = [
    { kind: 'dropView', view: 't' },
    { kind: 'dropTrigger', table: 't', trigger: 'g' },
    { kind: 'dropEnum', name: 't' },
    { kind: 'alterEnum', name: 'mood', items: [] },
    { kind: 'dropSchema', schema: 't' },
  ]
  expect(names('none', ...operations)).toEqual([])
  expect(names('none', ...operations, dropTable('t'))).toEqual(['t'])
})
