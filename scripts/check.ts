import { check } from '../src/commands/check.ts'
import { describeOperation } from '../src/operations/describe.ts'
import { exitCodes } from '../src/errors.ts'
import type { Command } from './support/command.ts'

export const command: Command = {
  usage: 'check',
  summary: 'Compare entities, history and database; exit 3 when they differ.',
  options: {
    'allow-ahead': {
      type: 'boolean',
      help: 'Go on although newer code has applied more than this code has.',
    },
  },
  positionals: 0,
  run: async ({ flags, settings }) => {
    const result = await check(await settings(), { allowAhead: flags.has('allow-ahead') })
    const { ok, pending, differences, unmanaged } = result
    return {
      json: result,
      lines: [
        ok ? 'Entities, history and database agree.' : 'Entities, history and database differ.',
        ...pending.map((id) => `pending: ${id} is not applied (run \`aludel upgrade heads\`)`),
        ...differences.map(({ operation }) => `entities want: ${describeOperation(operation)}`),
        ...(differences.length > 0 && pending.length === 0
          ? ['Next: `aludel revision --autogenerate -m …` writes it.']
          : []),
        ...unmanaged.map(({ kind, name }) => `not ours: ${kind} ${name}`),
      ],
      exitCode: ok ? 0 : exitCodes.DIFFERENT,
    }
  },
}
