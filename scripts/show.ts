import { show } from '../src/commands/show.ts'
import type { Command } from './support/command.ts'
import { revisionBlock } from './support/revision-line.ts'

export const command: Command = {
  usage: 'show [target …]',
  summary: 'Show one revision or several (default head).',
  details:
    'Target: head, heads, an id or a unique prefix of one, a branch label, billing@head; current: what the database has.',
  options: {},
  positionals: Number.POSITIVE_INFINITY,
  run: async ({ positionals, settings }) => {
    const revisions = await show(await settings(), positionals.length === 0 ? ['head'] : positionals)
    return { json: revisions, lines: revisions.flatMap(revisionBlock) }
  },
}
