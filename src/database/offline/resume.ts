/** How a script that is run again finds out where a step is that was committed in part, and leaves one that fails. */
import type { ScriptCheck, ScriptVariable, Scripting } from '../../dialect.ts'
import { type Position, positionText, start } from '../position.ts'
import { isOpen } from './checks.ts'
import type { ScriptContext } from './context.ts'
import type { PlannedStep } from './plan.ts'

/** Keeps in mind that what runs may be done in part when it fails. */
export function inParts({ variable }: Scripting): ScriptVariable {
  return variable?.('parts') ?? { get: 'null', set: () => '' }
}

/**
 * What an earlier run of the script left must be the beginning of this step.
 * @param positions that the step may be in between two of its pieces
 */
export function resumable(
  context: ScriptContext,
  { revision, direction }: PlannedStep,
  positions: readonly Position[],
): readonly ScriptCheck[] {
  const { dialect } = context
  const { revision: id } = revision.file
  const literal = (text: string): string => dialect.literal(text)
  const began = (position: Position): string => positionText(position).slice(0, -1)
  const known = positions.map(
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

/**
 * A statement that the server refuses has done nothing: what it was begun with is noted no more.
 * @param own the condition on the step's row in the journal
 */
export function failing({ ledger, scripting }: ScriptContext, own: string): readonly string[] {
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
