import { expect, test } from 'vitest'
import { whyUnbuilt } from '../../src/commands/unbuilt.ts'
import { AludelError } from '../../src/errors.ts'

test('why a history could not be built is told without the passwords of its statements; other errors are none of it', async () => {
  const error = new AludelError(
    'SCRATCH_UNAVAILABLE',
    "A statement has `create role`: create role a password 'S3cret'",
    {
      fix: 'Set `scratchUrl`.',
    },
  )
  expect(await whyUnbuilt(error)).toBe(
    "A statement has `create role`: create role a password '***'. Set `scratchUrl`.",
  )
  expect(await whyUnbuilt(new AludelError('INTERNAL', 'x'))).toBe(undefined)
})
