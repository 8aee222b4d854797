import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { mysqlDialect } from '../../../plugins/mysql/dialect.ts'
import type { ColumnChange } from '../../../src/operations/alter-column/operation.ts'
import type { Operation } from '../../../src/operations/operation.ts'
import type { Column, Schema } from '../../../src/schema/schema.ts'
import { carryOut, describeBoth, open, type Place, reflectTable, runAll, showTable } from './support.ts'

describeBoth('an operation', (name) => {
  let place: Place
  beforeAll(async () => {
    place = await open(name)
  })
  afterAll(() => place.close())
  beforeEach(() =>
    runAll(
      place,
      'set foreign_key_checks = 0',
      'drop table if exists t, p, u, renamed, made',
      'set foreign_key_checks = 1',
    ),
  )

  describe('alterColumn keeps all that it does not change', () => {
    const definitions: Readonly<Record<string, string>> = {
      stamp:
        "datetime(3) not null default current_timestamp(3) on update current_timestamp(3) comment 'when'",
      name: "varchar(50) collate utf8mb4_bin null default 'it''s' comment 'it''s a name'",
      doc: "json not null comment 'd'",
      gen: "int as (n + 1) stored comment 'g'",
      kind: "enum('a', 'it''s') not null default 'it''s'",
      num: 'int unsigned not null default 5 check (num > 1)',
      made: "date not null default (curdate()) comment 'm'",
    }
    test.each<[string, ColumnChange]>([
      ['stamp', { comment: 'changed' }],
      ['stamp', { nullable: true }],
      ['name', { comment: null }],
      ['name', { nullable: false }],
      ['name', { default: 'x' }],
      ['name', { default: null }],
      ['name', { type: { sql: 'varchar(80)' } }],
      ['doc', { nullable: true }],
      ['doc', { comment: null }],
      ['gen', { comment: 'changed' }],
      ['kind', { default: 'a' }],
      ['kind', { type: { sql: "enum('a','it''s','c')" } }],
      ['num', { comment: 'n' }],
      ['num', { default: 7 }],
      ['num', { type: { sql: name === 'mysql' ? 'bigint unsigned' : 'bigint(20) unsigned' } }],
      ['made', { comment: null }],
      ['made', { nullable: true }],
    ])('%s %j', async (column, change) => {
      const columns = Object.entries(definitions).map(([each, definition]) => `${each} ${definition}`)
      await runAll(place, `create table t (id int primary key, n int, ${columns.join(', ')}, last int)`)
      const before = await reflectTable(place, 't')
      await carryOut(place, { kind: 'alterColumn', table: 't', column, change })
      const expected = before.columns.map((each) => (each.name === column ? changed(each, change) : each))
      expect(await reflectTable(place, 't')).toEqual({ ...before, columns: expected })
    })

    test('an automatic number goes on counting', async () => {
      await runAll(place, 'create table t (id int auto_increment primary key)', 'insert into t values (7)')
      const type = { sql: name === 'mysql' ? 'bigint' : 'bigint(20)' }
      await carryOut(place, { kind: 'alterColumn', table: 't', column: 'id', change: { type } })
      await runAll(place, 'insert into t values ()')
      expect(await place.session.query('select id from t')).toEqual([{ id: 7 }, { id: 8 }])
      expect((await reflectTable(place, 't')).columns).toEqual([{ name: 'id', type, autoincrement: true }])
    })

    test('also when operations before it made or renamed the column', async () => {
      await runAll(place, "create table t (a varchar(9) not null default 'x' comment 'c')")
      await carryOut(
        place,
        { kind: 'renameTable', table: 't', to: 'renamed' },
        { kind: 'renameColumn', table: 'renamed', column: 'a', to: 'b' },
        {
          kind: 'addColumn',
          table: 'renamed',
          column: { name: 'n', type: 'integer', unsigned: true, default: 1 },
        },
        { kind: 'alterColumn', table: 'renamed', column: 'b', change: { nullable: true } },
        { kind: 'alterColumn', table: 'renamed', column: 'n', change: { comment: 'd' } },
        {
          kind: 'createTable',
          table: { name: 'made', columns: [{ name: 'a', type: 'string', comment: 'e' }] },
        },
        { kind: 'alterColumn', table: 'made', column: 'a', change: { nullable: true } },
      )
      expect((await reflectTable(place, 'renamed')).columns).toEqual([
        { name: 'b', type: { sql: 'varchar(9)' }, nullable: true, default: { sql: "'x'" }, comment: 'c' },
        {
          name: 'n',
          type: { sql: name === 'mysql' ? 'int unsigned' : 'int(10) unsigned' },
          default: { sql: '1' },
          comment: 'd',
        },
      ])
      expect((await reflectTable(place, 'made')).columns).toEqual([
        { name: 'a', type: { sql: 'varchar(255)' }, nullable: true, comment: 'e' },
      ])
    })
  })

  test('alterColumn without a default lets an insert leave out a column that may be null', async () => {
    await runAll(place, "create table t (id int primary key, a varchar(9) null default 'x')")
    await carryOut(place, { kind: 'alterColumn', table: 't', column: 'a', change: { default: null } })
    await runAll(place, 'insert into t (id) values (1)')
    expect(await place.session.query('select * from t')).toEqual([{ id: 1, a: null }])
  })

  test('renameColumn keeps the column, its rows, keys and what refers to it', async () => {
    await runAll(
      place,
      'create table p (id int unsigned primary key)',
      `create table t (a int unsigned, d datetime default now() on update now() comment 'c', unique u (a),
        constraint f foreign key (a) references p (id))`,
      'insert into p values (1)',
      'insert into t (a) values (1)',
    )
    await carryOut(
      place,
      { kind: 'renameColumn', table: 'p', column: 'id', to: 'key' },
      { kind: 'renameColumn', table: 't', column: 'a', to: 'b' },
      { kind: 'renameColumn', table: 't', column: 'd', to: 'e' },
    )
    const table = await reflectTable(place, 't')
    expect(table.columns[1]).toMatchObject({
      name: 'e',
      comment: 'c',
      extra: expect.stringMatching(/^on update/),
    })
    expect(table.uniques).toEqual([{ name: 'u', columns: ['b'] }])
    expect(table.foreignKeys).toEqual([
      { name: 'f', columns: ['b'], references: { table: 'p', columns: ['key'] } },
    ])
    expect(await place.session.query('select b from t')).toEqual([{ b: 1 }])
  })

  test('tables, columns, indexes and constraints come and go, and leave nothing', async () => {
    await runAll(
      place,
      'create table p (id int unsigned primary key)',
      'create table t (id int primary key, a int unsigned)',
    )
    const before = await showTable(place, 't')
    await carryOut(
      place,
      { kind: 'addColumn', table: 't', column: { name: 's', type: 'string', nullable: true } },
      { kind: 'createUniqueConstraint', table: 't', unique: { name: 'u', columns: ['a', 's'] } },
      { kind: 'createIndex', table: 't', index: { name: 'i', columns: ['a'] } },
      {
        kind: 'createIndex',
        table: 't',
        index: { name: 'x', columns: ['a', { column: 's', length: 3 }], unique: true },
      },
      {
        kind: 'createForeignKey',
        table: 't',
        foreignKey: {
          name: 'f',
          columns: ['a'],
          references: { table: 'p', columns: ['id'] },
          onDelete: 'cascade',
        },
      },
      {
        kind: 'createCheckConstraint',
        table: 't',
        check: { name: 'c', column: 's', expression: { in: ['a', "it's"] } },
      },
    )
    const changed = await reflectTable(place, 't')
    expect(changed.uniques).toEqual([{ name: 'u', columns: ['a', 's'] }])
    expect(changed.indexes).toEqual([
      { name: 'i', columns: ['a'] },
      { name: 'x', columns: ['a', { column: 's', length: 3 }], unique: true },
    ])
    expect(changed.foreignKeys).toHaveLength(1)
    expect(changed.checks).toHaveLength(1)
    await carryOut(
      place,
      { kind: 'dropConstraint', table: 't', type: 'check', name: 'c' },
      { kind: 'dropConstraint', table: 't', type: 'foreignKey', name: 'f' },
      { kind: 'dropIndex', table: 't', index: 'x' },
      { kind: 'dropIndex', table: 't', index: 'i' },
      { kind: 'dropConstraint', table: 't', type: 'unique', name: 'u' },
      { kind: 'dropColumn', table: 't', column: 's' },
    )
    expect(await showTable(place, 't')).toBe(before)
    await carryOut(place, { kind: 'dropTable', table: 't' }, { kind: 'execute', sql: 'drop table p' })
    expect(await place.dialect.reflect(place.session)).toEqual({ tables: {} })
  })

  test('what the server named is dropped by what it holds', async () => {
    await runAll(
      place,
      'create table p (id int primary key)',
      'create table t (a int, b int, unique (a), foreign key (b) references p (id), check (a > 1))',
    )
    const check = (await reflectTable(place, 't')).checks?.[0]
    await carryOut(
      place,
      { kind: 'dropConstraint', table: 't', type: 'unique', columns: ['a'] },
      { kind: 'dropConstraint', table: 't', type: 'foreignKey', columns: ['b'] },
      {
        kind: 'dropConstraint',
        table: 't',
        type: 'check',
        ...(check ? { expression: check.expression } : {}),
      },
    )
    const { uniques, foreignKeys, checks } = await reflectTable(place, 't')
    expect({ uniques, foreignKeys, checks }).toEqual({})
  })

  test('an index that InnoDB made for a foreign key is replaced by another', async () => {
    await runAll(
      place,
      'create table p (id int primary key)',
      'create table t (a int, b int, constraint f foreign key (a) references p (id))',
    )
    await carryOut(
      place,
      { kind: 'dropIndex', table: 't', index: 'f' },
      { kind: 'addColumn', table: 't', column: { name: 'c', type: { sql: 'int' } } },
      { kind: 'createIndex', table: 't', index: { name: 'later', columns: ['b', 'c'] } },
      { kind: 'createIndex', table: 't', index: { name: 't_a', columns: ['a', 'b'] } },
    )
    expect((await reflectTable(place, 't')).indexes).toEqual([
      { name: 'later', columns: ['b', 'c'] },
      { name: 't_a', columns: ['a', 'b'] },
    ])
  })

  describe('an index that a foreign key needs', () => {
    const replaced = async (...between: readonly Operation[]): Promise<unknown> => {
      await runAll(
        place,
        'drop table if exists t, p, u, v',
        'create table p (id int primary key)',
        'create table t (a int, b int, constraint f foreign key (a) references p (id))',
        'create table u (b int)',
        'insert into p values (1)',
        'insert into t values (1, 1), (1, 2)',
      )
      await carryOut(place, { kind: 'dropIndex', table: 't', index: 'f' }, ...between)
      const { indexes, uniques } = await reflectTable(place, 't')
      return { indexes, uniques }
    }

    test('is replaced by one that comes after renames and rows of other tables', async () => {
      const found = await replaced(
        { kind: 'renameColumn', table: 'u', column: 'b', to: 'c' },
        { kind: 'renameTable', table: 'u', to: 'v' },
        { kind: 'execute', sql: 'update v set c = 0 where c is null' },
        { kind: 'createIndex', table: 't', index: { name: 'j', columns: ['a', 'b'] } },
      )
      expect(found).toEqual({ indexes: [{ name: 'j', columns: ['a', 'b'] }] })
    })

    test('stays until its rows can have a unique one', async () => {
      const found = await replaced(
        { kind: 'execute', sql: 'delete from t where b = 2' },
        { kind: 'createUniqueConstraint', table: 't', unique: { name: 'j', columns: ['a'] } },
      )
      expect(found).toEqual({ uniques: [{ name: 'j', columns: ['a'] }] })
    })

    test('stays until the primary key takes its place', async () => {
      await replaced(
        { kind: 'createPrimaryKey', table: 't', primaryKey: { columns: ['b', 'a'] } },
        {
          kind: 'createIndex',
          table: 't',
          index: { name: 'i', columns: ['a'] },
        },
      )
      await carryOut(
        place,
        { kind: 'dropIndex', table: 't', index: 'i' },
        { kind: 'dropConstraint', table: 't', type: 'primary' },
        { kind: 'createPrimaryKey', table: 't', primaryKey: { columns: ['a', 'b'] } },
      )
      const { indexes, primaryKey } = await reflectTable(place, 't')
      expect({ indexes, primaryKey }).toEqual({ primaryKey: { columns: ['a', 'b'] } })
    })

    test('stays until the columns of the other are there, also when two go for one', async () => {
      const found = await replaced(
        { kind: 'createIndex', table: 't', index: { name: 'g', columns: ['a', 'b'] } },
        { kind: 'dropIndex', table: 't', index: 'g' },
        { kind: 'addColumn', table: 't', column: { name: 'c', type: 'integer', nullable: true } },
        { kind: 'createIndex', table: 't', index: { name: 'f', columns: ['a', 'c'] } },
      )
      expect(found).toEqual({ indexes: [{ name: 'f', columns: ['a', 'c'] }] })
    })
  })

  test('a primary key with an automatic number is replaced by one that holds it, also one of new columns', async () => {
    await runAll(
      place,
      'create table t (id int unsigned not null auto_increment primary key)',
      'create table u (id int unsigned not null auto_increment primary key, n int)',
      'insert into t values (5)',
    )
    const drop = { kind: 'dropConstraint', type: 'primary', columns: ['id'] } as const
    const tenant: Column = { name: 'tenant', type: { sql: 'int' }, default: 1 }
    await carryOut(
      place,
      { ...drop, table: 't' },
      { kind: 'addColumn', table: 't', column: tenant },
      { kind: 'createPrimaryKey', table: 't', primaryKey: { columns: ['id', 'tenant'] } },
      { ...drop, table: 'u' },
      { kind: 'createPrimaryKey', table: 'u', primaryKey: { columns: ['id', 'n'] } },
    )
    await runAll(place, 'insert into t () values ()')
    expect(await place.session.query('select id from t')).toEqual([{ id: 5 }, { id: 6 }])
    expect((await reflectTable(place, 't')).primaryKey).toEqual({ columns: ['id', 'tenant'] })
    const { columns, primaryKey } = await reflectTable(place, 'u')
    expect(primaryKey).toEqual({ columns: ['id', 'n'] })
    expect(columns[0]).toMatchObject({ name: 'id', autoincrement: true })
  })

  test('a column with an automatic number is added to a table with rows, together with its key', async () => {
    await runAll(place, 'create table t (a int)', 'insert into t values (3), (4)')
    await carryOut(
      place,
      {
        kind: 'addColumn',
        table: 't',
        column: { name: 'id', type: 'integer', unsigned: true, autoincrement: true },
      },
      { kind: 'createPrimaryKey', table: 't', primaryKey: { columns: ['id'] } },
    )
    expect(await place.session.query('select * from t')).toEqual([
      { a: 3, id: 1 },
      { a: 4, id: 2 },
    ])
  })

  test('a primary key with an automatic number is dropped with its column', async () => {
    await runAll(place, 'create table t (id int auto_increment primary key, a int)')
    await carryOut(
      place,
      { kind: 'dropConstraint', table: 't', type: 'primary', columns: ['id'] },
      { kind: 'dropColumn', table: 't', column: 'id' },
    )
    const { columns, primaryKey } = await reflectTable(place, 't')
    expect(columns.map((column) => column.name)).toEqual(['a'])
    expect(primaryKey).toBeUndefined()
  })
})

