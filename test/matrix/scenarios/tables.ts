import { change, id, properties, type Scenarios, users } from '../scenario.ts'
import { noComments } from './reasons.ts'

const everyKind = `${id}, s: p.string(), s20: p.string().length(20).nullable(), t: p.text().nullable(), i: p.integer(), si: p.smallint().nullable(),
  ti: p.tinyint().nullable(), bi: p.bigint().nullable(), f: p.float().nullable(), d: p.double().nullable(),
  n: p.decimal().precision(12).scale(4).nullable(), b: p.boolean().default(false), dt: p.date().nullable(), tm: p.time().nullable(), dtm: p.datetime().nullable(),
  dtm3: p.datetime().length(3).nullable(), j: p.json().nullable(), u: p.uuid().nullable(), bl: p.blob().nullable(), e: p.enum(['new', 'old']).default('new'),
  q: p.string().default("it's"), z: p.integer().default(0), neg: p.integer().default(-5), empty: p.string().default(''), now: p.datetime().defaultRaw('current_timestamp'),
  c: p.string().length(3).comment("the code's")`

export const tables: Scenarios = {
  'a table of every kind of column': {
    before: users('a: p.string()'),
    after: { ...users('a: p.string()'), kinds$: everyKind },
    operations: ['createTable'],
  },
  'every kind of column added to a table': {
    before: users('a: p.string()'),
    after: { users$: `${everyKind}, a: p.string()` },
  },
  'a table dropped': {
    before: { ...users('a: p.string()'), org$: `${id}, name: p.string()` },
    after: users('a: p.string()'),
    rows: ["insert into org$ (id, name) values (1, 'gone')", "insert into users$ (id, a) values (1, 'keep')"],
    operations: ['dropTable'],
    loses: ['org$.id', 'org$.name'],
  },
  'a table for another': {
    before: { ...users('a: p.string()'), legacy$: `${id}, memo: p.text()` },
    after: { ...users('a: p.string()'), orders$: `${id}, total: p.decimal()` },
    rows: ["insert into users$ (id, a) values (1, 'keep')"],
  },
  'no table at all': { before: users('a: p.string()'), after: {}, operations: ['dropTable'] },
  ...properties({
    "a table's comment": {
      without: users('a: p.string()'),
      with: users('a: p.string()', "comment: 'who may log in'"),
      other: users('a: p.string()', 'comment: "the users\' own; -- not \\\\ the admins\'"'),
      rows: ["insert into users$ (id, a) values (1, 'keep')"],
      operations: ['setTableComment'],
      unseen: noComments,
    },
  }),
  'many changes of one table': change(
    'a: p.string().length(20), b: p.string().nullable(), gone: p.integer().nullable().index(), code: p.string().unique()',
    "a: p.string().length(40).default('x'), b: p.string().nullable().index(), c: p.integer().nullable(), code: p.string()",
    {
      rows: [
        "insert into users$ (id, a, b, gone, code) values (1, 'keep', 'b', 7, 'c1'), (2, 'too', null, null, 'c2')",
      ],
      expect: [
        'select id, a, b, code from users$ order by 1',
        [
          [1, 'keep', 'b', 'c1'],
          [2, 'too', null, 'c2'],
        ],
      ],
    },
  ),
  'many changes of many tables': {
    before: {
      keep$: `${id}, x: p.integer().nullable()`,
      gone$: `${id}, keep: () => p.manyToOne(keep$)`,
      other$: `${id}, n: p.integer()`,
    },
    after: {
      keep$: `${id}, y: p.string().nullable()`,
      other$: `${id}, n: p.bigint(), fresh: () => p.manyToOne(fresh$).nullable()`,
      fresh$: `${id}, keep: () => p.manyToOne(keep$)`,
    },
    rows: ['insert into keep$ (id, x) values (1, 5)', 'insert into other$ (id, n) values (3, 9)'],
    loses: ['gone$.id', 'gone$.keep_id'],
  },
}
