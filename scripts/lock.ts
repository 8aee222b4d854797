import { lock } from '../src/commands/lock.ts'
import { describeHolder } from '../src/dialect.ts'
import type { Command } from './support/command.ts'
import { oneLine } from './support/printable.ts'

export const command: Command = {
  usage: 'lock',
  summary: 'Say who holds the lock of the database: which process, since when, for which revision.',
  options: {},
  positionals: 0,
  run: async ({ settings }) => {
    const result = await lock(await settings())
    const { holder } = result
    return {
      json: result,
      lines: holder
        ? [`Held by ${oneLine(describeHolder(holder)) || 'another process'}.`, oneLine(holder.advice)]
        : ['Nobody holds the lock.'],
    }
  },
}
