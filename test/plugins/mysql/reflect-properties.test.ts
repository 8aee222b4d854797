/** That each property is read by itself: what differs by one differs by nothing else in the data. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Schema } from '../../../src/schema/schema.ts'
import { differences } from '../../support/differences.ts'
import { describeDialects } from '../../support/dialects.ts'
import { open, type Place, runAll } from './support.ts'

/** `case` stands for the name of the thing, which is another one in each case. */
const bases = {
  tables: `create table \`case\` (
    id int unsigned not null auto_increment, a varchar(50) not null default 'x' comment 'about a', b int null, c text null,
    d datetime(3) not null default current_timestamp(3) on update current_timestamp(3), e enum('a','b') not null,
    n int(5) unsigned zerofill null, g int as (n + 1) stored, p point not null, h int not null default 1 invisible,
    k int null check (k > 1), primary key (id), unique key u (a), key i (b, a(10)) comment 'for b', fulltext key f (c),
    constraint \`fk_case\` foreign key (b) references parent (id) on delete cascade on update set null,
    constraint ck check (h > 0)
  ) engine=InnoDB default charset=utf8mb4 comment='about it'`,
  triggers: 'create trigger `case` before insert on shared for each row begin set @a = 1; end',
  views: 'create sql security definer view `case` as select a from shared where a > 1',
}

type Kind = keyof typeof bases
/** What other rows tell of. */
const anything: unknown = expect.anything()

