/** The rows that a step writes: its revision's in the ledger, and its own in the journal. */
import path from 'node:path'
import type { Connect, Dialect, Session } from '../dialect.ts'
import type { ErrorCode } from '../errors.ts'
import type { Operation } from '../operations/operation.ts'
import type { LoadedRevision } from '../revision/load.ts'
import type { Ledger } from './ledger.ts'
import { isFresh } from './position.ts'
import { compileDowngrade, shapeIn } from './recording.ts'
import { maskSecrets } from './secret-literals.ts'
import type { Capsule, CompiledDowngrade, JournalEntry, LedgerRow } from './rows.ts'
import type { Journal } from './journaled.ts'
import { type Progress, countDone } from './statements.ts'
import type { Direction } from './step.ts'

/** What all rows of one run have in common. */
export interface Run {
  readonly dialect: Dialect
  readonly connect: Connect
  readonly ledger: Ledger
  /** What must not get into it. */
  readonly secrets: readonly string[]
  readonly runId: string
  readonly appliedBy: string
  readonly version: string
  readonly now: () => Date
}

/** One try to bring one revision up or down. */
export interface Attempt {
  readonly revision: LoadedRevision
  readonly direction: Direction
  readonly progress: Progress
  readonly startedAt: Date
  /** Another revision comes after it in the same transaction; default false. */
  readonly followed?: boolean
  /** All work was done; only the commit was left. */
  finished: boolean
  /** The journal's row that says `running`, where one was written before the work, and how far it says that the step is. */
  running?: JournalEntry
  journal?: Journal
  /** Its connection is gone. Where statements are committed one by one the journal alone knows how far it came. */
  lost: boolean
  /** The ledger's row that a downgrade removed. */
  removed?: LedgerRow
}

/** Writes in the ledger that the revision is applied, or not. */
export async function claim({ ledger, ...run }: Run, session: Session, attempt: Attempt): Promise<void> {
  const { direction, revision } = attempt
  if (direction === 'upgrade') {
    await ledger.add(session, capsuleOf(run, revision, { kind: 'unknown' }))
  } else {
    const row = await ledger.take(session, revision.file.revision)
    if (row) attempt.removed = row
  }
}

/** Writes what is known of an upgrade only after its statements ran. */
export async function complete(run: Run, session: Session, attempt: Attempt): Promise<void> {
  const { direction, revision } = attempt
  if (direction === 'downgrade') return
  const compiled = await compileDowngrade(
    run.dialect,
    shapeIn(inShort(run.dialect, attempt), session),
    revision,
  )
  const downgrade = withoutSecrets(compiled, run.secrets)
  await run.ledger.complete(session, revision.file.revision, downgrade, elapsed(run, attempt))
}

/** A table that the revision made has no triggers where it made none: then nobody asks, which would cost a query a revision. */
function inShort(dialect: Dialect, { progress }: Attempt): Dialect {
  const makesTrigger = progress.done.some((sql) => /\btrigger\b/i.test(sql))
  if (makesTrigger || !dialect.looksAt) return dialect
  const looksAt = (operations: readonly Operation[]): readonly string[] =>
    dialect.looksAt?.(operations.filter(({ kind }) => kind !== 'dropTable')) ?? []
  return { ...dialect, looksAt }
}

/** No downgrade is kept that would tell a password. */
export function withoutSecrets(downgrade: CompiledDowngrade, secrets: readonly string[]): CompiledDowngrade {
  if (downgrade.kind !== 'statements') return downgrade
  const isTold = downgrade.statements.some((sql) => maskSecrets(sql, secrets) !== sql)
  return isTold ? { kind: 'unknown', why: 'it holds a password' } : downgrade
}

/** The ledger row of a revision. */
export function capsuleOf(
  {
    now,
    appliedBy,
    runId,
    version,
    secrets,
  }: Pick<Run, 'now' | 'appliedBy' | 'runId' | 'version' | 'secrets'>,
  { file, source, checksum }: Pick<LoadedRevision, 'file' | 'source' | 'checksum'>,
  downgrade: CompiledDowngrade,
): Capsule {
  return {
    revision: file.revision,
    downRevision: file.downRevision,
    dependsOn: file.dependsOn,
    message: maskSecrets(file.message, secrets),
    checksum,
    source: Buffer.byteLength(source) > 1_000_000 ? null : maskSecrets(source, secrets),
    extension: path.extname(file.path),
    downgrade,
    appliedAt: now().toISOString(),
    ms: 0,
    appliedBy,
    runId,
    version,
  }
}

/** The journal row of an attempt: the one that says `running` where there is one, else a new one. */
export function journalEntry(
  { runId, appliedBy, version, now }: Run,
  { revision, direction, progress, startedAt, running, journal }: Attempt,
  outcome: JournalEntry['outcome'],
  errorCode: ErrorCode | null = null,
): JournalEntry {
  return {
    entry: running?.entry ?? crypto.randomUUID(),
    runId,
    revision: revision.file.revision,
    direction,
    startedAt: startedAt.toISOString(),
    endedAt: outcome === 'running' ? null : now().toISOString(),
    outcome,
    // Of a step that is half done the number of those that stay, from where it goes on.
    statement: outcome === 'halfDone' && journal ? journal.position.statement : countDone(progress),
    statements: (progress.running ?? progress.failed?.statement)?.of ?? countDone(progress),
    errorCode,
    appliedBy,
    version,
  }
}

/** A new row of this run for a step that another run began. */
export function journalRowOf(
  { runId, appliedBy, version, now }: Run,
  begun: JournalEntry,
  outcome: JournalEntry['outcome'],
): JournalEntry {
  const startedAt = now().toISOString()
  return {
    ...begun,
    entry: crypto.randomUUID(),
    runId,
    appliedBy,
    version,
    startedAt,
    endedAt: null,
    outcome,
  }
}

/** Leaves the ledger as it was before the step, and notes the failure in the journal, as best it can. */
export async function noteFailure(run: Run, attempt: Attempt, code: ErrorCode): Promise<void> {
  const { ledger, runId } = run
  const { revision, direction, removed, running, journal, lost } = attempt
  // The next run finds out what became of it.
  if (lost && journal) return
  const failed = journalEntry(run, attempt, isHalfDone(attempt) ? 'halfDone' : 'failed', code)
  try {
    const session = await run.connect()
    // A revision that ended its transaction itself has committed with it that it was applied, or undone.
    if (direction === 'upgrade') await ledger.withdraw(session, revision.file.revision, runId)
    else if (removed && code === 'STEP_HALF_DONE') await ledger.putBack(session, removed)
    if (running) await ledger.end(session, failed)
    else await ledger.write(session, failed)
  } catch {
    // The failure itself matters more than the note of it.
  }
}

function isHalfDone({ journal }: Attempt): boolean {
  return journal !== undefined && !isFresh(journal.position)
}

/** Milliseconds since the attempt began. */
export function elapsed({ now }: Pick<Run, 'now'>, { startedAt }: Attempt): number {
  return Math.max(0, now().getTime() - startedAt.getTime())
}
