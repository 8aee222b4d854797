import { type CheckResult, check } from '../src/commands/check.ts'
import type { Difference } from '../src/commands/three-ways.ts'
import { describeOperation } from '../src/operations/describe.ts'
import { exitCodes } from '../src/errors.ts'
import type { Command } from './support/command.ts'

export const command: Command = {
  usage: 'check',
  summary: 'Compare entities, history and database; exit 3 when they differ.',
  details: 'What no entity names and no revision made is listed, and is no difference.',
  options: {
    drift: {
      type: 'boolean',
      help: 'Compare the database with what its applied revisions make; entities are not read.',
    },
    'allow-ahead': {
      type: 'boolean',
      help: 'Go on although newer code has applied more than this code has.',
    },
  },
  positionals: 0,
  run: async ({ flags, settings }) => {
    const drift = flags.has('drift')
    const result = await check(await settings(), { allowAhead: flags.has('allow-ahead'), drift })
    return {
      json: result,
      lines: drift ? driftLines(result) : allLines(result),
      exitCode: result.ok ? 0 : exitCodes.DIFFERENT,
    }
  },
}

function driftLines({ ok, differences, unmanaged }: CheckResult): readonly string[] {
  return [
    ok
      ? 'The database is what its history makes.'
      : 'The database is not what its history makes: somebody changed it by hand.',
    ...differences.map(line),
    ...notOurs(unmanaged),
  ]
}

function allLines({ ok, pending, differences, unmanaged, unbuilt }: CheckResult): readonly string[] {
  const next = new Set(differences.map(({ off }) => off ?? 'entities'))
  const isWritten = pending.length === 0 && (next.has('entities') || next.has('all'))
  return [
    `Entities, history and database ${ok ? 'agree' : 'differ'}.`,
    ...pending.map((id) => `pending: ${id} is not applied (run \`aludel upgrade heads\`)`),
    ...differences.map(line),
    ...(isWritten ? ['Next: `aludel revision --autogenerate -m …` writes what the entities want.'] : []),
    ...(differences.some(isByHand) ? [byHand] : []),
    ...(next.has('history')
      ? [
          'Next: `aludel revision --autogenerate --from-history -m …` writes what the history lacks, `aludel stamp heads` says that it is there.',
        ]
      : []),
    ...(unbuilt === undefined
      ? []
      : [`The history could not be built, so it is not known who is off: ${unbuilt}`]),
    ...notOurs(unmanaged),
  ]
}

const byHand =
  'Next: what was changed in the database by hand is undone there; or change the entities too, write it with --from-history, and stamp it.'

function isByHand({ off, between: [first] }: Difference): boolean {
  return off === 'database' && first === 'history'
}

function line(difference: Difference): string {
  const { off, operation } = difference
  const what = describeOperation(operation)
  if (isByHand(difference)) return `database is off: ${what} would put it back`
  if (off === 'history') return `history is off: no revision does ${what}`
  if (off === 'database') return `database is behind: ${what}`
  return off === 'all' ? `all three differ: entities want ${what}` : `entities want: ${what}`
}

function notOurs(unmanaged: CheckResult['unmanaged']): readonly string[] {
  return unmanaged.map(({ kind, name }) => `not ours: ${kind} ${name}`)
}