const cases: readonly (readonly [Kind, string, string, string, Record<string, unknown>])[] = [
  [
    'tables',
    'the type of a column',
    'k int null',
    'k bigint null',
    { 'columns.k.type.sql': ['int(11)', 'bigint(20)'] },
  ],
  [
    'tables',
    'unsigned',
    'id int unsigned',
    'id int',
    { 'columns.id.type.sql': ['int(10) unsigned', 'int(11)'] },
  ],
  [
    'tables',
    'zerofill',
    'unsigned zerofill',
    'unsigned',
    { 'columns.n.type.sql': ['int(5) unsigned zerofill', 'int(5) unsigned'] },
  ],
  [
    'tables',
    'the values of an enum',
    "enum('a','b')",
    "enum('b','a')",
    { 'columns.e.type.sql': ["enum('a','b')", "enum('b','a')"] },
  ],
  ['tables', 'null', 'c text null', 'c text not null', { 'columns.c.nullable': [true, undefined] }],
  ['tables', 'a default', "default 'x'", "default 'y'", { 'columns.a.default.sql': ["'x'", "'y'"] }],
  [
    'tables',
    'that there is a default',
    "default 'x'",
    '',
    { 'columns.a.default': [{ sql: "'x'" }, undefined] },
  ],
  [
    'tables',
    'a default and its number alike',
    "default 'x'",
    "default '1'",
    { 'columns.a.default.sql': ["'x'", "'1'"] },
  ],
  [
    'tables',
    'the comment of a column',
    "comment 'about a'",
    "comment 'of a'",
    { 'columns.a.comment': ['about a', 'of a'] },
  ],
  [
    'tables',
    'a collation',
    'a varchar(50)',
    'a varchar(50) collate utf8mb4_bin',
    { 'columns.a.collation': [undefined, 'utf8mb4_bin'] },
  ],
  [
    'tables',
    'a character set',
    'a varchar(50)',
    'a varchar(50) character set latin1',
    { 'columns.a.collation': [undefined, 'latin1_swedish_ci'] },
  ],
  [
    'tables',
    'digits of a second',
    'd datetime(3) not null default current_timestamp(3) on update current_timestamp(3)',
    'd datetime(2) not null default current_timestamp(2) on update current_timestamp(2)',
    {
      'columns.d.type.sql': ['datetime(3)', 'datetime(2)'],
      'columns.d.default.sql': ['current_timestamp(3)', 'current_timestamp(2)'],
      'columns.d.extra': ['on update current_timestamp(3)', 'on update current_timestamp(2)'],
    },
  ],
  [
    'tables',
    'on update',
    ' on update current_timestamp(3)',
    '',
    { 'columns.d.extra': ['on update current_timestamp(3)', undefined] },
  ],
  ['tables', 'auto_increment', ' auto_increment', '', { 'columns.id.autoincrement': [true, undefined] }],
  [
    'tables',
    'a generated expression',
    '(n + 1) stored',
    '(n + 2) stored',
    { 'columns.g.generated.expression': ['`n` + 1', '`n` + 2'] },
  ],
  ['tables', 'stored', '(n + 1) stored', '(n + 1) virtual', { 'columns.g.generated.stored': [true, false] }],
  ['tables', 'invisible', ' invisible', '', { 'columns.h.extra': ['INVISIBLE', undefined] }],
  [
    'tables',
    'a column’s check',
    'check (k > 1)',
    'check (k > 2)',
    { 'checks.0.expression': ['`k` > 1', '`k` > 2'] },
  ],
  [
    'tables',
    'a table’s check',
    'check (h > 0)',
    'check (h > 1)',
    { 'checks.ck.expression': ['`h` > 0', '`h` > 1'] },
  ],
  [
    'tables',
    'the name of a check',
    'constraint ck',
    'constraint cl',
    {
      'checks.ck': [{ name: 'ck', expression: '`h` > 0' }, undefined],
      'checks.cl': [undefined, { name: 'cl', expression: '`h` > 0' }],
    },
  ],
  [
    'tables',
    'the name of a column',
    'k int null check (k > 1)',
    'kk int null check (kk > 1)',
    {
      'columns.k': [{ name: 'k', type: { sql: 'int(11)' }, nullable: true }, undefined],
      'columns.kk': [undefined, { name: 'kk', type: { sql: 'int(11)' }, nullable: true }],
      'checks.0.column': ['k', 'kk'],
      'checks.0.expression': ['`k` > 1', '`kk` > 1'],
    },
  ],
  [
    'tables',
    'the columns of the primary key',
    'primary key (id)',
    'primary key (id, a)',
    { 'primaryKey.columns': [['id'], ['id', 'a']] },
  ],
  [
    'tables',
    'a prefix in the primary key',
    'primary key (id)',
    'primary key (id, a(5))',
    {
      'primaryKey.columns': [['id'], ['id', 'a']],
      'primaryKey.parts': [undefined, ['id', { column: 'a', length: 5 }]],
    },
  ],
  [
    'tables',
    'the comment of the primary key',
    'primary key (id)',
    "primary key (id) comment 'pk'",
    { 'primaryKey.extra': [undefined, "comment 'pk'"] },
  ],
  [
    'tables',
    'the columns of a unique',
    'unique key u (a)',
    'unique key u (a, b)',
    { 'uniques.u.columns': [['a'], ['a', 'b']] },
  ],
  [
    'tables',
    'that it is unique',
    'unique key u (a)',
    'key u (a)',
    {
      uniques: [[{ name: 'u', columns: ['a'] }], undefined],
      'indexes.u': [undefined, { name: 'u', columns: ['a'] }],
    },
  ],
  [
    'tables',
    'the comment of a unique',
    'unique key u (a)',
    "unique key u (a) comment 'it''s'",
    { 'uniques.u.extra': [undefined, "comment 'it''s'"] },
  ],
  [
    'tables',
    'the name of an index',
    'key i (b',
    'key ii (b',
    { 'indexes.i': [anything, undefined], 'indexes.ii': [undefined, anything] },
  ],
  [
    'tables',
    'the order of an index',
    'key i (b,',
    'key i (b desc,',
    { 'indexes.i.columns.0': ['b', { column: 'b', order: 'desc' }] },
  ],
  ['tables', 'the prefix of an index', 'a(10)', 'a(11)', { 'indexes.i.columns.1.length': [10, 11] }],
  [
    'tables',
    'that an index has a prefix',
    'a(10)',
    'a',
    {
      'indexes.i.columns': [
        ['b', { column: 'a', length: 10 }],
        ['b', 'a'],
      ],
    },
  ],
  [
    'tables',
    'the comment of an index',
    "comment 'for b'",
    "comment 'for a'",
    { 'indexes.i.extra': ["comment 'for b'", "comment 'for a'"] },
  ],
  [
    'tables',
    'that an index is ignored',
    "comment 'for b'",
    "comment 'for b' ignored",
    { 'indexes.i.extra': ["comment 'for b'", "ignored comment 'for b'"] },
  ],
  [
    'tables',
    'fulltext',
    ', fulltext key f (c)',
    ', key f (c(10))',
    {
      'indexes.f.columns': [['c'], [{ column: 'c', length: 10 }]],
      'indexes.f.method': ['fulltext', undefined],
    },
  ],
  [
    'tables',
    'spatial',
    ', unique',
    ', spatial key s (p), unique',
    { 'indexes.s': [undefined, { name: 's', columns: ['p'], method: 'spatial' }] },
  ],
  [
    'tables',
    'the columns of a foreign key',
    'references parent (id)',
    'references parent (x)',
    { 'foreignKeys.fk_case.references.columns': [['id'], ['x']] },
  ],
  [
    'tables',
    'on delete',
    'on delete cascade',
    'on delete set null',
    { 'foreignKeys.fk_case.onDelete': ['cascade', 'set null'] },
  ],
  [
    'tables',
    'that there is no on update',
    ' on update set null',
    '',
    { 'foreignKeys.fk_case.onUpdate': ['set null', undefined] },
  ],
  [
    'tables',
    'the name of a foreign key',
    '`fk_case`',
    '`fl_case`',
    { 'foreignKeys.fk_case': [anything, undefined], 'foreignKeys.fl_case': [undefined, anything] },
  ],
  [
    'tables',
    'the comment of a table',
    "comment='about it'",
    "comment='of it'",
    { comment: ['about it', 'of it'] },
  ],
  [
    'tables',
    'the collation of a table',
    'charset=utf8mb4',
    'charset=utf8mb4 collate=utf8mb4_bin',
    { options: [undefined, ['collate=utf8mb4_bin']] },
  ],
  [
    'tables',
    'the row format',
    'engine=InnoDB',
    'engine=InnoDB row_format=compressed',
    { options: [undefined, ['row_format=COMPRESSED']] },
  ],
  [
    'tables',
    'an option',
    'engine=InnoDB',
    'engine=InnoDB stats_persistent=1',
    { options: [undefined, ['stats_persistent=1']] },
  ],
  [
    'tables',
    'that a table keeps its history',
    "comment='about it'",
    "comment='about it' with system versioning",
    { options: [undefined, ['with system versioning']] },
  ],
  ['triggers', 'when a trigger runs', 'before insert', 'after insert', { timing: ['before', 'after'] }],
  [
    'triggers',
    'what a trigger is for',
    'before insert',
    'before update',
    { events: [['insert'], ['update']] },
  ],
  ['triggers', 'what a trigger does', 'set @a = 1', 'set @a = 2', { body: ['set @a = 1', 'set @a = 2'] }],
  ['triggers', 'the table of a trigger', 'on shared', 'on other', { table: ['shared', 'other'] }],
  [
    'views',
    'the query of a view',
    'a > 1',
    'a > 2',
    {
      definition: [
        'select `shared`.`a` AS `a` from `shared` where `shared`.`a` > 1',
        'select `shared`.`a` AS `a` from `shared` where `shared`.`a` > 2',
      ],
    },
  ],
  [
    'views',
    'the columns of a view',
    'select a',
    'select a as b',
    {
      definition: [
        'select `shared`.`a` AS `a` from `shared` where `shared`.`a` > 1',
        'select `shared`.`a` AS `b` from `shared` where `shared`.`a` > 1',
      ],
    },
  ],
  [
    'views',
    'whose rights a view has',
    'security definer',
    'security invoker',
    { options: [undefined, ['sql security invoker']] },
  ],
  [
    'views',
    'what a view checks',
    'a > 1',
    'a > 1 with local check option',
    { options: [undefined, ['with local check option']] },
  ],
  [
    'views',
    'how a view is made',
    'create sql',
    'create algorithm=temptable sql',
    { options: [undefined, ['algorithm=temptable']] },
  ],
]

