import { id, properties, type Scenarios, users } from '../scenario.ts'

const org = `${id}, name: p.string()`
const orgRow = "insert into org$ (id, name) values (7, 'o')"
const both = [orgRow, 'insert into users$ (id, org_id) values (1, 7)']
const ofOrg = (more = '') => ({ org$: org, users$: `${id}, org: () => p.manyToOne(org$)${more}` })
const held = { org$: org, users$: `${id}, org_id: p.integer().nullable()` }

const town = `${id}, name: p.string()`

export const relations: Scenarios = {
  ...Object.fromEntries(
    [
      ['text to a number', 'p.string()', 'p.integer().autoincrement(false)', "'7'"],
      [
        'a decimal to an integer',
        'p.decimal().precision(12).scale(0).autoincrement(false)',
        'p.bigint().autoincrement(false)',
        '7',
      ],
      [
        'an integer to a larger one',
        'p.integer().autoincrement(false)',
        'p.bigint().autoincrement(false)',
        '7',
      ],
    ].map(([title, from, to, key]) => [
      `a key that others name, from ${title}`,
      {
        before: { land$: `code: ${from}.primary()`, town$: `${town}, land: () => p.manyToOne(land$)` },
        after: { land$: `code: ${to}.primary()`, town$: `${town}, land: () => p.manyToOne(land$)` },
        rows: [
          `insert into land$ (code) values (${key})`,
          `insert into town$ (id, name, land_code) values (1, 'keep', ${key})`,
        ],
      },
    ]),
  ),
  'two tables with a foreign key': {
    before: { org$: org, ...users('a: p.string()') },
    after: {
      org$: org,
      users$: `${id}, a: p.string(), org: () => p.manyToOne(org$).nullable().deleteRule('cascade').updateRule('cascade')`,
    },
    rows: ["insert into users$ (id, a) values (1, 'keep')"],
    expect: ['select a, org_id from users$', [['keep', null]]],
  },
  'two new tables with a foreign key': {
    before: {},
    after: ofOrg(),
    operations: ['createTable', 'createTable'],
  },
  'two tables with a foreign key dropped': {
    before: ofOrg(),
    after: {},
    operations: ['dropTable', 'dropTable'],
  },
  'a table dropped that others refer to': {
    before: ofOrg('.nullable()'),
    after: { users$: id },
    rows: both,
    loses: ['org$.id', 'org$.name'],
  },
  'a foreign key dropped, its column kept': {
    before: ofOrg('.nullable()'),
    after: { org$: org, users$: `${id}, org_id: p.integer().nullable()` },
    rows: both,
    expect: ['select org_id from users$', [[7]]],
  },
  'a foreign key of a column that is there': {
    before: held,
    after: ofOrg('.nullable()'),
    rows: both,
    expect: ['select org_id from users$', [[7]]],
  },
  ...properties({
    'the rule for deletes': {
      without: ofOrg('.nullable()'),
      with: ofOrg(".nullable().deleteRule('cascade')"),
      other: ofOrg(".nullable().deleteRule('restrict')"),
      rows: both,
    },
    'the rule for updates': {
      without: ofOrg(".nullable().updateRule('no action')"),
      with: ofOrg(".nullable().updateRule('cascade')"),
      other: ofOrg(".nullable().updateRule('set null')"),
      rows: both,
    },
    'a deferred foreign key': {
      without: ofOrg('.nullable()'),
      with: ofOrg(".nullable().deferMode('deferred')"),
      other: ofOrg(".nullable().deferMode('immediate')"),
      rows: both,
      not: { mariadb: 'MariaDB has no deferred foreign keys', mysql: 'MySQL has no deferred foreign keys' },
    },
    'a table of many to many': {
      without: { users$: id, tags$: id },
      with: { users$: `${id}, tags: () => p.manyToMany(tags$)`, tags$: id },
      rows: ['insert into users$ (id) values (1)'],
    },
    'a table that refers to itself': {
      without: users('a: p.string().nullable()'),
      with: users('a: p.string().nullable(), boss: () => p.manyToOne(users$).nullable()'),
      rows: ["insert into users$ (id, a) values (1, 'keep')"],
    },
    'a one to one': {
      without: { org$: org, users$: id },
      with: { org$: org, users$: `${id}, org: () => p.oneToOne(org$).nullable()` },
      rows: [orgRow, 'insert into users$ (id) values (1)'],
    },
    'a foreign key of two columns': {
      without: { lines$: 'a: p.integer().primary(), b: p.integer().primary()', notes$: id },
      with: {
        lines$: 'a: p.integer().primary(), b: p.integer().primary()',
        notes$: `${id}, line: () => p.manyToOne(lines$).nullable()`,
      },
      rows: ['insert into lines$ (a, b) values (1, 2)', 'insert into notes$ (id) values (1)'],
    },
  }),
  'a foreign key to another table': {
    before: {
      org$: org,
      firm$: org,
      users$: `${id}, org: () => p.manyToOne(org$).nullable().name('org_id')`,
    },
    after: {
      org$: org,
      firm$: org,
      users$: `${id}, org: () => p.manyToOne(firm$).nullable().name('org_id')`,
    },
    rows: [
      orgRow,
      "insert into firm$ (id, name) values (7, 'f')",
      'insert into users$ (id, org_id) values (1, 7)',
    ],
    expect: ['select org_id from users$', [[7]]],
  },
  'tables that refer to each other': {
    before: {},
    after: {
      a$: `${id}, b: () => p.manyToOne(b$).nullable()`,
      b$: `${id}, a: () => p.manyToOne(a$).nullable()`,
    },
  },
  'tables that refer to each other, dropped': {
    before: {
      a$: `${id}, b: () => p.manyToOne(b$).nullable()`,
      b$: `${id}, a: () => p.manyToOne(a$).nullable()`,
      users$: id,
    },
    after: { users$: id },
  },
  'a circle of three, one way turned': {
    before: {
      a$: `${id}, b: () => p.manyToOne(b$).nullable()`,
      b$: `${id}, c: () => p.manyToOne(c$).nullable()`,
      c$: id,
    },
    after: {
      a$: `${id}, b: () => p.manyToOne(b$).nullable()`,
      b$: `${id}, c: () => p.manyToOne(c$).nullable()`,
      c$: `${id}, a: () => p.manyToOne(a$).nullable()`,
    },
    rows: [
      'insert into c$ (id) values (1)',
      'insert into b$ (id, c_id) values (1, 1)',
      'insert into a$ (id, b_id) values (1, 1)',
    ],
  },
  'the type of a key that is referred to': {
    before: ofOrg(".deleteRule('cascade')"),
    after: {
      org$: 'id: p.bigint().primary(), name: p.string()',
      users$: `${id}, org: () => p.manyToOne(org$).deleteRule('cascade')`,
    },
    rows: both,
    expect: ['select name from users$ join org$ on org$.id = users$.org_id', [['o']]],
  },
  'children that a parent changes above': {
    before: ofOrg(".deleteRule('cascade')"),
    after: {
      org$: `${id}, name: p.string().nullable().default('x'), code: p.integer().nullable()`,
      users$: `${id}, org: () => p.manyToOne(org$).deleteRule('cascade')`,
    },
    rows: both,
    expect: ['select org_id from users$', [[7]]],
  },
}
