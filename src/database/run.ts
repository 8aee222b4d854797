/** Brings a database from its state to another, one locked step at a time. */
import { headsOf } from '../graph/graph.ts'
import type { RevisionFile } from '../revision/read.ts'
import { AludelError } from '../errors.ts'
import { withConsent } from './consent.ts'
import { afterSteps } from './failure.ts'
import type { Route, RunContext, Step } from './run-context.ts'
import { type Turn, takeTurn } from './turn.ts'

/**
 * Runs steps until the plan has none left. It is asked again inside each lock, so that runners at once take turns.
 * @throws {AludelError} STEP_FAILED, CONSENT_MISSING, STEP_HALF_DONE, IRREVERSIBLE, LOCK_NOT_OBTAINED, LOCK_TIMEOUT, UNKNOWN_REVISION, EDITED_REVISION
 */
export async function run(
  context: RunContext,
  route: Route,
): Promise<{ readonly steps: readonly Step[]; readonly heads: readonly string[] }> {
  const steps: Step[] = []
  let { ledgerExists, consent } = context
  for (let next: RevisionFile | undefined; ;) {
    let turn: Turn
    try {
      turn = await takeTurn({ ...context, ledgerExists, consent }, route, next, steps.length)
    } catch (error) {
      const isAsked = error instanceof AludelError && error.code === 'CONSENT_MISSING'
      if (!isAsked || !(await context.askConsent?.(error))) throw error
      consent = withConsent(consent, error)
      continue
    }
    context.at('after-commit')
    ledgerExists = true
    steps.push(...turn.steps)
    for (const step of turn.steps) context.onEvent({ kind: 'end', step })
    await context.guard.between().catch((error: unknown) => {
      throw afterSteps(error, steps.length)
    })
    if (!turn.more) return { steps, heads: headsOf(context.graph, turn.state) }
    next = turn.next
  }
}
