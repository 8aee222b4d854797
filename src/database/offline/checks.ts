/** What must hold of the ledger where a step begins, in SQL. */
import type { Dialect, ScriptCheck } from '../../dialect.ts'
import { type Graph, predecessors } from '../../graph/graph.ts'
import type { RevisionFile } from '../../revision/read.ts'
import type { Ledger } from '../ledger.ts'
import type { Direction } from '../step.ts'

export interface Checked {
  readonly dialect: Pick<Dialect, 'literal'>
  readonly ledger: Ledger
  readonly graph: Graph<RevisionFile>
}

function isApplied({ dialect, ledger }: Checked, id: string): string {
  return `exists (select 1 from ${ledger.revisions} where revision = ${dialect.literal(id)})`
}

/** Some of its statements stay from a run that did not come to the end. @param more of the row in the journal */
export function isOpen({ dialect, ledger }: Checked, id: string, more = ''): string {
  return `exists (select 1 from ${ledger.journal} where revision = ${dialect.literal(id)} and outcome in ('running', 'halfDone')${more})`
}

/** Whether the step is still to be done. */
export function isToDo(checked: Checked, direction: Direction, id: string): string {
  return direction === 'upgrade' ? `not ${isApplied(checked, id)}` : isApplied(checked, id)
}

function isDone(checked: Checked, direction: Direction, id: string): string {
  return direction === 'upgrade' ? isApplied(checked, id) : `not ${isApplied(checked, id)}`
}

export function toDo(checked: Checked, direction: Direction, id: string): ScriptCheck {
  const message =
    direction === 'upgrade' ? `Revision ${id} is applied already.` : `Revision ${id} is not applied.`
  return { fault: isDone(checked, direction, id), message }
}

/** What stands below it is applied, what stands on it is not. */
export function inOrder(checked: Checked, direction: Direction, id: string): readonly ScriptCheck[] {
  const { graph } = checked
  if (direction === 'upgrade') {
    return predecessors(graph, id).map((other) => ({
      fault: `not ${isApplied(checked, other)}`,
      message: `Revision ${id} needs ${other}, which is not applied.`,
    }))
  }
  const followers = new Set([...(graph.children.get(id) ?? []), ...(graph.dependents.get(id) ?? [])])
  return [...followers].map((other) => ({
    fault: isApplied(checked, other),
    message: `Revision ${id} is needed by ${other}, which is applied.`,
  }))
}

export function notOpen(checked: Checked, id: string): ScriptCheck {
  return {
    fault: isOpen(checked, id),
    message: `Revision ${id} is half done; aludel goes on with it.`,
  }
}
