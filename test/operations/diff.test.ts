import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apply } from '../../src/operations/apply.ts'
import { diff } from '../../src/operations/diff.ts'
import { inverse } from '../../src/operations/inverse.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Column, ForeignKey, Schema, Table } from '../../src/schema/schema.ts'

const options = { forwardReferences: false, retypesKeys: true }

function schema(...tables: readonly Table[]): Schema {
  return { tables: Object.fromEntries(tables.map((table) => [table.name, table])) }
}

function table(name: string, columns: readonly Column[], parts: Partial<Table> = {}): Table {
  return { name, columns, ...parts }
}

const id: Column = { name: 'id', type: { sql: 'integer' } }
const text = (name: string, more: Partial<Column> = {}): Column => ({ name, type: { sql: 'text' }, ...more })
const kinds = (operations: readonly Operation[]): readonly string[] => operations.map(({ kind }) => kind)

/** The operations back, newest first. */
function back(from: Schema, operations: readonly Operation[]): readonly Operation[] {
  const undo: Operation[] = []
  let at = from
  for (const operation of operations) {
    undo.unshift(inverse(operation, at))
    at = apply(at, operation)
  }
  return undo
}

test('equal schemas differ in nothing', () => {
  const one = schema(table('users', [id, text('email')]))
  expect(diff(one, structuredClone(one), options)).toEqual([])
})

test('a dropped and an added column of one type are never a rename', () => {
  const operations = diff(
    schema(table('users', [id, text('fax')])),
    schema(table('users', [id, text('email')])),
    options,
  )
  expect(operations).toEqual([
    { kind: 'addColumn', table: 'users', column: text('email') },
    { kind: 'dropColumn', table: 'users', column: 'fax' },
  ])
})

test('tables are created after those that they refer to, and dropped before them', () => {
  const users = table('users', [id])
  const orders = table('orders', [id], {
    foreignKeys: [{ name: 'fk', columns: ['id'], references: { table: 'users', columns: ['id'] } }],
  })
  const both = schema(orders, users)
  const names = (operations: readonly Operation[]) =>
    operations.map((operation) =>
      operation.kind === 'createTable' ? operation.table.name : 'table' in operation ? operation.table : '',
    )
  expect(names(diff(schema(), both, options))).toEqual(['users', 'orders'])
  expect(names(diff(both, schema(), options))).toEqual(['orders', 'users'])
})

describe('a circle of foreign keys', () => {
  const key = (to: string): ForeignKey => ({
    name: `to_${to}`,
    columns: ['id'],
    references: { table: to, columns: ['id'] },
  })
  const circle = schema(
    table('a', [id], { foreignKeys: [key('b')] }),
    table('b', [id], { foreignKeys: [key('a')] }),
  )

  test('is closed after both tables are there', () => {
    const operations = diff(schema(), circle, options)
    expect(kinds(operations)).toEqual(['createTable', 'createTable', 'createForeignKey'])
    expect(operations.reduce(apply, schema())).toEqual(circle)
  })

  test('is opened before they go', () => {
    expect(kinds(diff(circle, schema(), options))).toEqual(['dropConstraint', 'dropTable', 'dropTable'])
  })

  test('needs nothing extra where a table may name a later one', () => {
    expect(kinds(diff(schema(), circle, { forwardReferences: true, retypesKeys: true }))).toEqual([
      'createTable',
      'createTable',
    ])
  })

  test('of one table with itself is created with it', () => {
    const self = schema(table('a', [id], { foreignKeys: [key('a')] }))
    expect(kinds(diff(schema(), self, options))).toEqual(['createTable'])
  })
})

test('the change of a type carries the length; what stays is not named', () => {
  const from = schema(table('users', [text('name', { nullable: true, default: { sql: "'x'" } })]))
  const to = schema(
    table('users', [{ name: 'name', type: { sql: 'varchar(20)' }, nullable: true, default: { sql: "'x'" } }]),
  )
  expect(diff(from, to, options)).toEqual([
    { kind: 'alterColumn', table: 'users', column: 'name', change: { type: { sql: 'varchar(20)' } } },
  ])
})

