import type { RunResult } from '../../src/commands/upgrade.ts'
import type { Output } from './command.ts'

/** Where a run left the database. */
export function runOutput(result: RunResult): Output {
  const { steps, heads } = result
  const at = heads.length === 0 ? 'base' : heads.join(', ')
  const ms = steps.reduce((sum, step) => sum + step.ms, 0)
  const ran = steps.length === 1 ? '1 step' : `${steps.length} steps`
  return {
    json: result,
    lines: [
      steps.length === 0
        ? `Nothing to do: the database is at ${at}.`
        : `Done: ${ran} in ${ms} ms; the database is at ${at}.`,
    ],
  }
}
