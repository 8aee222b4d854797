/** Ends of the process that no `await` sees. */
import { AludelError } from '../../src/errors.ts'

const state = 'What was not committed is rolled back; `aludel current` says where the database is.'

/** Rejects when an error is thrown outside of all that is waited for, or when nothing is left that could go on. */
export function earlyEnd(): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>()
  process.once('uncaughtException', (cause) => {
    const said = cause instanceof Error ? cause.message : String(cause)
    const fix =
      'In the revision or the configuration, await what fails, or catch it; --debug prints its stack.'
    reject(new AludelError('INTERNAL', `An error that nobody waited for: ${said}`, { state, fix, cause }))
  })
  process.once('beforeExit', () => {
    const fix =
      'Look in the revision that was begun last, or in the configuration, for an `await` that cannot end.'
    reject(
      new AludelError('REVISION_ENDED', 'The command waits for a promise that never settles.', {
        state,
        fix,
      }),
    )
  })
  return promise
}

/** Makes `process.exit` in the user's code an error of that code: its work is rolled back, and named with its line. */
export function refuseExit(): void {
  process.exit = () => {
    throw new AludelError('REVISION_ENDED', 'it called process.exit.')
  }
}
