import { show } from '../src/commands/history.ts'
import type { Command } from './support/command.ts'
import { revisionBlock } from './support/revision-line.ts'

export const command: Command = {
  usage: 'show [target]',
  summary: 'Show one revision (default head).',
  details: 'Target: head, heads, a revision id or a unique prefix of one.',
  options: {},
  positionals: 1,
  run: async ({ positionals: [target = 'head'], settings }) => {
    const revisions = await show(await settings(), target)
    return { json: revisions, lines: revisions.flatMap(revisionBlock) }
  },
}
