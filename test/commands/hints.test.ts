import { expect, test } from 'vitest'
import { hints } from '../../src/commands/hints.ts'

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
    "If users.mobile is the new name of phone, replace its dropColumn and addColumn by op.renameColumn('users', 'phone', 'mobile'), and the other way round below; or generate again with --rename users.phone:mobile.",
  ])
})