describe('a check beside a column, which only MariaDB keeps there,', () => {
  const shape: Schema = {
    tables: {
      t: {
        name: 't',
        columns: [{ name: 'a', type: { sql: 'int' }, comment: 'c' }],
        checks: [{ column: 'a', expression: '`a` > 1' }],
      },
    },
  }
  const drop: Operation = { kind: 'dropConstraint', table: 't', type: 'check', expression: '`a` > 1' }
  const add: Operation = {
    kind: 'createCheckConstraint',
    table: 't',
    check: { column: 'a', expression: '`a` > 2' },
  }

  test('goes and comes with the definition of the column', async () => {
    expect(await sqlOf('mariadb', [drop, add], shape)).toEqual([
      "alter table `t` modify `a` int not null comment 'c'",
      "alter table `t` modify `a` int not null comment 'c' check (`a` > 2)",
    ])
  })

  test('is one of the table on MySQL', async () => {
    expect(await sqlOf('mysql', [add], shape)).toEqual(['alter table `t` add check (`a` > 2)'])
  })
})

test('an expression or a condition in an index is written for MySQL, and refused for MariaDB', async () => {
  const create = (index: Partial<Operation & { kind: 'createIndex' }>['index']): Operation[] =>
    index ? [{ kind: 'createIndex', table: 't', index }] : []
  const expression = create({ name: 'i', columns: [{ sql: 'lower(a)', order: 'desc' }] })
  const partial = create({ name: 'i', columns: ['a', 'b'], unique: true, where: 'c is null' })
  expect(await sqlOf('mysql', expression)).toEqual(['alter table `t` add index `i` ((lower(a)) desc)'])
  expect(await sqlOf('mysql', partial)).toEqual([
    'alter table `t` add unique `i` ((case when c is null then `a` end), (case when c is null then `b` end))',
  ])
  await expect(sqlOf('mariadb', expression)).rejects.toMatchObject({
    code: 'NOT_SUPPORTED',
    message: 'MariaDB cannot do this: index i holds an expression.',
  })
  await expect(sqlOf('mariadb', partial)).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
})

