import { type LogEntry, log } from '../src/commands/log.ts'
import { AludelError } from '../src/errors.ts'
import type { Command } from './support/command.ts'
import { oneLine } from './support/printable.ts'

export const command: Command = {
  usage: 'log',
  summary: 'List what was done to the database: who, when, how long, how it ended.',
  options: {
    limit: { type: 'string', short: 'n', value: 'number', help: 'How many entries (default 50).' },
  },
  positionals: 0,
  run: async ({ flags, settings }) => {
    const entries = await log(await settings(), { limit: count(flags.text('limit') ?? '50') })
    return {
      json: entries,
      lines: entries.length === 0 ? ['Nothing was done to this database yet.'] : entries.map(line),
    }
  },
}

function count(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text)
  throw new AludelError('USAGE', `--limit (-n) is \`${text}\`; it must be a whole number.`, {
    fix: 'For example --limit 10.',
  })
}

/** `2026-11-26 08:01:22  upgrade    8f2a6c1d9b3e, done, 3 of 3 statements, 12 ms, by ci`; times are UTC. */
function line({ startedAt, direction, revision, outcome, ...entry }: LogEntry): string {
  const { statement, statements, errorCode, ms, appliedBy } = entry
  const parts = [
    `${startedAt.slice(0, 19).replace('T', ' ')}  ${direction.padEnd(9)}  ${revision}`,
    errorCode === null ? outcomes[outcome] : `${outcomes[outcome]} (${errorCode})`,
    `${statement} of ${statements} statements`,
    ...(ms === null ? [] : [`${ms} ms`]),
    `by ${appliedBy}`,
  ]
  // The journal is a table of the user's database: what stands there may be of any length.
  const whole = oneLine(parts.join(', '))
  return whole.length > 300 ? `${whole.slice(0, 300)}…` : whole
}

const outcomes: Readonly<Record<LogEntry['outcome'], string>> = {
  running: 'running',
  done: 'done',
  failed: 'failed',
  halfDone: 'half done',
}
