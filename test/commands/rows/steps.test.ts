import { expect, test } from 'vitest'
import { noteLine } from '../../../src/commands/rows/note.ts'
import { safeSteps } from '../../../src/commands/rows/steps.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import { type Column, type Schema, emptySchema } from '../../../src/schema/schema.ts'

const quote = (...path: readonly string[]): string => path.map((part) => `"${part}"`).join('.')
const literal = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value))
const capabilities = {
  transactionalDdl: true,
  forwardReferences: true,
  caseless: 'none',
  retypesKeys: 'any',
  largeText: 'text',
  outsideTransaction: true,
  schemas: true,
} as const
const dialect = { quote, literal, capabilities }

const sql = (name: string, type: string, more: Partial<Column> = {}): Column => ({
  name,
  type: { sql: type },
  ...more,
})
const before: Schema = {
  tables: {
    users: {
      name: 'users',
      columns: [
        sql('id', 'integer'),
        sql('name', 'character varying(100)'),
        sql('n', 'integer'),
        sql('price', 'numeric(10,2)'),
        sql('note', 'text', { nullable: true }),
        sql('at', 'timestamp(6) with time zone'),
        sql('kind', "enum('a','b','c')"),
        sql('mood', 'mood'),
        sql('stamp', 'timestamp', { extra: 'on update current_timestamp()' }),
      ],
      primaryKey: { columns: ['id'] },
      uniques: [{ name: 'users_n', columns: ['n'] }],
      checks: [
        { name: 'users_kind', column: 'note', expression: "note = ANY (ARRAY['a'::text, 'b'::text])" },
      ],
      foreignKeys: [{ name: 'users_fk', columns: ['n'], references: { table: 'pets', columns: ['id'] } }],
    },
    'billing.invoices': { name: 'billing.invoices', columns: [sql('id', 'integer')] },
    pets: { name: 'pets', columns: [sql('id', 'integer')] },
  },
  enums: { mood: { name: 'mood', items: ['sad', 'ok'] } },
}

const table = 'users'
const add = (column: Partial<Column>): Operation => ({
  kind: 'addColumn',
  table,
  column: { name: 'x', type: 'integer', ...column },
})
const change = (column: string, to: Extract<Operation, { kind: 'alterColumn' }>['change']): Operation => ({
  kind: 'alterColumn',
  table,
  column,
  change: to,
})
const unique = (...columns: readonly string[]): Operation => ({
  kind: 'createUniqueConstraint',
  table,
  unique: { name: 'u', columns },
})
const index = (more: Partial<Extract<Operation, { kind: 'createIndex' }>['index']>): Operation => ({
  kind: 'createIndex',
  table,
  index: { name: 'i', columns: ['name'], unique: true, ...more },
})
const key = (more: object): Operation => ({
  kind: 'createForeignKey',
  table,
  foreignKey: { columns: ['id'], references: { table: 'billing.invoices', columns: ['id'] }, ...more },
})
const check = (of: Extract<Operation, { kind: 'createCheckConstraint' }>['check']): Operation => ({
  kind: 'createCheckConstraint',
  table,
  check: of,
})

const notesOf = (operations: readonly Operation[], more: object = {}): readonly string[] =>
  safeSteps(operations, { dialect, before, way: 'upgrade', ...more }).flatMap(({ notes }) =>
    notes.map(noteLine),
  )

