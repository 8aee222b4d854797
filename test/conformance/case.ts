/** A recorded case, as its file has it; only what is compared is named here. */

export interface Case {
  readonly id: string
  readonly revisions: readonly RecordedRevision[]
  /** Rows of the version table: the ends of what is applied. Null: there was no table. */
  readonly rows: readonly string[] | null
  /** What followed `alembic` on the command line. */
  readonly command: readonly string[]
  readonly outcome: Outcome
  /** Other outcomes of the same case, as good. */
  readonly variants?: readonly Outcome[]
}

export interface RecordedRevision {
  readonly revision: string
  readonly down_revision: string | readonly string[] | null
  readonly branch_labels: readonly string[]
  readonly depends_on: readonly string[]
  readonly message: string | null
}

/** What a command did; each command fills its own part. */
export interface Outcome {
  readonly error?: { readonly kind: string; readonly suggested_kind?: string; readonly message?: string }
  readonly steps?: readonly Step[]
  /** The ends of what is applied at the end. */
  readonly rows?: readonly string[] | null
  /** With `--sql`: what the script makes of the rows. */
  readonly net?: { readonly add: readonly string[]; readonly remove: readonly string[] }
  readonly revisions?: readonly { readonly rev: string }[]
  readonly new?: NewFile
  readonly heads_after?: readonly string[]
  /** The order of the steps is the only one there is. */
  readonly order_forced?: boolean
  /** Where Alembic's own bookkeeping failed: what is right. */
  readonly better?: { readonly steps: readonly string[]; readonly rows: readonly string[] }
}

export interface Step {
  readonly op: string
  readonly rev: string
  readonly rows_after?: readonly string[]
  /** It ran, but could not be recorded. */
  readonly failed?: boolean
}

export interface NewFile {
  readonly revision: string
  readonly down_revision: string | readonly string[] | null
  readonly branch_labels: readonly string[]
  readonly depends_on: readonly string[]
}

/**
 * The cases of a file `{"cases": […]}`.
 * @throws {Error} when it holds no cases, or one that is none
 */
export function readCases(text: string): readonly Case[] {
  const document: unknown = JSON.parse(text)
  const cases = isRecord(document) ? document['cases'] : undefined
  if (!Array.isArray(cases)) throw new Error('it holds no list `cases`')
  return cases.map((each: unknown, at) => {
    if (isCase(each)) return each
    throw new Error(`number ${at + 1} of its cases has no \`id\`, \`revisions\`, \`command\` or \`outcome\``)
  })
}

/** What is in its parts is taken as it was recorded. */
function isCase(value: unknown): value is Case {
  if (!isRecord(value)) return false
  const { id, revisions, command, outcome } = value
  return (
    typeof id === 'string' &&
    Array.isArray(revisions) &&
    revisions.every(isRevision) &&
    Array.isArray(command) &&
    command.every((word) => typeof word === 'string') &&
    isRecord(outcome)
  )
}

function isRevision(value: unknown): boolean {
  if (!isRecord(value)) return false
  const { revision, branch_labels: labels, depends_on: needs } = value
  return typeof revision === 'string' && Array.isArray(labels) && Array.isArray(needs)
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