function caseAt(at: number) {
  const found = cases[at]
  if (!found) throw new Error(`there is no case ${at}`)
  return found
}

describeDialects(
  'a property',
  () => {
    let place: Place
    let schema: Schema
    const nameOf = (at: number): string => `case_${at}_`
    beforeAll(async () => {
      place = await open('mariadb')
      await runAll(
        place,
        'create table parent (id int primary key, x int unique)',
        'create table shared (a int, b int)',
        'create table other (a int)',
      )
      for (const [at, [kind, , from, to]] of cases.entries()) {
        await place.session.simple(bases[kind].replace(from, to).replaceAll('case', nameOf(at)))
      }
      for (const [kind, sql] of Object.entries(bases))
        await place.session.simple(sql.replaceAll('case', `base_${kind}_`))
      schema = await place.dialect.reflect(place.session)
    })
    afterAll(() => place.close())

    const find = (kind: Kind, name: string): unknown => {
      const triggers = Object.values(schema.tables).flatMap((table) =>
        (table.triggers ?? []).map((trigger) => ({ ...trigger, table: table.name })),
      )
      const found = {
        tables: () => schema.tables[name],
        views: () => schema.views?.[name],
        triggers: () => triggers.find((trigger) => trigger.name === name),
      }[kind]()
      expect(found).toBeDefined()
      return JSON.parse(JSON.stringify(found).replaceAll(name, 'case'))
    }

    test.each(cases.map((each, at) => [each[1], at] as const))(
      'shows when it changes, and nothing else does: %s',
      (_, at) => {
        const [kind, , , , expected] = caseAt(at)
        expect(differences(find(kind, `base_${kind}_`), find(kind, nameOf(at)))).toEqual(expected)
      },
    )
  },
  ['mariadb'],
)
