import { accept } from '../src/commands/accept.ts'
import type { Command } from './support/command.ts'

export const command: Command = {
  usage: 'accept <revision>…',
  summary: 'Record the present content of edited files as what was applied.',
  details:
    'For a file that was changed after it was applied, when what it says now is what the database has. Runs nothing.',
  options: {},
  positionals: Number.POSITIVE_INFINITY,
  required: 'a revision',
  run: async ({ positionals, settings, caller }) => {
    const result = await accept(await settings(), positionals, caller)
    return {
      json: result,
      lines:
        result.accepted.length === 0
          ? ['Nothing to accept: the files are what was applied.']
          : result.accepted.map(
              ({ revision, path, applied, now }) =>
                `Accepted ${revision} (${path}): ${applied} was applied, ${now} counts from now on.`,
            ),
    }
  },
}
