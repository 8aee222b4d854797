import { type ErrorCode, exitCodes } from '../src/errors.ts'
import { type CurrentResult, current } from '../src/commands/current.ts'
import type { Command } from './support/command.ts'

export const command: Command = {
  usage: 'current',
  summary: 'Show where the database is.',
  options: {
    'allow-ahead': {
      type: 'boolean',
      help: 'End with 0 although newer code has applied more than this code has.',
    },
  },
  positionals: 0,
  run: async ({ flags, settings }) => {
    const result = await current(await settings())
    const { heads, applied, pending, unknown, ahead = [], edits = [], halfDone = [], atHead } = result
    const code = faultOf(result, flags.has('allow-ahead'))
    return {
      json: result,
      lines: [
        ...(heads.length === 0 ? ['base'] : heads.map((id) => `${id}${atHead ? ' (head)' : ''}`)),
        `${applied} applied, ${pending} pending${pending > 0 ? ': run `aludel upgrade head`' : ''}`,
        ...halfDone.map(
          ({ revision, direction, statement, statements }) =>
            `half done: the ${direction} of ${revision}, ${statement} of ${statements} statements; a run is at work, or the next goes on there`,
        ),
        ...ahead.map((id) => `ahead: ${id} is applied and follows what this code has (newer code deployed?)`),
        ...unknown
          .filter((id) => !ahead.includes(id))
          .map(
            (id) =>
              `unknown: ${id} is applied, but no file here has it (newer code deployed? \`aludel stamp --purge head\` forgets it)`,
          ),
        ...edits.map(
          ({ revision, path, applied: then, now }) =>
            `edited: ${path} was changed after it was applied (${then}, now ${now}): put it back, or \`aludel accept ${revision}\``,
        ),
      ],
      ...(code ? { exitCode: exitCodes[code] } : {}),
    }
  },
}

function faultOf({ unknown, ahead = [], edited }: CurrentResult, allowAhead: boolean): ErrorCode | undefined {
  if (unknown.length > ahead.length) return 'UNKNOWN_REVISION'
  if (ahead.length > 0 && !allowAhead) return 'DATABASE_AHEAD'
  return edited.length > 0 ? 'EDITED_REVISION' : undefined
}