test.each<[string, Operation | readonly Operation[], readonly string[]]>([
  [
    'a column without a value',
    add({}),
    [
      `Rows that are there need a value of users.x before it is set not null: op.execute('update "users" set "x" = …, "stamp" = "stamp" where "x" is null')`,
    ],
  ],
  ['a nullable column', add({ nullable: true }), []],
  ['a column with a default', add({ default: 0 }), []],
  ['a column that counts', add({ autoincrement: true }), []],
  ['an identity', add({ extra: 'generated always as identity' }), []],
  ['a generated column', add({ generated: { expression: 'n + 1', stored: true } }), []],
  [
    'nullable to not null',
    change('note', { nullable: false }),
    [
      `Rows that are there need a value of users.note before it is set not null: op.execute('update "users" set "note" = …, "stamp" = "stamp" where "note" is null')`,
    ],
  ],
  ['not null that is so already', change('name', { nullable: false }), []],
  [
    'a shorter text',
    change('name', { type: 'string', length: 20 }),
    [
      'users.name gets shorter: values longer than 20 are refused: select * from "users" where char_length("name") > 20',
    ],
  ],
  ['a longer text', change('name', { type: 'string', length: 200 }), []],
  ['a text without an end', change('name', { type: 'text' }), []],
  [
    'a text with one',
    change('note', { type: 'string' }),
    [
      'users.note gets shorter: values longer than 255 are refused: select * from "users" where char_length("note") > 255',
    ],
  ],
  [
    'a smaller integer',
    change('n', { type: 'smallint' }),
    [
      'users.n gets smaller: numbers beyond it are refused: select * from "users" where "n" not between -32768 and 32767',
    ],
  ],
  [
    'an unsigned one',
    change('n', { type: 'integer', unsigned: true }),
    [
      'users.n gets smaller: numbers beyond it are refused: select * from "users" where "n" not between 0 and 4294967295',
    ],
  ],
  ['a larger integer', change('n', { type: 'bigint' }), []],
  ['an integer to a decimal', change('n', { type: 'decimal', precision: 12, scale: 0 }), []],
  [
    'fewer digits',
    change('price', { type: 'decimal', precision: 6, scale: 1 }),
    [
      'users.price gets smaller: numbers of more than 5 digits before the point are refused: select * from "users" where abs("price") >= 100000',
      'users.price keeps 1 digits after the point; these values are rounded: select * from "users" where "price" <> round("price", 1)',
    ],
  ],
  ['more digits', change('price', { type: 'decimal', precision: 12, scale: 3 }), []],
  [
    'a decimal to an integer',
    change('price', { type: 'integer' }),
    [
      'users.price becomes an integer; these values are rounded: select * from "users" where "price" <> round("price")',
    ],
  ],
  [
    'a text to an integer',
    change('name', { type: 'integer' }),
    ['users.name becomes an integer: values that are none are refused: select distinct "name" from "users"'],
  ],
  ['an integer to a text', change('n', { type: 'string' }), []],
  [
    'a moment to a day',
    change('at', { type: 'date' }),
    ['users.at keeps the date alone: the rest of its values is lost.'],
  ],
  [
    'a value less of an enum',
    change('kind', { type: { sql: "enum('a','b')" } }),
    [
      'users.kind loses values: rows that have one are refused: select * from "users" where "kind" in (\'c\')',
    ],
  ],
  ['a value more', change('kind', { type: { sql: "enum('a','b','c','d')" } }), []],
  [
    'a value less of an enum type',
    { kind: 'alterEnum', name: 'mood', items: ['ok'] },
    ['Fails where users.mood has a value that goes: select * from "users" where "mood" in (\'sad\')'],
  ],
  ['a renamed value', { kind: 'alterEnum', name: 'mood', items: ['low', 'ok'], renamed: { sad: 'low' } }, []],
  ['a comment', change('name', { comment: 'Whose?' }), []],
  [
    'a unique constraint',
    unique('name'),
    [
      'Fails where rows of users are the same in name: select "name", count(*) from "users" where "name" is not null group by "name" having count(*) > 1',
    ],
  ],
  ['one of what was unique already', unique('n', 'name'), []],
  ['one of a new column that is null', [add({ nullable: true }), unique('x', 'name')], []],
  [
    'a unique index of some rows and an expression',
    index({ columns: [{ sql: 'lower(name)' }], where: 'n > 0' }),
    [
      'Fails where rows of users are the same in lower(name): select lower(name), count(*) from "users" where (n > 0) and lower(name) is not null group by lower(name) having count(*) > 1',
    ],
  ],
  ['an index', index({ unique: false }), []],
  [
    'a primary key',
    { kind: 'createPrimaryKey', table, primaryKey: { columns: ['name'] } },
    [
      'Fails where rows of users are the same in name: select "name", count(*) from "users" where "name" is not null group by "name" having count(*) > 1',
    ],
  ],
  [
    'a foreign key',
    key({}),
    [
      'Fails where users names rows that billing.invoices has not: select * from "users" "a" where "a"."id" is not null and not exists (select 1 from "billing"."invoices" "b" where "b"."id" = "a"."id")',
    ],
  ],
  ['one that is not valid yet', key({ notValid: true }), []],
  [
    'one with other rules',
    key({ columns: ['n'], references: { table: 'pets', columns: ['id'] }, onDelete: 'cascade' }),
    [],
  ],
  [
    'a check',
    check({ name: 'c', expression: 'n > 0' }),
    ['Fails where rows of users break this check: select * from "users" where not (n > 0)'],
  ],
  [
    'fewer values',
    check({ name: 'users_kind', column: 'note', expression: { in: ['a'] } }),
    ['Fails where users.note has another value: select * from "users" where "note" not in (\'a\')'],
  ],
  ['more values', check({ name: 'users_kind', column: 'note', expression: { in: ['a', 'b', 'c'] } }), []],
  [
    'all of it for a table that is new',
    [
      { kind: 'createTable', table: { name: 'new', columns: [sql('id', 'integer')] } },
      { kind: 'addColumn', table: 'new', column: sql('x', 'integer') },
      { kind: 'createUniqueConstraint', table: 'new', unique: { columns: ['x'] } },
    ],
    [],
  ],
])('what is said of %s', (_, operations, expected) => {
  expect(notesOf('kind' in operations ? [operations] : operations)).toEqual(expected)
})

