import { history } from '../src/commands/history.ts'
import type { Command } from './support/command.ts'
import { graphLines } from './support/graph-lines.ts'
import { revisionLine, revisionNode } from './support/revision-line.ts'

export const command: Command = {
  usage: 'history',
  summary: 'List the revisions, newest first.',
  options: {
    'indicate-current': { type: 'boolean', short: 'i', help: 'Mark what is applied; asks the database.' },
  },
  positionals: 0,
  run: async ({ flags, settings, screen }) => {
    const revisions = await history(await settings(), { indicateCurrent: flags.has('indicate-current') })
    const seen = screen()
    if (seen) return { json: revisions, lines: [], picture: graphLines(revisions.map(revisionNode), seen) }
    return { json: revisions, lines: revisions.map(revisionLine) }
  },
}
