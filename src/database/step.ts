/** One revision in one direction on a locked session: its code run, its operations compiled and carried out. */
import { setImmediate, setTimeout as pause } from 'node:timers/promises'
import { type CompileOptions, type Dialect, type Session, withStatements } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import type { Operations } from '../operations/operations.ts'
import { type Recorded, recorder } from '../operations/record.ts'
import type { LoadedRevision } from '../revision/load.ts'
import type { Blocked } from './blocked.ts'
import { type Consent, checkConsent } from './consent.ts'
import { type Journal, journaled } from './journaled.ts'
import type { Carrier, Progress } from './statements.ts'
import { transactional } from './transactional.ts'

export type Direction = 'upgrade' | 'downgrade'

/** How a run learns that its process is to end: by a signal, an error that nobody waits for, or because nothing is left that could go on. */
export interface Guard {
  /** Runs a revision's own code; rejects when the process is to end before that has settled. */
  during<T>(work: () => Promise<T>): Promise<T>
  /** Runs what must come to its end; a signal meanwhile is kept for `between`. */
  hold<T>(work: () => Promise<T>): Promise<T>
  /**
   * Lets signals in.
   * @throws {AludelError} INTERRUPTED, TERMINATED when one came
   */
  between(): Promise<void>
}

export interface RunningStep {
  readonly dialect: Dialect
  /** Locked. */
  readonly session: Session
  readonly revision: LoadedRevision
  readonly direction: Direction
  readonly guard: Guard
  /** Another revision comes after it in the same transaction; default false. */
  readonly followed?: boolean
  /** Where to note how far it came. */
  readonly progress: Progress
  /** Its row in the journal, where its statements are committed one by one. */
  readonly journal: Journal | undefined
  readonly consent: Consent
  readonly onBlocked: (blocked: Blocked) => void
  /** Called before each statement. */
  readonly onStatement: () => void
}

/**
 * Calls `upgrade` or `downgrade` and carries out what it asks for, in the order asked. Where statements are committed one by one, a
 * transaction for data may be open afterwards (`progress.dataTransaction`).
 * @throws {AludelError} STEP_HALF_DONE when the revision ended that transaction; whatever the revision or the database throws
 */
export async function runRevision(step: RunningStep): Promise<void> {
  const { dialect, revision, direction, guard, progress, followed = false } = step
  const run = revision[direction]
  if (!run) return
  let open = true
  const ended = new AbortController()
  const own = keptAlive(step.session)
  const session = withStatements(
    own,
    sessionWhile(step, own, () => open),
  )
  const carrier = carrierOf({ ...step, session }, own, ended.signal)
  const kysely = mentionsDb(revision.source) ? await dialect.kysely(stepSession()) : undefined
  let last: Promise<unknown> = Promise.resolve()
  let pending = 0

  /** Statements run one after the other, in the order of the calls, also when nobody waits for them. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (!open) return Promise.reject(new Error(tooLate))
    pending++
    const turn = last.then(work).finally(() => pending--)
    last = turn.catch(() => undefined)
    return turn
  }

  function stepSession(): Session {
    return withStatements(session, {
      query: (sql, params) => data(sql, params),
      simple: async (sql) => {
        await data(sql)
      },
    })
  }

  function data<T>(sql: string, params?: readonly unknown[]): Promise<readonly T[]> {
    const stack = new Error('called').stack ?? ''
    return inTurn(async () => {
      await flush({ followed: true })
      return carrier.query<T>(sql, params, stack)
    })
  }

  const { op, take } = recorder({
    dialect: dialect.name,
    query: data,
    db: () => {
      if (kysely) return kysely as Operations['db']
      throw new AludelError('OPERATION_INVALID', 'op.db must be named in the revision file itself.', {
        fix: 'Write `op.db` in the revision and pass it on.',
      })
    },
  })

  async function flush(options: CompileOptions): Promise<void> {
    const batch = take()
    if (batch.length === 0) return
    checkConcurrently(batch, revision, progress)
    await carrier.operations(batch, options)
  }

  // A connection that waits must not keep the process alive: that it ends shows a revision that never settles.
  session.unref()
  try {
    await guard.during(async () => {
      await run(op)
      if (pending > 0) {
        await last
        throw new AludelError(
          'STEP_FAILED',
          `${direction} returned before its queries had ended: an \`await\` is missing.`,
        )
      }
      await inTurn(() => flush({ followed }))
    })
    await carrier.end()
    open = false
    session.ref()
  } catch (error) {
    open = false
    ended.abort()
    // Nobody waits any more for a statement that runs.
    if (pending > 0) await session.cancel().catch(() => undefined)
    await last
    const told = await carrier.undo(error)
    session.ref()
    throw told
  }
}

const tooLate = 'op was used after the revision had ended'

/** @param own for what the revision did not ask for: it goes on when the revision has ended */
function carrierOf(step: RunningStep, own: Session, signal: AbortSignal): Carrier {
  const { dialect, journal, revision, direction, consent } = step
  // Who asks for a downgrade has asked for what it drops.
  const given = direction === 'downgrade' ? 'everything' : consent
  const check = checkConsent({ dialect, session: own, file: revision.file, consent: given })
  if (!journal) {
    const inTransaction = dialect.capabilities.transactionalDdl && revision.file.transaction
    return transactional({ ...step, checkConsent: check, inTransaction })
  }
  const mode = revision.file.transaction ? 'transaction' : 'no-transaction'
  const wait = (ms: number): Promise<void> => pause(ms, undefined, { signal })
  return journaled({ ...step, own, journal, mode, checkConsent: check, pause: wait })
}

/** @throws {AludelError} OPERATION_INVALID for an index that is made or dropped `concurrently` in a transaction */
export function checkConcurrently(
  batch: readonly Recorded[],
  { file }: Pick<LoadedRevision, 'file'>,
  progress: Progress,
): void {
  const wrong = batch.find(({ operation }) => 'concurrently' in operation && operation.concurrently)
  if (!wrong || !file.transaction) return
  const error = new AludelError(
    'OPERATION_INVALID',
    `op.${wrong.operation.kind}: \`concurrently\` is not possible in a transaction.`,
    { fix: 'Put it in a revision of its own that says `export const transaction = false`.' },
  )
  progress.failed = { error, stack: wrong.stack }
  throw error
}

/** Keeps the process alive while a statement runs. */
function keptAlive(session: Session): Session {
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    session.ref()
    try {
      return await work()
    } finally {
      session.unref()
    }
  }
  return withStatements(session, {
    query: (sql, params) => during(() => session.query(sql, params)),
    simple: (sql) => during(() => session.simple(sql)),
  })
}

/** Runs no statement when the revision has ended. */
function sessionWhile(
  { onStatement }: RunningStep,
  session: Session,
  isOpen: () => boolean,
): Pick<Session, 'query' | 'simple'> {
  let rested = performance.now()
  const check = async (): Promise<void> => {
    // A driver that blocks would keep signals out to the end of the step.
    if (performance.now() - rested > 50) {
      await setImmediate()
      rested = performance.now()
    }
    if (!isOpen()) throw new Error(tooLate)
    onStatement()
  }
  return {
    query: async (sql, params) => {
      await check()
      return session.query(sql, params)
    },
    simple: async (sql) => {
      await check()
      await session.simple(sql)
    },
  }
}

/** Kysely is loaded before the revision runs, and only where its text can need it: it takes 150 ms. */
function mentionsDb(source: string): boolean {
  return /\bdb\b/.test(source) || /^\s*import\s+(?!type\b)/m.test(source)
}
