/** One revision in one direction on a locked session: its code run, its operations compiled and carried out. */
import { setImmediate } from 'node:timers/promises'
import { type Dialect, type Session, transactionEnded, withStatements } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import type { Operation } from '../operations/operation.ts'
import type { Operations } from '../operations/operations.ts'
import { type Recorded, recorder } from '../operations/record.ts'
import type { LoadedRevision } from '../revision/load.ts'
import { type Schema, emptySchema } from '../schema/schema.ts'

export type Direction = 'upgrade' | 'downgrade'

/** How far a step came; kept up to date while it runs. */
export interface Progress {
  /** The statements that ran to their end, as they were sent. */
  readonly done: string[]
  /** How many of them no rollback takes back: DDL, and what stood before it, where DDL is not transactional. */
  committed: number
  /** Whether a data statement of a non-transactional dialect has an open transaction around it. */
  dataTransaction: boolean
  running: RunningStatement | undefined
  /** The last that failed, or the operation that could not be compiled, with what was thrown. */
  failed:
    | { readonly error: unknown; readonly stack: string; readonly statement?: RunningStatement }
    | undefined
}

export interface RunningStatement {
  readonly sql: string
  /** Of the call that asked for it. */
  readonly stack: string
  /** From 1, of how many are known. */
  readonly number: number
  readonly of: number
}

export function newProgress(): Progress {
  return { done: [], committed: 0, dataTransaction: false, running: undefined, failed: undefined }
}

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
  /** Where to note how far it came. */
  readonly progress: Progress
}

/**
 * Calls `upgrade` or `downgrade` and carries out what it asks for, in the order asked. On a dialect whose DDL commits, a
 * transaction for data may be open afterwards (`progress.dataTransaction`).
 * @throws {AludelError} STEP_HALF_DONE when the revision ended that transaction; whatever the revision or the database throws
 */
export async function runRevision(step: RunningStep): Promise<void> {
  const { dialect, revision, direction, guard, progress } = step
  const run = revision[direction]
  if (!run) return
  let open = true
  const session = sessionWhile(step.session, () => open)
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
      await flush()
      if (!dialect.capabilities.transactionalDdl && !progress.dataTransaction) {
        await beginData(session, progress)
      }
      const number = progress.done.length + 1
      return noted(progress, { sql, stack, number, of: number }, () => session.query<T>(sql, params))
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

  async function flush(): Promise<void> {
    await carryOut(dialect, session, take(), progress)
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
      await inTurn(flush)
    })
    if (progress.dataTransaction) await releaseData(session, progress)
    open = false
    session.ref()
  } catch (error) {
    open = false
    // Nobody waits any more for a statement that runs.
    if (pending > 0) await session.cancel().catch(() => undefined)
    await last
    session.ref()
    throw await afterFailure(step, error)
  }
}

const tooLate = 'op was used after the revision had ended'

/** Keeps the process alive while a statement runs, and runs none when the revision has ended. */
function sessionWhile(session: Session, isOpen: () => boolean): Session {
  let rested = performance.now()
  const during = async <T>(work: () => Promise<T>): Promise<T> => {
    // A driver that blocks would keep signals out to the end of the step.
    if (performance.now() - rested > 50) {
      await setImmediate()
      rested = performance.now()
    }
    if (!isOpen()) throw new Error(tooLate)
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

/** A savepoint: when it is gone, the revision ended the transaction by itself. */
const dataMark = 'aludel_data'

async function beginData(session: Session, progress: Progress): Promise<void> {
  await session.simple('start transaction')
  await session.simple(`savepoint ${dataMark}`)
  progress.dataTransaction = true
}

/** @throws {AludelError} STEP_HALF_DONE when the transaction is not there any more */
async function releaseData(session: Session, progress: Progress): Promise<void> {
  try {
    await session.simple(`release savepoint ${dataMark}`)
  } catch (error) {
    if (session.closed) throw error
    progress.committed = progress.done.length
    throw transactionEnded()
  }
}

/** Only a transaction that is still there can be rolled back. */
async function afterFailure({ session, progress }: RunningStep, error: unknown): Promise<unknown> {
  const isKnown = error instanceof AludelError && error.code === 'STEP_HALF_DONE'
  if (!progress.dataTransaction || session.closed || isKnown) return error
  try {
    await session.simple(`rollback to savepoint ${dataMark}`)
    return error
  } catch {
    if (session.closed) return error
    progress.committed = progress.done.length
    return transactionEnded(error)
  }
}

async function carryOut(
  dialect: Dialect,
  session: Session,
  batch: readonly Recorded[],
  progress: Progress,
): Promise<void> {
  if (batch.length === 0) return
  const operations = batch.map(({ operation }) => operation)
  const tables = dialect.reads(operations)
  const before = tables.length === 0 ? emptySchema : await dialect.reflect(session, { tables })
  const compiled = await dialect.compile(operations, before).catch(async (error: unknown) => {
    const { stack = '' } = batch[await firstRefused(dialect, operations, before)] ?? {}
    progress.failed = { error, stack }
    throw error
  })
  const total = progress.done.length + compiled.reduce((sum, statements) => sum + statements.length, 0)
  const { transactionalDdl } = dialect.capabilities
  if (!transactionalDdl && progress.dataTransaction) {
    // DDL would commit it all the same, and only sometimes.
    await releaseData(session, progress)
    await session.simple('commit')
    progress.dataTransaction = false
    progress.committed = progress.done.length
  }
  for (const [at, statements] of compiled.entries()) {
    for (const { sql } of statements) {
      const statement = { sql, stack: batch[at]?.stack ?? '', number: progress.done.length + 1, of: total }
      await noted(progress, statement, () => session.simple(sql))
      if (!transactionalDdl) progress.committed = progress.done.length
    }
  }
}

/** Notes that a statement runs, and how it ended. */
async function noted<T>(progress: Progress, statement: RunningStatement, run: () => Promise<T>): Promise<T> {
  progress.running = statement
  try {
    const result = await run()
    progress.done.push(statement.sql)
    return result
  } catch (error) {
    progress.failed = { error, stack: statement.stack, statement }
    throw error
  } finally {
    progress.running = undefined
  }
}

/** Kysely is loaded before the revision runs, and only where its text can need it: it takes 150 ms. */
function mentionsDb(source: string): boolean {
  return /\bdb\b/.test(source) || /^\s*import\s+(?!type\b)/m.test(source)
}

/** The position of the operation at which compiling fails: those before it compile. */
async function firstRefused(
  dialect: Dialect,
  operations: readonly Operation[],
  before: Schema,
): Promise<number> {
  let [good, bad] = [0, operations.length]
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2)
    const compiles = await dialect.compile(operations.slice(0, middle), before).then(
      () => true,
      () => false,
    )
    if (compiles) good = middle
    else bad = middle
  }
  return good
}
