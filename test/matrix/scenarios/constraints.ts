import { change, id, properties, type Scenarios, users } from '../scenario.ts'
import { notOnMysql, onlyPostgres } from './reasons.ts'

const row = ["insert into users$ (id, a, n) values (1, 'keep', 5), (2, 'too', 6)"]
const columns = 'a: p.string(), n: p.integer()'

export const constraints: Scenarios = {
  ...properties({
    'a unique column': {
      without: users('a: p.string(), n: p.integer()'),
      with: users('a: p.string().unique(), n: p.integer()'),
      rows: row,
    },
    'a unique constraint of two columns': {
      without: users(columns),
      with: users(columns, "uniques: [{ properties: ['a', 'n'] }]"),
      other: users(columns, "uniques: [{ properties: ['n', 'a'] }]"),
      rows: row,
    },
    'a unique constraint with a name': {
      without: users(columns),
      with: users(columns, "uniques: [{ name: 'uq$', properties: ['a'] }]"),
      other: users(columns, "uniques: [{ name: 'uq$', properties: ['a', 'n'] }]"),
      rows: row,
    },
    'a unique constraint that is deferred': {
      without: users(columns, "uniques: [{ name: 'uqd$', properties: ['a'] }]"),
      with: users(columns, "uniques: [{ name: 'uqd$', properties: ['a'], deferMode: 'deferred' }]"),
      other: users(columns, "uniques: [{ name: 'uqd$', properties: ['a'], deferMode: 'immediate' }]"),
      rows: row,
      not: onlyPostgres('only PostgreSQL defers unique constraints'),
    },
    'a check': {
      without: users(columns),
      with: users(columns, "checks: [{ name: 'ck$', expression: 'n > 0' }]"),
      other: users(columns, "checks: [{ name: 'ck$', expression: 'n > 1' }]"),
      rows: row,
    },
    'a check that databases write in another way': {
      without: users(columns),
      with: users(
        columns,
        `checks: [{ name: 'ckb$', expression: "n between 0 and 10 and a like 'k%' or a in ('too', 'it''s') and a <> ''" }]`,
      ),
      other: users(
        columns,
        `checks: [{ name: 'ckb$', expression: "(n between 0 and 11) and (a like '%') and not (a is null)" }]`,
      ),
      rows: row,
    },
    'a check of a column': {
      without: users(columns),
      with: users(`${columns.replace('p.integer()', "p.integer().check('n < 100')")}`),
      other: users(`${columns.replace('p.integer()', "p.integer().check('n < 200')")}`),
      rows: row,
    },
    'an exclusion constraint': {
      without: users(columns),
      with: users(columns, "checks: [{ name: 'ex$', expression: 'exclude using btree (n with =)' }]"),
      rows: row,
      not: onlyPostgres('only PostgreSQL has exclusion constraints'),
    },
  }),
  'a unique constraint made an index': change('a: p.string().unique()', 'a: p.string().index()', {
    rows: ["insert into users$ (id, a) values (1, 'keep')"],
  }),
  'a composite primary key': {
    before: {},
    after: { lines$: 'a: p.integer().primary(), b: p.integer().primary(), n: p.integer()' },
    operations: ['createTable'],
  },
  'a primary key of text, and of a uuid': {
    before: {},
    after: { k$: 'code: p.string().length(8).primary()', u$: 'key: p.uuid().primary()' },
  },
  'a primary key with a column more': {
    before: { lines$: 'a: p.integer().primary(), b: p.integer(), n: p.integer()' },
    after: { lines$: 'a: p.integer().primary(), b: p.integer().primary(), n: p.integer()' },
    rows: ['insert into lines$ (a, b, n) values (1, 2, 3)'],
    unseen: {},
  },
  'another primary key': {
    before: { lines$: `a: p.integer().primary().autoincrement(false), b: p.integer(), n: p.integer()` },
    after: { lines$: `a: p.integer(), b: p.integer().primary().autoincrement(false), n: p.integer()` },
    respelled: true,
    rows: ['insert into lines$ (a, b, n) values (1, 2, 3)'],
  },
  'the type of a primary key': {
    before: { lines$: 'code: p.string().length(8).primary(), n: p.integer()' },
    after: { lines$: 'code: p.string().length(80).primary(), n: p.integer()' },
    rows: ["insert into lines$ (code, n) values ('a', 1)"],
    unseen: { sqlite: 'SQLite keeps no lengths' },
  },
  'checks that are not MySQL like': {
    before: users(columns),
    after: users(columns, `checks: [{ name: 'ckl$', expression: "length(a) < 500 and a = a || ''" }]`),
    rows: row,
    not: notOnMysql('`||` is no concatenation there'),
  },
  'a table with a unique column and a key that counts': {
    before: {},
    after: { x$: `${id}, code: p.string().unique()` },
  },
}
