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
