/** Ends of the process that no `await` sees. */
import { AludelError } from '../../src/errors.ts'

/** Rejects when an error is thrown outside of all that is waited for, or when nothing is left that could go on. */
export function earlyEnd(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  process.once('uncaughtException', reject)
  process.once('beforeExit', () => {
    reject(
      new AludelError('STEP_FAILED', 'The command waits for a promise that never settles.', {
        state: 'What was not committed is rolled back; `aludel current` says where the database is.',
        fix: 'Look in the revision that was begun last, or in the configuration, for an `await` that cannot end.',
      }),
    )
  })
  return promise
}

/** Makes `process.exit` in the user's code an error of that code: its work is rolled back, and named with its line. */
export function refuseExit(): void {
  process.exit = () => {
    throw new Error('it called process.exit')
  }
}
