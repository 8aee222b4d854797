import { heads } from '../src/commands/heads.ts'
import type { Command } from './support/command.ts'
import { revisionBlock, shortLine } from './support/revision-line.ts'

export const command: Command = {
  usage: 'heads',
  summary: 'List the revisions that nothing follows.',
  options: {
    verbose: { type: 'boolean', short: 'v', help: 'All about each.' },
    'resolve-dependencies': { type: 'boolean', help: 'Leave out those that another revision depends on.' },
  },
  positionals: 0,
  run: async ({ flags, settings }) => {
    const revisions = await heads(await settings(), {
      resolveDependencies: flags.has('resolve-dependencies'),
    })
    return { json: revisions, lines: revisions.flatMap(flags.has('verbose') ? revisionBlock : shortLine) }
  },
}
