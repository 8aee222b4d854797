import { expect } from 'vitest'
import type { Run } from './project.ts'

/** It expects that a run with --json was ended by what happened to its connection: nothing is wrong with any file, and nobody has to decide. */
export function expectLost({ status, stdout }: Run): void {
  const { error } = JSON.parse(stdout)
  expect({ status, code: error.code }).toEqual(
    status === 1 ? { status, code: 'STEP_FAILED' } : { status: 7, code: 'DATABASE_UNREACHABLE' },
  )
  expect(error.state).toMatch(/\S/)
  expect(error.fix).toMatch(/the same command/)
  expect(error.fix).not.toMatch(/correct|report/i)
}
