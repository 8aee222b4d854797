import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { apply } from '../../src/operations/apply.ts'
import { diff } from '../../src/operations/diff.ts'
import { inverse } from '../../src/operations/inverse.ts'
import type { Operation } from '../../src/operations/operation.ts'
import type { Column, ForeignKey, Schema, Table, View } from '../../src/schema/schema.ts'

const options = { forwardReferences: false, retypesKeys: 'any' } as const

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
    undo.unshift(...inverse(operation, at))
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
    expect(kinds(diff(schema(), circle, { forwardReferences: true, retypesKeys: 'any' }))).toEqual([
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

const anyTrigger = fc.record({
  name: fc.constant('tg'),
  timing: fc.constant('after' as const),
  events: fc.constant(['insert' as const]),
  body: fc.constantFrom('select a from t1', 'select 1'),
})

const anyView = (name: string): fc.Arbitrary<View> =>
  fc.record(
    {
      name: fc.constant(name),
      definition: fc.constantFrom('select a from t1', 'select b from t2', 'select * from v1'),
      comment: fc.constantFrom('x', 'y'),
      triggers: anyTrigger.map((trigger) => [trigger]),
      columns: fc.constantFrom([], [{ name: 'a', type: 'text' }]),
    },
    { requiredKeys: ['name', 'definition'] },
  )

const anySchema: fc.Arbitrary<Schema> = fc
  .record({
    tables: fc.tuple(
      ...['t1', 't2', 't3'].map((name) =>
        fc.option(
          fc
            .tuple(anyTable(name), fc.option(anyTrigger, { nil: undefined }), fc.constantFrom('', 'c', 'd'))
            .map(([each, trigger, comment]) => ({
              ...each,
              ...(trigger ? { triggers: [trigger] } : {}),
              ...(comment ? { comment } : {}),
            })),
          { nil: undefined },
        ),
      ),
    ),
    views: fc.tuple(...['v1', 'v2'].map((name) => fc.option(anyView(name), { nil: undefined }))),
    items: fc.option(fc.shuffledSubarray(['x', 'y', 'z'], { minLength: 1 }), { nil: undefined }),
    schemas: fc.subarray(['billing', 'tenant']),
  })
  .map(({ tables, views, items, schemas }) => ({
    ...schema(...tables.filter((each) => each !== undefined)),
    views: Object.fromEntries(views.filter((each) => each !== undefined).map((view) => [view.name, view])),
    enums: items ? { mood: { name: 'mood', items } } : {},
    schemas,
  }))

/** Columns may end in another order: a database adds them at the end. */
function unordered({ tables, views = {}, enums = {}, schemas = [] }: Schema) {
  const each = Object.entries(tables).map(([name, one]): [string, unknown] => [
    name,
    { ...one, columns: one.columns.toSorted((a, b) => a.name.localeCompare(b.name)) },
  ])
  return {
    tables: Object.fromEntries(each),
    views: Object.fromEntries(Object.entries(views).map(([name, { columns: _, ...view }]) => [name, view])),
    enums,
    schemas: schemas.toSorted(),
  }
}

/** Views that a database would not let stay: they read a table that goes or changes, or a view that is gone. */
function heldUp(before: Schema, operation: Operation): readonly string[] {
  const changes = ['dropTable', 'dropColumn', 'renameTable', 'renameColumn']
  const isRetyped = operation.kind === 'alterColumn' && operation.change.type !== undefined
  if (operation.kind !== 'dropView' && !changes.includes(operation.kind) && !isRetyped) return []
  const table = 'table' in operation && typeof operation.table === 'string' ? operation.table : ''
  const name = operation.kind === 'dropView' ? operation.view : table
  return Object.values(before.views ?? {})
    .filter((view) => view.name !== name && view.definition.endsWith(` ${name}`))
    .map((view) => `${operation.kind} under ${view.name}`)
}

test('any difference applied gives the other schema, and its inverse gives the first one back', () => {
  fc.assert(
    fc.property(anySchema, anySchema, fc.boolean(), (from, to, forwardReferences) => {
      const operations = diff(from, to, { forwardReferences, retypesKeys: 'any' })
      const there = operations.reduce(apply, from)
      expect(unordered(there)).toEqual(unordered(to))
      const held = operations.flatMap((operation, at) =>
        heldUp(operations.slice(0, at).reduce(apply, from), operation),
      )
      expect(held).toEqual([])
      expect(diff(there, to, { forwardReferences, retypesKeys: 'any' })).toEqual([])
      expect(unordered(back(from, operations).reduce(apply, there))).toEqual(unordered(from))
    }),
    { numRuns: 500 },
  )
})

test('a generated column comes after the columns that it reads, and goes before them', () => {
  const sum = (name: string, expression: string) => text(name, { generated: { expression, stored: true } })
  const plain = table('users', [id])
  const made = table('users', [sum('c', 'b || a'), sum('b', 'a'), text('a'), id])
  const operations = diff(schema(plain), schema(made), options)
  expect(operations.map((each) => 'column' in each && each.column)).toMatchObject(
    ['a', 'b', 'c'].map((name) => ({ name })),
  )
  expect(diff(schema(made), schema(plain), options).map((each) => 'column' in each && each.column)).toEqual([
    'c',
    'b',
    'a',
  ])
})

test('a check is the same beside its column and behind all columns', () => {
  const check = { name: 'positive', expression: 'id > 0' }
  const one = schema(table('users', [id], { checks: [{ ...check, column: 'id' }] }))
  const other = schema(table('users', [id], { checks: [check] }))
  expect(diff(one, other, options)).toEqual([])
  expect(diff(other, one, options)).toEqual([])
})

test.each([
  ['select id, name from users where x = 1', 'SELECT "id", `name`\n  FROM [users] WHERE x=1', true],
  ['select count(*) from users', 'select COUNT( * ) from users', true],
  ['select `Id` from "it`s"', 'select [Id] from `it``s`', true],
  ['select id from users', 'select id /* the key */ from users', false],
  ["select 'A' as a", "select 'a' as a", false],
  ["select 'a  b' as a", "select 'a b' as a", false],
  ['select id as Total from users', 'select id as total from users', false],
  ['select "Id" from users', 'select id from users', false],
  ['select "order" from users', 'select order from users', false],
])('the texts %s and %s mean the same: %s', (one, other, isSame) => {
  const withTexts = (text: string): Schema => ({
    ...schema(
      table('users', [id], {
        triggers: [{ name: 'keep', timing: 'after', events: ['insert'], body: text }],
      }),
    ),
    views: { v: { name: 'v', definition: text } },
  })
  const [old, wanted] = [withTexts(one), withTexts(other)]
  expect(kinds(diff(old, wanted, options))).toEqual(
    isSame ? [] : ['dropTrigger', 'replaceView', 'createTrigger'],
  )
})

describe('views', () => {
  const view = (name: string, definition: string, more: Partial<View> = {}): View => ({
    name,
    definition,
    ...more,
  })
  const withViews = (base: Schema, ...views: readonly View[]): Schema => ({
    ...base,
    views: Object.fromEntries(views.map((each) => [each.name, each])),
  })
  const users = schema(table('users', [id, text('phone')]))
  const columns = [{ name: 'id', type: 'integer' }]

  test('come after what they read, and go before it', () => {
    const both = withViews(users, view('a', 'select * from b'), view('b', 'select * from users'))
    const names = (operations: readonly Operation[]) =>
      operations.map((each) => ('view' in each ? each.view : each.kind))
    expect(diff(schema(), both, options).map(({ kind }) => kind)).toEqual([
      'createTable',
      'createView',
      'createView',
    ])
    expect(names(diff(both, schema(), options))).toEqual(['a', 'b', 'dropTable'])
  })

  test('are replaced in place where their columns stay, for others may read them', () => {
    const old = withViews(users, view('a', 'select id from users', { columns }))
    const changed = withViews(users, view('a', 'select id from users where id > 0', { columns }))
    const wider = withViews(
      users,
      view('a', 'select id, phone from users', { columns: [...columns, ...columns] }),
    )
    expect(kinds(diff(old, changed, options))).toEqual(['replaceView'])
    expect(kinds(diff(old, wider, options))).toEqual(['dropView', 'createView'])
  })

  test('step aside for a column that changes its type or its name', () => {
    const old = withViews(users, view('a', 'select phone from users'), view('b', 'select * from a'))
    const retyped = withViews(
      schema(table('users', [id, { name: 'phone', type: { sql: 'varchar(20)' } }])),
      ...Object.values(old.views ?? {}),
    )
    const aside = ['dropView', 'dropView', 'alterColumn', 'createView', 'createView']
    expect(kinds(diff(old, retyped, options))).toEqual(aside)
    const renaming = [{ kind: 'renameColumn', table: 'users', column: 'phone', to: 'tel' } as const]
    const renamed = withViews(schema(table('users', [id, text('tel')])), view('a', 'select tel from users'))
    expect(kinds(diff(old, renamed, { ...options, renaming }))).toEqual([
      ...['dropView', 'dropView', 'renameColumn', 'createView'],
    ])
  })
})

test('a trigger that names a renamed column goes under the old name of its table, and comes back under the new', () => {
  const trigger = (name: string, body: string) =>
    ({ name, timing: 'after', events: ['update'], body }) as const
  const from = schema(
    table('users', [id, text('phone')], {
      triggers: [trigger('a', 'select 1'), trigger('b', 'set new.phone = 1')],
    }),
  )
  const to = schema(
    table('people', [id, text('tel')], {
      triggers: [trigger('a', 'select 1'), trigger('b', 'set new.tel = 1')],
    }),
  )
  const renaming = [
    { kind: 'renameTable', table: 'users', to: 'people' },
    { kind: 'renameColumn', table: 'people', column: 'phone', to: 'tel' },
  ] as const
  const operations = diff(from, to, { ...options, renaming })
  expect(operations).toEqual([
    { kind: 'dropTrigger', table: 'users', trigger: 'b' },
    ...renaming,
    { kind: 'createTrigger', table: 'people', trigger: trigger('b', 'set new.tel = 1') },
  ])
})

test('a value comes before a column uses it, and one goes after no column does', () => {
  const typed = (items: readonly string[], value: string): Schema => ({
    ...schema(table('t', [{ name: 'm', type: { sql: 'mood' }, default: { sql: value } }])),
    enums: { mood: { name: 'mood', items } },
  })
  expect(diff(typed(['x', 'y'], 'y'), typed(['x', 'z'], 'z'), options)).toEqual([
    { kind: 'alterEnum', name: 'mood', items: ['x', 'z', 'y'] },
    { kind: 'alterColumn', table: 't', column: 'm', change: { default: { sql: 'z' } } },
    { kind: 'alterEnum', name: 'mood', items: ['x', 'z'] },
  ])
  expect(kinds(diff(typed(['x'], 'x'), typed(['x', 'z'], 'x'), options))).toEqual(['alterEnum'])
})

test('what only waits to be checked is checked, not made again', () => {
  const refers = (more: Partial<ForeignKey>) =>
    schema(
      table('t', [id], {
        foreignKeys: [{ name: 'fk', columns: ['id'], references: { table: 't', columns: ['id'] }, ...more }],
      }),
    )
  expect(diff(refers({ notValid: true }), refers({}), options)).toEqual([
    { kind: 'validateConstraint', table: 't', constraint: 'fk' },
  ])
})

test('a foreign key steps aside for the key that it refers to', () => {
  const key = { name: 'fk', columns: ['id'], references: { table: 'a', columns: ['id'] } }
  const both = (primaryKey: readonly string[]) =>
    schema(
      table('a', [id, text('code')], {
        primaryKey: { columns: primaryKey },
        uniques: [{ name: 'u', columns: ['id'] }],
      }),
      table('b', [id], { foreignKeys: [key] }),
    )
  expect(kinds(diff(both(['id']), both(['code']), options))).toEqual([
    ...['dropConstraint', 'dropConstraint', 'createPrimaryKey', 'createForeignKey'],
  ])
})

test('a column counts only while the primary key is its own', () => {
  const keyed = (columns: readonly string[], more: Partial<Column>) =>
    schema(table('t', [{ ...id, ...more }, text('code')], { primaryKey: { columns } }))
  const [one, two] = [keyed(['id'], { autoincrement: true }), keyed(['id', 'code'], {})]
  expect(kinds(diff(one, two, options))).toEqual(['alterColumn', 'dropConstraint', 'createPrimaryKey'])
  expect(kinds(diff(two, one, options))).toEqual(['dropConstraint', 'createPrimaryKey', 'alterColumn'])
})
