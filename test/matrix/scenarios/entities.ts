import { id, type Scenarios, users } from '../scenario.ts'

export const entities: Scenarios = {
  'an embeddable': {
    before: users('a: p.string()'),
    after: users('a: p.string(), home: () => p.embedded(Address).nullable()'),
    rows: ["insert into users$ (id, a) values (1, 'keep')"],
  },
  'an embeddable as JSON': {
    before: users('a: p.string()'),
    after: users(
      'a: p.string(), home: () => p.embedded(Address).object().nullable(), all: () => p.embedded(Address).array().nullable()',
    ),
    rows: ["insert into users$ (id, a) values (1, 'keep')"],
  },
  'inheritance in a single table': {
    before: users('a: p.string()'),
    after: {
      ...users('a: p.string()'),
      person$: [
        `${id}, kind: p.enum(['person', 'staff']), name: p.string()`,
        "discriminatorColumn: 'kind', discriminatorValue: 'person'",
      ],
      staff$: ['salary: p.integer().nullable()', "extends: 'person$', discriminatorValue: 'staff'"],
    },
    rows: ["insert into users$ (id, a) values (1, 'keep')"],
  },
  'a property that is no column': {
    before: users('a: p.string()'),
    after: users(
      "a: p.string(), gone: p.string().persist(false).nullable(), twice: p.integer().formula('id * 2').nullable(), b: p.integer().nullable()",
    ),
    rows: ["insert into users$ (id, a) values (1, 'keep')"],
    operations: ['addColumn'],
  },
  'a filter for what is deleted softly': {
    before: users('a: p.string()'),
    after: users(
      'a: p.string(), deletedAt: p.datetime().nullable()',
      "filters: { live: { name: 'live', cond: { deletedAt: null }, default: true } }",
    ),
    rows: ["insert into users$ (id, a) values (1, 'keep')"],
    operations: ['addColumn'],
  },
  'a version column': {
    before: users('a: p.string()'),
    after: users('a: p.string(), version: p.integer().version()'),
    rows: ["insert into users$ (id, a) values (1, 'keep')"],
  },
}
