import { downgrade } from '../src/commands/upgrade.ts'
import type { Command } from './support/command.ts'
import { runOutput } from './support/run-output.ts'
import { moveScriptOptions, scriptOutput, sqlOptions, wantsScript } from './support/script-output.ts'

export const command: Command = {
  usage: 'downgrade [target …]',
  summary: 'Take revisions back down to the target (default -1).',
  details:
    'Target: -N, base, an id or prefix, a label, label@base, label@-N, id-N: it stays, what follows it is taken back.\n' +
    'With --sql: a range a:b, where a is what the database is taken to be at.',
  options: {
    'allow-ahead': {
      type: 'boolean',
      help: 'Take back also what newer code has applied, by what the ledger keeps of it.',
    },
    'single-transaction': {
      type: 'boolean',
      help: 'All steps or none: one transaction holds them all (PostgreSQL, PGlite, SQLite).',
    },
    ...sqlOptions,
    'allow-edited': { type: 'boolean', help: 'Go on although a file was changed after it was applied.' },
  },
  positionals: Number.POSITIVE_INFINITY,
  run: async (input) => {
    const { positionals, flags, settings, caller } = input
    if (wantsScript('downgrade', input)) {
      const { downgradeScript } = await import('../src/commands/offline.ts')
      const wanted = moveScriptOptions('downgrade', input, '-1')
      return scriptOutput(await downgradeScript(await settings(), wanted, caller), input)
    }
    const result = await downgrade(
      await settings(),
      {
        targets: positionals.length === 0 ? ['-1'] : positionals,
        allowEdited: flags.has('allow-edited'),
        allowAhead: flags.has('allow-ahead'),
        single: flags.has('single-transaction'),
      },
      caller,
    )
    return runOutput(result)
  },
}
