import { expect, test } from 'vitest'
import { likelyRenames } from '../../src/commands/likely-renames.ts'
import { renamableText } from '../../src/commands/rename.ts'
import type { Column, Schema } from '../../src/schema/schema.ts'

/** `users(id integer, name varchar(50))`, one a line. */
function schema(...tables: readonly string[]): Schema {
  const read = (text: string) => {
    const [, name = '', list = ''] = /^(\w+)\((.*)\)$/.exec(text) ?? []
    const columns = list.split(', ').map((each): Column => {
      const [column = '', sql = ''] = each.split(' ')
      return { name: column, type: { sql } }
    })
    return [name, { name, columns }] as const
  }
  return { tables: Object.fromEntries(tables.map(read)) }
}

const shown = (from: Schema, to: Schema): readonly string[] =>
  likelyRenames(from, to).map((question) => `${renamableText(question)}: ${question.candidates.join(' or ')}`)

test('a column may be one of the same type that came, whatever its size, or one whose name holds the other', () => {
  const from = schema('users(id integer, phone varchar(20), born date, note text)')
  expect(shown(from, schema('users(id integer, phone_number varchar(50), born date, note text)'))).toEqual([
    'users.phone: phone_number',
  ])
  expect(shown(from, schema('users(id integer, phoneNumber bigint, size integer)'))).toEqual([
    'users.phone: phoneNumber',
  ])
  expect(shown(from, schema('users(id integer, a varchar(20), b varchar(9), born date)'))).toEqual([
    'users.phone: a or b',
  ])
})

test('what only went, and what only came, is no question', () => {
  const from = schema('users(id integer, phone varchar(20))')
  expect(shown(from, schema('users(id integer)'))).toEqual([])
  expect(shown(from, schema('users(id integer, phone varchar(20), fax varchar(20))'))).toEqual([])
  expect(shown(from, schema('users(id integer, size integer)'))).toEqual([])
})

test('a table may be one that came with nearly the same columns; all that are likely are named', () => {
  const from = schema('users(id integer, name text, age integer)', 'logs(id integer, at date)')
  expect(
    shown(
      from,
      schema(
        'people(id integer, name text, age integer, born date)',
        'staff(id integer, name text)',
        'orders(id integer, total bigint, paid date)',
      ),
    ),
  ).toEqual(['users: people or staff'])
})

test('an index may be the same one under another name, and a value of an enum type any that came', () => {
  const users = (name: string, unique: string): Schema['tables'] => ({
    users: {
      name: 'users',
      columns: [],
      indexes: [{ name, columns: ['a', 'b'] }],
      uniques: [{ name: unique, columns: unique === 'c' ? ['z'] : ['a'] }],
    },
  })
  const mood = (...items: readonly string[]) => ({ mood: { name: 'mood', items } })
  expect(
    shown(
      { tables: users('ix_a', 'u'), enums: mood('sad', 'ok', 'bad') },
      { tables: users('ix_b', 'v'), enums: mood('ok', 'unhappy', 'worse') },
    ),
  ).toEqual([
    ...['mood#sad: unhappy or worse', 'mood#bad: unhappy or worse', 'users.ix_a: ix_b', 'users.u: v'],
  ])
  expect(shown({ tables: users('ix_a', 'u') }, { tables: users('ix_a', 'c') })).toEqual([])
})

test('a value of a column may be any that came', () => {
  const from = schema("users(id integer, mood enum('sad','ok'), kind text)")
  expect(shown(from, schema("users(id integer, mood enum('low','ok'), kind text)"))).toEqual([
    'users.mood#sad: low',
  ])
  expect(shown(from, schema("users(id integer, mood enum('ok'), kind enum('a'))"))).toEqual([])
  expect(shown(from, schema('users(id integer, mood text, kind text)'))).toEqual([])
})
