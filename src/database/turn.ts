/** What a runner does between getting the lock and giving it back. */
import { setTimeout as pause } from 'node:timers/promises'
import type { LockRequest, Session, StepMode } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { loadRevision } from '../revision/load.ts'
import type { RevisionFile } from '../revision/read.ts'
import { type Blocked, unblocked } from './blocked.ts'
import { carryOut, modeOf } from './carry-out.ts'
import { type Attempt, elapsed, noteFailure } from './entries.ts'
import { afterSteps, connectionLost, lostStep, stepError } from './failure.ts'
import { inTheWay } from './half-done.ts'
import { lockRequest } from './lock.ts'
import type { OpenStep } from './rows.ts'
import type { Route, RunContext, Step } from './run-context.ts'
import { newProgress } from './statements.ts'
import type { Direction } from './step.ts'

export interface Turn {
  /** What was done and committed. */
  readonly steps: readonly Step[]
  /** Ids applied after it. */
  readonly state: ReadonlySet<string>
  readonly more: boolean
  /** What the next step will run, as far as that is known. */
  readonly next?: RevisionFile | undefined
}

/**
 * Runs the next step, or all of them in one transaction.
 * @param expected what the next step is thought to run; when it is another one that wants another kind of lock, nothing is run
 * @param before how many steps of this run went well
 */
export async function takeTurn(
  context: RunContext,
  route: Route,
  expected: RevisionFile | undefined,
  before: number,
): Promise<Turn> {
  const { dialect, guard } = context
  const mode = modeOf(context, expected)
  let attempts: Attempt[] = []
  const last = (): Attempt | undefined => attempts.at(-1)
  const onBlocked = (blocked: Blocked): void =>
    context.onEvent({ kind: 'blocked', revision: last()?.revision.file.revision ?? '', ...blocked })
  const lock: LockRequest = {
    ...lockRequest(context),
    mode,
    ...(expected ? { work: { direction: route.direction, revision: expected.revision } } : {}),
    onBlocked: (blockers) => onBlocked({ blockers }),
  }
  const turn = (): Promise<Turn> => {
    attempts = []
    context.at('before-lock')
    return dialect.step(context.connect, lock, (session) =>
      underLock(context, route, { mode, expected }, session, attempts),
    )
  }
  const retry = {
    dialect,
    session: context.connect,
    sql: () => last()?.progress.failed?.statement?.sql ?? '',
    pause: (ms: number) => guard.during(() => pause(ms)),
    onBlocked,
  }
  try {
    return await unblocked(retry, turn)
  } catch (error) {
    const attempt = last()
    if (!attempt) throw afterSteps(connectionLost(dialect, error), before)
    // A commit whose answer was lost may have happened; one that the dialect refused has not.
    const doubtful = attempt.finished && !(error instanceof AludelError)
    if (doubtful && (await wasCommitted(context, attempt, error))) {
      const steps = attempts.map((each) => stepOf(context, each))
      return { steps, state: await readState(context), more: true }
    }
    throw await failure(context, attempts, error, before)
  }
}

/** What the lock was asked for. */
interface Expectation {
  readonly mode: StepMode
  readonly expected: RevisionFile | undefined
}

async function underLock(
  context: RunContext,
  route: Route,
  { mode, expected }: Expectation,
  session: Session,
  attempts: Attempt[],
): Promise<Turn> {
  const { ledger, graph } = context
  context.at('in-lock')
  if (!context.ledgerExists) await ledger.create(session)
  const found = await ledger.read(session)
  context.verify(found)
  let state: ReadonlySet<string> = new Set(found.applied.keys())
  const open = (await ledger.open(session)) ?? []
  const obstacle = open.find((step) => isInTheWay(step, route, state))
  if (obstacle) throw inTheWay(obstacle)
  for (;;) {
    const [id, another] = route.plan(state)
    const file = id === undefined ? undefined : graph.revisions.get(id)
    const steps = attempts.map((each) => stepOf(context, each))
    if (!file) return { steps, state, more: false }
    if (modeOf(context, file) !== mode) return { steps, state, more: true, next: file }
    const followed = route.single && another !== undefined
    const attempt = { ...(await begin(context, route.direction, file)), followed }
    attempts.push(attempt)
    // What was expected was told with the lock.
    if (mode === 'transaction' && file !== expected) await announce(context, session, attempt)
    context.onEvent({ kind: 'start', direction: route.direction, revision: file })
    const left = open.find(({ entry }) => entry.revision === file.revision)
    await context.guard.hold(() => carryOut(context, session, attempt, left))
    attempt.finished = true
    state = afterwards(state, route.direction, file.revision)
    if (route.single) {
      await context.guard.between()
      continue
    }
    const next = another === undefined ? undefined : graph.revisions.get(another)
    return { steps: [stepOf(context, attempt)], state, more: next !== undefined, next }
  }
}

/** A step that is half done is finished first by who goes the same way; who goes the other way would build on half of it. */
function isInTheWay(
  { entry: { revision, direction } }: OpenStep,
  route: Route,
  state: ReadonlySet<string>,
): boolean {
  if (direction === route.direction) return false
  const whole = afterwards(state, route.direction === 'upgrade' ? 'downgrade' : 'upgrade', revision)
  return route.plan(whole).includes(revision)
}

async function announce(
  { dialect }: RunContext,
  session: Session,
  { direction, revision }: Attempt,
): Promise<void> {
  await dialect.announce?.(session, { direction, revision: revision.file.revision })
}

async function begin({ now }: RunContext, direction: Direction, file: RevisionFile): Promise<Attempt> {
  const startedAt = now()
  const revision = await loadRevision(file)
  return { revision, direction, progress: newProgress(), startedAt, finished: false, lost: false }
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
 * After an error at commit: whether it happened all the same. It is asked under the lock, which the lost connection keeps until the
 * server has done with it.
 * @throws {AludelError} DATABASE_UNREACHABLE when the database does not say
 */
async function wasCommitted(
  context: RunContext,
  { revision: { file } }: Attempt,
  error: unknown,
): Promise<boolean> {
  const { dialect, ledger, connect, runId } = context
  const { revision } = file
  try {
    return await dialect.step(connect, lockRequest(context), (session) =>
      ledger.isDone(session, runId, revision),
    )
  } catch (refused) {
    // With the first step of all the ledger itself was rolled back.
    if (dialect.isMissingTable(refused)) return false
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

/** @param before how many steps of this run were committed before these attempts */
async function failure(
  context: RunContext,
  attempts: readonly Attempt[],
  error: unknown,
  before: number,
): Promise<unknown> {
  const attempt = attempts.at(-1)
  if (!attempt) return error
  const { direction, progress, revision } = attempt
  const failed = {
    dialect: context.dialect.name,
    direction,
    file: revision.file,
    progress,
    error,
    before,
    lost: attempt.lost || context.dialect.isTransient(error),
    undone: attempts.length - 1,
  }
  const told = attempt.lost && attempt.journal ? lostStep(failed) : stepError(failed)
  await noteFailure(context, attempt, told.code)
  return told
}
