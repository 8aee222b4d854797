import { change, id, type Scenarios } from '../scenario.ts'

const org = `${id}, name: p.string()`
const orgRow = "insert into org$ (id, name) values (7, 'o')"

export const renames: Scenarios = {
  'a column renamed as answered': change(
    'a: p.string(), phone: p.string()',
    'a: p.string(), phoneNumber: p.string()',
    {
      rows: ["insert into users$ (id, a, phone) values (1, 'keep', '123')"],
      renames: ['users$.phone:phone_number'],
      operations: ['renameColumn'],
      expect: ['select a, phone_number from users$', [['keep', '123']]],
    },
  ),
  'a column renamed as answered, beside another of its type': change(
    'a: p.string(), phone: p.string().nullable(), fax: p.string().nullable()',
    'a: p.string(), phoneNumber: p.string().nullable(), mobile: p.string().nullable()',
    {
      rows: ["insert into users$ (id, a, phone, fax) values (1, 'keep', '123', '456')"],
      renames: ['users$.phone:phone_number'],
      operations: ['renameColumn', 'addColumn', 'dropColumn'],
      expect: ['select a, phone_number, mobile from users$', [['keep', '123', null]]],
    },
  ),
  'a column renamed as answered, with another type': change(
    'a: p.string(), n: p.integer()',
    'a: p.string(), count: p.bigint()',
    {
      rows: ["insert into users$ (id, a, n) values (1, 'keep', 5)"],
      renames: ['users$.n:count'],
      operations: ['renameColumn', 'alterColumn'],
    },
  ),
  'a column renamed while another changes': change(
    'a: p.string(), n: p.integer(), b: p.string()',
    'a: p.string().nullable(), count: p.integer(), b: p.text()',
    {
      rows: ["insert into users$ (id, a, n, b) values (1, 'keep', 5, 'b')"],
      renames: ['users$.n:count'],
      expect: ['select a, count, b from users$', [['keep', 5, 'b']]],
    },
  ),
  'two columns that change their names': change(
    'a: p.string(), b: p.string()',
    'c: p.string(), d: p.string()',
    {
      rows: ["insert into users$ (id, a, b) values (1, 'A', 'B')"],
      renames: ['users$.a:d', 'users$.b:c'],
      expect: ['select c, d from users$', [['B', 'A']]],
    },
  ),
  'a table renamed as answered': {
    before: { users$: `${id}, a: p.string()` },
    after: { people$: `${id}, a: p.string()` },
    rows: ["insert into users$ (id, a) values (1, 'keep')"],
    renames: ['users$:people$'],
    keepsNames: true,
    expect: ['select a from people$', [['keep']]],
  },
  'a column with an index, a unique constraint and a check renamed': {
    before: {
      users$: [
        `${id}, phone: p.string().length(20).index().default('x'), b: p.string(), c: p.integer()`,
        "uniques: [{ properties: ['phone', 'b'] }], checks: [{ name: 'cc$', expression: 'c > 0' }]",
      ],
    },
    after: {
      users$: [
        `${id}, phoneNumber: p.string().length(20).index().default('x'), b: p.string(), count: p.integer()`,
        "uniques: [{ properties: ['phoneNumber', 'b'] }], checks: [{ name: 'cc$', expression: 'count > 0' }]",
      ],
    },
    rows: ["insert into users$ (id, phone, b, c) values (1, '123', 'keep', 4)"],
    renames: ['users$.phone:phone_number', 'users$.c:count'],
    expect: ['select phone_number, b, count from users$', [['123', 'keep', 4]]],
  },
  'the case of letters of a column': change(
    "a: p.string(), userid: p.string().name('userid').nullable().index()",
    "a: p.string(), userid: p.string().name('userId').nullable().index()",
    // PostgreSQL takes it for another column.
    { rows: ["insert into users$ (id, a, userid) values (1, 'keep', 'u')"], keepsNames: true },
  ),
  'an enum renamed': change("a: p.enum(['x', 'y']).default('x')", "kind: p.enum(['x', 'y']).default('x')", {
    rows: ["insert into users$ (id, a) values (1, 'y')"],
    renames: ['users$.a:kind'],
    expect: ['select kind from users$', [['y']]],
  }),
  'a foreign key renamed, with a new rule': {
    before: { org$: org, users$: `${id}, org: () => p.manyToOne(org$).nullable()` },
    after: { org$: org, users$: `${id}, company: () => p.manyToOne(org$).nullable().deleteRule('cascade')` },
    rows: [orgRow, 'insert into users$ (id, org_id) values (1, 7)'],
    renames: ['users$.org_id:company_id'],
    expect: ['select company_id from users$', [[7]]],
  },
  'a primary key renamed': {
    before: { org$: org, users$: `${id}, org: () => p.manyToOne(org$)` },
    after: {
      org$: 'key: p.integer().primary(), name: p.string()',
      users$: `${id}, org: () => p.manyToOne(org$).name('org_id')`,
    },
    rows: [orgRow, 'insert into users$ (id, org_id) values (1, 7)'],
    renames: ['org$.id:key'],
    keepsNames: true,
    expect: ['select org_id from users$', [[7]]],
  },
  'a table renamed with the foreign key to it': {
    before: { org$: org, users$: `${id}, org: () => p.manyToOne(org$).nullable()` },
    after: { company$: org, users$: `${id}, company: () => p.manyToOne(company$).nullable()` },
    rows: [orgRow, 'insert into users$ (id, org_id) values (1, 7)'],
    renames: ['org$:company$', 'users$.org_id:company_id'],
    keepsNames: true,
    expect: ['select company_id from users$', [[7]]],
  },
  'two columns that change places': change(
    'a: p.string().index(), b: p.string().nullable(), c: p.integer()',
    "b: p.string().name('a').nullable(), a: p.string().name('b').index(), c: p.integer()",
    {
      rows: ["insert into users$ (id, a, b, c) values (1, 'A', 'B', 3)"],
      renames: ['users$.a:b', 'users$.b:a'],
      expect: ['select a, b, c from users$', [['B', 'A', 3]]],
    },
  ),
  'a column under the name of one that is renamed too, the first answered first': change(
    'a: p.string(), b: p.string(), other: p.integer()',
    'b: p.string(), c: p.string(), other: p.integer()',
    {
      rows: ["insert into users$ (id, a, b, other) values (1, 'A', 'B', 3)"],
      renames: ['users$.a:b', 'users$.b:c'],
      operations: ['renameColumn', 'renameColumn'],
      expect: ['select b, c, other from users$', [['A', 'B', 3]]],
    },
  ),
  'a table renamed before its column, by its old name': {
    before: { org$: org, users$: `${id}, org: () => p.manyToOne(org$).nullable(), mail: p.string().index()` },
    after: {
      org$: org,
      person$: `${id}, org: () => p.manyToOne(org$).nullable(), email: p.string().index()`,
    },
    rows: [orgRow, "insert into users$ (id, org_id, mail) values (1, 7, 'm')"],
    renames: ['users$:person$', 'users$.mail:email'],
    keepsNames: true,
    expect: ['select org_id, email from person$', [[7, 'm']]],
  },
  'two tables that change places': {
    before: { users$: `${id}, a: p.string()`, people$: `${id}, b: p.integer()` },
    after: { people$: `${id}, a: p.string()`, users$: `${id}, b: p.integer()` },
    rows: ["insert into users$ (id, a) values (1, 'A')", 'insert into people$ (id, b) values (2, 5)'],
    renames: ['users$:people$', 'people$:users$'],
    keepsNames: true,
    operations: ['renameTable', 'renameTable', 'renameTable'],
    expect: ['select people$.id as p, a, users$.id as u, b from people$, users$', [[1, 'A', 2, 5]]],
  },
  'what the default of another column is made of': change(
    'a: p.integer(), n: p.integer().defaultRaw("(`a` + 1)")',
    'b: p.integer(), n: p.integer().defaultRaw("(`b` + 1)")',
    {
      rows: ['insert into users$ (id, a) values (1, 4)'],
      renames: ['users$.a:b'],
      operations: ['renameColumn'],
      expect: ['select b, n from users$', [[4, 5]]],
      not: {
        sqlite: 'a default is made of no other column there',
        postgresql: 'a default is made of no other column there',
      },
    },
  ),
}
