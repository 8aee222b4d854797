import { ensureVersion } from '../src/commands/ensure-version.ts'
import type { Command } from './support/command.ts'

export const command: Command = {
  usage: 'ensure-version',
  summary: "Make the tables of aludel's ledger where they are missing; nothing else.",
  options: {},
  positionals: 0,
  run: async ({ settings, caller }) => {
    const result = await ensureVersion(await settings(), caller)
    const tables = result.tables.join(' and ')
    return {
      json: result,
      lines: [result.created ? `Made the tables ${tables}.` : `The tables ${tables} are there.`],
    }
  },
}
