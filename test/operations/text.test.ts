import fc from 'fast-check'
import { expect, test } from 'vitest'
import { recorder } from '../../src/operations/record.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { operationText, stringText } from '../../src/operations/text.ts'
import { codeOf } from '../support/revisions.ts'

const everyKind: readonly Operation[] = [
  {
    kind: 'createTable',
    table: {
      name: 'orders',
      columns: [
        { name: 'id', type: 'integer', autoincrement: true },
        { name: 'status', type: 'string', length: 20, default: "it's new" },
        { name: 'user_id', type: { sql: 'int8' }, nullable: true },
      ],
      primaryKey: { columns: ['id'] },
      uniques: [{ name: 'u', columns: ['status'] }],
      indexes: [{ name: 'ix', columns: [{ column: 'status', order: 'desc' }], where: "status <> ''" }],
      foreignKeys: [
        {
          name: 'fk',
          columns: ['user_id'],
          references: { table: 'users', columns: ['id'] },
          onDelete: 'set null',
        },
        { name: 'fk2', columns: ['id'], references: { table: 'orders', columns: ['id'] } },
      ],
      checks: [{ name: 'c', column: 'status', expression: { in: ['new', 'old'] } }],
    },
  },
  { kind: 'dropTable', table: 'orders' },
  { kind: 'renameTable', table: 'a', to: 'b' },
  {
    kind: 'addColumn',
    table: 'users',
    column: { name: 'address', type: 'string', length: 500, nullable: true },
  },
  { kind: 'dropColumn', table: 'users', column: 'address' },
  {
    kind: 'alterColumn',
    table: 'users',
    column: 'a',
    change: { type: 'text', default: null, nullable: false },
  },
  { kind: 'renameColumn', table: 'users', column: 'phone', to: 'phone_number' },
  {
    kind: 'createIndex',
    table: 'users',
    index: { name: 'ix', columns: ['a', { sql: 'lower(b)' }], unique: true },
  },
  { kind: 'dropIndex', table: 'users', index: 'ix' },
  { kind: 'createPrimaryKey', table: 'users', primaryKey: { name: 'pk', columns: ['a', 'b'] } },
  { kind: 'createUniqueConstraint', table: 'users', unique: { name: 'u', columns: ['a'] } },
  {
    kind: 'createForeignKey',
    table: 'users',
    foreignKey: {
      name: 'fk',
      columns: ['a'],
      references: { table: 'b', columns: ['c'] },
      onUpdate: 'cascade',
    },
  },
  { kind: 'createCheckConstraint', table: 'users', check: { name: 'c', expression: 'a > 0' } },
  { kind: 'dropConstraint', table: 'users', type: 'unique', columns: ['a'] },
  { kind: 'execute', sql: 'update users set a = \'x\ny\' where `b` = "c"' },
]

test('an operation written as text and run again is the same operation', () => {
  const { op, take } = recorder({
    dialect: 'none',
    query: () => Promise.reject(new Error('none')),
    db: () => {
      throw new Error('none')
    },
  })
  for (const operation of everyKind) new Function('op', operationText(operation))(op)
  expect(take().map(({ operation }) => operation)).toEqual(everyKind)
})

test('a call that fits stands on one line, a table on one line a column', () => {
  expect(
    operationText({ kind: 'addColumn', table: 'users', column: { name: 'a', nullable: true, type: 'text' } }),
  ).toBe("op.addColumn('users', { name: 'a', type: 'text', nullable: true })")
  expect(
    operationText({
      kind: 'createTable',
      table: {
        name: 'tags',
        columns: [
          { name: 'id', type: 'integer' },
          { name: 'name', type: 'string' },
        ],
        primaryKey: { columns: ['id'] },
      },
    }),
  ).toBe(
    [
      "op.createTable('tags', {",
      '    columns: [',
      "      { name: 'id', type: 'integer' },",
      "      { name: 'name', type: 'string' },",
      '    ],',
      "    primaryKey: ['id'],",
      '  })',
    ].join('\n'),
  )
})

test('no line is longer than 110 columns where it can be broken', () => {
  for (const operation of everyKind) {
    for (const line of operationText(operation).split('\n')) expect(line.length).toBeLessThanOrEqual(110)
  }
})

test('any text is written as a literal that reads back as itself', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(new Function(`return ${stringText(text)}`)()).toBe(text)
    }),
  )
})

test.each<[string, (op: ReturnType<typeof recorder>['op']) => void]>([
  // Files are not checked by a compiler before they run.
  ['an unknown type', (op) => op.addColumn('users', JSON.parse('{"name":"a","type":"varchar"}'))],
  ['a column without a name', (op) => op.addColumn('users', JSON.parse('{"type":"text"}'))],
  ['a table without columns', (op) => op.createTable('users', { columns: [] })],
  ['an empty table name', (op) => op.dropTable('')],
  ['an empty statement', (op) => op.execute(' ')],
])('%s is refused at the call', (_, call) => {
  const { op } = recorder({
    dialect: 'none',
    query: () => Promise.reject(new Error('none')),
    db: () => {
      throw new Error('none')
    },
  })
  expect(codeOf(() => call(op))).toBe('OPERATION_INVALID')
})
