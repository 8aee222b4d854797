import { expect, test } from 'vitest'
import { afterSteps } from '../../src/database/failure.ts'
import { AludelError } from '../../src/errors.ts'

const lock = new AludelError('LOCK_NOT_OBTAINED', 'It is held.', {
  state: 'Nothing was changed by this run.',
  fix: 'Wait.',
  details: { holder: 7 },
})

test('an error after steps that went well does not say that nothing was changed', () => {
  expect(afterSteps(lock, 2)).toMatchObject({
    code: 'LOCK_NOT_OBTAINED',
    message: 'It is held.',
    state: 'Nothing else was changed; the 2 steps before it stay.',
    fix: 'Wait.',
    details: { holder: 7 },
  })
  expect(afterSteps(lock, 0)).toBe(lock)
})

test('what it says itself of the state is kept', () => {
  const lost = new AludelError('LOCK_NOT_OBTAINED', 'It was lost.', {
    state: 'Another runner may be at work.',
  })
  expect(afterSteps(lost, 1)).toMatchObject({
    state: 'Another runner may be at work; the 1 step before it stays.',
  })
})

test('an error of something else passes', () => {
  const other = new Error('boom')
  expect(afterSteps(other, 1)).toBe(other)
})
