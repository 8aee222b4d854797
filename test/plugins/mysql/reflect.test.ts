import { afterAll, beforeAll, expect, test } from 'vitest'
import { schemaIn } from '../../../plugins/mysql/reflect.ts'
import { createTrigger } from '../../../plugins/mysql/trigger.ts'
import type { Trigger } from '../../../src/schema/schema.ts'
import { describeDialects } from '../../support/dialects.ts'
import { describeBoth, open, type Place, reflectTable, runAll, showTable } from './support.ts'

describeDialects(
  'a column is reflected',
  () => {
    let place: Place
    beforeAll(async () => {
      place = await open('mariadb')
    })
    afterAll(() => place.close())

    test.each([
      ['int(10) unsigned not null', { type: { sql: 'int(10) unsigned' } }],
      ['int', { type: { sql: 'int(11)' }, nullable: true }],
      ['int default null', { type: { sql: 'int(11)' }, nullable: true }],
      ['int not null default 5', { type: { sql: 'int(11)' }, default: { sql: '5' } }],
      ['int not null default -5', { type: { sql: 'int(11)' }, default: { sql: '-5' } }],
      ["varchar(9) not null default 'new'", { type: { sql: 'varchar(9)' }, default: { sql: "'new'" } }],
      ["varchar(9) not null default ''", { type: { sql: 'varchar(9)' }, default: { sql: "''" } }],
      ["varchar(9) not null default 'NULL'", { type: { sql: 'varchar(9)' }, default: { sql: "'NULL'" } }],
      [
        "varchar(9) not null default 'it''s \\\\'",
        { type: { sql: 'varchar(9)' }, default: { sql: "'it''s \\\\'" } },
      ],
      ['tinyint(1) not null default true', { type: { sql: 'tinyint(1)' }, default: { sql: '1' } }],
      ['decimal(10,2) not null default 1.5', { type: { sql: 'decimal(10,2)' }, default: { sql: '1.50' } }],
      ["enum('A','it''s') not null", { type: { sql: "enum('A','it''s')" } }],
      ['date not null default (curdate())', { type: { sql: 'date' }, default: { sql: 'curdate()' } }],
      ['text not null default (concat(1, 2))', { type: { sql: 'text' }, default: { sql: 'concat(1,2)' } }],
      [
        'datetime(3) not null default now(3) on update now(3)',
        {
          type: { sql: 'datetime(3)' },
          default: { sql: 'current_timestamp(3)' },
          extra: 'on update current_timestamp(3)',
        },
      ],
      ['int not null auto_increment', { type: { sql: 'int(11)' }, autoincrement: true }],
      ["int not null comment 'it''s'", { type: { sql: 'int(11)' }, comment: "it's" }],
      ['varchar(9) collate utf8mb4_bin not null', { type: { sql: 'varchar(9)' }, collation: 'utf8mb4_bin' }],
      ['varchar(9) collate utf8mb4_unicode_ci not null', { type: { sql: 'varchar(9)' } }],
      [
        'varchar(9) character set latin1 not null',
        { type: { sql: 'varchar(9)' }, collation: 'latin1_swedish_ci' },
      ],
      [
        'int as (k + 1) virtual',
        { type: { sql: 'int(11)' }, generated: { expression: '`k` + 1', stored: false } },
      ],
      [
        'int as (k + 1) stored',
        { type: { sql: 'int(11)' }, generated: { expression: '`k` + 1', stored: true } },
      ],
      [
        'int invisible default 3',
        { type: { sql: 'int(11)' }, nullable: true, default: { sql: '3' }, extra: 'INVISIBLE' },
      ],
      ['json not null', { type: { sql: 'json' } }],
      ["json default '{}'", { type: { sql: 'json' }, nullable: true, default: { sql: "'{}'" } }],
      ['longtext check (json_valid(c))', { type: { sql: 'longtext' }, nullable: true }],
    ])('%s', async (definition, column) => {
      // An automatic number must be a key; a text cannot be one.
      const key = definition.includes('auto_increment') ? ', key (c)' : ''
      await runAll(
        place,
        `create or replace table t (k int, c ${definition}${key}) default collate utf8mb4_unicode_ci`,
      )
      expect((await reflectTable(place, 't')).columns[1]).toEqual({ name: 'c', ...column })
    })
  },
  ['mariadb'],
)