test('what can be deferred is refused', async () => {
  const deferrable = 'initially deferred'
  const references = { table: 'p', columns: ['id'] }
  const foreignKey: Operation = {
    kind: 'createForeignKey',
    table: 't',
    foreignKey: { name: 'f', columns: ['a'], references, deferrable },
  }
  await expect(sqlOf('mysql', [foreignKey])).rejects.toMatchObject({
    code: 'NOT_SUPPORTED',
    message: 'MySQL cannot do this: the foreign key f is deferrable.',
  })
  const unique: Operation = {
    kind: 'createUniqueConstraint',
    table: 't',
    unique: { columns: ['a'], deferrable },
  }
  await expect(sqlOf('mysql', [unique])).rejects.toMatchObject({ code: 'NOT_SUPPORTED' })
})

// MySQL refuses to rename what another expression names, unless that is written anew by the same statement (errors 3108, 3766, 3837); a check goes before (3959).
test('a renamed column is renamed in what names it, on MySQL by hand', async () => {
  const t = {
    name: 't',
    columns: [
      { name: 'a', type: { sql: 'int' } },
      { name: 'g', type: { sql: 'int' }, generated: { expression: '(`a` + 1)', stored: true }, comment: 'c' },
      { name: 'd', type: { sql: 'int' }, default: { sql: '(`a` * 2)' } },
      { name: 'e', type: { sql: 'varchar(9)' }, default: { sql: "'a'" } },
    ],
    indexes: [
      { name: 'i', columns: [{ sql: 'abs(`a`)' }] },
      { name: 'j', columns: ['a'] },
    ],
    checks: [
      { name: 'k', expression: "(A > 0 and e <> 'a' and a(1))" },
      { name: 'l', expression: "(`e` <> 'a')" },
    ],
  }
  const rename: Operation = { kind: 'renameColumn', table: 't', column: 'a', to: 'rank' }
  expect(await sqlOf('mysql', [rename], { tables: { t } })).toEqual([
    'alter table `t` drop constraint `k`',
    'alter table `t` rename column `a` to `rank`, ' +
      "modify `g` int generated always as ((`rank` + 1)) stored comment 'c', " +
      'modify `d` int not null default (`rank` * 2), drop index `i`, add index `i` ((abs(`rank`)))',
    "alter table `t` add constraint `k` check ((`rank` > 0 and e <> 'a' and a(1)))",
  ])
  const alone = ['alter table `t` rename column `a` to `rank`']
  expect(await sqlOf('mariadb', [rename], { tables: { t } })).toEqual(alone)
  expect(await sqlOf('mysql', [rename])).toEqual(alone)
})

