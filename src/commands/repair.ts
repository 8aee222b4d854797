import type { Settings } from '../config.ts'
import { journalRowOf } from '../database/entries.ts'
import { lockRequest } from '../database/lock.ts'
import { noteDone } from '../database/note.ts'
import { type Position, judge } from '../database/position.ts'
import type { OpenStep } from '../database/rows.ts'
import { AludelError } from '../errors.ts'
import { runContext, withDatabase } from './database.ts'
import { type Caller, readGraph } from './project.ts'

export interface RepairOptions {
  /** An id, or the unique beginning of one that is half done. */
  readonly revision: string
  /** From 1. */
  readonly statement: number
  /** Whether that statement is in the database; those before it are, those after it are not. */
  readonly applied: boolean
}

export interface RepairResult {
  readonly revision: string
  readonly direction: 'upgrade' | 'downgrade'
  /** The statement at which the next run goes on, from 1. */
  readonly next: number
}

/**
 * Records what a person found out about a step that is half done. Runs nothing.
 * @throws {AludelError} NOTHING_HALF_DONE; BAD_TARGET when the step has no such statement; NOT_SUPPORTED when it cannot go on in its middle
 */
export async function repair(
  settings: Settings,
  options: RepairOptions,
  caller: Caller,
): Promise<RepairResult> {
  const graph = await readGraph(settings)
  return withDatabase(settings, 'write', async (database) => {
    const { dialect, ledger } = database
    const outside = await ledger.read(await database.connect())
    if (!outside.exists) throw nothing(options.revision, [])
    const context = runContext(settings, database, graph, outside, caller)
    return dialect.step(database.connect, lockRequest(context), async (session) => {
      const step = find((await ledger.open(session)) ?? [], options.revision)
      const { revision, direction } = step.entry
      const position = positionFor(step, options)
      if (!dialect.capabilities.transactionalDdl) await session.simple('start transaction')
      await ledger.closeOpen(session, revision)
      if (position.statement > 0) {
        const row = journalRowOf(context, step.entry, 'running')
        await ledger.write(session, row)
        await ledger.advance(session, row.entry, position, step.entry.statements)
        await ledger.end(session, { ...row, outcome: 'halfDone', statement: position.statement })
      }
      await noteDone(context, session, { revision, direction: 'repair' })
      if (!dialect.capabilities.transactionalDdl) await session.simple('commit')
      return {
        revision,
        direction: direction === 'downgrade' ? direction : 'upgrade',
        next: position.statement + 1,
      }
    })
  })
}

function find(open: readonly OpenStep[], wanted: string): OpenStep {
  const exact = open.find(({ entry }) => entry.revision === wanted)
  const [found, another] = open.filter(({ entry }) => wanted !== '' && entry.revision.startsWith(wanted))
  if (exact) return exact
  if (found && !another) return found
  throw nothing(wanted, open)
}

function nothing(wanted: string, open: readonly OpenStep[]): AludelError {
  const ids = open.map(({ entry }) => entry.revision)
  return new AludelError(
    'NOTHING_HALF_DONE',
    `No step of revision ${wanted === '' ? "''" : wanted} is half done.`,
    {
      state: 'Nothing was changed.',
      fix:
        ids.length === 0
          ? 'Nothing is to repair: run `aludel upgrade` or `aludel downgrade` as ever.'
          : `Name one of these: ${ids.join(', ')}.`,
      details: { revision: wanted, halfDone: ids },
    },
  )
}

function positionFor({ entry, position }: OpenStep, { statement, applied }: RepairOptions): Position {
  const known = Math.max(entry.statements, position.statement + (position.running ? 1 : 0))
  if (statement > known) {
    throw new AludelError(
      'BAD_TARGET',
      `The ${entry.direction} of revision ${entry.revision} has ${known} statements, as far as it came; there is no statement ${statement}.`,
      {
        state: 'Nothing was changed.',
        fix: `Give --statement a number from 1 to ${known}.`,
        details: { revision: entry.revision, statements: known },
      },
    )
  }
  const judged = judge(position, applied ? statement : statement - 1)
  if (judged.proof.kind !== 'none' || judged.statement === 0) return judged
  throw new AludelError(
    'NOT_SUPPORTED',
    `The ${entry.direction} of revision ${entry.revision} changed data by queries, so it cannot go on in its middle.`,
    {
      state: 'Nothing was changed.',
      fix:
        `Undo by hand what it did and run \`aludel repair ${entry.revision} --statement 1 --not-applied\`` +
        (entry.direction === 'upgrade'
          ? `; or carry the rest out by hand and run \`aludel stamp ${entry.revision}\`.`
          : '.'),
      details: { revision: entry.revision },
    },
  )
}