describeDialects(
  'a table is reflected',
  () => {
    let place: Place
    beforeAll(async () => {
      place = await open('mariadb')
    })
    afterAll(() => place.close())

    test('with nothing that it does not have', async () => {
      await runAll(place, 'create or replace table t (a int)')
      expect(await place.dialect.reflect(place.session)).toEqual({
        tables: { t: { name: 't', columns: [{ name: 'a', type: { sql: 'int(11)' }, nullable: true }] } },
      })
    })

    test.each([
      ['primary key (b, a)', { primaryKey: { columns: ['b', 'a'] } }],
      ['unique u (a, b)', { uniques: [{ name: 'u', columns: ['a', 'b'] }] }],
      ['unique (b)', { uniques: [{ name: 'b', columns: ['b'] }] }],
      ['unique u (s(5))', { indexes: [{ name: 'u', columns: [{ column: 's', length: 5 }], unique: true }] }],
      [
        'unique u (a desc)',
        { indexes: [{ name: 'u', columns: [{ column: 'a', order: 'desc' }], unique: true }] },
      ],
      ['unique u (l)', { uniques: [{ name: 'u', columns: ['l'] }] }],
      [
        'index z (b), index i (b, a desc)',
        {
          indexes: [
            { name: 'i', columns: ['b', { column: 'a', order: 'desc' }] },
            { name: 'z', columns: ['b'] },
          ],
        },
      ],
      ['fulltext index i (s)', { indexes: [{ name: 'i', columns: ['s'], method: 'fulltext' }] }],
      ['spatial index i (p)', { indexes: [{ name: 'i', columns: ['p'], method: 'spatial' }] }],
      ['constraint c check (a > 1)', { checks: [{ name: 'c', expression: '`a` > 1' }] }],
      ['check (a > 1)', { checks: [{ name: 'CONSTRAINT_1', expression: '`a` > 1' }] }],
      ['constraint c check (json_valid(l))', { checks: [{ name: 'c', expression: 'json_valid(`l`)' }] }],
      ['x int check (x > 1)', { checks: [{ column: 'x', expression: '`x` > 1' }] }],
    ])('with %s', async (part, expected) => {
      await runAll(
        place,
        `create or replace table t (a int not null, b int not null, s varchar(20), l longtext collate utf8mb4_bin, p point not null, ${part})`,
      )
      const { name: _, columns: __, ...rest } = await reflectTable(place, 't')
      expect(rest).toEqual(expected)
    })

    test('with its comment', async () => {
      await runAll(place, "create or replace table t (a int) comment = 'it''s'")
      expect((await reflectTable(place, 't')).comment).toBe("it's")
    })

    test('with a check beside a column that was renamed', async () => {
      await runAll(place, 'create or replace table t (a int check (a > 1), j json)')
      await runAll(place, 'alter table t rename column a to b', 'alter table t rename column j to k')
      const table = await reflectTable(place, 't')
      expect(table.checks).toEqual([{ column: 'b', expression: '`b` > 1' }])
      expect(table.columns[1]).toEqual({ name: 'k', type: { sql: 'json' }, nullable: true })
    })
  },
  ['mariadb'],
)

