import { expect, test } from 'vitest'
import { plainColumns } from '../../../plugins/postgresql/plain-columns.ts'

test.each([
  [
    `SELECT o.id,\n    o."Na me" AS n,\n    EXTRACT(year FROM o.at) AS y,\n    'o.id'::text AS lit,\n    o.*::text AS w,\n    o.fn(o.id)\n   FROM zoo.owner o\n  WHERE (o.id > 0)\n  ORDER BY o.id`,
    `SELECT id,\n    "Na me" AS n,\n    EXTRACT(year FROM at) AS y,\n    'o.id'::text AS lit,\n    o.*::text AS w,\n    o.fn(id)\n   FROM zoo.owner o\n  WHERE (id > 0)\n  ORDER BY id`,
  ],
  ['SELECT "My T".id\n   FROM zoo."My T"', 'SELECT id\n   FROM zoo."My T"'],
])('of a view over one table the columns stand alone', (old, now) => {
  expect(plainColumns(old)).toBe(now)
  expect(plainColumns(now)).toBe(now)
})

test.each([
  'SELECT a.id\n   FROM (a\n     JOIN b ON ((a.id = b.id)))',
  'SELECT a.id\n   FROM a,\n    b',
  'SELECT a.id\n   FROM a\n  WHERE (EXISTS ( SELECT 1\n           FROM b\n          WHERE (b.id = a.id)))',
  'SELECT 1 AS one',
  'SELECT g.g\n   FROM generate_series(1, 2) g(g)',
])('where there may be several tables the text stays: %s', (text) => {
  expect(plainColumns(text)).toBe(text)
})
