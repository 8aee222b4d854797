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
