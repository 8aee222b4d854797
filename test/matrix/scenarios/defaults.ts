import { change, properties, type Property, type Scenarios, users } from '../scenario.ts'
import { notOnMysql, onlyPostgres } from './reasons.ts'

function defaulted(type: string, value: string, other: string, more: Partial<Property> = {}): Property {
  return {
    without: users(`a: p.string(), b: ${type}`),
    with: users(`a: p.string(), b: ${type}${value}`),
    other: users(`a: p.string(), b: ${type}${other}`),
    rows: ["insert into users$ (id, a, b) values (1, 'keep', null)"],
    operations: ['alterColumn'],
    ...more,
  }
}

const text = 'p.string().nullable()'

export const defaults: Scenarios = {
  ...properties({
    'a default of text': defaulted(text, ".default('x')", '.default("y\'s")'),
    'a default of nothing': defaulted(text, ".default('')", ".default(' ')"),
    'a default with quotes and backslashes': defaulted(
      text,
      `.default('"a" \\\\ b')`,
      '.default("\'; -- %s ? $1 :x")',
    ),
    'a default that is a word of SQL': defaulted(text, ".default('null')", ".default('current_timestamp')"),
    'a default of a number': defaulted('p.integer().nullable()', '.default(0)', '.default(-5)'),
    'a default of a decimal': defaulted(
      'p.decimal().precision(10).scale(2).nullable()',
      '.default(0.5)',
      '.default(-12.25)',
    ),
    'a default of a boolean': defaulted('p.boolean().nullable()', '.default(false)', '.default(true)'),
    'a default of a date': defaulted(
      'p.date().nullable()',
      ".default('2026-01-02')",
      ".default('1999-12-31')",
    ),
    'a default of now': defaulted(
      'p.datetime().nullable()',
      ".defaultRaw('current_timestamp')",
      ".default('2026-01-02 03:04:05')",
    ),
    'a default of JSON': defaulted('p.json().nullable()', `.default('{"a":"it\\'s"}')`, ".default('[]')"),
    'a default of a function': defaulted(
      'p.uuid().nullable()',
      ".defaultRaw('gen_random_uuid()')",
      ".default('0190c7a5-7b1e-7cc3-9d5e-3f1a2b3c4d5e')",
      {
        not: onlyPostgres('the function is one of PostgreSQL'),
      },
    ),
    'a default of an expression': defaulted(
      'p.integer().nullable()',
      ".defaultRaw('(1 + 2)')",
      ".defaultRaw('(2 * (3 + 4))')",
    ),
    'a default of a text expression': defaulted(
      text,
      '.defaultRaw("(lower(\'ABC\'))")',
      ".defaultRaw(\"(upper('it''s'))\")",
      {
        not: notOnMysql('the scenario is the same as with numbers'),
      },
    ),
  }),
  'a default written in another way': change(
    "a: p.string(), n: p.integer().defaultRaw('5')",
    'a: p.string(), n: p.integer().default(5), extra: p.integer().nullable()',
    { operations: ['addColumn'] },
  ),
}