test('a change of the default alone is said without the rest, unless it is an expression', async () => {
  const shape: Schema = {
    tables: {
      t: {
        name: 't',
        columns: [
          { name: 'a', type: { sql: 'int' }, nullable: true },
          { name: 'b', type: { sql: 'text' } },
          { name: 'd', type: { sql: 'datetime' } },
        ],
      },
    },
  }
  const alter = (column: string, value: (ColumnChange['default'] & {}) | null): Operation => ({
    kind: 'alterColumn',
    table: 't',
    column,
    change: { default: value },
  })
  const operations = [
    alter('a', 5),
    alter('a', null),
    alter('b', "it's"),
    alter('b', null),
    alter('d', { sql: 'now()' }),
  ]
  for (const name of ['mysql', 'mariadb'] as const) {
    expect(await sqlOf(name, operations, shape)).toEqual([
      'alter table `t` alter column `a` set default 5',
      'alter table `t` alter column `a` set default null',
      "alter table `t` alter column `b` set default ('it''s')",
      'alter table `t` alter column `b` drop default',
      'alter table `t` modify `d` datetime not null default now()',
    ])
  }
})

test('a column whose shape is not known is not altered', async () => {
  const alter: Operation = { kind: 'alterColumn', table: 't', column: 'a', change: { nullable: true } }
  await expect(sqlOf('mariadb', [alter])).rejects.toMatchObject({
    code: 'SHAPE_UNKNOWN',
    message: 'Table t is not known.',
  })
  await expect(
    sqlOf('mariadb', [alter], { tables: { t: { name: 't', columns: [] } } }),
  ).rejects.toMatchObject({
    code: 'SHAPE_UNKNOWN',
    message: 'Column t.a is not known.',
  })
})

