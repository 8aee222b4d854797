import { stamp } from '../src/commands/stamp.ts'
import type { Command } from './support/command.ts'
import { usage } from './support/command.ts'

export const command: Command = {
  usage: 'stamp <target>…',
  summary: 'Record revisions as applied, or not, without running them.',
  details:
    'Target: head, heads, base, a revision id or a unique prefix of one, billing@head. What a target needs counts as applied\n' +
    'too, what follows it does not; other branches stay as they are.',
  options: {
    purge: {
      type: 'boolean',
      help: 'First forget whatever the database says, also revisions that no file has.',
    },
  },
  positionals: Number.POSITIVE_INFINITY,
  run: async ({ positionals: targets, flags, settings, caller }) => {
    if (targets.length === 0) throw usage('stamp', 'a target is missing')
    const result = await stamp(await settings(), { targets, purge: flags.has('purge') }, caller)
    const at = result.heads.length === 0 ? 'base' : result.heads.join(', ')
    return { json: result, lines: [`Stamped: the database is recorded to be at ${at}; nothing was run.`] }
  },
}
