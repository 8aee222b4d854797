import { expect, test } from 'vitest'
import { type Filter, type SchemaObject, filterSchema } from '../../src/schema/filter.ts'
import type { Schema, Table } from '../../src/schema/schema.ts'

const all: Filter = { tables: [], presets: [] }

function table(name: string, parts: Partial<Table> = {}): Record<string, Table> {
  return { [name]: { name, columns: [{ name: 'id', type: 'integer' }], ...parts } }
}

function named(filter: Partial<Filter>, schema: Schema, qualified = true): readonly string[] {
  const left = filterSchema(schema, { ...all, ...filter }, { side: 'database', qualified })
  return [
    ...Object.keys(left.tables),
    ...Object.keys(left.views ?? {}),
    ...Object.keys(left.enums ?? {}),
    ...(left.schemas ?? []),
    ...(left.others ?? []).map(({ kind, name }) => `${kind} ${name}`),
  ]
}

const view = (name: string) => ({ [name]: { name, definition: 'select 1' } })

test('without a filter a schema is what it is', () => {
  const schema: Schema = { tables: table('users') }
  expect(filterSchema(schema, all, { side: 'database', qualified: true })).toBe(schema)
})

test('tables and views are chosen by globs, and a glob with ! leaves out', () => {
  const schema: Schema = {
    tables: { ...table('users'), ...table('audit_log'), ...table('billing.invoices') },
    views: { ...view('user_names'), ...view('audit_days') },
  }
  expect(named({ tables: ['!audit_*'] }, schema)).toEqual(['users', 'billing.invoices', 'user_names'])
  expect(named({ tables: ['user*', '!*s'] }, schema)).toEqual([])
  expect(named({ tables: ['user*', 'billing.*', '!user_?ames'] }, schema)).toEqual([
    'users',
    'billing.invoices',
  ])
})

test('schemas that are named are looked at beside the own one, and no others', () => {
  const schema: Schema = {
    tables: { ...table('users'), ...table('billing.invoices'), ...table('a..b') },
    enums: { 'auth.level': { name: 'auth.level', items: [] } },
    schemas: ['auth', 'billing'],
  }
  expect(named({ schemas: ['billing'] }, schema)).toEqual(['users', 'billing.invoices', 'a..b', 'billing'])
  expect(named({ schemas: [] }, schema)).toEqual(['users', 'a..b'])
  // Where tables stand in no schemas a dot is a letter like any other.
  expect(named({ schemas: [] }, { tables: table('billing.invoices') }, false)).toEqual(['billing.invoices'])
})

test("what Supabase and PostGIS made for themselves is not looked at, and a project's own table like theirs is", () => {
  const schema: Schema = {
    tables: { ...table('auth.users'), ...table('users'), ...table('spatial_ref_sys'), ...table('auth') },
    views: view('extensions.geometry_columns'),
    schemas: ['auth', 'billing', 'storage', 'topology'],
    others: [
      { kind: 'extension', name: 'postgis' },
      { kind: 'extension', name: 'citext' },
      { kind: 'function', name: 'auth.uid' },
    ],
  }
  expect(named({ presets: ['supabase'] }, schema)).toEqual([
    ...['users', 'spatial_ref_sys', 'auth', 'billing', 'topology', 'extension postgis', 'extension citext'],
  ])
  expect(named({ presets: ['postgis'] }, schema)).toEqual([
    ...['auth.users', 'users', 'auth', 'auth', 'billing', 'storage', 'extension citext', 'function auth.uid'],
  ])
})

test('include is asked for each object with all that it is known by, and for its side', () => {
  const asked: (SchemaObject & { readonly side: string })[] = []
  const schema: Schema = {
    tables: table('billing.invoices', {
      uniques: [{ columns: ['a', 'b'] }],
      indexes: [{ name: 'ix', columns: ['id'] }],
      triggers: [{ name: 'touch', timing: 'before', events: ['insert'], body: '' }],
    }),
    enums: { mood: { name: 'mood', items: [] } },
    schemas: ['billing'],
  }
  const include: Filter['include'] = (object, side) => asked.push({ ...object, side }) > 0
  filterSchema(schema, { ...all, include }, { side: 'entities', qualified: true })
  const at = { table: 'invoices', schema: 'billing', side: 'entities' }
  expect(asked).toEqual([
    { kind: 'table', name: 'invoices', schema: 'billing', side: 'entities' },
    { kind: 'column', name: 'id', ...at },
    { kind: 'unique', name: 'a_b', ...at },
    { kind: 'index', name: 'ix', ...at },
    { kind: 'trigger', name: 'touch', ...at },
    { kind: 'enum', name: 'mood', side: 'entities' },
    { kind: 'schema', name: 'billing', side: 'entities' },
  ])
})

test('what is made of a column that is left out goes with it; a key to a table that is left out stays', () => {
  const column = (name: string) => ({ name, type: 'integer' as const })
  const schema: Schema = {
    tables: {
      ...table('users', {
        columns: ['id', 'legacy', 'org'].map(column),
        primaryKey: { columns: ['id'] },
        uniques: [{ name: 'u', columns: ['org', 'legacy'] }],
        indexes: [
          { name: 'i', columns: [{ sql: 'abs(LEGACY)' }] },
          { name: 'j', columns: ['org'] },
        ],
        checks: [
          { name: 'c', expression: 'legacy > 0' },
          { name: 'd', expression: 'legacy_2 > 0' },
        ],
        foreignKeys: [{ name: 'f', columns: ['org'], references: { table: 'orgs', columns: ['id'] } }],
        source: { table: 'create table …', dependents: [] },
      }),
      ...table('orgs'),
    },
  }
  const include: Filter['include'] = ({ kind, name }) =>
    !(kind === 'column' && name === 'legacy') && !(kind === 'table' && name === 'orgs')
  expect(filterSchema(schema, { ...all, include }, { side: 'database', qualified: true })).toEqual({
    tables: table('users', {
      columns: ['id', 'org'].map(column),
      primaryKey: { columns: ['id'] },
      indexes: [{ name: 'j', columns: ['org'] }],
      checks: [{ name: 'd', expression: 'legacy_2 > 0' }],
      foreignKeys: [{ name: 'f', columns: ['org'], references: { table: 'orgs', columns: ['id'] } }],
    }),
  })
})

test('an include that throws, or gives no boolean, is a fault of the configuration', () => {
  const run = (include: () => unknown) => () =>
    filterSchema(
      { tables: table('users') },
      { ...all, include: include as () => boolean },
      { side: 'database', qualified: true },
    )
  expect(run(() => undefined)).toThrow(
    `In the configuration include({"kind":"table","name":"users"}, 'database') gives nothing, not true or false.`,
  )
  expect(
    run(() => {
      throw new Error('no')
    }),
  ).toThrow(/include\(.*\) throws: no\.$/)
})