describeBoth('reflect', (name) => {
  test.each([
    ['', {}],
    ['on delete cascade', { onDelete: 'cascade' }],
    ['on delete set null on update cascade', { onDelete: 'set null', onUpdate: 'cascade' }],
    ['on delete restrict on update no action', {}],
    ['on delete no action on update restrict', {}],
  ])('a foreign key with the rules "%s"', async (rules, expected) => {
    const place = await open(name)
    await runAll(
      place,
      'create table p (a int, b int, primary key (a, b))',
      `create table t (x int, y int, constraint f foreign key (y, x) references p (a, b) ${rules})`,
    )
    const { foreignKeys, indexes } = await reflectTable(place, 't')
    expect(foreignKeys).toEqual([
      { name: 'f', columns: ['y', 'x'], references: { table: 'p', columns: ['a', 'b'] }, ...expected },
    ])
    expect(indexes).toEqual([{ name: 'f', columns: ['y', 'x'] }])
  })

  test('only the tables that are asked for, without the ones that do not exist', async () => {
    const place = await open(name)
    await runAll(
      place,
      'create table a (x int)',
      'create table b (x int)',
      'create view v as select * from a',
    )
    const tables = async (...wanted: string[]): Promise<string[]> =>
      Object.keys((await place.dialect.reflect(place.session, { tables: wanted })).tables)
    expect(await tables('b', 'v', 'nothing', "it's")).toEqual(['b'])
    expect(await tables()).toEqual([])
    expect(Object.keys((await place.dialect.reflect(place.session)).tables)).toEqual(['a', 'b'])
  })

  test('routines and events as others', async () => {
    const place = await open(name)
    await runAll(
      place,
      'create table a (x int)',
      'create procedure pr() select 1',
      'create function fn() returns int deterministic return 1',
      'create event ev on schedule every 1 year do select 1',
    )
    expect((await place.dialect.reflect(place.session)).others).toEqual([
      { kind: 'event', name: 'ev' },
      { kind: 'function', name: 'fn' },
      { kind: 'procedure', name: 'pr' },
    ])
  })

  test('nothing of another database', async () => {
    const [one, two] = [await open(name), await open(name)]
    await runAll(one, 'create table a (x int primary key, check (x > 1))')
    expect(await two.dialect.reflect(two.session)).toEqual({ tables: {} })
  })

  test('what makes the same tables again', async () => {
    const [one, two] = [await open(name), await open(name)]
    await runAll(
      one,
      `create table p (id int unsigned not null auto_increment primary key, n varchar(20) not null unique) comment = 'it''s'`,
      `create table t (
        a int not null default 1, b varchar(50) collate utf8mb4_bin not null default 'it''s', c text default ('x'),
        d datetime(3) not null default current_timestamp(3) on update current_timestamp(3), e enum('a', 'it''s') default 'a',
        f json not null, g int as (a + 1) stored comment 'g', h varchar(99) as (concat(b, 'it''s')) virtual,
        i date default (curdate()), j bit(8) default b'101', k varbinary(9) default 'ab', l bool default false,
        m decimal(10, 2) unsigned default 1.5, n int unsigned, o int check (o > 5), p varchar(36) default (uuid()),
        primary key (a, b), unique u (b), index i (d, a desc), index q (b(10)), fulltext index w (b),
        constraint zfk foreign key (n) references p (id) on delete cascade, constraint ck check (a > 0 and b <> 'it''s'))
        default character set utf8mb4`,
    )
    const tables = Object.values((await one.dialect.reflect(one.session)).tables)
    const creation = tables.map((table) => ({ kind: 'createTable', table }) as const)
    const statements = await two.dialect.compile(creation, { tables: {} })
    await runAll(two, ...statements.flat().map(({ sql }) => sql))
    expect(await two.dialect.reflect(two.session)).toEqual(await one.dialect.reflect(one.session))
    for (const table of ['p', 't']) expect(await showTable(two, table)).toBe(await showTable(one, table))
  })
})

describeDialects(
  'what tables, triggers and views say beyond the common',
  () => {
    test('is made again as it was, in another database', async () => {
      const [one, two] = [await open('mariadb'), await open('mariadb')]
      await runAll(
        one,
        `create table a (x int not null, s varchar(50) not null, h int invisible default 1, primary key (x, s(5)) comment 'pk',
          unique u (x) comment 'it''s', index i (s desc) ignored, index j (h) comment 'j')
          engine=MyISAM row_format=fixed max_rows=10 default charset=latin1 comment='a'`,
        `create table b (id int) comment 'b\n PARTITION BY x' partition by range (id) (partition p0 values less than (10), partition p1 values less than maxvalue)`,
        `create table c (id int, f timestamp(6) generated always as row start, t timestamp(6) generated always as row end invisible,
          k int without system versioning, period for system_time (f, t)) with system versioning`,
        'create trigger t1 before insert on a for each row set new.x = 1',
        "create trigger t2 after update on a for each row begin set @a = 'begin; end'; set @b = 1; end",
        'create trigger t3 after delete on a for each row begin end',
        'create trigger t4 after insert on a for each row begin set @a = 1; -- last\n end',
        'create trigger t5 after insert on b for each row one: begin set @a = 1; leave one; end one',
      )
      const { name } = (await one.session.query<{ name: string }>('select database() as name'))[0] ?? {
        name: '',
      }
      await one.session.simple(
        `create sql security invoker view v as select a.x, '\`${name}\`.' as n, "\`${name}\`.a" as m from ${name}.a join b on b.id = a.x with check option`,
      )
      const { tables, views = {} } = await one.dialect.reflect(one.session)
      const creation = Object.values(tables).map((table) => ({ kind: 'createTable', table }) as const)
      const statements = (await two.dialect.compile(creation, { tables: {} })).flat().map(({ sql }) => sql)
      await runAll(two, ...statements)
      await two.session.simple(
        `create sql security invoker view v as ${views['v']?.definition} with cascaded check option`,
      )
      expect(await two.dialect.reflect(two.session)).toEqual({ tables, views })
      for (const table of Object.keys(tables))
        expect(await showTable(two, table)).toBe(await showTable(one, table))
      expect(views['v']?.definition).not.toContain(`from \`${name}\``)
      expect(views['v']?.definition).toContain(`'\`${name}\`.'`)
    })

    test('is told where no operation makes it: in which order triggers fire', async () => {
      const place = await open('mariadb')
      await runAll(
        place,
        'create table t (a int)',
        'create trigger b before insert on t for each row set new.a = 1',
        'create trigger a before insert on t for each row set new.a = 2',
        'create trigger c after insert on t for each row set @c = 2',
        'create sequence s',
      )
      expect((await place.dialect.reflect(place.session)).others).toEqual([
        { kind: 'sequence', name: 's' },
        { kind: 'trigger order', name: 't before insert: b, a' },
      ])
      const { tables, views } = await place.dialect.reflect(place.session, { tables: ['t'] })
      expect([tables['t']?.triggers?.map(({ name }) => name), views]).toEqual([['a', 'b', 'c'], undefined])
    })
  },
  ['mariadb'],
)

