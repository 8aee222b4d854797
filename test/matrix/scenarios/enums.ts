import { change, properties, type Scenarios, users } from '../scenario.ts'
import { notOnMysql, onlyPostgres } from './reasons.ts'

const mood = (items: string, more = '') =>
  users(`a: p.string(), m: p.enum([${items}]).nativeEnumName('mood$')${more}`)
const rows = ["insert into users$ (id, a, m) values (1, 'keep', 'x')"]
const not = onlyPostgres('only PostgreSQL has enum types of their own')

export const enums: Scenarios = {
  ...properties({
    'a value of an enum': {
      without: users("a: p.enum(['x', 'y'])"),
      with: users("a: p.enum(['x', 'y', 'z'])"),
      rows: ["insert into users$ (id, a) values (1, 'x')"],
      expect: ['select a from users$', [['x']]],
    },
    'an enum': {
      without: users('b: p.string().nullable()'),
      with: users("b: p.string().nullable(), a: p.enum(['x', 'y']).default('y')"),
      rows: ['insert into users$ (id) values (1)'],
    },
    'an enum type': {
      without: users('b: p.string().nullable()'),
      with: users("b: p.string().nullable(), a: p.enum(['x', 'y']).nativeEnumName('mood$').default('y')"),
      rows: ['insert into users$ (id) values (1)'],
      not,
    },
    'a value of an enum type': { without: mood("'x', 'y'"), with: mood("'x', 'y', 'z'"), rows, not },
    'a value in the midst of an enum type': {
      without: mood("'x', 'z'"),
      with: mood("'x', 'y', 'z'"),
      rows,
      not,
    },
    'a value at the beginning of an enum type': {
      without: mood("'x', 'z'"),
      with: mood("'a', 'x', 'z'"),
      rows,
      not,
    },
  }),
  'an enum type that a generated column reads': {
    before: mood("'x', 'y'", `, g: p.boolean().generated("(m = 'x') stored").nullable().index()`),
    after: mood("'y', 'x'", `, g: p.boolean().generated("(m = 'x') stored").nullable().index()`),
    rows,
    expect: ['select g from users$', [[true]]],
    not,
  },
  'a new value of an enum type is the default': {
    before: mood("'x', 'y'", ".default('x')"),
    after: mood("'x', 'y', 'z'", ".default('z')"),
    rows,
    not,
  },
  'a value of an enum renamed, others come and move': {
    before: users("a: p.enum(['x', 'y']).default('x'), b: p.string()"),
    after: users("a: p.enum(['w', 'y', 'it is z']).default('it is z'), b: p.string()"),
    rows: ["insert into users$ (id, a, b) values (1, 'x', 'keep'), (2, 'y', 'x')"],
    renames: ['users$.a#x:it is z'],
    expect: [
      'select a, b from users$ order by id',
      [
        ['it is z', 'keep'],
        ['y', 'x'],
      ],
    ],
  },
  'a value of an enum renamed in a column and a table that are too': {
    before: users("a: p.enum(['x', 'y']), b: p.string()"),
    after: { people$: `id: p.integer().primary(), mood: p.enum(['y', 'z']), b: p.string()` },
    rows: ["insert into users$ (id, a, b) values (1, 'x', 'keep'), (2, 'y', 'x')"],
    renames: ['users$.a#x:z', 'users$:people$', 'people$.a:mood'],
    keepsNames: true,
    expect: [
      'select mood, b from people$ order by id',
      [
        ['z', 'keep'],
        ['y', 'x'],
      ],
    ],
  },
  'the order of an enum': {
    before: users("a: p.enum(['x', 'y'])"),
    after: users("a: p.enum(['y', 'x'])"),
    rows: ["insert into users$ (id, a) values (1, 'x')"],
    unseen: {},
  },
  'the order of an enum type': { before: mood("'x', 'y'"), after: mood("'y', 'x'"), rows, not },
  'a value for another of an enum type': { before: mood("'x', 'y'"), after: mood("'x', 'w'"), rows, not },
  'an enum type of two columns': {
    before: users(
      "a: p.enum(['x', 'y']).nativeEnumName('mood$'), b: p.enum(['x', 'y']).nativeEnumName('mood$').array().nullable()",
    ),
    after: users(
      "a: p.enum(['y', 'x', 'z']).nativeEnumName('mood$'), b: p.enum(['y', 'x', 'z']).nativeEnumName('mood$').array().nullable()",
    ),
    rows: ["insert into users$ (id, a) values (1, 'x')"],
    not,
  },
  'text to an enum type': {
    before: users('a: p.string(), m: p.string()'),
    after: mood("'x', 'y'"),
    rows,
    not,
  },
  'an enum type to text': {
    before: mood("'x', 'y'"),
    after: users('a: p.string(), m: p.string()'),
    rows,
    not,
  },
  'an enum to text': change("a: p.enum(['x', 'y'])", 'a: p.text()', {
    rows: ["insert into users$ (id, a) values (1, 'x')"],
  }),
  'an enum of words with quotes': change(
    'b: p.string().nullable()',
    `b: p.string().nullable(), a: p.enum(["it's", 'a "b"', 'a\\\\b', ' ']).nullable()`,
    {
      rows: ['insert into users$ (id) values (1)'],
      not: notOnMysql('MikroORM does not escape quotes in the type there'),
    },
  ),
  'an enum of numbers': change(
    'b: p.string().nullable()',
    'b: p.string().nullable(), a: p.enum([1, 2, 5]).nullable()',
    {
      rows: ['insert into users$ (id) values (1)'],
    },
  ),
}
