/** Brings a database from its state to another, one locked step at a time. */
import path from 'node:path'
import type { Dialect, LockRequest, Session } from '../dialect.ts'
import { AludelError, type ErrorCode } from '../errors.ts'
import { type Graph, headsOf } from '../graph/graph.ts'
import { type LoadedRevision, loadRevision } from '../revision/load.ts'
import type { RevisionFile } from '../revision/read.ts'
import { irreversible, stepError } from './failure.ts'
import { unknownRevision, unknownRevisions } from './integrity.ts'
import type { Capsule, CompiledDowngrade, JournalEntry, Ledger, LedgerRow } from './ledger.ts'
import {
  type Direction,
  type Guard,
  type Progress,
  compileDowngrade,
  newProgress,
  runRevision,
} from './step.ts'

export interface RunContext {
  readonly dialect: Dialect
  /** The open session, or a new one when there is none. */
  readonly connect: () => Promise<Session>
  readonly ledger: Ledger
  /** What must not get into it. */
  readonly secrets: readonly string[]
  /** As read outside of any lock; a failing read inside would spoil PostgreSQL's transaction. */
  readonly ledgerExists: boolean
  readonly graph: Graph<RevisionFile>
  /** Milliseconds. */
  readonly lockWait: number
  readonly runId: string
  readonly appliedBy: string
  readonly version: string
  readonly now: () => Date
  readonly guard: Guard
  readonly onEvent: (event: RunEvent) => void
}

export type RunEvent =
  | { readonly kind: 'waiting' }
  | { readonly kind: 'start'; readonly direction: Direction; readonly revision: RevisionFile }
  | { readonly kind: 'end'; readonly step: Step }

export interface Step {
  readonly direction: Direction | 'stamp'
  readonly revision: string
  readonly message: string
  /** How many ran. */
  readonly statements: number
  readonly ms: number
}

/**
 * Runs steps until `path` has none left. The path is asked again inside each lock, so that runners at once take turns.
 * @param plan ids still to run in this direction, from the state found
 * @throws {AludelError} STEP_FAILED, STEP_HALF_DONE, IRREVERSIBLE, LOCK_NOT_OBTAINED, UNKNOWN_REVISION, EDITED_REVISION
 */
export async function run(
  context: RunContext,
  direction: Direction,
  plan: (state: ReadonlySet<string>) => readonly string[],
): Promise<{ readonly steps: readonly Step[]; readonly heads: readonly string[] }> {
  const steps: Step[] = []
  let heads: readonly string[] = []
  let { ledgerExists } = context
  for (;;) {
    const turn = await takeTurn({ ...context, ledgerExists }, direction, plan, steps)
    ledgerExists = true
    heads = headsOf(context.graph, turn.state)
    if (!turn.step) break
    steps.push(turn.step)
    context.onEvent({ kind: 'end', step: turn.step })
    if (!turn.more) break
  }
  return { steps, heads }
}

interface Turn {
  readonly step: Step | undefined
  /** Ids applied after it. */
  readonly state: ReadonlySet<string>
  readonly more: boolean
}

async function takeTurn(
  context: RunContext,
  direction: Direction,
  plan: (state: ReadonlySet<string>) => readonly string[],
  before: readonly Step[],
): Promise<Turn> {
  const { dialect, ledger, graph } = context
  const attempt: Attempt = { progress: newProgress(), startedAt: context.now(), finished: false }
  try {
    return await dialect.step(context.connect, lockRequest(context), async (session) => {
      if (!context.ledgerExists) await ledger.create(session)
      const state = await ledger.read(session)
      const unknown = unknownRevisions(graph, state)
      if (unknown.length > 0) throw unknownRevision(unknown)
      const applied = new Set(state.applied.keys())
      const [next, another] = plan(applied)
      const file = next === undefined ? undefined : graph.revisions.get(next)
      if (!file) return { step: undefined, state: applied, more: false }
      attempt.startedAt = context.now()
      attempt.revision = await loadRevision(file)
      context.onEvent({ kind: 'start', direction, revision: file })
      const step = await runStep(context, session, attempt.revision, direction, attempt)
      attempt.finished = true
      return { step, state: afterwards(applied, direction, file.revision), more: another !== undefined }
    })
  } catch (error) {
    const { revision } = attempt
    if (!revision) throw error
    // A commit whose answer was lost may have happened; one that the dialect refused has not.
    const doubtful = attempt.finished && !(error instanceof AludelError)
    if (doubtful && (await wasCommitted(context, revision.file, error))) {
      return {
        step: stepOf(context, revision, direction, attempt),
        state: await readState(context),
        more: true,
      }
    }
    throw await failure(context, direction, revision, attempt, error, before)
  }
}

