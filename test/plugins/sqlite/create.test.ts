import { MikroORM, defineEntity, p } from '@mikro-orm/sqlite'
import { describe, expect, test } from 'vitest'
import { columnType as mikroOrmType, loadPlatform } from '../../../plugins/mikro-orm/platform.ts'
import { createTable } from '../../../plugins/sqlite/create.ts'
import sqlite from '../../../plugins/sqlite/index.ts'
import { columnType } from '../../../plugins/sqlite/types.ts'
import { neutralTypes, type Table } from '../../../src/schema/schema.ts'
import { memory, reflected, textOf } from './support.ts'

const Org = defineEntity({ name: 'Org', tableName: 'org', properties: { id: p.integer().primary() } })

const Kinds = defineEntity({
  name: 'Kinds',
  tableName: 'kinds',
  checks: [
    { name: 'positive', expression: 'whole > 0' },
    { property: 'text', expression: 'length(text) > 1' },
  ],
  indexes: [
    { properties: ['whole', 'text'] },
    { properties: ['text'], where: '`text` is not null', name: 'partly' },
  ],
  uniques: [{ properties: ['text', 'whole'] }],
  properties: {
    id: p.integer().primary(),
    email: p.string().unique(),
    text: p.string().length(500).nullable().index(),
    whole: p.integer().default(3),
    negative: p.integer().default(-5),
    big: p.bigint(),
    small: p.smallint(),
    tiny: p.tinyint(),
    medium: p.mediumint(),
    real: p.float().default(1.5),
    double: p.double(),
    money: p.decimal().precision(10).scale(2),
    yes: p.boolean().default(true),
    no: p.boolean().default(false),
    day: p.date(),
    hour: p.time(),
    made: p.datetime().defaultRaw('current_timestamp'),
    exact: p.datetime(3).nullable().defaultRaw("(strftime('%s', 'now'))"),
    json: p.json(),
    uuid: p.uuid(),
    blob: p.blob(),
    status: p.string().default('new one'),
    kind: p.enum(['a', 'b', "it's"]).default('a'),
    code: p.character().length(3),
    folded: p.string().collation('nocase'),
    lowered: p.string().generated('(lower(email)) stored'),
    twice: p.integer().nullable().generated('(whole * 2) virtual'),
    org: () => p.manyToOne(Org).deleteRule('cascade'),
    other: () => p.manyToOne(Org).nullable().deferMode('deferred'),
    only: () => p.oneToOne(Org).nullable(),
  },
})

const Self = defineEntity({
  name: 'Self',
  tableName: 'self',
  properties: {
    id: p.uuid().primary(),
    parent: () => p.manyToOne(Self).nullable(),
    tags: () => p.manyToMany(Org),
  },
})
const Comp = defineEntity({
  name: 'Comp',
  tableName: 'comp',
  properties: { a: p.integer().primary(), b: p.string().primary(), c: p.string() },
})
const CompRef = defineEntity({
  name: 'CompRef',
  tableName: 'comp ref`x',
  properties: { id: p.bigint().primary(), comp: () => p.manyToOne(Comp) },
})

async function mikroOrmStatements(): Promise<readonly string[]> {
  const orm = new MikroORM({ dbName: ':memory:', entities: [Org, Kinds, Self, Comp, CompRef] })
  const sql = await orm.schema.getCreateSchemaSQL({ wrap: false })
  await orm.close()
  return sql
    .split('\n')
    .map((line) => line.trim().replace(/;$/, ''))
    .filter((line) => line !== '')
}

