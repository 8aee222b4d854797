import { expect, test } from 'vitest'
import postgresql from '../../../plugins/postgresql/index.ts'

const scripting = await postgresql.scripting?.()

test('a statement under a condition is quoted by what does not stand in it', () => {
  const block = scripting?.block
  expect(block?.statement('select 1')).toBe('execute $sql$select 1$sql$;')
  expect(block?.statement('select $sql$a$sql$, $')).toBe('execute $sql1$select $sql$a$sql$, $$sql1$;')
  const [whole] = block?.whole(block.when('a', ['perform $aludel$;']), []) ?? []
  expect(whole).toBe('do $aludel1$\nbegin\n  if a then\n    perform $aludel$;\n  end if;\nend\n$aludel1$;')
})

test('what no block may hold is known', () => {
  const held = ['create index i on t (n)', "alter type e add value 'a'", 'create table t (n int)']
  const refused = ['create index concurrently i on t (n)', 'vacuum t', 'create database d', 'call p()']
  expect(held.filter((sql) => !scripting?.block?.holds(sql))).toEqual([])
  expect(refused.filter((sql) => scripting?.block?.holds(sql))).toEqual([])
})

test('a text with a zero character is refused, as the server would refuse it', () => {
  expect(() => scripting?.literal('a\0b')).toThrow(expect.objectContaining({ code: 'NOT_SUPPORTED' }))
  expect(["it's", 'a\\b', null, 5].map((value) => scripting?.literal(value))).toEqual([
    "'it''s'",
    "E'a\\\\b'",
    'null',
    '5',
  ])
})

const unfinished = 'a quote or comment in it does not end'

test.each([
  ["insert into t values ('it's')", unfinished],
  ['select "a', unfinished],
  ['select $a$ $b$ $$', unfinished],
  ['select 1 /* a /* b */', unfinished],
  ['delete from t; Commit', "it would end the step's transaction"],
  ["insert into t values ('; commit'); rollback to savepoint s", undefined],
  ["select E'\\\\'", undefined],
  ["select '\\', E'\\'', $a$ ' $$ $a$, a$b$c, \"it's\" -- it's\n/* it's /* \\ */ \" */", undefined],
  ['select 1 \\! ls', 'psql would take what follows the backslash for a command'],
  ["select '\\' \\", 'psql would take what follows the backslash for a command'],
])('of %j it is known why psql could not be given it: %s', (sql, why) => {
  expect(scripting?.refuses?.(sql)).toBe(why)
})

test('outside of a transaction the limits are those of a run, and the session has its own again', () => {
  const lock = { table: 't', wait: 1000, statementTimeout: 1500 }
  const step = { lock, mode: 'no-transaction', statements: [] } as const
  expect(scripting?.begin(step).slice(-2)).toEqual(['set lock_timeout = 0;', 'set statement_timeout = 1500;'])
  expect(scripting?.end(step).slice(0, 2)).toEqual(['reset lock_timeout;', 'reset statement_timeout;'])
})
