import { heads } from '../src/commands/history.ts'
import type { Command } from './support/command.ts'
import { revisionLine } from './support/revision-line.ts'

export const command: Command = {
  usage: 'heads',
  summary: 'List the revisions that nothing follows.',
  options: {},
  positionals: 0,
  run: async ({ settings }) => {
    const revisions = await heads(await settings())
    return { json: revisions, lines: revisions.map(revisionLine) }
  },
}