/** What happened to one revision in one turn. */
interface Attempt {
  readonly progress: Progress
  startedAt: Date
  revision?: LoadedRevision
  /** All work was done; only the commit was left. */
  finished: boolean
  /** The journal's row that says `running`, where one was written before the work. */
  running?: JournalEntry
  /** The ledger's row that a downgrade removed. */
  removed?: LedgerRow
}

/** The locked part of a step. Where DDL is transactional all of it is one transaction. */
async function runStep(
  context: RunContext,
  session: Session,
  revision: LoadedRevision,
  direction: Direction,
  attempt: Attempt,
): Promise<Step> {
  const { dialect, ledger } = context
  if (direction === 'downgrade' && !revision.downgrade) throw irreversible(revision.file)
  const { guard } = context
  const running = { dialect, session, revision, direction, guard, progress: attempt.progress }
  const record = direction === 'upgrade' ? add : remove
  if (dialect.capabilities.transactionalDdl) {
    await record(context, session, revision, attempt)
    await runRevision(running)
    await complete(context, session, revision, direction, attempt)
    await ledger.write(session, journalEntry(context, revision, direction, attempt, 'done'))
  } else {
    attempt.running = journalEntry(context, revision, direction, attempt, 'running')
    await ledger.write(session, attempt.running)
    await runRevision(running)
    if (!attempt.progress.dataTransaction) await session.simple('start transaction')
    await record(context, session, revision, attempt)
    await complete(context, session, revision, direction, attempt)
    await ledger.end(session, journalEntry(context, revision, direction, attempt, 'done'))
    attempt.finished = true
    await session.simple('commit')
    attempt.progress.dataTransaction = false
  }
  return stepOf(context, revision, direction, attempt)
}

async function add(context: RunContext, session: Session, revision: LoadedRevision): Promise<void> {
  await context.ledger.add(session, capsuleOf(context, revision, { kind: 'unknown' }))
}

async function remove(
  context: RunContext,
  session: Session,
  { file }: LoadedRevision,
  attempt: Attempt,
): Promise<void> {
  const row = await context.ledger.take(session, file.revision)
  if (row) attempt.removed = row
}

async function complete(
  context: RunContext,
  session: Session,
  revision: LoadedRevision,
  direction: Direction,
  attempt: Attempt,
): Promise<void> {
  if (direction === 'downgrade') return
  const compiled = await compileDowngrade(context.dialect, session, revision)
  const downgrade = withoutSecrets(compiled, context.secrets)
  await context.ledger.complete(session, revision.file.revision, downgrade, elapsed(context, attempt))
}

function withoutSecrets(downgrade: CompiledDowngrade, secrets: readonly string[]): CompiledDowngrade {
  if (downgrade.kind !== 'statements') return downgrade
  const isTold = downgrade.statements.some((sql) => secrets.some((secret) => sql.includes(secret)))
  return isTold ? { kind: 'unknown', why: 'it holds a password' } : downgrade
}

/** The ledger row of a revision; `downgrade` is filled in after its statements ran. */
export function capsuleOf(
  context: Pick<RunContext, 'now' | 'appliedBy' | 'runId' | 'version'>,
  { file, source, checksum }: Pick<LoadedRevision, 'file' | 'source' | 'checksum'>,
  downgrade: CompiledDowngrade,
): Capsule {
  return {
    revision: file.revision,
    downRevision: file.downRevision,
    dependsOn: file.dependsOn,
    message: file.message,
    checksum,
    source: Buffer.byteLength(source) > 1_000_000 ? null : source,
    extension: path.extname(file.path),
    downgrade,
    appliedAt: context.now().toISOString(),
    ms: 0,
    appliedBy: context.appliedBy,
    runId: context.runId,
    version: context.version,
  }
}

export function lockRequest({ ledger: { names }, lockWait, onEvent }: RunContext): LockRequest {
  return {
    ...(names.schema === undefined ? {} : { schema: names.schema }),
    table: names.revisionTable,
    wait: lockWait,
    onWait: () => onEvent({ kind: 'waiting' }),
  }
}

function afterwards(applied: ReadonlySet<string>, direction: Direction, id: string): ReadonlySet<string> {
  return direction === 'upgrade'
    ? new Set([...applied, id])
    : new Set([...applied].filter((each) => each !== id))
}

