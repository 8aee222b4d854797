import { describe, expect, test } from 'vitest'
import { apply } from '../../src/operations/apply.ts'
import { describeOperation } from '../../src/operations/describe.ts'
import { inverse } from '../../src/operations/inverse.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { spell } from '../../src/operations/spell.ts'
import type { Schema, Trigger, View } from '../../src/schema/schema.ts'
import { codeOf } from '../support/revisions.ts'

const touch: Trigger = { name: 'touch', timing: 'before', events: ['update'], body: 'new.a := 1;' }

const shop: Schema = {
  tables: {
    users: {
      name: 'users',
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'mood', type: { sql: 'mood' }, default: { sql: "'sad'::mood" } },
        { name: 'other', type: { sql: '"Mood"' }, default: 'sad' },
      ],
      primaryKey: { columns: ['id'], parts: [{ column: 'id', order: 'desc' }] },
      uniques: [{ name: 'users_mood', columns: ['mood'] }],
      indexes: [{ name: 'users_id', columns: ['id'] }],
      checks: [{ name: 'positive', expression: 'id > 0', notValid: true }],
      foreignKeys: [
        { name: 'fk', columns: ['id'], references: { table: 'users', columns: ['id'] }, notValid: true },
        { name: 'sound', columns: ['id'], references: { table: 'users', columns: ['id'] } },
      ],
      triggers: [{ ...touch, columns: ['mood'], when: 'new.mood is not null' }],
    },
    'billing.bills': { name: 'billing.bills', columns: [{ name: 'id', type: 'integer' }], comment: 'Old' },
  },
  views: {
    active: { name: 'active', definition: 'select * from users', triggers: [touch] },
    kept: {
      name: 'kept',
      definition: 'select 1 as a',
      materialized: true,
      indexes: [{ name: 'kept_a', columns: ['a'] }],
    },
  },
  enums: { mood: { name: 'mood', items: ['sad', 'glad'] } },
  schemas: ['billing', 'void'],
}

const users = (schema: Schema) => schema.tables['users']