test('each operation has its own list of statements, an early one an empty list', async () => {
  const shape: Schema = {
    tables: {
      t: {
        name: 't',
        columns: [{ name: 'a', type: { sql: 'int' } }],
        indexes: [{ name: 'f', columns: ['a'] }],
        foreignKeys: [{ name: 'f', columns: ['a'], references: { table: 'p', columns: ['id'] } }],
      },
    },
  }
  const operations: readonly Operation[] = [
    { kind: 'dropIndex', table: 't', index: 'f' },
    { kind: 'execute', sql: 'call prepared()' },
    { kind: 'dropIndex', table: 't', index: 'f' },
    { kind: 'createIndex', table: 't', index: { name: 'i', columns: ['a'] } },
  ]
  expect(await mysqlDialect('mysql').compile(operations.slice(1), shape)).toEqual([
    [{ sql: 'call prepared()' }],
    [{ sql: 'alter table `t` drop index `f`, add index `i` (`a`)' }],
    [],
  ])
  // Whatever the statement between may do, it was meant to run between.
  const around = [operations[0], operations[1], operations[3]].filter((operation) => operation !== undefined)
  expect(await sqlOf('mysql', around, shape)).toEqual([
    'alter table `t` drop index `f`',
    'call prepared()',
    'alter table `t` add index `i` (`a`)',
  ])
})

