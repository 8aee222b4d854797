/** A step that is one transaction: what fails leaves nothing of it, nor its row in the ledger. */
import { inOrder, isToDo, notOpen, toDo } from './checks.ts'
import { type ScriptContext, claimed, hand, journalEntryOf, ledgerLines } from './context.ts'
import type { PlannedStep } from './plan.ts'
import { atRun } from './written.ts'

/** Its lines between the beginning of the transaction and its end. */
export async function whole(context: ScriptContext, step: PlannedStep): Promise<readonly string[]> {
  const { block } = context
  const { direction, revision, statements } = step
  const { revision: id } = revision.file
  const claim = await ledgerLines(context, (ledger, session) => claimed(context, step, ledger, session))
  const done = await ledgerLines(context, (ledger, session) =>
    ledger.write(
      session,
      journalEntryOf(context, {
        entry: atRun.uuid,
        revision: id,
        direction,
        outcome: 'done',
        statement: statements.length,
        statements: statements.length,
      }),
    ),
  )
  const checks = [...inOrder(context, direction, id), notOpen(context, id)]
  const lines = [...claim, ...statements.map(({ sql }) => hand(context).statement(sql)), ...done]
  if (!block) return [...hand(context).refuse([toDo(context, direction, id), ...checks]), ...lines]
  return block.whole(block.when(isToDo(context, direction, id), [...block.refuse(checks), ...lines]), [])
}