test('what has another name now was as unique, and referred to the same, before', () => {
  expect(
    notesOf([
      { kind: 'renameTable', table, to: 'people' },
      { kind: 'renameColumn', table: 'people', column: 'n', to: 'm' },
      {
        kind: 'createUniqueConstraint',
        table: 'people',
        unique: { name: 'people_m', columns: ['m'] },
      },
      {
        kind: 'createForeignKey',
        table: 'people',
        foreignKey: { name: 'people_fk', columns: ['m'], references: { table: 'pets', columns: ['id'] } },
      },
    ]),
  ).toEqual([])
})

test('no two rows have the same number in a new column that counts', () => {
  expect(
    notesOf([
      add({ autoincrement: true }),
      { kind: 'createPrimaryKey', table, primaryKey: { columns: ['x'] } },
    ]),
  ).toEqual([])
})

test('where a database keeps what does not fit, or cuts it, that is said', () => {
  const shorter = [change('name', { type: 'string', length: 20 })]
  expect(
    notesOf(shorter, { dialect: { ...dialect, capabilities: { ...capabilities, keepsMisfits: true } } }),
  ).toEqual([])
  expect(
    notesOf(shorter, { dialect: { ...dialect, capabilities: { ...capabilities, lenient: true } } }),
  ).toEqual([
    'users.name gets shorter: values longer than 20 are refused, or cut without a word where the server is not strict: select * from "users" where char_length("name") > 20',
  ])
})

test('where a database keeps what does not fit, a text that becomes something else is told, and nothing is refused', () => {
  const keeping = { ...dialect, capabilities: { ...capabilities, keepsMisfits: true } }
  const told = (operation: Operation) => notesOf([operation], { dialect: keeping })
  expect(told(change('name', { type: 'integer' }))).toEqual([
    'users.name becomes an integer: values that are none stay what they are: select distinct "name" from "users"',
  ])
  expect(told(change('name', { type: 'datetime' }))).toEqual([
    'users.name becomes a time: values that are none stay what they are: select distinct "name" from "users"',
  ])
  for (const column of ['n', 'price', 'at'])
    for (const type of ['text', 'string', 'date', 'smallint'] as const)
      expect(told(change(column, { type }))).toEqual([])
})

test('a column that rows need a value in is added, filled by hand, and set not null before its constraints', () => {
  const steps = safeSteps([add({}), unique('x')], { dialect, before, way: 'upgrade' })
  expect(steps.map(({ operation }) => operation)).toEqual([
    add({ nullable: true }),
    change('x', { nullable: false }),
    unique('x'),
  ])
  expect(steps.map(({ notes }) => notes.length)).toEqual([0, 1, 1])
})

