/**
 * The statements of a step that no transaction holds together, because the dialect commits each change of the schema or the revision asks
 * for none. The journal has, committed, which of them runs before it is sent, and that it is done; so a run after a crash goes on from there.
 */
import { type Dialect, type Session, type StepMode, transactionEnded } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { madeBy } from '../operations/drops.ts'
import type { Operation } from '../operations/operation.ts'
import type { Recorded } from '../operations/record.ts'
import type { Schema } from '../schema/schema.ts'
import { type Blocked, unblocked } from './blocked.ts'
import type { CheckConsent } from './consent.ts'
import { type Subject, changed, inDoubt, notRepeatable, perhapsInPart } from './half-done.ts'
import { leading, leadingOrCarriedOut } from './leading.ts'
import { checkFilled } from './filled.ts'
import type { Ledger } from './ledger.ts'
import { type Position, advance, fits, hashOf, isFresh } from './position.ts'
import {
  type Asked,
  type Carrier,
  type Compiled,
  type Progress,
  type RunningStatement,
  compileBatch,
  countDone,
  noted,
  readShape,
} from './statements.ts'

export interface Journaled {
  readonly dialect: Dialect
  /** For what the revision asks for. */
  readonly session: Session
  /** The same, for what goes with it, also when the revision has ended. */
  readonly own: Session
  readonly progress: Progress
  readonly mode: StepMode
  readonly journal: Journal
  readonly checkConsent: CheckConsent
  readonly onBlocked: (blocked: Blocked) => void
  /** Milliseconds; rejects when the revision is to end. */
  readonly pause: (ms: number) => Promise<unknown>
}

/** The step's row in the journal. */
export interface Journal {
  readonly ledger: Ledger
  readonly entry: string
  readonly subject: Subject
  /** Takes passwords out of a text. */
  readonly mask: (text: string) => string
  /** Where the step is; where it is found when it begins, if an earlier run has left it half done. */
  position: Position
}

/** A savepoint: when it is gone, the revision ended the transaction by itself. */
const dataMark = 'aludel_data'

/** What lasts only as long as the session. */
export const setting = new RegExp(`^${leadingOrCarriedOut}set\\b`, 'i')

/** Statements that run others, and may have committed some of them when they fail. */
export const several = new RegExp(`^${leading}(?:call|do|execute|begin)\\b`, 'i')

