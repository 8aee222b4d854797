import { exitCodes } from '../src/errors.ts'
import { current } from '../src/commands/current.ts'
import type { Command } from './support/command.ts'

export const command: Command = {
  usage: 'current',
  summary: 'Show where the database is.',
  options: {},
  positionals: 0,
  run: async ({ settings }) => {
    const result = await current(await settings())
    const { heads, applied, pending, unknown, edited, atHead } = result
    const broken = unknown.length > 0 || edited.length > 0
    return {
      json: result,
      lines: [
        ...(heads.length === 0 ? ['base'] : heads.map((id) => `${id}${atHead ? ' (head)' : ''}`)),
        `${applied} applied, ${pending} pending${pending > 0 ? ': run `aludel upgrade head`' : ''}`,
        ...unknown.map(
          (id) =>
            `unknown: ${id} is applied, but no file here has it (\`aludel stamp --purge head\` forgets it)`,
        ),
        ...edited.map((id) => `edited: the file of ${id} was changed after it was applied`),
      ],
      ...(broken
        ? { exitCode: unknown.length > 0 ? exitCodes.UNKNOWN_REVISION : exitCodes.EDITED_REVISION }
        : {}),
    }
  },
}
