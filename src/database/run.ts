/** Brings a database from its state to another, one locked step at a time. */
import type { ConnectRetry } from '../config.ts'
import type { Session } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { type Graph, headsOf } from '../graph/graph.ts'
import { loadRevision } from '../revision/load.ts'
import type { RevisionFile } from '../revision/read.ts'
import { type Attempt, type Run, claim, complete, elapsed, journalEntry, noteFailure } from './entries.ts'
import { afterSteps, irreversible, stepError } from './failure.ts'
import { type WaitingEvent, lockRequest } from './lock.ts'
import type { LedgerState } from './rows.ts'
import { type Direction, type Guard, newProgress, runRevision } from './step.ts'
import type { StopPoint } from './stop.ts'

export interface RunContext extends Run {
  /** As read outside of any lock; a failing read inside would spoil PostgreSQL's transaction. */
  readonly ledgerExists: boolean
  readonly graph: Graph<RevisionFile>
  /** Milliseconds. */
  readonly lockWait: number
  /**
   * Looks at the state found inside each lock.
   * @throws {AludelError} UNKNOWN_REVISION, DATABASE_AHEAD
   */
  readonly verify: (state: LedgerState) => void
  readonly guard: Guard
  readonly at: (point: StopPoint) => void
  readonly onEvent: (event: RunEvent) => void
}

export type RunEvent =
  | WaitingEvent
  | ConnectRetry
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
    await context.guard.between().catch((error: unknown) => {
      throw afterSteps(error, steps.length)
    })
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
  let attempt: Attempt | undefined
  try {
    return await dialect.step(context.connect, lockRequest(context), async (session) => {
      if (!context.ledgerExists) await ledger.create(session)
      const state = await ledger.read(session)
      context.verify(state)
      const applied = new Set(state.applied.keys())
      const [next, another] = plan(applied)
      const file = next === undefined ? undefined : graph.revisions.get(next)
      if (!file) return { step: undefined, state: applied, more: false }
      attempt = await begin(context, direction, file)
      await dialect.announce?.(session, { direction, revision: file.revision })
      context.onEvent({ kind: 'start', direction, revision: file })
      const begun = attempt
      await context.guard.hold(() => carryOut(context, session, begun))
      begun.finished = true
      return {
        step: stepOf(context, begun),
        state: afterwards(applied, direction, file.revision),
        more: another !== undefined,
      }
    })
  } catch (error) {
    if (!attempt) throw afterSteps(error, before.length)
    // A commit whose answer was lost may have happened; one that the dialect refused has not.
    const doubtful = attempt.finished && !(error instanceof AludelError)
    if (doubtful && (await wasCommitted(context, attempt, error))) {
      return { step: stepOf(context, attempt), state: await readState(context), more: true }
    }
    throw await failure(context, attempt, error, before.length)
  }
}

async function begin({ now }: RunContext, direction: Direction, file: RevisionFile): Promise<Attempt> {
  const startedAt = now()
  const revision = await loadRevision(file)
  return { revision, direction, progress: newProgress(), startedAt, finished: false }
}

/** The locked part of a step. Where DDL is transactional all of it is one transaction. */
async function carryOut(context: RunContext, session: Session, attempt: Attempt): Promise<void> {
  const { dialect, ledger, guard } = context
  const { revision, direction, progress } = attempt
  if (direction === 'downgrade' && !revision.downgrade) throw irreversible(revision.file)
  const step = { dialect, session, revision, direction, guard, progress }
  if (dialect.capabilities.transactionalDdl) {
    await claim(context, session, attempt)
    await runRevision(step)
    await complete(context, session, attempt)
    await ledger.write(session, journalEntry(context, attempt, 'done'))
  } else {
    attempt.running = journalEntry(context, attempt, 'running')
    await ledger.write(session, attempt.running)
    await runRevision(step)
    if (!progress.dataTransaction) await session.simple('start transaction')
    await claim(context, session, attempt)
    await complete(context, session, attempt)
    await ledger.end(session, journalEntry(context, attempt, 'done'))
    attempt.finished = true
    await session.simple('commit')
    progress.dataTransaction = false
  }
}

function afterwards(applied: ReadonlySet<string>, direction: Direction, id: string): ReadonlySet<string> {
  return direction === 'upgrade'
    ? new Set([...applied, id])
    : new Set([...applied].filter((each) => each !== id))
}

function stepOf(context: RunContext, attempt: Attempt): Step {
  const { file } = attempt.revision
  return {
    direction: attempt.direction,
    revision: file.revision,
    message: file.message,
    statements: attempt.progress.done.length,
    ms: elapsed(context, attempt),
  }
}

/**
 * After an error at commit: whether it happened all the same.
 * @throws {AludelError} DATABASE_UNREACHABLE when the database does not say
 */
async function wasCommitted(
  { ledger, connect, runId }: RunContext,
  { revision: { file } }: Attempt,
  error: unknown,
): Promise<boolean> {
  const { revision } = file
  try {
    return await ledger.isDone(await connect(), runId, revision)
  } catch {
    const said = error instanceof Error ? error.message : String(error)
    throw new AludelError(
      'DATABASE_UNREACHABLE',
      `The connection was lost while revision ${revision} was committed: ${said}.`,
      {
        state: `Revision ${revision} is applied and recorded as a whole, or not at all; the database did not say which.`,
        fix: 'Run `aludel current` when the database answers again, then the same command.',
        details: { revision, path: file.path },
        cause: error,
      },
    )
  }
}

async function readState(context: RunContext): Promise<ReadonlySet<string>> {
  const state = await context.ledger.read(await context.connect())
  return new Set(state.applied.keys())
}

/** @param before how many steps of this run went well */
async function failure(
  context: RunContext,
  attempt: Attempt,
  error: unknown,
  before: number,
): Promise<AludelError> {
  const { direction, progress, revision } = attempt
  const { dialect } = context
  const told = stepError({ dialect: dialect.name, direction, file: revision.file, progress, error, before })
  await noteFailure(context, attempt, told.code)
  return told
}
