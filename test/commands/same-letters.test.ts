import { expect, test } from 'vitest'
import { inLettersOf } from '../../src/commands/same-letters.ts'
import type { Schema } from '../../src/schema/schema.ts'

const columns = [{ name: 'ID', type: { sql: 'integer' } }] as const

const live: Schema = {
  tables: {
    CITY: {
      name: 'CITY',
      columns,
      uniques: [{ name: 'UQ', columns: ['ID'] }],
      indexes: [{ name: 'IX', columns: ['ID'] }],
      checks: [{ name: 'Positive', expression: 'ID > 0' }, { expression: 'ID < 9' }],
      triggers: [{ name: 'TR', timing: 'after', events: ['insert'], body: 'select 1' }],
    },
    other: { name: 'other', columns, indexes: [{ name: 'IX2', columns: ['ID'] }] },
  },
  views: { BIG: { name: 'BIG', definition: 'select 1' } },
}
const wanted: Schema = {
  tables: {
    city: {
      name: 'city',
      columns,
      uniques: [{ name: 'ix', columns: ['id'] }],
      indexes: [{ name: 'uq', columns: ['id'] }],
      checks: [{ name: 'positive', expression: 'id > 0' }],
      triggers: [{ name: 'tr', timing: 'after', events: ['insert'], body: 'select 1' }],
    },
  },
  views: { big: { name: 'big', definition: 'select 1' } },
}

test('what differs in the case of its name alone has the name that is wanted; tables and columns keep theirs', () => {
  expect(inLettersOf(wanted, live, 'all')).toEqual({
    tables: {
      CITY: {
        name: 'CITY',
        columns,
        uniques: [{ name: 'uq', columns: ['ID'] }],
        indexes: [{ name: 'ix', columns: ['ID'] }],
        checks: [{ name: 'positive', expression: 'ID > 0' }, { expression: 'ID < 9' }],
        triggers: [{ name: 'tr', timing: 'after', events: ['insert'], body: 'select 1' }],
      },
      other: live.tables['other'],
    },
    views: { big: { name: 'big', definition: 'select 1' } },
  })
})

test.each(['none', 'columns'] as const)(
  'where the names of %s are the same in any case, it stays',
  (caseless) => {
    expect(inLettersOf(wanted, live, caseless)).toBe(live)
  },
)