test('reads names the tables that the database must be asked for, by their names at the beginning', () => {
  const { reads } = mysqlDialect('mariadb')
  const alter = (table: string): Operation => ({
    kind: 'alterColumn',
    table,
    column: 'a',
    change: { nullable: true },
  })
  expect(
    reads([
      { kind: 'createTable', table: { name: 'made', columns: [] } },
      { kind: 'renameTable', table: 'made', to: 'made2' },
      alter('made2'),
      { kind: 'renameTable', table: 'old', to: 'new' },
      { kind: 'renameTable', table: 'new', to: 'newer' },
      alter('newer'),
      { kind: 'dropIndex', table: 'indexed', index: 'i' },
      { kind: 'dropConstraint', table: 'unnamed', type: 'foreignKey', columns: ['a'] },
      { kind: 'dropConstraint', table: 'named', type: 'foreignKey', name: 'f' },
      { kind: 'dropConstraint', table: 'checked', type: 'check', name: 'c' },
      { kind: 'addColumn', table: 'added', column: { name: 'a', type: 'integer' } },
      { kind: 'dropTable', table: 'dropped' },
      { kind: 'createTable', table: { name: 'dropped', columns: [] } },
      alter('dropped'),
      { kind: 'execute', sql: 'select 1' },
    ]),
  ).toEqual(['indexed', 'old', 'unnamed'])
})

// What of it runs is tried by test/commands/rows.test.ts.
test.each(['mysql', 'mariadb'] as const)(
  'indexes, comments and rows are written alike for %s',
  async (name) => {
    const table = 'a`b'
    const operations: readonly Operation[] = [
      { kind: 'renameIndex', table, index: 'i', to: 'j' },
      { kind: 'setTableComment', table, comment: "it's \\" },
      { kind: 'setTableComment', table, comment: null },
      { kind: 'validateConstraint', table, constraint: 'c' },
      { kind: 'bulkInsert', table, rows: [{ a: "it's \\", b: true }, { b: null }] },
      { kind: 'dropTrigger', table, trigger: 'g' },
    ]
    const compiled = await mysqlDialect(name).compile(operations, { tables: {} })
    expect(compiled.map((statements) => statements.map(({ sql }) => sql))).toEqual([
      ['alter table `a``b` rename index `i` to `j`'],
      ["alter table `a``b` comment = 'it''s \\\\'"],
      ["alter table `a``b` comment = ''"],
      [],
      ["insert into `a``b` (`a`, `b`) values ('it''s \\\\', true), (default, null)"],
      ['drop trigger `g`'],
    ])
  },
)

function changed(column: Column, { using: _, ...change }: ColumnChange): Column {
  const value =
    change.default == null || typeof change.default === 'object'
      ? change.default
      : { sql: written(change.default) }
  const merged = { ...column, ...change, ...(value === undefined ? {} : { default: value }) }
  // Only optional properties are taken out.
  return Object.fromEntries(
    Object.entries(merged).filter(([, each]) => each !== null && each !== false),
  ) as unknown as Column
}

function written(value: string | number | boolean): string {
  return typeof value === 'string' ? `'${value}'` : String(value)
}

async function sqlOf(
  name: 'mysql' | 'mariadb',
  operations: readonly Operation[],
  before: Schema = { tables: {} },
): Promise<string[]> {
  return (await mysqlDialect(name).compile(operations, before)).flat().map(({ sql }) => sql)
}