/** The same in the words of a revision. */
const declared: readonly Table[] = [
  {
    name: 'org',
    columns: [{ name: 'id', type: 'integer', autoincrement: true }],
    primaryKey: { columns: ['id'] },
  },
  {
    name: 'kinds',
    columns: [
      { name: 'id', type: 'integer', autoincrement: true },
      { name: 'email', type: 'string' },
      { name: 'text', type: 'string', length: 500, nullable: true },
      { name: 'whole', type: 'integer', default: 3 },
      { name: 'negative', type: 'integer', default: -5 },
      { name: 'big', type: 'bigint' },
      { name: 'small', type: 'smallint' },
      { name: 'tiny', type: 'tinyint' },
      { name: 'medium', type: 'mediumint' },
      { name: 'real', type: 'float', default: 1.5 },
      { name: 'double', type: 'double' },
      { name: 'money', type: 'decimal', precision: 10, scale: 2 },
      { name: 'yes', type: 'boolean', default: true },
      { name: 'no', type: 'boolean', default: false },
      { name: 'day', type: 'date' },
      { name: 'hour', type: 'time' },
      { name: 'made', type: 'datetime', default: { sql: 'current_timestamp' } },
      {
        name: 'exact',
        type: 'datetime',
        length: 3,
        nullable: true,
        default: { sql: "(strftime('%s', 'now'))" },
      },
      { name: 'json', type: 'json' },
      { name: 'uuid', type: 'uuid' },
      { name: 'blob', type: 'blob' },
      { name: 'status', type: 'string', default: 'new one' },
      { name: 'kind', type: 'enum', items: ['a', 'b', "it's"], default: 'a' },
      { name: 'code', type: 'character', length: 3 },
      { name: 'folded', type: 'string', collation: 'nocase' },
      { name: 'lowered', type: 'string', generated: { expression: 'lower(email)', stored: true } },
      {
        name: 'twice',
        type: 'integer',
        nullable: true,
        generated: { expression: '(whole * 2)', stored: false },
      },
      { name: 'org_id', type: 'integer' },
      { name: 'other_id', type: 'integer', nullable: true },
      { name: 'only_id', type: 'integer', nullable: true },
    ],
    primaryKey: { columns: ['id'] },
    uniques: [
      { name: 'kinds_email_unique', columns: ['email'] },
      { name: 'kinds_only_id_unique', columns: ['only_id'] },
      { name: 'kinds_text_whole_unique', columns: ['text', 'whole'] },
    ],
    indexes: [
      { name: 'kinds_org_id_index', columns: ['org_id'] },
      { name: 'kinds_other_id_index', columns: ['other_id'] },
      { name: 'kinds_text_index', columns: ['text'] },
      { name: 'kinds_whole_text_index', columns: ['whole', 'text'] },
      { name: 'partly', columns: ['text'], where: '`text` is not null' },
    ],
    foreignKeys: [
      {
        name: 'kinds_org_id_foreign',
        columns: ['org_id'],
        references: { table: 'org', columns: ['id'] },
        onDelete: 'cascade',
      },
      {
        name: 'kinds_other_id_foreign',
        columns: ['other_id'],
        references: { table: 'org', columns: ['id'] },
        onDelete: 'set null',
        deferrable: 'initially deferred',
      },
      {
        name: 'kinds_only_id_foreign',
        columns: ['only_id'],
        references: { table: 'org', columns: ['id'] },
        onDelete: 'set null',
      },
    ],
    checks: [
      { name: 'kinds_kind_check', column: 'kind', expression: { in: ['a', 'b', "it's"] } },
      { name: 'kinds_text_check', column: 'text', expression: 'length(text) > 1' },
      { name: 'positive', expression: 'whole > 0' },
    ],
  },
  {
    name: 'self',
    columns: [
      { name: 'id', type: 'uuid' },
      { name: 'parent_id', type: 'uuid', nullable: true },
    ],
    primaryKey: { columns: ['id'] },
    indexes: [{ name: 'self_parent_id_index', columns: ['parent_id'] }],
    foreignKeys: [
      {
        name: 'self_parent_id_foreign',
        columns: ['parent_id'],
        references: { table: 'self', columns: ['id'] },
        onDelete: 'set null',
      },
    ],
  },
  {
    name: 'self_tags',
    columns: [
      { name: 'self_id', type: 'uuid' },
      { name: 'org_id', type: 'integer' },
    ],
    primaryKey: { columns: ['self_id', 'org_id'] },
    indexes: [
      { name: 'self_tags_org_id_index', columns: ['org_id'] },
      { name: 'self_tags_self_id_index', columns: ['self_id'] },
    ],
    foreignKeys: [
      {
        name: 'self_tags_self_id_foreign',
        columns: ['self_id'],
        references: { table: 'self', columns: ['id'] },
        onDelete: 'cascade',
        onUpdate: 'cascade',
      },
      {
        name: 'self_tags_org_id_foreign',
        columns: ['org_id'],
        references: { table: 'org', columns: ['id'] },
        onDelete: 'cascade',
        onUpdate: 'cascade',
      },
    ],
  },
  {
    name: 'comp',
    columns: [
      { name: 'a', type: 'integer' },
      { name: 'b', type: 'string' },
      { name: 'c', type: 'string' },
    ],
    primaryKey: { columns: ['a', 'b'] },
  },
  {
    name: 'comp ref`x',
    columns: [
      { name: 'id', type: 'bigint', autoincrement: true },
      { name: 'comp_a', type: 'integer' },
      { name: 'comp_b', type: 'string' },
    ],
    primaryKey: { columns: ['id'] },
    indexes: [{ name: 'comp ref`x_comp_a_comp_b_index', columns: ['comp_a', 'comp_b'] }],
    foreignKeys: [
      {
        name: 'comp ref`x_comp_a_comp_b_foreign',
        columns: ['comp_a', 'comp_b'],
        references: { table: 'comp', columns: ['a', 'b'] },
        onUpdate: 'cascade',
      },
    ],
  },
]

