import { change, properties, type Scenario, type Scenarios, users } from '../scenario.ts'
import { noComments, notOnMysql, onlyPostgres } from './reasons.ts'

const row = ["insert into users$ (id, a) values (1, 'keep'), (2, 'too')"]
const two: Scenario['expect'] = [
  'select id, a from users$ order by 1',
  [
    [1, 'keep'],
    [2, 'too'],
  ],
]

export const columns: Scenarios = {
  'a nullable column': change('a: p.string()', 'a: p.string(), b: p.string().nullable()', {
    rows: row,
    operations: ['addColumn'],
    expect: [
      'select a, b from users$ order by 1',
      [
        ['keep', null],
        ['too', null],
      ],
    ],
  }),
  'a column with a default': change('a: p.string()', "a: p.string(), b: p.string().default('x')", {
    rows: row,
    operations: ['addColumn'],
    expect: [
      'select a, b from users$ order by 1',
      [
        ['keep', 'x'],
        ['too', 'x'],
      ],
    ],
  }),
  'a column with a default of a quote': change(
    'a: p.string()',
    `a: p.string(), b: p.string().default("it's")`,
    {
      rows: row,
      expect: ['select distinct b from users$', [["it's"]]],
    },
  ),
  'a dropped column': change('a: p.string(), b: p.string()', 'a: p.string()', {
    operations: ['dropColumn'],
  }),
  'a dropped column with values': change('a: p.string(), b: p.string().nullable()', 'a: p.string()', {
    rows: ["insert into users$ (id, a, b) values (1, 'keep', 'gone')"],
    operations: ['dropColumn'],
  }),
  'an unrelated column dropped and added': change(
    'a: p.string(), b: p.string().nullable()',
    'a: p.string(), c: p.string().nullable()',
    {
      rows: ["insert into users$ (id, a, b) values (1, 'keep', 'gone')"],
      operations: ['addColumn', 'dropColumn'],
      expect: ['select a, c from users$', [['keep', null]]],
    },
  ),
  'two columns dropped and one added': change(
    'a: p.string(), b: p.string().nullable(), c: p.string().nullable()',
    'a: p.string(), d: p.string().nullable()',
    {
      rows: ["insert into users$ (id, a, b, c) values (1, 'keep', 'gone', 'too')"],
      operations: ['addColumn', 'dropColumn', 'dropColumn'],
      expect: ['select a, d from users$', [['keep', null]]],
    },
  ),
  'nullable to not null': change('a: p.string().nullable()', 'a: p.string()', {
    rows: row,
    operations: ['alterColumn'],
    expect: two,
  }),
  'not null to nullable': change('a: p.string()', 'a: p.string().nullable()', {
    rows: row,
    operations: ['alterColumn'],
    expect: two,
  }),
  'a column not null without a default, in an empty table': change(
    'a: p.string()',
    'a: p.string(), b: p.string()',
  ),
  ...properties({
    "a column's comment": {
      without: users('a: p.string()'),
      with: users("a: p.string().comment('what it is')"),
      other: users('a: p.string().comment("it\'s \\\\ another")'),
      rows: row,
      operations: ['alterColumn'],
      unseen: noComments,
    },
    'a virtual column by default, in several lines': {
      without: users('a: p.string(), n: p.integer().default(2)'),
      with: users(
        "a: p.string(), n: p.integer().default(2), g: p.integer().generated('(\\n  n\\n  * 2\\n)').nullable()",
      ),
      rows: ["insert into users$ (id, a) values (1, 'keep')"],
      respelled: true,
      not: { postgresql: 'PostgreSQL has virtual columns from 18 on' },
    },
    'a generated column': {
      without: users('a: p.string(), n: p.integer().default(2)'),
      with: users(
        "a: p.string(), n: p.integer().default(2), g: p.integer().generated('(n * 2) stored').nullable()",
      ),
      other: users(
        "a: p.string(), n: p.integer().default(2), g: p.integer().generated('(n + 5) stored').nullable()",
      ),
      rows: row,
      loses: ['users$.g'],
    },
    'a generated column of a new one, declared before it': {
      without: users('a: p.string()'),
      with: users(
        "a: p.string(), g: p.integer().generated('(n * 2) stored').nullable(), n: p.integer().default(2)",
      ),
      rows: row,
    },
    'a virtual column': {
      without: users('a: p.string(), n: p.integer().default(2)'),
      with: users(
        "a: p.string(), n: p.integer().default(2), g: p.integer().generated('(n * 2) virtual').nullable()",
      ),
      other: users(
        "a: p.string(), n: p.integer().default(2), g: p.integer().generated('(n + 5) virtual').nullable()",
      ),
      rows: row,
      loses: ['users$.g'],
      not: { postgresql: 'PostgreSQL has virtual columns from 18 on' },
    },
    'a generated column with what it is made of': {
      without: users('a: p.string()'),
      with: users(
        "a: p.string(), g: p.integer().generated('(n * m) stored').nullable(), n: p.integer().default(2), m: p.integer().default(3)",
      ),
      rows: row,
      loses: ['users$.g'],
    },
    'a collation': {
      without: users('a: p.string()'),
      with: users("a: p.string().collation('C')"),
      other: users("a: p.string().collation('POSIX')"),
      rows: row,
      not: { sqlite: 'SQLite has collations of its own', ...notOnMysql('MySQL has collations of its own') },
    },
    'a collation of SQLite': {
      without: users('a: p.string()'),
      with: users("a: p.string().collation('nocase')"),
      other: users("a: p.string().collation('rtrim')"),
      rows: row,
      not: {
        postgresql: 'PostgreSQL has collations of its own',
        ...notOnMysql('MySQL has collations of its own'),
      },
    },
    'a collation of MySQL': {
      without: users('a: p.string()'),
      with: users("a: p.string().collation('utf8mb4_bin')"),
      other: users("a: p.string().collation('utf8mb4_unicode_ci')"),
      rows: row,
      not: { postgresql: 'PostgreSQL has collations of its own', sqlite: 'SQLite has collations of its own' },
    },
    'the time of the last change': {
      without: users('a: p.string(), t: p.datetime().nullable()'),
      with: users("a: p.string(), t: p.datetime().nullable().extra('on update current_timestamp')"),
      rows: row,
      not: { sqlite: 'only MySQL and MariaDB have it', postgresql: 'only MySQL and MariaDB have it' },
    },
    'an unsigned number': {
      without: users('a: p.string(), n: p.integer().default(1)'),
      with: users('a: p.string(), n: p.integer().unsigned().default(1)'),
      rows: row,
      unseen: { sqlite: 'SQLite has no unsigned numbers', postgresql: 'PostgreSQL has no unsigned numbers' },
    },
  }),
  'a column that a generated one reads': change(
    "n: p.integer(), g: p.integer().generated('(n * 2) stored').nullable().index()",
    "n: p.bigint(), g: p.integer().generated('(n * 2) stored').nullable().index()",
    { rows: ['insert into users$ (id, n) values (1, 5)'], expect: ['select g from users$', [[10]]] },
  ),
  'a column and the generated one that reads it': change(
    "n: p.integer(), g: p.integer().generated('(n * 2) stored').nullable().index()",
    'n: p.string(), g: p.string().generated("(n || \'!\') stored").nullable().index()',
    {
      rows: ['insert into users$ (id, n) values (1, 5)'],
      loses: ['users$.g'],
      not: notOnMysql('`||` is no concatenation there'),
    },
  ),
  'a generated column under a view': {
    before: {
      ...users("a: p.string(), g: p.string().generated('(lower(a)) stored').nullable()"),
      v$: ['id: p.integer().primary()', 'view: true, expression: `select id, g from users$`'],
    },
    after: {
      ...users("a: p.string(), g: p.string().generated('(upper(a)) stored').nullable()"),
      v$: ['id: p.integer().primary()', 'view: true, expression: `select id, g from users$`'],
    },
    rows: row,
    loses: ['users$.g'],
    expect: ['select g from v$ order by id', [['KEEP'], ['TOO']]],
  },
  'a unique column dropped': change('a: p.string(), code: p.string().length(20).unique()', 'a: p.string()', {
    rows: ["insert into users$ (id, a, code) values (1, 'keep', 'c1'), (2, 'too', 'c2')"],
  }),
  'an identity of PostgreSQL': {
    before: { log$: `a: p.string(), id: p.integer().primary().autoincrement(false)` },
    after: {
      log$: `a: p.string(), id: p.integer().primary().autoincrement(false).columnType('int generated by default as identity')`,
    },
    not: onlyPostgres('only PostgreSQL has identity columns'),
  },
  'a key that counts': {
    before: { log$: 'id: p.integer().primary().autoincrement(false), a: p.string()' },
    after: { log$: 'id: p.integer().primary().autoincrement(), a: p.string()' },
    rows: ["insert into log$ (id, a) values (7, 'keep')"],
  },
  'a key that counts no more': {
    before: { log$: 'id: p.integer().primary().autoincrement(), a: p.string()' },
    after: { log$: 'id: p.integer().primary().autoincrement(false), a: p.string()' },
    rows: ["insert into log$ (id, a) values (7, 'keep')"],
  },
}