export function journaled(step: Journaled): Carrier {
  const { dialect, session, own, progress, mode, journal } = step
  const { position: found } = journal
  /** Whether what an earlier run left has been dealt with. */
  let resumed = isFresh(found)
  let isFirst = true
  /** What the open data transaction holds. */
  let held: { readonly sql: string; readonly repeatable: boolean }[] = []
  progress.earlier = found.statement
  progress.resumable = found.proof.kind !== 'none'

  const of = (): number => Math.max(total, countDone(progress))
  let total = found.statement

  async function save(position: Position): Promise<void> {
    const { shape, ...rest } = position
    // The shape may be long, and never changes.
    const isNew = shape !== undefined && journal.position.shape === undefined
    await journal.ledger.advance(own, journal.entry, isNew ? position : rest, of())
    journal.position = position
    progress.resumable = position.proof.kind !== 'none'
  }

  async function begin(): Promise<void> {
    await own.simple('start transaction')
    await own.simple(`savepoint ${dataMark}`)
    progress.dataTransaction = true
  }

  /** @throws {AludelError} STEP_HALF_DONE when the transaction is not there any more */
  async function release(): Promise<void> {
    try {
      await own.simple(`release savepoint ${dataMark}`)
    } catch (error) {
      if (own.closed) throw error
      await noteEnded()
      throw transactionEnded()
    }
  }

  /** Nobody knows what it committed with that. */
  async function noteEnded(): Promise<void> {
    progress.committed = progress.done.length
    if (journal.position.statement > 0) await save(unrepeatable(journal.position))
  }

  /** Commits the data statements, and with them that they are done. */
  async function commit(): Promise<void> {
    if (!progress.dataTransaction) return
    await release()
    const reached = held.reduce(
      (at, { sql, repeatable }) => (repeatable ? advance(at, sql) : unrepeatable(advance(at, sql))),
      journal.position,
    )
    const before = journal.position
    try {
      await save(reached)
      await own.simple('commit')
    } catch (error) {
      if (own.closed) throw error
      // Refused, as by a constraint that is looked at only now: nothing of it is there.
      await own.simple('rollback')
      progress.dataTransaction = false
      progress.done.splice(progress.committed)
      journal.position = before
      held = []
      throw error
    }
    progress.dataTransaction = false
    progress.committed = progress.done.length
    held = []
  }

  function send<T>(asked: Asked, run: () => Promise<T>): Promise<T> {
    const number = countDone(progress) + 1
    const statement: RunningStatement = { ...asked, number, of: Math.max(of(), number) }
    return noted(progress, statement, run)
  }

  /** Tried again while others use what it changes. */
  function retried<T>({ sql }: Asked, run: () => Promise<T>): Promise<T> {
    return unblocked({ ...step, session: async () => own, sql: () => sql }, run)
  }

  /** In a transaction with the note that it is done. */
  async function hold<T>(asked: Asked, repeatable: boolean, run: () => Promise<T>): Promise<T> {
    const part = { sql: asked.sql, repeatable }
    const once = mode === 'transaction' ? () => joined(run) : () => whole(part, run)
    const result = await send(asked, () => retried(asked, once))
    if (mode === 'transaction') held.push(part)
    else progress.committed = progress.done.length
    return result
  }

  async function joined<T>(run: () => Promise<T>): Promise<T> {
    if (!progress.dataTransaction) await begin()
    return run()
  }

  /** In a transaction of its own. When it fails nothing of that is left, so that it can be tried again. */
  async function whole<T>(part: (typeof held)[number], run: () => Promise<T>): Promise<T> {
    await begin()
    try {
      const result = await run()
      held = [part]
      await commit()
      return result
    } catch (error) {
      if (progress.dataTransaction && !own.closed) await own.simple('rollback')
      progress.dataTransaction = false
      throw error
    }
  }

  /** With a note before it and one after it. */
  async function alone<T>(asked: Asked, repeatable: boolean, run: () => Promise<T>): Promise<T> {
    await commit()
    const { sql } = asked
    const effect = await dialect.effect(own, sql)
    const running = {
      sql: journal.mask(sql),
      hash: hashOf(sql),
      ...(effect === undefined ? {} : { effect: hashOf(effect) }),
    }
    await save({ ...journal.position, running })
    let result: T
    try {
      result = await send(asked, several.test(sql) ? run : () => retried(asked, run))
    } catch (error) {
      if (own.closed) throw error
      // What aludel itself refuses was not sent, but for one that it stopped.
      const wasSent = !(error instanceof AludelError) || error.code === 'LOCK_TIMEOUT'
      if (wasSent && several.test(sql)) {
        throw perhapsInPart(journal.subject, journal.position, running, error)
      }
      // The server says that it failed, so it did nothing.
      const { running: _, ...rest } = journal.position
      await save(rest)
      throw error
    }
    progress.committed = progress.done.length
    const after = advance(journal.position, sql)
    await save(repeatable ? after : unrepeatable(after))
    return result
  }

  /** Finds out how many statements of the first batch an earlier run has carried out. */
  async function resume(asked: readonly Asked[]): Promise<void> {
    const texts = asked.map(({ sql }) => sql)
    if (found.proof.kind === 'none') throw notRepeatable(journal.subject, found)
    if (!fits(found, texts)) throw changed(journal.subject, found)
    const { running, ...known } = found
    if (running === undefined) return
    const now = await dialect.effect(own, running.sql)
    if (running.effect === undefined || now === undefined) throw inDoubt(journal.subject, found, running)
    const took = hashOf(now) !== running.effect
    const next = texts[found.statement]
    if (took && (next === undefined || hashOf(next) !== running.hash)) {
      throw changed(journal.subject, { ...found, statement: found.statement + 1 })
    }
    await save(took ? advance(known, next ?? '') : known)
    progress.earlier = journal.position.statement
  }

  /** @param rest of the statements asked for, those that an earlier run has not carried out */
  function agree(
    batch: readonly Recorded[],
    asked: readonly Compiled[],
    rest: readonly Compiled[],
  ): Promise<void> {
    const operations = batch.map(({ operation }) => operation)
    const done = asked.slice(0, asked.length - rest.length)
    const of = (statements: readonly Compiled[], each: Operation): boolean =>
      statements.some(({ operation }) => operation === each)
    const left = operations.filter((each) => of(rest, each) || !of(done, each))
    return step.checkConsent({ operations, left, inTransaction: progress.dataTransaction })
  }

  /** Compiled against what the first run found, its statements are the same again. */
  async function shapeFor(batch: readonly Recorded[]): Promise<Schema> {
    const { shape } = journal.position
    if (!isFirst || shape === undefined) return readShape(dialect, own, batch)
    const missing = tablesBeyond(dialect, batch, shape)
    if (missing.length === 0) return shape
    const now = await dialect.reflect(own, { tables: missing })
    return { ...shape, tables: { ...shape.tables, ...now.tables } }
  }

  return {
    operations: async (batch) => {
      const shape = await shapeFor(batch)
      const asked = await compileBatch(dialect, batch, shape, progress)
      const begins = resumed && isFirst
      if (!resumed) {
        await resume(asked)
        for (const { sql } of asked.slice(0, journal.position.statement)) {
          // What it set ended with the session of the earlier run.
          if (setting.test(sql)) await own.simple(sql)
        }
        resumed = true
      }
      const rest = isFirst ? asked.slice(journal.position.statement) : asked
      await agree(batch, asked, rest)
      if (begins) await save({ ...journal.position, shape })
      isFirst = false
      total = countDone(progress) + rest.length
      for (const each of rest) {
        const run = async (): Promise<void> => {
          const inTransaction = progress.dataTransaction
          if (each.isFirst) await checkFilled(each.operation, { dialect, session: own, inTransaction })
          await session.simple(each.sql)
        }
        await (dialect.rollsBack(each.sql) ? hold(each, true, run) : alone(each, true, run))
      }
    },
    query: async <T>(sql: string, params: readonly unknown[] | undefined, stack: string) => {
      // It asks for rows before anything that was carried out is asked for again.
      if (!resumed) {
        const isEdited = found.proof.kind !== 'none' && found.statement > 0
        throw (isEdited ? changed : notRepeatable)(journal.subject, found)
      }
      isFirst = false
      const run = (): Promise<readonly T[]> => session.query<T>(sql, params)
      const isHeld = mode === 'transaction' || dialect.rollsBack(sql)
      return isHeld ? hold({ sql, stack }, false, run) : alone({ sql, stack }, false, run)
    },
    end: async () => {
      if (!resumed) throw changed(journal.subject, found)
      if (progress.dataTransaction) await release()
    },
    undo: async (error) => {
      const isKnown = error instanceof AludelError && error.code === 'STEP_HALF_DONE'
      if (!progress.dataTransaction || own.closed || isKnown) return error
      try {
        await own.simple(`rollback to savepoint ${dataMark}`)
        return error
      } catch {
        if (own.closed) return error
        await noteEnded()
        return transactionEnded(error)
      }
    },
  }
}

function unrepeatable(position: Position): Position {
  return { ...position, proof: { kind: 'none' } }
}

/** Tables that a corrected revision asks for and the first run did not; those that it makes itself are not there before. */
function tablesBeyond(dialect: Dialect, batch: readonly Recorded[], { tables }: Schema): readonly string[] {
  const operations = batch.map(({ operation }) => operation)
  const made = new Set(madeBy(operations))
  return dialect.reads(operations).filter((table) => !Object.hasOwn(tables, table) && !made.has(table))
}
