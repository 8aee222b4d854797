/** Errors as people read them, and as programs do. */
import type { ConnectRetry } from '../../src/config.ts'
import { AludelError } from '../../src/errors.ts'

/** Anything thrown as an error of aludel's: what is none is a fault of aludel itself. */
export function asAludelError(error: unknown): AludelError {
  if (error instanceof AludelError) return error
  const message = error instanceof Error ? error.message : String(error)
  return new AludelError('INTERNAL', message || 'Something failed without a message.', {
    fix: 'Run it again with --debug; if aludel is wrong, report what that prints.',
    cause: error,
  })
}

/** What happened, what state the database is in, the next command: a line each. */
export function errorLines(error: AludelError): readonly string[] {
  return [
    `${error.code}: ${error.message}`,
    ...(error.state === undefined ? [] : [`State: ${error.state}`]),
    ...(error.fix === undefined ? [] : [`Next: ${error.fix}`]),
  ]
}

/** An attempt to connect that failed, before the next. */
export function retryLine({ reason, wait, left }: ConnectRetry): string {
  const next = wait < 950 ? (wait / 1000).toFixed(1) : Math.round(wait / 1000)
  return `${reason.replace(/\.$/, '')}; trying again in ${next} s, ${Math.round(left / 1000)} s left.`
}

export function errorDocument({ code, message, state, fix, details }: AludelError): unknown {
  return { error: { code, message, state: state ?? null, fix: fix ?? null, details } }
}
