/** What the reader of a generated revision is told of one of its calls. */
import type { Operation } from '../../operations/operation.ts'

export interface Note {
  /** A sentence; with a colon at its end where code follows. */
  readonly text: string
  /** SQL, or a call of `op`. */
  readonly code?: string
}

/** One call of a generated revision, with what stands above it. */
export interface Step {
  readonly operation: Operation
  readonly notes: readonly Note[]
}

/** As one line, for who does not read the file. */
export function noteLine({ text, code }: Note): string {
  return code === undefined ? text : `${text} ${code}`
}