test.each([
  ['nullable', { nullable: true }, {}, { nullable: false }],
  ['nullable', {}, { nullable: true }, { nullable: true }],
  ['default', { default: { sql: '1' } }, {}, { default: null }],
  ['default', {}, { default: { sql: "''" } }, { default: { sql: "''" } }],
  ['comment', { comment: 'a' }, { comment: 'b' }, { comment: 'b' }],
  ['autoincrement', { autoincrement: true }, {}, { autoincrement: false }],
])('%s from %j to %j is %j', (_, old, wanted, change) => {
  const operations = diff(
    schema(table('t', [text('c', old)])),
    schema(table('t', [text('c', wanted)])),
    options,
  )
  expect(operations).toEqual([{ kind: 'alterColumn', table: 't', column: 'c', change }])
})

test('a constraint that the database gave no name is the same when all else is', () => {
  const named = schema(table('t', [id], { uniques: [{ name: 'u', columns: ['id'] }] }))
  const unnamed = schema(table('t', [id], { uniques: [{ columns: ['id'] }] }))
  expect(diff(unnamed, named, options)).toEqual([])
  expect(kinds(diff(unnamed, schema(table('t', [id])), options))).toEqual(['dropConstraint'])
})

test('an index that changed is dropped and created', () => {
  const from = schema(table('t', [id], { indexes: [{ name: 'ix', columns: ['id'] }] }))
  const to = schema(
    table('t', [id], { indexes: [{ name: 'ix', columns: [{ column: 'id', order: 'desc' }] }] }),
  )
  expect(kinds(diff(from, to, options))).toEqual(['dropIndex', 'createIndex'])
})

const anyColumn = fc.record(
  {
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    type: fc.constantFrom({ sql: 'text' }, { sql: 'integer' }),
    nullable: fc.constant(true),
    default: fc.constantFrom({ sql: '1' }, { sql: "''" }),
    comment: fc.constantFrom('x', 'y'),
  },
  { requiredKeys: ['name', 'type'] },
)

const anyTable = (name: string): fc.Arbitrary<Table> =>
  fc
    .record({
      columns: fc.uniqueArray(anyColumn, { minLength: 1, maxLength: 4, selector: (column) => column.name }),
      indexed: fc.boolean(),
      unique: fc.boolean(),
      key: fc.boolean(),
      refers: fc.option(fc.constantFrom('t1', 't2', 't3'), { nil: undefined }),
    })
    .map(({ columns, indexed, unique, key, refers }) => {
      const first = columns[0]?.name ?? 'a'
      const last = columns.at(-1)?.name ?? 'a'
      return {
        name,
        columns,
        ...(key ? { primaryKey: { columns: [first] } } : {}),
        ...(unique ? { uniques: [{ name: `${name}_u`, columns: [last] }] } : {}),
        ...(indexed ? { indexes: [{ name: `${name}_ix`, columns: [first, last] }] } : {}),
        ...(refers
          ? {
              foreignKeys: [
                { name: `${name}_fk`, columns: [first], references: { table: refers, columns: ['a'] } },
              ],
            }
          : {}),
      }
    })

const anySchema = fc
  .tuple(...['t1', 't2', 't3'].map((name) => fc.option(anyTable(name), { nil: undefined })))
  .map((tables) => schema(...tables.filter((each) => each !== undefined)))

/** Columns may end in another order: a database adds them at the end. */
function unordered({ tables }: Schema) {
  return Object.fromEntries(
    Object.entries(tables)
      .map(([name, each]): [string, unknown] => [
        name,
        { ...each, columns: each.columns.toSorted((a, b) => a.name.localeCompare(b.name)) },
      ])
      .toSorted(([a], [b]) => a.localeCompare(b)),
  )
}

test('any difference applied gives the other schema, and its inverse gives the first one back', () => {
  fc.assert(
    fc.property(anySchema, anySchema, fc.boolean(), (from, to, forwardReferences) => {
      const operations = diff(from, to, { forwardReferences, retypesKeys: true })
      const there = operations.reduce(apply, from)
      expect(unordered(there)).toEqual(unordered(to))
      expect(diff(there, to, { forwardReferences, retypesKeys: true })).toEqual([])
      expect(unordered(back(from, operations).reduce(apply, there))).toEqual(unordered(from))
    }),
    { numRuns: 500 },
  )
})
