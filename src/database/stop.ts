/** Moments of a run at which a test may stop the process, to kill it there. Before each statement: `mid-step`. */
export type StopPoint =
  | 'before-connect'
  | 'after-connect'
  | 'before-lock'
  | 'in-lock'
  | 'after-claim'
  | 'mid-step'
  /** After the last statement. */
  | 'after-ddl'
  /** The ledger's row is written, not committed. */
  | 'after-version'
  | 'after-commit'
  | 'before-exit'
