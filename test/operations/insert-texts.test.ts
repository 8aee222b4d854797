import { expect, test } from 'vitest'
import { insertTexts } from '../../src/operations/bulk-insert/insert-texts.ts'
import type { Row } from '../../src/operations/bulk-insert/operation.ts'

const writing = {
  table: '"t"',
  quote: (...path: readonly string[]) => `"${path.join('.')}"`,
  literal: (value: unknown) => String(value),
}

const texts = (rows: readonly Row[], word?: 'default') =>
  insertTexts({ table: 't', rows }, word === undefined ? writing : { ...writing, default: word })

test('rows are one statement; a column that one leaves out has its default', () => {
  const odd: Row = { toString: true, a: 2 }
  const rows: readonly Row[] = [{ a: 1, b: null }, { a: { sql: 'now()' } }, odd]
  expect(texts(rows, 'default')).toEqual([
    'insert into "t" ("a", "b", "toString") values (1, null, default), (now(), default, default), (2, default, true)',
  ])
})

test('where there is no word for a default, neighbours with the same columns are a statement, in the order of the rows', () => {
  expect(texts([{ a: 1, b: 1 }, { b: 2, a: 2 }, { a: 3 }, { a: 4, b: 4 }])).toEqual([
    'insert into "t" ("a", "b") values (1, 1), (2, 2)',
    'insert into "t" ("a") values (3)',
    'insert into "t" ("a", "b") values (4, 4)',
  ])
})

test('a statement has 500 rows at the most, and 256 kB; a longer row is one by itself', () => {
  const many = texts(Array.from({ length: 1001 }, (_, at) => ({ a: at })))
  expect(many.map((text) => text.split('), (').length)).toEqual([500, 500, 1])
  const long = texts(
    ['x', 'y'.repeat(300_000), 'z', 'w'.repeat(130_000), 'v'.repeat(132_200)].map((a) => ({ a })),
  )
  expect(long.map((text) => text.length > 256 * 1024)).toEqual([false, true, false, false])
  expect(long[2]?.startsWith('insert into "t" ("a") values (z), (w')).toBe(true)
})
