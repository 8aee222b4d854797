import { type BranchPoint, branches } from '../src/commands/branches.ts'
import type { Command } from './support/command.ts'
import { revisionBlock, shortLine } from './support/revision-line.ts'

export const command: Command = {
  usage: 'branches',
  summary: 'List the revisions that several others follow.',
  options: { verbose: { type: 'boolean', short: 'v', help: 'All about each.' } },
  positionals: 0,
  run: async ({ flags, settings }) => {
    const points = await branches(await settings())
    const first = flags.has('verbose') ? revisionBlock : (point: BranchPoint) => [shortLine(point)]
    return { json: points, lines: points.flatMap((point) => [...first(point), ...followers(point), '']) }
  },
}

/** `             -> 27c6a30d7c24 (shoppingcart) (head), Add carts`, below the id of what they follow. */
function followers({ revision, branches: all }: BranchPoint): readonly string[] {
  return all.map((each) => `${' '.repeat(revision.length)} -> ${shortLine(each)}`)
}