describe('a table made by an operation', () => {
  test('has, byte for byte, the create text that MikroORM gives it', async () => {
    const theirs = await mikroOrmStatements()
    const ours = declared.map((table) => createTable(table)[0]?.sql ?? '')
    expect([...ours].sort()).toEqual(theirs.filter((sql) => sql.startsWith('create table')).sort())
  })

  test('has the indexes that MikroORM gives it', async () => {
    const theirs = await mikroOrmStatements()
    const ours = declared.flatMap((table) =>
      createTable(table)
        .slice(1)
        .map(({ sql }) => sql),
    )
    expect([...ours].sort()).toEqual(theirs.filter((sql) => !sql.startsWith('create table')).sort())
  })

  test('reads back like what MikroORM makes, and once more when made of what was read', async () => {
    const theirs = await memory(...(await mikroOrmStatements()))
    const ours = await memory()
    const again = await memory()
    const make = async (session: typeof ours, tables: readonly Table[]) => {
      const compiled = await sqlite.compile(
        tables.map((table) => ({ kind: 'createTable', table })),
        { tables: {} },
      )
      for (const { sql } of compiled.flat()) await session.simple(sql)
    }
    await make(ours, declared)
    const { tables } = await sqlite.reflect(ours)
    await make(again, Object.values(tables))
    for (const { name } of declared) {
      const shape = await reflected(theirs, name)
      expect(await reflected(ours, name)).toEqual(shape)
      expect(await reflected(again, name)).toEqual(shape)
    }
  })

  test('has MikroORM’s type for every neutral name', async () => {
    const platform = await loadPlatform('sqlite')
    // platform.ts writes `integer` for the one type that MikroORM passes through.
    for (const type of neutralTypes.filter((each) => each !== 'mediumint')) {
      const column = { name: 'c', type, length: 7, precision: 9, scale: 3, items: ['a'] }
      expect([type, columnType(column)]).toEqual([type, mikroOrmType(platform, column)])
    }
    expect(columnType({ type: 'decimal' })).toBe(mikroOrmType(platform, { name: 'c', type: 'decimal' }))
  })
})

