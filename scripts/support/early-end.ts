/** Ends of the process that no `await` sees. */
import { setImmediate } from 'node:timers/promises'
import type { Caller } from '../../src/commands/project.ts'
import { AludelError, exitCodes } from '../../src/errors.ts'

const state = 'What was not committed is rolled back; `aludel current` says where the database is.'

const late = 'The step that ran did not end in time; `aludel current` says where the database is.'

/** Milliseconds that a signal leaves for the statement to be cancelled and the step to be rolled back. */
const patience = 2000

/**
 * Listens for errors that nobody waits for, for signals, and for the moment when nothing is left that could go on.
 * They are told to the work that was begun last of those that have not settled.
 * @param exit of the process: a second signal ends it at once
 */
export function watchProcess(exit: (status: number) => void): Caller['guard'] {
  const works: Work[] = []
  let kept: AludelError | undefined
  let signalled = false
  for (const [signal, code] of signals) {
    process.on(signal, () => {
      if (signalled) exit(exitCodes[code])
      signalled = true
      setTimeout(() => works[0]?.stop(stopped(signal, code, late)), patience).unref()
      works.at(-1)?.stop(stopped(signal, code, state))
    })
  }
  process.on('uncaughtException', (cause) => works.at(-1)?.stop(lost(cause)))
  process.on('beforeExit', () => works.findLast(({ waits }) => !waits)?.stop(neverSettles()))
  const within = async <T>(work: Work, run: () => Promise<T>): Promise<T> => {
    works.push(work)
    try {
      return await run()
    } finally {
      works.splice(works.indexOf(work), 1)
    }
  }
  return {
    during: (run) => {
      const { promise, reject } = Promise.withResolvers<never>()
      return within({ stop: reject, waits: false }, () => Promise.race([run(), promise]))
    },
    hold: (run) => within({ stop: (error) => (kept ??= error), waits: true }, run),
    between: async () => {
      await setImmediate()
      if (kept) throw kept
    },
  }
}

interface Work {
  stop(error: AludelError): void
  /** It comes to its end first. */
  readonly waits: boolean
}

const signals = [
  ['SIGINT', 'INTERRUPTED'],
  ['SIGTERM', 'TERMINATED'],
] as const

function stopped(signal: string, code: 'INTERRUPTED' | 'TERMINATED', told: string): AludelError {
  return new AludelError(code, `Stopped by ${signal}.`, { state: told, fix: 'Run the same command again.' })
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
