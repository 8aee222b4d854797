import { expect, test } from 'vitest'
import sqlite from '../../../plugins/sqlite/index.ts'
import { memory } from './support.ts'

const scripting = await sqlite.scripting?.()

test.each([
  ['drop table t', 'drop table t;'],
  ['drop table t ; ; -- gone', 'drop table t;'],
  [
    'create trigger r after insert on t begin delete from u; end;',
    'create trigger r after insert on t begin delete from u; end;',
  ],
  ["insert into t values ('--')", "insert into t values ('--');"],
])('the shell is given %j with nothing added', (sql, written) => {
  expect(scripting?.statement(sql)).toBe(written)
})

test.each([
  ["insert into t values ('it's')", 'a quote in it does not end'],
  ['select [a', 'a quote in it does not end'],
  ["select 'a\r\nb'", 'the shell makes one character of the two that end a line on Windows'],
  ["select\r\n 'a\nb'", undefined],
  ['delete from t; commit', 'it is more than one statement'],
  ["insert into t values (';'); -- the end; of it", undefined],
  ['select 8\n/\n2', 'the shell takes a line of nothing but `/` or `go` for the end of a statement'],
  [
    'select 8 as\n  GO -- on\nfrom t',
    'the shell takes a line of nothing but `/` or `go` for the end of a statement',
  ],
  ["select 8 /\n2, 'it''s\n/\n', [a], \"b'\" as\ngo\n", undefined],
  ['create temp trigger r after insert on t begin update t set n = n\n/\n2; end', undefined],
])('of %j it is known why the shell could not be given it: %s', (sql, why) => {
  expect(scripting?.refuses?.(sql)).toBe(why)
})

test.each(["it's", 'a\r\nb', '\r', '\\r\r\\r1', 'a\0\r\n', '\r\n'.repeat(5000)])(
  'the literal %j is a value, and the shell sees no line end of Windows in it',
  async (text) => {
    const literal = scripting?.literal(text) ?? ''
    expect(literal).not.toContain('\r')
    const session = await memory()
    expect(await session.query(`select ${literal} as v`)).toEqual([{ v: text }])
  },
)

test('a new id has the form of others, the time too', async () => {
  const session = await memory()
  const [row] = await session.query(`select ${scripting?.uuid} as id, ${scripting?.now} as now`)
  expect(row).toEqual({
    id: expect.stringMatching(/^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/),
    now: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
  })
})
