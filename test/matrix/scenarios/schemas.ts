import { id, type Scenarios, users } from '../scenario.ts'
import { onlyPostgres } from './reasons.ts'

const not = onlyPostgres('only PostgreSQL has schemas in a database')
const invoices = (properties: string) => [`${id}, ${properties}`, "schema: 'billing$'"] as const

export const schemas: Scenarios = {
  'a table in a new schema': {
    before: users('a: p.string()'),
    after: { ...users('a: p.string()'), inv$: invoices('n: p.integer()') },
    not,
  },
  'a column of a table in a schema': {
    before: { inv$: invoices('n: p.integer()') },
    after: {
      inv$: invoices("n: p.bigint(), s: p.string().default('x').index(), c: p.integer().nullable().unique()"),
    },
    rows: ['insert into billing$.inv$ (id, n) values (1, 2)'],
    expect: ['select s from billing$.inv$', [['x']]],
    not,
  },
  'a foreign key across schemas': {
    before: { ...users('a: p.string()'), inv$: invoices('n: p.integer()') },
    after: {
      ...users('a: p.string()'),
      inv$: invoices('n: p.integer(), user: () => p.manyToOne(users$).nullable()'),
    },
    not,
  },
  'a schema dropped with its table': {
    before: { ...users('a: p.string()'), inv$: invoices('n: p.integer()') },
    after: users('a: p.string()'),
    not,
  },
  'a table moved to another schema': {
    before: { inv$: `${id}, n: p.integer()`, ...users('a: p.string()') },
    after: { inv$: invoices('n: p.integer()'), ...users('a: p.string()') },
    not,
  },
  'an enum type in a schema': {
    before: { inv$: invoices('n: p.integer()') },
    after: {
      inv$: invoices("n: p.integer(), m: p.enum(['x', 'y']).nativeEnumName('billing$.state$').nullable()"),
    },
    not,
  },
}
