import { upgrade } from '../src/commands/upgrade.ts'
import type { Command } from './support/command.ts'
import { runOutput } from './support/run-output.ts'

export const command: Command = {
  usage: 'upgrade [target]',
  summary: 'Apply revisions up to the target (default head).',
  details: 'Target: head, heads, +N, a revision id or a unique prefix of one.',
  options: {
    'single-transaction': {
      type: 'boolean',
      help: 'All steps or none: one transaction holds them all (PostgreSQL, SQLite).',
    },
    'allow-edited': { type: 'boolean', help: 'Go on although a file was changed after it was applied.' },
    'allow-ahead': {
      type: 'boolean',
      help: 'Take what newer code has applied for done, as after a rollback; nothing runs beside it.',
    },
  },
  positionals: 1,
  run: async ({ positionals: [target = 'head'], flags, settings, caller }) => {
    const [allowEdited, allowAhead] = [flags.has('allow-edited'), flags.has('allow-ahead')]
    const single = flags.has('single-transaction')
    const result = await upgrade(await settings(), { target, allowEdited, allowAhead, single }, caller)
    return runOutput(result)
  },
}
