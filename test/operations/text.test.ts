import fc from 'fast-check'
import { expect, test } from 'vitest'
import { definitions } from '../../src/operations/all.ts'
import { recorder } from '../../src/operations/record.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { stringText, templateText } from '../../src/operations/string-text.ts'
import { operationText } from '../../src/operations/text.ts'
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
  { kind: 'renameIndex', table: 'users', index: 'ix', to: 'users_a' },
  { kind: 'setTableComment', table: 'users', comment: "it's\nof two lines" },
  { kind: 'setTableComment', table: 'users', comment: null },
  { kind: 'validateConstraint', table: 'users', constraint: 'fk' },
  { kind: 'createEnum', name: 'billing.mood', items: ['sad', "it's fine"] },
  { kind: 'alterEnum', name: 'mood', items: ['sad', 'glad'], renamed: { 'not sad': 'glad' } },
  { kind: 'dropEnum', name: 'mood' },
  {
    kind: 'createView',
    view: {
      name: 'active',
      materialized: true,
      indexes: [{ name: 'active_id', columns: ['id'] }],
      definition: 'select `id`, "a" || \'\\n ${x} \\\' \n  from users \n\twhere a <> $1\r\n',
    },
  },
  { kind: 'replaceView', view: { name: 'active', comment: 'Who is there', definition: 'select 1' } },
  { kind: 'dropView', view: 'active' },
  {
    kind: 'createTrigger',
    table: 'users',
    trigger: {
      name: 'touch',
      timing: 'before',
      events: ['insert', 'update'],
      columns: ['a'],
      when: 'new.a is not null',
      body: 'begin\n  new.at := now();\n  return new;\nend',
    },
  },
  { kind: 'dropTrigger', table: 'users', trigger: 'touch' },
  { kind: 'createSchema', schema: 'billing' },
  { kind: 'dropSchema', schema: 'billing' },
  {
    kind: 'bulkInsert',
    table: 'users',
    rows: [
      { id: 1, name: 'Ann', at: { sql: 'now()' }, 'odd name': null },
      { id: -2.5, big: 1e21, on: true, text: 'a\nb' },
    ],
  },
  { kind: 'bulkInsert', table: 'users', rows: [{ id: 1 }] },
  { kind: 'execute', sql: 'update users set a = \'x\ny\' where `b` = "c"' },
]

test('every kind is among them', () => {
  expect([...new Set(everyKind.map(({ kind }) => kind))].toSorted()).toEqual(
    Object.keys(definitions).toSorted(),
  )
})

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

test('a text that is too long beside its name stands below it, unless the name is short', () => {
  const text = 'a'.repeat(100)
  const trigger: Operation = {
    kind: 'createTrigger',
    table: 'users',
    trigger: { name: 'tr', timing: 'after', events: ['insert'], body: text },
  }
  expect(operationText({ kind: 'createView', view: { name: 'v', definition: text } })).toContain(
    `definition:\n      '${text}',`,
  )
  expect(operationText(trigger)).toContain(`body: '${text}',`)
})

test('a list stays on one line of 110 columns, and of no more', () => {
  const check = (length: number): string =>
    operationText({
      kind: 'createTable',
      table: {
        name: 'users',
        columns: [{ name: 'id', type: 'integer' }],
        checks: [{ expression: 'a'.repeat(length) }],
      },
    })
  const line = (length: number): string | undefined =>
    check(length)
      .split('\n')
      .find((each) => each.includes('checks'))
  expect(line(76)).toHaveLength(109)
  expect(line(77)).toHaveLength(110)
  expect(check(78)).toContain('checks: [\n')
})

test('no line is longer than 110 columns where it can be broken', () => {
  for (const operation of everyKind) {
    for (const line of operationText(operation).split('\n')) expect(line.length).toBeLessThanOrEqual(110)
  }
})

test('any text is written as a literal that reads back as itself, on one line or on its own lines', () => {
  const odd = fc.constantFrom('`', '\\', '${', '$', '{', '\n', '\r', '\t', ' ', '\u2028', 'a')
  fc.assert(
    fc.property(fc.string({ unit: fc.oneof(odd, fc.string({ unit: 'binary', maxLength: 2 })) }), (text) => {
      expect(new Function(`return ${stringText(text)}`)()).toBe(text)
      const template = templateText(text)
      expect(new Function(`return ${template}`)()).toBe(text)
      expect(template).not.toMatch(/[ \t\r]\n/)
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
  ['an index of no name', (op) => op.renameIndex('users', '', 'ix')],
  ['a comment that is none', (op) => op.setTableComment('users', JSON.parse('5'))],
  ['enum values that are no list', (op) => op.createEnum('mood', JSON.parse('"sad"'))],
  ['an enum value twice', (op) => op.createEnum('mood', ['sad', 'sad'])],
  [
    'a new name that is no value',
    (op) => op.alterEnum('mood', { items: ['sad'], renamed: { glad: 'happy' } }),
  ],
  [
    'two values that become one',
    (op) => op.alterEnum('mood', { items: ['sad'], renamed: { a: 'sad', b: 'sad' } }),
  ],
  ['a view without a query', (op) => op.createView('v', JSON.parse('{}'))],
  [
    'an index of a view that keeps no rows',
    (op) => op.createView('v', { definition: 'select 1', indexes: [{ name: 'i', columns: ['a'] }] }),
  ],
  [
    'a trigger that does nothing',
    (op) => op.createTrigger('users', { name: 't', timing: 'after', events: ['insert'] }),
  ],
  [
    'a trigger for no event',
    (op) => op.createTrigger('users', { name: 't', timing: 'after', events: [], body: 'select 1' }),
  ],
  [
    'a trigger at no time',
    (op) => op.createTrigger('users', JSON.parse('{"name":"t","timing":"on","events":["insert"],"body":""}')),
  ],
  [
    'columns of a trigger that is for no update',
    (op) =>
      op.createTrigger('users', {
        ...{ name: 't', timing: 'after', events: ['insert'], columns: ['a'], body: 'x' },
      }),
  ],
  [
    'a table with triggers in its definition',
    (op) =>
      op.createTable('t', JSON.parse('{ "columns": [{ "name": "a", "type": "text" }], "triggers": [] }')),
  ],
  ['no rows', (op) => op.bulkInsert('users', [])],
  ['a row of nothing', (op) => op.bulkInsert('users', [{}])],
  ['a row that is a value', (op) => op.bulkInsert('users', JSON.parse('[5]'))],
  ['a number that is none', (op) => op.bulkInsert('users', [{ a: Number.NaN }])],
  ['a value that is a list', (op) => op.bulkInsert('users', JSON.parse('[{ "a": [1] }]'))],
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
