import { expect, test } from 'vitest'
import { isSameSql, mapSchemas, pieces, withoutEnd } from '../../../plugins/mikro-orm/sql-pieces.ts'

const map = (sql: string): string =>
  mapSchemas(sql, (schema, name) =>
    name === 'kept'
      ? undefined
      : { public: '', billing: 'at', 'Odd "one"': 'Odd at', back: 'Bill ing' }[schema],
  )

test.each([
  ['select billing.a.x, b.billing.y from billing . a, b', 'select at.a.x, b.billing.y from at . a, b'],
  ['from "billing"."a" join BILLING.b join "Billing".c', 'from "at"."a" join at.b join "Billing".c'],
  [
    `from "Odd ""one"""."a", 'billing.a'::text -- billing.a`,
    `from "Odd at"."a", 'billing.a'::text -- billing.a`,
  ],
  ['from public.a, "public"."b", public.kept, a.public', 'from a, "b", public.kept, a.public'],
  [
    'from back.a, /* /* billing.a */ billing.b */ billing.c',
    'from "Bill ing".a, /* /* billing.a */ billing.b */ at.c',
  ],
  [`as $$ billing.a $$, $x$ $$ billing.b $x$, billing.c`, `as $$ billing.a $$, $x$ $$ billing.b $x$, at.c`],
  [`E'it\\'s billing.a', 'a\\', billing.b, 1.billing.c`, `E'it\\'s billing.a', 'a\\', at.b, 1.billing.c`],
  ['x.billing$.a, mybilling.a, billingé.a, billing.é', 'x.billing$.a, mybilling.a, billingé.a, at.é'],
])('names with a schema are found in %s', (sql, mapped) => {
  expect(map(sql)).toBe(mapped)
})

test('pieces are the whole text again, also of what ends nowhere', () => {
  for (const sql of [`select 'a`, '"b', '/* c', '$$ d', '-- e\n`f`', "N'x' E'\\", '😀']) {
    for (const backslashEscapes of [true, false]) {
      expect(
        pieces(sql, backslashEscapes)
          .map(({ text }) => text)
          .join(''),
      ).toBe(sql)
    }
  }
})

test('texts are the same that differ in white space and comments only, outside of strings', () => {
  expect(isSameSql('select  a -- x\n, b', 'select a,b', false)).toBe(true)
  expect(isSameSql("select 'a  b'", "select 'a b'", false)).toBe(false)
  expect(isSameSql("select 'a\\'--' , b", "select 'a\\'-- b'", true)).toBe(false)
  expect(isSameSql('select 1; -- x; select 2', 'select 1; -- x;\nselect 2', false)).toBe(false)
})

test('an end is semicolons, white space and comments', () => {
  expect(withoutEnd(" select ';' ; -- x;\n ; /* y */ ", false)).toBe("select ';'")
  expect(withoutEnd("select '\\';' # x", true)).toBe("select '\\';'")
})
