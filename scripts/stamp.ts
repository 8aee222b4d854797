import { stamp } from '../src/commands/stamp.ts'
import type { Command } from './support/command.ts'
import { refusePurge, scriptOutput, sqlOptions, wantsScript } from './support/script-output.ts'

export const command: Command = {
  usage: 'stamp <target>…',
  summary: 'Record revisions as applied, or not, without running them.',
  details:
    'Target: head, heads, base, a revision id or a unique prefix of one, billing@head. What a target needs counts as applied\n' +
    'too, what follows it does not; other branches stay as they are. With --sql: from base, or from a with a:b.',
  options: {
    purge: {
      type: 'boolean',
      help: 'First forget whatever the database says, also revisions that no file has.',
    },
    ...sqlOptions,
  },
  positionals: Number.POSITIVE_INFINITY,
  required: 'a target',
  run: async (input) => {
    const { positionals: targets, flags, settings, caller } = input
    if (wantsScript('stamp', input)) {
      refusePurge(input)
      const { stampScript } = await import('../src/commands/offline.ts')
      const wanted = { targets, idempotent: flags.has('idempotent') }
      return scriptOutput(await stampScript(await settings(), wanted, caller), input)
    }
    const result = await stamp(await settings(), { targets, purge: flags.has('purge') }, caller)
    const at = result.heads.length === 0 ? 'base' : result.heads.join(', ')
    return { json: result, lines: [`Stamped: the database is recorded to be at ${at}; nothing was run.`] }
  },
}
