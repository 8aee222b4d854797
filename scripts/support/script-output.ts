/** `--sql`: what a command would do, as a script on stdout. */
import type { MoveScriptOptions, ScriptResult } from '../../src/commands/offline.ts'
import { AludelError } from '../../src/errors.ts'
import { type Input, type Option, type Output, usage } from './command.ts'

export const sqlOptions = {
  sql: {
    type: 'boolean',
    help: "Print a script for the database's own client instead; no connection is opened.",
  },
  idempotent: {
    type: 'boolean',
    help: 'With --sql: a script that can be run again harmlessly (PostgreSQL, MySQL, MariaDB).',
  },
} as const satisfies Readonly<Record<string, Option>>

/** They let pass what a ledger says. */
const ledgerOptions = ['allow-edited', 'allow-ahead']

/** @throws {AludelError} USAGE for --idempotent without --sql, and for what has no meaning with it */
export function wantsScript(name: string, { flags }: Pick<Input, 'flags'>): boolean {
  if (flags.has('sql')) {
    const odd = ledgerOptions.find((option) => flags.has(option))
    if (odd === undefined) return true
    throw usage(name, `--${odd} is about what a ledger says, and --sql reads none`)
  }
  if (flags.has('idempotent')) throw usage(name, '--idempotent is for a script: it needs --sql')
  return false
}

/** What `upgrade --sql` and `downgrade --sql` are asked for. */
export function moveScriptOptions(
  name: string,
  { positionals, flags }: Pick<Input, 'positionals' | 'flags'>,
  otherwise: string,
): MoveScriptOptions {
  const [range = otherwise, another] = positionals
  if (another !== undefined)
    throw usage(name, `--sql takes one target or range, and \`${another}\` is another`)
  return {
    range,
    idempotent: flags.has('idempotent'),
    single: flags.has('single-transaction'),
    mayLose: flags.has('yes'),
  }
}

export function scriptOutput(result: ScriptResult, { note }: Pick<Input, 'note'>): Output {
  const { sql, steps, client } = result
  note(`A script for ${client}: ${steps.length === 1 ? '1 step' : `${steps.length} steps`}; nothing was run.`)
  return { json: result, lines: [], script: sql }
}

/** @throws {AludelError} PURGE_WITH_SQL */
export function refusePurge({ flags }: Pick<Input, 'flags'>): void {
  if (!flags.has('purge')) return
  throw new AludelError(
    'PURGE_WITH_SQL',
    'A script cannot purge: what the ledger says is not known without a database.',
    {
      state: 'No script was written.',
      fix: 'Leave --purge out, or begin the script with a `delete` of your own.',
    },
  )
}