/** What it is, what it makes of the shop, and what takes it back, when that is more than the same shop again. */
const changes: readonly (readonly [
  name: string,
  operation: Operation,
  after: (schema: Schema) => unknown,
  expected: unknown,
])[] = [
  [
    'renameIndex users.users_id',
    { kind: 'renameIndex', table: 'users', index: 'users_id', to: 'a' },
    (schema) => users(schema)?.indexes,
    [{ name: 'a', columns: ['id'] }],
  ],
  [
    'renameIndex users.users_mood',
    { kind: 'renameIndex', table: 'users', index: 'users_mood', to: 'a' },
    (schema) => users(schema)?.uniques,
    [{ name: 'a', columns: ['mood'] }],
  ],
  [
    'renameIndex kept.kept_a',
    { kind: 'renameIndex', table: 'kept', index: 'kept_a', to: 'b' },
    (schema) => schema.views?.['kept']?.indexes,
    [{ name: 'b', columns: ['a'] }],
  ],
  [
    'createIndex kept.more',
    { kind: 'createIndex', table: 'kept', index: { name: 'more', columns: ['a'] } },
    (schema) => schema.views?.['kept']?.indexes?.map(({ name }) => name),
    ['kept_a', 'more'],
  ],
  [
    'dropIndex kept.kept_a',
    { kind: 'dropIndex', table: 'kept', index: 'kept_a' },
    (schema) => schema.views?.['kept'],
    { name: 'kept', definition: 'select 1 as a', materialized: true },
  ],
  [
    'setTableComment billing.bills',
    { kind: 'setTableComment', table: 'billing.bills', comment: null },
    (schema) => schema.tables['billing.bills'],
    { name: 'billing.bills', columns: [{ name: 'id', type: 'integer' }] },
  ],
  [
    'setTableComment users',
    { kind: 'setTableComment', table: 'users', comment: 'New' },
    (schema) => users(schema)?.comment,
    'New',
  ],
  [
    'validateConstraint users.fk',
    { kind: 'validateConstraint', table: 'users', constraint: 'fk' },
    (schema) => users(schema)?.foreignKeys?.map(({ notValid }) => notValid),
    [undefined, undefined],
  ],
  [
    'validateConstraint users.positive',
    { kind: 'validateConstraint', table: 'users', constraint: 'positive' },
    (schema) => users(schema)?.checks,
    [{ name: 'positive', expression: 'id > 0' }],
  ],
  [
    'validateConstraint users.sound',
    { kind: 'validateConstraint', table: 'users', constraint: 'sound' },
    (schema) => schema,
    shop,
  ],
  [
    'createEnum billing.state',
    { kind: 'createEnum', name: 'billing.state', items: ['open'] },
    (schema) => schema.enums?.['billing.state'],
    { name: 'billing.state', items: ['open'] },
  ],
  [
    'alterEnum mood',
    { kind: 'alterEnum', name: 'mood', items: ["it's sad", 'new'], renamed: { sad: "it's sad" } },
    (schema) => [schema.enums?.['mood']?.items, users(schema)?.columns.map((column) => column.default)],
    [
      ["it's sad", 'new'],
      [undefined, { sql: "'it''s sad'::mood" }, 'sad'],
    ],
  ],
  ['dropEnum mood', { kind: 'dropEnum', name: 'mood' }, (schema) => Object.hasOwn(schema, 'enums'), false],
  [
    'createView v',
    { kind: 'createView', view: { name: 'v', definition: 'select 1' } },
    (schema) => schema.views?.['v'],
    { name: 'v', definition: 'select 1' },
  ],
  [
    'replaceView active',
    { kind: 'replaceView', view: { name: 'active', definition: 'select 2', comment: 'New' } },
    (schema) => schema.views?.['active'],
    { name: 'active', definition: 'select 2', comment: 'New', triggers: [touch] },
  ],
  [
    'dropView active',
    { kind: 'dropView', view: 'active' },
    (schema) => Object.keys(schema.views ?? {}),
    ['kept'],
  ],
  [
    'createTrigger users.a',
    { kind: 'createTrigger', table: 'users', trigger: { ...touch, name: 'a' } },
    (schema) => users(schema)?.triggers?.map(({ name }) => name),
    ['a', 'touch'],
  ],
  [
    'createTrigger kept.a',
    { kind: 'createTrigger', table: 'kept', trigger: { ...touch, name: 'a' } },
    (schema) => schema.views?.['kept']?.triggers,
    [{ ...touch, name: 'a' }],
  ],
  [
    'dropTrigger users.touch',
    { kind: 'dropTrigger', table: 'users', trigger: 'touch' },
    (schema) => Object.hasOwn(users(schema) ?? {}, 'triggers'),
    false,
  ],
  [
    'dropTable users',
    { kind: 'dropTable', table: 'users' },
    (schema) => Object.keys(schema.tables),
    ['billing.bills'],
  ],
  [
    'renameTable users',
    { kind: 'renameTable', table: 'users', to: 'people' },
    (schema) => schema.tables['people']?.triggers,
    users(shop)?.triggers,
  ],
  [
    'renameColumn users.mood',
    { kind: 'renameColumn', table: 'users', column: 'mood', to: 'humour' },
    (schema) => users(schema)?.triggers,
    [{ ...touch, columns: ['humour'], when: 'new.humour is not null' }],
  ],
  [
    'renameColumn users.id',
    { kind: 'renameColumn', table: 'users', column: 'id', to: 'key' },
    (schema) => users(schema)?.primaryKey,
    { columns: ['key'], parts: [{ column: 'key', order: 'desc' }] },
  ],
  [
    'createSchema audit',
    { kind: 'createSchema', schema: 'audit' },
    (schema) => schema.schemas,
    ['audit', 'billing', 'void'],
  ],
  ['dropSchema void', { kind: 'dropSchema', schema: 'void' }, (schema) => schema.schemas, ['billing']],
]

test.each(changes)('%s is known by that name, does what it says, and is taken back', (name, ...change) => {
  const [operation, after, expected] = change
  expect(describeOperation(operation)).toBe(name)
  const changed = apply(shop, operation)
  expect(after(changed)).toEqual(expected)
  expect(inverse(operation, shop).reduce(apply, changed)).toEqual(shop)
})

test('rows that were checked are not checked when that is taken back', () => {
  const { foreignKeys: [foreignKey] = [] } = users(shop) ?? {}
  expect(inverse({ kind: 'validateConstraint', table: 'users', constraint: 'fk' }, shop)).toEqual([
    { kind: 'dropConstraint', table: 'users', type: 'foreignKey', name: 'fk' },
    { kind: 'createForeignKey', table: 'users', foreignKey },
  ])
})

