import { ensureVersion } from '../src/commands/ensure-version.ts'
import type { Command } from './support/command.ts'
import { scriptOutput, sqlOptions } from './support/script-output.ts'

export const command: Command = {
  usage: 'ensure-version',
  summary: "Make the tables of aludel's ledger where they are missing; nothing else.",
  options: { sql: sqlOptions.sql },
  positionals: 0,
  run: async (input) => {
    const { flags, settings, caller } = input
    if (flags.has('sql')) {
      const { ensureVersionScript } = await import('../src/commands/offline.ts')
      return scriptOutput(await ensureVersionScript(await settings(), caller), input)
    }
    const result = await ensureVersion(await settings(), caller)
    const tables = result.tables.join(' and ')
    return {
      json: result,
      lines: [result.created ? `Made the tables ${tables}.` : `The tables ${tables} are there.`],
    }
  },
}
