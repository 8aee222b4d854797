import { expect, test } from 'vitest'
import { hints } from '../../src/commands/hints.ts'
import type { RenameQuestion } from '../../src/commands/likely-renames.ts'
import type { Operation } from '../../src/operations/operation.ts'

test('a drop is told with what goes', () => {
  expect(hints({ kind: 'dropColumn', table: 'users', column: 'phone' }, [])).toEqual([
    'Drops column users.phone with its values: review this file before it runs.',
  ])
  expect(hints({ kind: 'dropTable', table: 'users' }, [])).toEqual([
    'Drops table users with its rows: review this file before it runs.',
  ])
  expect(hints({ kind: 'dropIndex', table: 'users', index: 'users_phone' }, [])).toEqual([])
})

test('one that may be a half of a rename is told with the call that renames', () => {
  expect(
    hints({ kind: 'dropColumn', table: 'users', column: 'phone' }, [
      { table: 'users', column: 'phone', candidates: ['mobile'] },
    ]),
  ).toEqual([
    'Drops column users.phone with its values.',
    "If users.mobile is the new name of phone, replace all calls that add, fill, alter or drop either by op.renameColumn('users', 'phone', 'mobile'), and the other way round below; or generate again with --rename users.phone:mobile.",
  ])
})

test('what it says to type is taken by a shell, and by TypeScript, as it is', () => {
  const told = (question: RenameQuestion, operation: Operation) => hints(operation, [question]).join('\n')
  expect(
    told(
      { table: "it's", column: 'first name', candidates: ['a b'] },
      { kind: 'dropColumn', table: "it's", column: 'first name' },
    ),
  ).toMatch(/op\.renameColumn\("it's", 'first name', 'a b'\).* --rename 'it'\\''s\.first name:a b'\.$/)
  expect(
    told(
      { enum: 'state', value: "won't do", candidates: ['in work'] },
      { kind: 'alterEnum', name: 'state', items: ['in work'] },
    ),
  ).toMatch(/`renamed: \{ "won't do": 'in work' \}`.* --rename 'state#won'\\''t do:in work'\.$/)
})

test('the new name of a value is told where its column, or the check of it, loses the old one', () => {
  const question = { table: 'users', column: 'mood', value: 'sad', candidates: ['low'] }
  const told = [
    'If low is the new name of the value sad of users.mood, generate again with --rename users.mood#sad:low.',
  ]
  const check = (...items: readonly string[]) =>
    hints(
      {
        kind: 'createCheckConstraint',
        table: 'users',
        check: { name: 'c', column: 'mood', expression: { in: items } },
      },
      [question],
    )
  expect(check('low', 'ok')).toEqual(told)
  expect(check('sad', 'ok')).toEqual([])
  const change = { type: 'enum', items: ['low'] } as const
  expect(hints({ kind: 'alterColumn', table: 'users', column: 'mood', change }, [question])).toEqual(told)
  expect(hints({ kind: 'alterColumn', table: 'users', column: 'age', change }, [question])).toEqual([])
})
