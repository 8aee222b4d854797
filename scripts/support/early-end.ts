/** Ends of the process that no `await` sees. */
import type { Caller } from '../../src/commands/project.ts'
import { AludelError, exitCodes } from '../../src/errors.ts'

const state = 'What was not committed is rolled back; `aludel current` says where the database is.'

/** Milliseconds that a signal leaves for the statement to be cancelled and the step to be rolled back. */
const patience = 2000

/**
 * Listens for errors that nobody waits for, for signals, and for the moment when nothing is left that could go on.
 * What it gives rejects then, if its work was begun last of those that have not settled.
 * @param exit of the process: a second signal ends it at once
 */
export function watchProcess(exit: (status: number) => void): Caller['guard'] {
  const waiting: ((error: AludelError) => void)[] = []
  let signalled = false
  for (const [signal, code] of signals) {
    process.on(signal, () => {
      if (signalled) exit(exitCodes[code])
      signalled = true
      const error = stopped(signal, code)
      setTimeout(() => waiting[0]?.(error), patience).unref()
      waiting.at(-1)?.(error)
    })
  }
  process.on('uncaughtException', (cause) => waiting.at(-1)?.(lost(cause)))
  process.on('beforeExit', () => waiting.at(-1)?.(neverSettles()))
  return async (work) => {
    const { promise, reject } = Promise.withResolvers<never>()
    waiting.push(reject)
    try {
      return await Promise.race([work(), promise])
    } finally {
      waiting.splice(waiting.indexOf(reject), 1)
    }
  }
}

const signals = [
  ['SIGINT', 'INTERRUPTED'],
  ['SIGTERM', 'TERMINATED'],
] as const

function stopped(signal: string, code: 'INTERRUPTED' | 'TERMINATED'): AludelError {
  return new AludelError(code, `Stopped by ${signal}.`, { state, fix: 'Run the same command again.' })
}

function lost(cause: unknown): AludelError {
  if (cause instanceof AludelError) return cause
  const said = cause instanceof Error ? cause.message : String(cause)
  return new AludelError('REVISION_ENDED', `An error that nobody waited for: ${said}`, {
    state,
    fix: 'In the revision or the configuration, await what fails, or catch it; --debug prints its stack.',
    cause,
  })
}

function neverSettles(): AludelError {
  return new AludelError('REVISION_ENDED', 'The command waits for a promise that never settles.', {
    state,
    fix: 'Look in the revision that was begun last, or in the configuration, for an `await` that cannot end.',
  })
}

/** Makes `process.exit` in the user's code an error of that code: its work is rolled back, and named with its line. */
export function refuseExit(): void {
  process.exit = () => {
    throw new AludelError('REVISION_ENDED', 'it called process.exit.')
  }
}
