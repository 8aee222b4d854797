/**
 * A step whose statements are committed one by one. The journal is told of each before and after it, as by a run of aludel, which can
 * go on from there; so can the same script, where it may be run again.
 */
import type { Scripting } from '../../dialect.ts'
import { several } from '../journaled.ts'
import { type Position, advance, hashOf, positionText, start } from '../position.ts'
import { maskSecrets } from '../secret-literals.ts'
import type { Compiled } from '../statements.ts'
import { inOrder, isOpen, isToDo, notOpen, toDo } from './checks.ts'
import { type ScriptContext, claimed, hand, journalEntryOf, ledgerLines } from './context.ts'
import type { PlannedStep } from './plan.ts'
import { notScripted } from './refusals.ts'
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
  if (!block) {
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
  const { journal } = context.ledger
  const own = `entry = ${entry.get}`
  const again = [
    // Nothing is known of the row yet when a check fails.
    ...[entry, inParts(scripting)].map((each) => each.set('null')),
    ...block.refuse([...inOrder(context, direction, id), ...resumable(context, step, pieces)]),
    entry.set(
      `coalesce((select entry from ${journal} where revision = ${context.dialect.literal(id)} and outcome in ('running', 'halfDone') limit 1), ${scripting.uuid})`,
    ),
    ...block.when(`not exists (select 1 from ${journal} where ${own})`, await begun(context, step)),
    block.statement(
      `update ${journal} set outcome = 'running', ended_at = null, error_code = null where ${own}`,
    ),
  ]
  for (const piece of pieces) {
    const left = `(select statement_done from ${journal} where ${own}) < ${piece.to.statement}`
    again.push(...block.when(left, await linesOf(context, step, piece)))
  }
  return block.whole(
    block.when(isToDo(context, direction, id), [...again, ...finish]),
    failing(context, scripting, own),
  )
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

/** Keeps in mind that what runs may be done in part when it fails. */
function inParts({ variable }: Scripting): { readonly get: string; set(expression: string): string } {
  return variable?.('parts') ?? { get: 'null', set: () => '' }
}

/** What an earlier run of the script left must be the beginning of this step. */
function resumable(context: ScriptContext, { revision, direction }: PlannedStep, pieces: readonly Piece[]) {
  const { dialect } = context
  const { revision: id } = revision.file
  const literal = (text: string): string => dialect.literal(text)
  const began = (position: Position): string => positionText(position).slice(0, -1)
  const known = [start, ...pieces.map(({ to }) => to)].map(
    (position) => `when ${position.statement} then ${literal(`${began(position)}%`)}`,
  )
  const isKnown = `position is null or position like ${literal(`${began({ ...start, proof: { kind: 'person' } })}%`)} or position like case statement_done ${known.join(' ')} else '' end`
  return [
    {
      fault: isOpen(context, id, ` and direction <> ${literal(direction)}`),
      message: `Revision ${id} is half done, the other way; aludel goes on with it.`,
    },
    {
      fault: isOpen(context, id, ` and position like '%},"running":{%'`),
      message: `Revision ${id} was cut off in a statement; \`aludel repair ${id}\` says whether it is done.`,
    },
    {
      fault: isOpen(context, id, ` and not (${isKnown})`),
      message: `Revision ${id} is half done, by other statements than these.`,
    },
  ]
}

/** A statement that the server refuses has done nothing: what it was begun with is noted no more. */
function failing({ ledger }: ScriptContext, scripting: Scripting, own: string): readonly string[] {
  const sets = {
    outcome: "case when statement_done = 0 then 'failed' else 'halfDone' end",
    error_code: "case when statement_done = 0 then 'STEP_FAILED' else 'STEP_HALF_DONE' end",
    ended_at: scripting.now,
    position: `case when statement_done = 0 then null else concat(substring(position from 1 for position('"}' in position) + 1), '}') end`,
    shape: 'case when statement_done = 0 then null else shape end',
  }
  const list = Object.entries(sets).map(([column, value]) => `${column} = ${value}`)
  const where = `${own} and outcome = 'running' and ${inParts(scripting).get} is null`
  return ['rollback;', `update ${ledger.journal} set ${list.join(', ')} where ${where};`]
}