test.each<[Partial<Trigger>, RegExp]>([
  [{ events: ['insert', 'update'] }, /is not for one event/],
  [{ events: ['truncate'] }, /is for `truncate`/],
  [{ timing: 'instead of' }, /runs instead of the change/],
  [{ forEach: 'statement' }, /runs for each statement/],
  [{ columns: ['a'] }, /is for some columns/],
  [{ when: 'new.a > 1' }, /has a condition/],
])('a trigger that MySQL cannot have is refused: %o', (part, message) => {
  const trigger: Trigger = { name: 'tr', timing: 'before', events: ['insert'], body: 'select 1', ...part }
  expect(() => createTrigger('mysql', 't', trigger)).toThrow(message)
})

/** As MySQL 8.4 answers; that the queries run there is tested where there is one. */
test('MySQL says defaults without quotes, expressions with escapes, and its checks by table', () => {
  const column = {
    table: 't',
    nullable: 'NO',
    extra: '',
    collation: null,
    expression: '',
    comment: '',
    srid: null,
  } as const
  const columns = [
    { ...column, name: 'id', type: 'int unsigned', value: null, extra: 'auto_increment' },
    { ...column, name: 'str', type: 'varchar(9)', value: "it's", collation: 'utf8mb4_0900_ai_ci' },
    { ...column, name: 'nothing', type: 'varchar(9)', value: null, nullable: 'YES' },
    { ...column, name: 'word', type: 'varchar(9)', value: 'NULL', collation: 'utf8mb4_bin' },
    { ...column, name: 'num', type: 'decimal(10,2)', value: '1.50' },
    { ...column, name: 'bits', type: 'bit(8)', value: "b'101'" },
    { ...column, name: 'bin', type: 'varbinary(9)', value: '0x6162' },
    { ...column, name: 'day', type: 'date', value: '2020-01-01' },
    { ...column, name: 'txt', type: 'text', value: "_utf8mb4\\'it\\\\\\'s\\'", extra: 'DEFAULT_GENERATED' },
    {
      ...column,
      name: 'at',
      type: 'datetime(3)',
      value: 'CURRENT_TIMESTAMP(3)',
      extra: 'DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)',
    },
    {
      ...column,
      name: 'gen',
      type: 'varchar(9)',
      value: null,
      nullable: 'YES',
      extra: 'VIRTUAL GENERATED',
      expression: "concat(`str`,_utf8mb4\\'x\\')",
    },
    {
      ...column,
      name: 'sure',
      type: 'int',
      value: null,
      extra: 'STORED GENERATED',
      expression: '(`id` + 1)',
    },
    { ...column, name: 'geo', type: 'point', value: null, srid: 4326 },
    { ...column, name: 'hid', type: 'int', value: '0', extra: 'INVISIBLE' },
  ] as const
  const index = {
    IS_VISIBLE: 'NO',
    INDEX_COMMENT: "it's",
    table: 't',
    name: 'ix',
    direction: 'A',
    length: null,
    type: 'BTREE',
    expression: null,
  } as const
  expect(
    schemaIn('mysql', {
      tables: [
        {
          table: 't',
          type: 'BASE TABLE',
          collation: 'utf8mb4_0900_ai_ci',
          comment: '',
          engine: 'InnoDB',
          options: 'row_format=DYNAMIC partitioned',
          usualCollation: 'utf8mb4_0900_ai_ci',
          text: "create table `t` (…) COMMENT='\\n partition by no'\n/*!50100 PARTITION BY RANGE (`id`)\n(PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB) */",
        },
      ],
      columns,
      indexes: [
        {
          ...index,
          nonUnique: 0,
          column: null,
          expression: "(case when (`str` = _utf8mb4\\'x\\') then `id` end)",
        },
        { ...index, nonUnique: 0, column: 'str', direction: 'D' },
        { ...index, IS_VISIBLE: 'YES', name: 'PRIMARY', nonUnique: 0, column: 'id', direction: 'D' },
        { ...index, IS_VISIBLE: 'YES', name: 'PRIMARY', nonUnique: 0, column: 'str', length: 4 },
      ],
      keys: [
        { table: 't', name: 'fk', column: 'id', otherDatabase: null, otherTable: 'p', otherColumn: 'id' },
      ],
      rules: [{ table: 't', name: 'fk', onUpdate: 'NO ACTION', onDelete: 'SET NULL' }],
      checks: [
        {
          table: 't',
          name: 't_chk_1',
          expression: "(`str` in (_utf8mb4\\'a\\',_utf8mb4\\'b\\'))",
          enforced: 'YES',
        },
        { table: 't', name: 't_chk_2', expression: '(`id` > 1)', enforced: 'NO' },
      ],
      views: [
        {
          database: 'app',
          name: 'v',
          definition: "select `app`.`t`.`id` AS `id`,_utf8mb4'`app`.' AS `x` from `app`.`t`",
          checkOption: 'CASCADED',
          security: 'INVOKER',
        },
      ],
      triggers: [
        {
          table: 't',
          name: 'tr',
          timing: 'BEFORE',
          event: 'INSERT',
          body: 'BEGIN set new.num = 1; END',
          place: 1,
        },
      ],
      others: [],
    }),
  ).toEqual({
    tables: {
      t: {
        name: 't',
        columns: [
          { name: 'id', type: { sql: 'int unsigned' }, autoincrement: true },
          { name: 'str', type: { sql: 'varchar(9)' }, default: { sql: "'it''s'" } },
          { name: 'nothing', type: { sql: 'varchar(9)' }, nullable: true },
          { name: 'word', type: { sql: 'varchar(9)' }, default: { sql: "'NULL'" }, collation: 'utf8mb4_bin' },
          { name: 'num', type: { sql: 'decimal(10,2)' }, default: { sql: '1.50' } },
          { name: 'bits', type: { sql: 'bit(8)' }, default: { sql: "b'101'" } },
          { name: 'bin', type: { sql: 'varbinary(9)' }, default: { sql: '0x6162' } },
          { name: 'day', type: { sql: 'date' }, default: { sql: "'2020-01-01'" } },
          { name: 'txt', type: { sql: 'text' }, default: { sql: "(_utf8mb4'it\\'s')" } },
          {
            name: 'at',
            type: { sql: 'datetime(3)' },
            default: { sql: 'CURRENT_TIMESTAMP(3)' },
            extra: 'on update CURRENT_TIMESTAMP(3)',
          },
          {
            name: 'gen',
            type: { sql: 'varchar(9)' },
            generated: { expression: "concat(`str`,_utf8mb4'x')", stored: false },
          },
          {
            name: 'sure',
            type: { sql: 'int' },
            generated: { expression: '(`id` + 1)', stored: true },
            extra: 'not null',
          },
          { name: 'geo', type: { sql: 'point' }, extra: 'srid 4326' },
          { name: 'hid', type: { sql: 'int' }, default: { sql: '0' }, extra: 'INVISIBLE' },
        ],
        primaryKey: {
          columns: ['id', 'str'],
          parts: [
            { column: 'id', order: 'desc' },
            { column: 'str', length: 4 },
          ],
          extra: "comment 'it''s'",
        },
        indexes: [
          {
            name: 'ix',
            columns: [
              { sql: "(case when (`str` = _utf8mb4'x') then `id` end)" },
              { column: 'str', order: 'desc' },
            ],
            unique: true,
            extra: "invisible comment 'it''s'",
          },
        ],
        foreignKeys: [
          { name: 'fk', columns: ['id'], references: { table: 'p', columns: ['id'] }, onDelete: 'set null' },
        ],
        checks: [
          { name: 't_chk_1', expression: "(`str` in (_utf8mb4'a',_utf8mb4'b'))" },
          { name: 't_chk_2', expression: '(`id` > 1)', extra: 'not enforced' },
        ],
        triggers: [{ name: 'tr', timing: 'before', events: ['insert'], body: 'set new.num = 1' }],
        options: [
          'row_format=DYNAMIC',
          'PARTITION BY RANGE (`id`) (PARTITION p0 VALUES LESS THAN (10) ENGINE = InnoDB)',
        ],
      },
    },
    views: {
      v: {
        name: 'v',
        definition: "select `t`.`id` AS `id`,_utf8mb4'`app`.' AS `x` from `t`",
        options: ['sql security invoker', 'with cascaded check option'],
      },
    },
  })
})
