import { upgrade } from '../src/commands/upgrade.ts'
import type { Consent } from '../src/database/consent.ts'
import type { AludelError } from '../src/errors.ts'
import type { Command, Input } from './support/command.ts'
import { runOutput } from './support/run-output.ts'
import { moveScriptOptions, scriptOutput, sqlOptions, wantsScript } from './support/script-output.ts'

export const command: Command = {
  usage: 'upgrade [target …]',
  summary: 'Apply revisions up to the target (default head).',
  details:
    'Target: head, heads, +N, an id or a unique prefix of one, a branch label, label@head, label@+N, id+N, id-N.\n' +
    'With --sql: one of them, from base; or a range a:b, where a is what the database is taken to be at.',
  options: {
    'single-transaction': {
      type: 'boolean',
      help: 'All steps or none: one transaction holds them all (PostgreSQL, PGlite, SQLite).',
    },
    yes: {
      type: 'boolean',
      help: 'Go on although data are lost that no `allowDataLoss` of a revision names.',
    },
    ...sqlOptions,
    'allow-edited': { type: 'boolean', help: 'Go on although a file was changed after it was applied.' },
    'allow-ahead': {
      type: 'boolean',
      help: 'Take what newer code has applied for done, as after a rollback; nothing runs beside it.',
    },
  },
  positionals: Number.POSITIVE_INFINITY,
  run: async (input) => {
    const { flags, settings, caller } = input
    if (wantsScript('upgrade', input)) {
      const { upgradeScript } = await import('../src/commands/offline.ts')
      const wanted = moveScriptOptions('upgrade', input, 'head')
      return scriptOutput(await upgradeScript(await settings(), wanted, caller), input)
    }
    const targets = input.positionals.length === 0 ? ['head'] : input.positionals
    const [allowEdited, allowAhead] = [flags.has('allow-edited'), flags.has('allow-ahead')]
    const single = flags.has('single-transaction')
    const consent: Consent = flags.has('yes') ? 'everything' : new Map()
    const asking = input.interactive ? { askConsent: (missing: AludelError) => ask(input, missing) } : {}
    const options = { targets, allowEdited, allowAhead, single, consent, ...asking }
    const result = await upgrade(await settings(), options, caller)
    return runOutput(result)
  },
}

/** Anything but a yes is a no, an end of the input too. */
async function ask({ note }: Input, { message }: AludelError): Promise<boolean> {
  note(message)
  const { createInterface } = await import('node:readline')
  const reader = createInterface({ input: process.stdin, output: process.stderr })
  const answer = await new Promise<string>((done) => {
    reader.once('close', () => done(''))
    reader.question('Lose it? [y/N] ', done)
  })
  reader.close()
  return /^\s*y(?:es)?\s*$/i.test(answer)
}
