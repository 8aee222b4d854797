import { history } from '../src/commands/history.ts'
import type { Command } from './support/command.ts'
import { graphLines } from './support/graph-lines.ts'
import { revisionBlock, revisionLine, revisionNode } from './support/revision-line.ts'

export const command: Command = {
  usage: 'history',
  summary: 'List the revisions, newest first.',
  details: 'Range: from:to, from:, :to; each a target as those of `show`, or current: where the database is.',
  options: {
    'rev-range': { type: 'string', short: 'r', value: 'from:to', help: 'Only these, both ends included.' },
    verbose: { type: 'boolean', short: 'v', help: 'All about each.' },
    'indicate-current': { type: 'boolean', short: 'i', help: 'Mark what is applied; asks the database.' },
  },
  positionals: 0,
  run: async ({ flags, settings, screen }) => {
    const revisions = await history(await settings(), {
      range: flags.text('rev-range'),
      indicateCurrent: flags.has('indicate-current'),
    })
    if (flags.has('verbose')) return { json: revisions, lines: revisions.flatMap(revisionBlock) }
    const seen = screen()
    if (seen) return { json: revisions, lines: [], picture: graphLines(revisions.map(revisionNode), seen) }
    return { json: revisions, lines: revisions.map(revisionLine) }
  },
}
