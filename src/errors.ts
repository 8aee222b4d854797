/** Exit status of a process that ends with this kind of error (README, "Exit codes"). */
export const exitCodes = {
  // 1: a step failed and was rolled back
  STEP_FAILED: 1,
  LOCK_TIMEOUT: 1,
  OPERATION_INVALID: 1,
  REVISION_INVALID: 1,
  INTERNAL: 1,
  // 2: usage, configuration, a target that names nothing or several things, consent that is missing
  USAGE: 2,
  NODE_TOO_OLD: 2,
  CONFIG_NOT_FOUND: 2,
  CONFIG_INVALID: 2,
  CONFIG_FAILED: 2,
  ENTITIES_INVALID: 2,
  MIKRO_ORM_MISSING: 2,
  PGLITE_MISSING: 2,
  MIGRATIONS_UNREADABLE: 2,
  OTHER_HISTORY: 2,
  NOT_PROVED: 2,
  URL_MISSING: 2,
  URL_INVALID: 2,
  DIALECT_UNKNOWN: 2,
  DIALECT_MISMATCH: 2,
  UNKNOWN_BRANCH: 2,
  AMBIGUOUS_PREFIX: 2,
  NOT_IN_BRANCH: 2,
  RELATIVE_OUT_OF_RANGE: 2,
  AMBIGUOUS_WALK: 2,
  AMBIGUOUS_CURRENT: 2,
  NOT_ANCESTOR: 2,
  BAD_DOWNGRADE_TARGET: 2,
  BAD_RANGE: 2,
  RANGE_NOT_ALLOWED: 2,
  SQL_NEEDS_RANGE: 2,
  SQL_SINGLE_START: 2,
  NOT_A_HEAD: 2,
  DUPLICATE_HEADS: 2,
  BAD_TARGET: 2,
  ILLEGAL_REVISION_ID: 2,
  ILLEGAL_BRANCH_LABEL: 2,
  REVISION_EXISTS: 2,
  MESSAGE_MISSING: 2,
  EDITOR_MISSING: 2,
  EDITOR_FAILED: 2,
  MIGRATIONS_FOLDER: 2,
  NOT_SUPPORTED: 2,
  SHAPE_UNKNOWN: 2,
  IRREVERSIBLE: 2,
  NOTHING_HALF_DONE: 2,
  PURGE_WITH_SQL: 2,
  DATA_STEP: 2,
  CONSENT_MISSING: 2,
  SCRATCH_UNAVAILABLE: 2,
  NOT_BUILT: 2,
  // 3: behind or different
  DATABASE_BEHIND: 3,
  DIFFERENT: 3,
  // 4: the history is not valid
  HEADER_UNREADABLE: 4,
  DUPLICATE_REVISION: 4,
  DUPLICATE_BRANCH_LABEL: 4,
  MISSING_REFERENCED_REVISION: 4,
  SELF_LOOP: 4,
  DEPENDENCY_SELF_LOOP: 4,
  CYCLE: 4,
  DEPENDENCY_CYCLE: 4,
  MULTIPLE_HEADS: 4,
  // In a file or the ledger; 2 when a person typed it.
  UNKNOWN_REVISION: 4,
  UNKNOWN_MIGRATION: 4,
  DATABASE_AHEAD: 4,
  EDITED_REVISION: 4,
  LEDGER_SHAPE: 4,
  // 5: a step is half done and a person must decide
  STEP_HALF_DONE: 5,
  // 6, 7: the lock, the server
  LOCK_NOT_OBTAINED: 6,
  DATABASE_UNREACHABLE: 7,
  AUTHENTICATION: 7,
  DATABASE_MISSING: 7,
  PERMISSION: 7,
  READ_ONLY: 7,
  // 70: a revision ended the process, or waits for what never comes
  REVISION_ENDED: 70,
  // 128 and the number of the signal
  INTERRUPTED: 130,
  TERMINATED: 143,
} as const

export type ErrorCode = keyof typeof exitCodes

export interface ErrorParts {
  /** What state the database is in now; left out where none was touched. */
  readonly state?: string
  /** The next command, or what to change. */
  readonly fix?: string
  /** Facts for programs: ids, files, names. Never a password. */
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
  /** Where it is not that of the code: a name that a person typed ends with 2 what ends with 4 in a file. */
  readonly exitCode?: number
}

/** An error that a person can act on: what happened, what state the database is in, the next command. */
export class AludelError extends Error {
  override readonly name = 'AludelError'
  readonly code: ErrorCode
  readonly state: string | undefined
  readonly fix: string | undefined
  readonly details: Readonly<Record<string, unknown>>
  readonly exitCode: number

  constructor(code: ErrorCode, message: string, parts: ErrorParts = {}) {
    super(message, parts.cause === undefined ? undefined : { cause: parts.cause })
    this.code = code
    this.state = parts.state
    this.fix = parts.fix
    this.details = parts.details ?? {}
    this.exitCode = parts.exitCode ?? exitCodes[code]
  }
}
