import { expect, test } from 'vitest'
import { joinName, splitName } from '../../src/schema/name.ts'

test.each([
  ['invoices', { name: 'invoices' }],
  ['billing.invoices', { schema: 'billing', name: 'invoices' }],
  ['odd..name', { name: 'odd.name' }],
  ['my..schema.odd..name', { schema: 'my.schema', name: 'odd.name' }],
])('%s is read and written as it was', (text, parts) => {
  expect(splitName(text)).toEqual(parts)
  expect(joinName(parts)).toBe(text)
})