function stepOf(context: RunContext, { file }: LoadedRevision, direction: Direction, attempt: Attempt): Step {
  return {
    direction,
    revision: file.revision,
    message: file.message,
    statements: attempt.progress.done.length,
    ms: elapsed(context, attempt),
  }
}

function elapsed({ now }: RunContext, { startedAt }: Attempt): number {
  return Math.max(0, now().getTime() - startedAt.getTime())
}

function journalEntry(
  context: RunContext,
  { file }: LoadedRevision,
  direction: Direction,
  { startedAt, progress, running }: Attempt,
  outcome: JournalEntry['outcome'],
  errorCode: string | null = null,
): JournalEntry {
  return {
    entry: running?.entry ?? crypto.randomUUID(),
    runId: context.runId,
    revision: file.revision,
    direction,
    startedAt: startedAt.toISOString(),
    endedAt: outcome === 'running' ? null : context.now().toISOString(),
    outcome,
    statement: progress.done.length,
    statements: progress.running?.of ?? progress.done.length,
    errorCode,
    appliedBy: context.appliedBy,
    version: context.version,
  }
}

/**
 * After an error at commit: whether it happened all the same.
 * @throws {AludelError} DATABASE_UNREACHABLE when the database does not say
 */
async function wasCommitted(
  context: RunContext,
  { revision, path: file }: RevisionFile,
  error: unknown,
): Promise<boolean> {
  try {
    return await context.ledger.isDone(await context.connect(), context.runId, revision)
  } catch {
    const said = error instanceof Error ? error.message : String(error)
    throw new AludelError(
      'DATABASE_UNREACHABLE',
      `The connection was lost while revision ${revision} was committed: ${said}.`,
      {
        state: `Revision ${revision} is applied and recorded as a whole, or not at all; the database did not say which.`,
        fix: 'Run `aludel current` when the database answers again, then the same command.',
        details: { revision, path: file },
        cause: error,
      },
    )
  }
}

async function readState(context: RunContext): Promise<ReadonlySet<string>> {
  const state = await context.ledger.read(await context.connect())
  return new Set(state.applied.keys())
}

async function failure(
  context: RunContext,
  direction: Direction,
  revision: LoadedRevision,
  attempt: Attempt,
  error: unknown,
  before: readonly Step[],
): Promise<AludelError> {
  const { dialect } = context
  const { file } = revision
  const told = stepError({
    dialect: dialect.name,
    direction,
    file,
    progress: attempt.progress,
    error,
    before: before.length,
  })
  await noteFailure(context, direction, revision, attempt, told.code)
  return told
}

/** Leaves the ledger as it was before the step, and notes the failure in the journal, as best it can. */
async function noteFailure(
  context: RunContext,
  direction: Direction,
  revision: LoadedRevision,
  attempt: Attempt,
  code: ErrorCode,
): Promise<void> {
  const { ledger } = context
  const failed = journalEntry(context, revision, direction, attempt, 'failed', code)
  try {
    const session = await context.connect()
    // A revision that ended its transaction itself has committed with it that it was applied, or undone.
    if (direction === 'upgrade') await ledger.withdraw(session, revision.file.revision, context.runId)
    else if (attempt.removed && code === 'STEP_HALF_DONE') await ledger.putBack(session, attempt.removed)
    if (attempt.running) await ledger.end(session, failed)
    else await ledger.write(session, failed)
  } catch {
    // The failure itself matters more than the note of it.
  }
}

/**
 * Refuses a revision that must run outside of a transaction, before the first step: none is run so yet.
 * @throws {AludelError} NOT_SUPPORTED
 */
export function checkTransactional(graph: Graph<RevisionFile>, ids: readonly string[]): void {
  const file = ids.map((id) => graph.revisions.get(id)).find((each) => each?.transaction === false)
  if (!file) return
  throw new AludelError(
    'NOT_SUPPORTED',
    `Revision ${file.revision} (${file.message}) asks for \`transaction = false\`; every revision runs in a transaction for now.`,
    {
      state: 'Nothing was changed.',
      fix: `Take \`transaction = false\` out of ${file.path}, or carry it out by hand and run \`aludel stamp ${file.revision}\`.`,
      details: { revision: file.revision, path: file.path },
    },
  )
}

/**
 * Refuses a way back that could not be gone to its end, before its first step.
 * @throws {AludelError} IRREVERSIBLE
 */
export async function checkReversible(graph: Graph<RevisionFile>, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    const file = graph.revisions.get(id)
    if (!file) continue
    const revision = await loadRevision(file)
    if (!revision.downgrade) throw irreversible(revision.file)
  }
}
