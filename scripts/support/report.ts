/** Errors as people read them, and as programs do. */
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

export function errorDocument({ code, message, state, fix, details }: AludelError): unknown {
  return { error: { code, message, state: state ?? null, fix: fix ?? null, details } }
}
