import { id, properties, type Scenarios, users } from '../scenario.ts'
import { onlyPostgres } from './reasons.ts'

const rows = ["insert into users$ (id, a, n) values (1, 'keep', 5)"]
const base = users('a: p.string(), n: p.integer()')
const view = (expression: string, more = '') =>
  ({
    v$: ['id: p.integer().primary(), a: p.string()', `view: true, expression: \`${expression}\`${more}`],
  }) as const

export const views: Scenarios = {
  ...properties({
    'a view': {
      without: base,
      with: { ...base, ...view('select id, a from users$') },
      other: { ...base, ...view("select id, a from users$ where n > 1 and a <> 'it''s'") },
      rows,
    },
    'a view of a long query': {
      without: base,
      with: {
        ...base,
        ...view(
          "select u.id, u.a from users$ as u where u.a not in ('one', 'two', 'three', 'four') and exists (select 1 from users$ as o where o.n = u.n)",
        ),
      },
      rows,
    },
    'a view with other columns': {
      without: { ...base, ...view('select id, a from users$') },
      with: { ...base, ...view('select n as id, a, n from users$') },
      rows,
    },
    'a view on a view': {
      without: base,
      with: {
        ...base,
        ...view('select id, a from w$'),
        w$: [
          'id: p.integer().primary(), a: p.string()',
          'view: true, expression: `select id, a from users$`',
        ],
      },
      rows,
    },
    'a materialized view': {
      without: base,
      with: { ...base, ...view('select id, a from users$', ', materialized: true') },
      other: { ...base, ...view('select id, a from users$ where n > 1', ', materialized: true') },
      rows,
      not: onlyPostgres('only PostgreSQL has materialized views'),
    },
  }),
  'a column under a view': {
    before: {
      users$: `${id}, a: p.string().length(20), n: p.integer()`,
      ...view('select id, a from users$'),
    },
    after: { users$: `${id}, a: p.string().length(90), n: p.integer()`, ...view('select id, a from users$') },
    rows,
    unseen: { sqlite: 'SQLite keeps no lengths' },
  },
  'a table rebuilt under a view': {
    before: { users$: `${id}, a: p.string(), n: p.integer()`, ...view('select id, a from users$') },
    after: {
      users$: `${id}, a: p.string().nullable(), n: p.integer().nullable()`,
      ...view('select id, a from users$'),
    },
    rows,
    expect: ['select a from v$', [['keep']]],
  },
  'a column dropped with the view that showed it': {
    before: { users$: `${id}, a: p.string(), n: p.integer()`, ...view('select id, n, a from users$') },
    after: { users$: `${id}, a: p.string()`, ...view('select id, a from users$') },
    rows,
  },
  'a view and its table dropped': {
    before: { ...base, ...view('select id, a from users$'), keep$: id },
    after: { keep$: id },
    rows,
    loses: ['users$.id', 'users$.a', 'users$.n'],
  },
}
