import { change, type Scenario, type Scenarios } from '../scenario.ts'
import { noLengths, notOnMysql, onlyPostgres } from './reasons.ts'

/** A column `n` of another type, with a value in it. */
function retyped(from: string, to: string, value: string, more: Partial<Scenario> = {}): Scenario {
  return change(`a: p.string(), n: ${from}`, `a: p.string(), n: ${to}`, {
    rows: [`insert into users$ (id, a, n) values (1, 'keep', ${value})`],
    operations: ['alterColumn'],
    ...more,
  })
}

const oneInteger = { sqlite: 'MikroORM declares them alike there' }

export const types: Scenarios = {
  'a longer string': retyped('p.string().length(100)', 'p.string().length(200)', "'x'", {
    unseen: noLengths,
  }),
  'a shorter string': retyped('p.string().length(200)', 'p.string().length(100)', "'x'", {
    unseen: noLengths,
  }),
  'string to text': retyped('p.string()', 'p.text()', "'x'", { unseen: noLengths }),
  'text to string': retyped('p.text()', 'p.string()', "'x'", { unseen: noLengths }),
  'integer to bigint': retyped('p.integer().default(3)', 'p.bigint().default(3)', '5'),
  'smallint to integer': retyped('p.smallint()', 'p.integer()', '5', { unseen: oneInteger }),
  'bigint to integer': retyped('p.bigint()', 'p.integer()', '5'),
  'the precision of a decimal': retyped(
    'p.decimal().precision(10).scale(2).nullable()',
    'p.decimal().precision(14).scale(4).nullable()',
    '1.25',
  ),
  'float to double': retyped('p.float()', 'p.double()', '1.5'),
  'text to integer': retyped('p.string()', 'p.integer()', "'42'"),
  'integer to text': retyped('p.integer()', 'p.string()', '42'),
  'text to date': retyped('p.string()', 'p.date()', "'2026-01-02'"),
  'integer to boolean': retyped('p.integer()', 'p.boolean()', '1', { unseen: oneInteger }),
  'date to datetime': retyped('p.date()', 'p.datetime()', "'2026-01-02'", { loses: ['users$.n'] }),
  'the digits of a datetime': retyped(
    'p.datetime(0).nullable()',
    'p.datetime(3).nullable()',
    "'2026-01-02 03:04:05'",
    {
      unseen: noLengths,
    },
  ),
  'text to json': retyped('p.text()', 'p.json()', `'{"a":1}'`, { loses: ['users$.n'] }),
  'text to uuid': retyped('p.string().length(36)', 'p.uuid()', "'0190c7a5-7b1e-7cc3-9d5e-3f1a2b3c4d5e'", {
    unseen: { sqlite: 'SQLite keeps both as text', ...notOnMysql('MikroORM keeps both as text there') },
  }),
  'a type of its own': retyped('p.decimal().precision(10).scale(2)', 'p.type(Money)', '1.25'),
  'a type of SQL': retyped('p.string()', "p.string().columnType('varchar(77)')", "'x'"),
  'an array of PostgreSQL': change(
    'a: p.string()',
    "a: p.string(), tags: p.array().nullable(), codes: p.array().columnType('int[]').nullable()",
    {
      rows: ["insert into users$ (id, a) values (1, 'keep')"],
      not: onlyPostgres('only PostgreSQL has arrays'),
    },
  ),
  'json to a type of SQL': retyped('p.json()', "p.json().columnType('json')", `'{"a":1}'`, {
    loses: ['users$.n'],
    not: onlyPostgres('only PostgreSQL has two types of JSON'),
  }),
  'type, null and default at once': change(
    'a: p.string().length(10).nullable()',
    "a: p.string().length(60).default('z')",
    {
      rows: ["insert into users$ (id, a) values (1, 'keep')"],
      operations: ['alterColumn'],
      expect: ['select a from users$', [['keep']]],
    },
  ),
  'a column under an index and a check': change('n: p.integer().index()', 'n: p.bigint().index()', {
    rows: ['insert into users$ (id, n) values (1, 5)'],
  }),
}