test.each<[string, Table['columns'][number]['default'], unknown]>([
  ['a string with a quote', "it's", "it's"],
  ['an empty string', '', ''],
  ['a string with a line end', 'a\nb', 'a\nb'],
  ['a string with a NUL', 'a\0b', 'a\0b'],
  ['a string that looks like SQL', "'); drop table t; --", "'); drop table t; --"],
  ['a negative number', -5, -5],
  ['a number with an exponent', 1e21, 1e21],
  ['true', true, 1],
  ['false', false, 0],
  ['an expression without brackets', { sql: '1 + 1' }, 2],
  ['an expression in brackets', { sql: '(1 + 1)' }, 2],
  ['two brackets that are not one', { sql: '(1) + (2)' }, 3],
  ['a call', { sql: "lower('AB')" }, 'ab'],
  ['a string as SQL', { sql: "'it''s'" }, "it's"],
  ['a blob', { sql: "x'41'" }, Buffer.from('A')],
  ['a signed number as SQL', { sql: '+7' }, 7],
  ['a word, which SQLite takes for a string', { sql: 'now' }, 'now'],
  ['null', { sql: 'null' }, null],
])('%s is written as a default so that rows get it, in a new table and an old one', async (_, value, got) => {
  const session = await memory('create table old (id integer)', 'insert into old values (1)')
  const column = {
    name: 'c',
    type: { sql: '' },
    nullable: true,
    ...(value === undefined ? {} : { default: value }),
  }
  const table = { name: 't', columns: [{ name: 'id', type: 'integer' as const }, column] }
  const before = await sqlite.reflect(session)
  const compiled = await sqlite.compile(
    [
      { kind: 'createTable', table },
      { kind: 'addColumn', table: 'old', column },
    ],
    before,
  )
  for (const { sql } of compiled.flat()) await session.simple(sql)
  await session.simple('insert into t (id) values (1)')
  expect(await session.query('select c from t union all select c from old')).toEqual([{ c: got }, { c: got }])
})

test('the time of now in a server’s words is SQLite’s own', async () => {
  const session = await memory()
  const column = { name: 'at', type: 'datetime' as const, default: { sql: 'now()' } }
  const compiled = await sqlite.compile([{ kind: 'createTable', table: { name: 't', columns: [column] } }], {
    tables: {},
  })
  for (const { sql } of compiled.flat()) await session.simple(sql)
  expect(await textOf(session, 't')).toBe(
    'CREATE TABLE `t` (`at` datetime not null default current_timestamp)',
  )
})

test('what SQLite does not know is left out: comments, unsigned, methods, deferrable unique, place of nulls', async () => {
  const compiled = await sqlite.compile(
    [
      {
        kind: 'createTable',
        table: {
          name: 't',
          comment: 'table',
          columns: [
            {
              name: 'a',
              type: 'integer',
              unsigned: true,
              comment: 'column',
              extra: 'on update current_timestamp',
            },
          ],
          uniques: [{ name: 'u', columns: ['a'], deferrable: 'initially deferred' }],
          indexes: [
            {
              name: 'i',
              columns: [{ column: 'a', order: 'desc', nulls: 'last', length: 3 }],
              method: 'hash',
              include: ['a'],
            },
          ],
        },
      },
    ],
    { tables: {} },
  )
  expect(compiled.flat().map(({ sql }) => sql)).toEqual([
    'create table `t` (`a` integer not null)',
    'create unique index `u` on `t` (`a`)',
    'create index `i` on `t` (`a` desc)',
  ])
})

test('a number that SQLite cannot give by itself is refused', async () => {
  const table: Table = {
    name: 't',
    columns: [
      { name: 'a', type: 'integer', autoincrement: true },
      { name: 'b', type: 'integer' },
    ],
    primaryKey: { columns: ['a', 'b'] },
  }
  const error = await sqlite
    .compile([{ kind: 'createTable', table }], { tables: {} })
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ code: 'NOT_SUPPORTED', message: expect.stringContaining('column t.a') })
})
