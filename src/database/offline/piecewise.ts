/**
 * A step whose statements are committed one by one. The journal is told of each before and after it, as by a run of aludel, which can
 * go on from there; so can the same script, where it may be run again.
 */
import type { ScriptBlock, ScriptVariable } from '../../dialect.ts'
import { setting, several } from '../journaled.ts'
import { type Position, advance, hashOf, start } from '../position.ts'
import { maskSecrets } from '../secret-literals.ts'
import type { Compiled } from '../statements.ts'
import { inOrder, isToDo, notOpen, toDo } from './checks.ts'
import { type ScriptContext, claimed, hand, journalEntryOf, ledgerLines } from './context.ts'
import type { PlannedStep } from './plan.ts'
import { notScripted } from './refusals.ts'
import { failing, inParts, resumable } from './resume.ts'
import { atRun } from './written.ts'

/** @throws {AludelError} NOT_SUPPORTED */
export async function piecewise(context: ScriptContext, step: PlannedStep): Promise<readonly string[]> {
  const { block, scripting } = context
  const { direction, revision } = step
  const { revision: id } = revision.file
  const entry = scripting.variable?.('entry')
  if (!entry) {
    throw notScripted(`Scripts for ${scripting.client} cannot hold a step that is no transaction.`, {
      details: { revision: id },
    })
  }
  const pieces = piecesOf(context, step)
  const finish = await ledgerLines(context, async (ledger, session) => {
    await session.simple('start transaction')
    await claimed(context, step, ledger, session)
    await ledger.end(session, entryOf(context, step, 'done'))
    await session.simple('commit')
  })
  if (block) return again({ context, step, pieces, entry, finish }, block)
  return [
    ...scripting.refuse([
      toDo(context, direction, id),
      ...inOrder(context, direction, id),
      notOpen(context, id),
    ]),
    entry.set(scripting.uuid),
    ...(await begun(context, step)),
    ...(await Promise.all(pieces.map((piece) => linesOf(context, step, piece)))).flat(),
    ...finish,
  ]
}

interface Again {
  readonly context: ScriptContext
  readonly step: PlannedStep
  readonly pieces: readonly Piece[]
  readonly entry: ScriptVariable
  readonly finish: readonly string[]
}

/** The same, each piece under the condition that it is not done. */
async function again(
  { context, step, pieces, entry, finish }: Again,
  block: ScriptBlock,
): Promise<readonly string[]> {
  const { dialect, ledger, scripting } = context
  const { direction, revision } = step
  const { revision: id } = revision.file
  const { journal } = ledger
  const own = `entry = ${entry.get}`
  const lines = [
    // Nothing is known of the row yet when a check fails.
    ...[entry, inParts(scripting)].map((each) => each.set('null')),
    ...block.refuse([
      ...inOrder(context, direction, id),
      ...resumable(context, step, [start, ...pieces.map(({ to }) => to)]),
    ]),
    entry.set(
      `coalesce((select entry from ${journal} where revision = ${dialect.literal(id)} and outcome in ('running', 'halfDone') limit 1), ${scripting.uuid})`,
    ),
    ...block.when(`not exists (select 1 from ${journal} where ${own})`, await begun(context, step)),
    block.statement(
      `update ${journal} set outcome = 'running', ended_at = null, error_code = null where ${own}`,
    ),
  ]
  for (const piece of pieces) {
    const done = `(select statement_done from ${journal} where ${own}) >= ${piece.to.statement}`
    // What it set ended with the session of the earlier run.
    const settings = piece.statements.filter(({ sql }) => setting.test(sql))
    if (settings.length > 0)
      lines.push(
        ...block.when(
          done,
          settings.map(({ sql }) => block.statement(sql)),
        ),
      )
    lines.push(...block.when(`not ${done}`, await linesOf(context, step, piece)))
  }
  return block.whole(block.when(isToDo(context, direction, id), [...lines, ...finish]), failing(context, own))
}

/** Statements that are committed together, and how far the step is before and after them. */
interface Piece {
  readonly statements: readonly Compiled[]
  readonly from: Position
  readonly to: Position
  /** A transaction holds them, with the note that they are done. */
  readonly isHeld: boolean
}

function piecesOf({ dialect }: ScriptContext, { revision, statements }: PlannedStep): readonly Piece[] {
  const pieces: Piece[] = []
  let from = start
  for (const statement of statements) {
    const isHeld = dialect.rollsBack(statement.sql)
    const to = advance(from, statement.sql)
    const last = pieces.at(-1)
    // A revision that asks for no transaction gets none over several statements.
    if (last?.isHeld && isHeld && revision.file.transaction) {
      pieces.splice(-1, 1, { ...last, statements: [...last.statements, statement], to })
    } else pieces.push({ statements: [statement], from, to, isHeld })
    from = to
  }
  return pieces
}

function entryOf(
  context: ScriptContext,
  { revision, direction, statements: { length } }: PlannedStep,
  outcome: 'running' | 'done',
) {
  return journalEntryOf(context, {
    entry: atRun.entry,
    revision: revision.file.revision,
    direction,
    outcome,
    statement: outcome === 'done' ? length : 0,
    statements: length,
  })
}

/** The step's row in the journal. A run that goes on compiles against the same shape again. */
function begun(context: ScriptContext, step: PlannedStep): Promise<readonly string[]> {
  const { shape, statements } = step
  return ledgerLines(context, async (ledger, session) => {
    await ledger.write(session, entryOf(context, step, 'running'))
    if (Object.keys(shape.tables).length > 0)
      await ledger.advance(session, atRun.entry, { ...start, shape }, statements.length)
  })
}

async function linesOf(
  context: ScriptContext,
  { statements: all }: PlannedStep,
  { statements, from, to, isHeld }: Piece,
): Promise<readonly string[]> {
  const { secrets } = context.run
  const note = (position: Position): Promise<readonly string[]> =>
    ledgerLines(context, (ledger, session) => ledger.advance(session, atRun.entry, position, all.length))
  const { statement } = hand(context)
  const lines = statements.map(({ sql }) => statement(sql))
  if (isHeld) return [statement('start transaction'), ...lines, ...(await note(to)), statement('commit')]
  const [running] = statements.map(({ sql }) => ({ sql: maskSecrets(sql, secrets), hash: hashOf(sql) }))
  const before = await note({ ...from, ...(running ? { running } : {}) })
  const isSeveral = context.block !== undefined && statements.some(({ sql }) => several.test(sql))
  const set = (value: string): readonly string[] => (isSeveral ? [inParts(context.scripting).set(value)] : [])
  return [...before, ...set('1'), ...lines, ...set('null'), ...(await note(to))]
}