test.each<[Partial<Column>, string]>([
  [{ type: 'string' }, "''"],
  [{ type: { sql: 'character varying(20)' } }, "''"],
  [{ type: 'bigint' }, '0'],
  [{ type: { sql: 'double precision' } }, '0'],
  [{ type: 'boolean' }, 'false'],
  [{ type: 'date' }, "'1970-01-01'"],
  [{ type: { sql: 'time without time zone' } }, "'00:00:00'"],
  [{ type: 'datetime' }, "'1970-01-01 00:00:00'"],
  [{ type: { sql: 'timestamp' } }, "'1970-01-02 00:00:00'"],
  [{ type: { sql: 'jsonb' } }, "'{}'"],
  [{ type: 'uuid' }, "'00000000-0000-0000-0000-000000000000'"],
  [{ type: { sql: 'mood' } }, "'sad'"],
  [{ type: 'enum', items: ['b', 'a'] }, "'b'"],
  [{ type: { sql: "enum('it''s','x')" } }, "'it's'"],
  [{ type: { sql: 'bytea' } }, "''"],
  [{ type: { sql: 'text[]' } }, "'{}'"],
])('a column %j comes back with %s in its rows', (column, value) => {
  const { operation, notes } = safeSteps([add(column)], { dialect, before, way: 'downgrade' })[1] ?? {}
  expect(operation).toEqual({
    kind: 'execute',
    sql: `update "users" set "x" = ${value}, "stamp" = "stamp" where "x" is null`,
  })
  expect(notes).toEqual([{ text: `The old values of users.x are lost: rows get ${value}.` }])
})

test.each<[string, readonly Operation[]]>([
  ['constraint', [add({ type: 'string' }), unique('x')]],
  [
    'constraint of two columns',
    [add({}), { kind: 'createUniqueConstraint', table, unique: { columns: ['n', 'x'] } }],
  ],
  ['index', [add({}), index({ columns: ['x'] })]],
])('one that a unique %s holds comes back with the key of its table in its rows', (_, operations) => {
  const { operation, notes } = safeSteps(operations, { dialect, before, way: 'downgrade' })[1] ?? {}
  expect(operation).toMatchObject({
    sql: 'update "users" set "x" = "id", "stamp" = "stamp" where "x" is null',
  })
  expect(notes).toEqual([{ text: 'The old values of users.x are lost: rows get those of id.' }])
})

test.each<[string, readonly Operation[]]>([
  ['has no such value', [add({ type: { sql: 'inet' } })]],
  ['is unique, and takes no numbers', [add({ type: 'uuid' }), unique('x')]],
  ['is unique, and names others', [add({}), unique('x'), key({ columns: ['x'] })]],
  ['is unique and checked', [add({}), unique('x'), check({ name: 'c', expression: 'x > 0' })]],
  ['is of the key', [add({}), { kind: 'createPrimaryKey', table, primaryKey: { columns: ['x'] } }]],
  ['names others', [add({}), key({ columns: ['x'] })]],
  ['is checked', [add({}), check({ name: 'c', expression: 'x > 0' })]],
])('one that %s is left to who goes back', (_, operations) => {
  const [first, second] = safeSteps(operations, { dialect, before, way: 'downgrade' })
  expect(first?.operation).toMatchObject({ kind: 'addColumn', column: { nullable: true } })
  expect(second).toMatchObject({
    operation: change('x', { nullable: false }),
    notes: [{ text: 'The old values of users.x are lost: rows need others before it is set not null:' }],
  })
})

test('what is not known is said nothing of', () => {
  expect(
    notesOf([change('name', { type: 'smallint' }), change('gone', { nullable: false })], {
      before: emptySchema,
    }),
  ).toEqual([])
})

test('rows take a renamed value between the old list and the new one, on the way back too', () => {
  const values = [{ table: 'users', column: 'mood', value: 'sad', to: 'low' }]
  const users = (type: string): Schema => ({
    tables: { users: { name: 'users', columns: [{ name: 'mood', type: { sql: type } }] } },
  })
  const shown = (operation: Operation, of: Schema): readonly unknown[] =>
    safeSteps([operation], { dialect, before: of, values, way: 'upgrade' }).map((step) =>
      step.operation.kind === 'execute' ? step.operation.sql : step.operation,
    )
  const narrow: Operation = {
    kind: 'alterColumn',
    table: 'users',
    column: 'mood',
    change: { type: 'enum', items: ['low', 'ok'] },
  }
  const update = `update "users" set "mood" = 'low' where "mood" = 'sad'`
  expect(shown(narrow, users("enum('sad','ok')"))).toEqual([
    { ...narrow, change: { type: 'enum', items: ['sad', 'ok', 'low'] } },
    update,
    narrow,
  ])
  const list: Operation = {
    kind: 'createCheckConstraint',
    table: 'users',
    check: { name: 'c', column: 'mood', expression: { in: ['low', 'ok'] } },
  }
  expect(shown(list, users('text'))[0]).toEqual(update)
})