test('a table is made again before its triggers', () => {
  const kinds = inverse({ kind: 'dropTable', table: 'users' }, shop).map(({ kind }) => kind)
  expect(kinds).toEqual(['createTable', 'createTrigger'])
})

const refused: readonly Operation[] = [
  { kind: 'renameIndex', table: 'users', index: 'none', to: 'a' },
  { kind: 'renameIndex', table: 'users', index: 'users_id', to: 'users_mood' },
  { kind: 'renameIndex', table: 'none', index: 'a', to: 'b' },
  { kind: 'setTableComment', table: 'none', comment: 'a' },
  { kind: 'validateConstraint', table: 'users', constraint: 'none' },
  { kind: 'createEnum', name: 'mood', items: [] },
  { kind: 'alterEnum', name: 'none', items: [] },
  { kind: 'alterEnum', name: 'mood', items: ['a'], renamed: { none: 'a' } },
  { kind: 'dropEnum', name: 'toString' },
  { kind: 'createView', view: { name: 'active', definition: 'select 1' } },
  { kind: 'createView', view: { name: 'users', definition: 'select 1' } },
  { kind: 'replaceView', view: { name: 'none', definition: 'select 1' } },
  { kind: 'dropView', view: 'users' },
  { kind: 'createTrigger', table: 'users', trigger: touch },
  { kind: 'createTrigger', table: 'none', trigger: touch },
  { kind: 'dropTrigger', table: 'active', trigger: 'none' },
  { kind: 'createSchema', schema: 'billing' },
  { kind: 'dropSchema', schema: 'none' },
  // A table stands in it.
  { kind: 'dropSchema', schema: 'billing' },
]

test.each(refused.map((operation) => [describeOperation(operation), operation] as const))(
  '%s, which cannot be here, changes nothing',
  (_, operation) => {
    expect(codeOf(() => apply(shop, operation))).toBe('SHAPE_UNKNOWN')
  },
)

test('what is not known before cannot be taken back', () => {
  const unknown: readonly Operation[] = [
    { kind: 'setTableComment', table: 'none', comment: 'a' },
    { kind: 'validateConstraint', table: 'users', constraint: 'none' },
    { kind: 'alterEnum', name: 'none', items: [] },
    { kind: 'dropEnum', name: 'none' },
    { kind: 'replaceView', view: { name: 'none', definition: 'select 1' } },
    { kind: 'dropView', view: 'none' },
    { kind: 'dropTrigger', table: 'users', trigger: 'none' },
  ]
  for (const operation of unknown) expect(codeOf(() => inverse(operation, shop))).toBe('IRREVERSIBLE')
})

test('rows change no shape, and which of them go back only a person can say', () => {
  const rows: Operation = { kind: 'bulkInsert', table: 'users', rows: [{ id: 1 }] }
  expect(apply(shop, rows)).toBe(shop)
  expect(() => inverse(rows, shop)).toThrow(
    expect.objectContaining({
      code: 'IRREVERSIBLE',
      fix: expect.stringContaining('delete from users where'),
    }),
  )
})

describe('in the words that people write', () => {
  const written: View = {
    name: 'active',
    definition: 'select u.* from users u',
    triggers: [{ ...touch, body: 'NEW.a := 1;' }],
  }
  const declared: Schema = { tables: {}, views: { active: written } }

  test('a view has its query, and all else as the database says', () => {
    const view = { name: 'active', definition: 'SELECT …', comment: 'As it is' }
    for (const kind of ['createView', 'replaceView'] as const) {
      const expected = { kind, view: { ...view, definition: written.definition } }
      expect(spell({ kind, view }, declared)).toEqual(expected)
      expect(spell({ kind, view }, shop)).not.toEqual(expected)
    }
  })

  test('a trigger has its statements', () => {
    const trigger: Operation = { kind: 'createTrigger', table: 'active', trigger: touch }
    expect(spell(trigger, declared)).toEqual({ ...trigger, trigger: { ...touch, body: 'NEW.a := 1;' } })
    expect(spell(trigger, { tables: {} })).toEqual(trigger)
  })
})
