import { maskUrl } from '../config/url.ts'
import { type CurrentDetails, type CurrentResult, currentInDetail } from '../src/commands/current.ts'
import type { Settings } from '../src/config.ts'
import { type ErrorCode, exitCodes } from '../src/errors.ts'
import type { Command } from './support/command.ts'
import { nameLine, revisionBlock } from './support/revision-line.ts'

export const command: Command = {
  usage: 'current',
  summary: 'Show where the database is.',
  options: {
    verbose: {
      type: 'boolean',
      short: 'v',
      help: 'Say which database that is, and all about each revision.',
    },
    'check-heads': {
      type: 'boolean',
      short: 'c',
      help: 'End with 3 unless every head is applied.',
    },
    'allow-ahead': {
      type: 'boolean',
      help: 'End with 0 although newer code has applied more than this code has.',
    },
  },
  positionals: 0,
  run: async ({ flags, settings }) => {
    const loaded = await settings()
    const verbose = flags.has('verbose')
    const details = await currentInDetail(loaded)
    const { result, revisions } = details
    const database = verbose ? await databaseOf(loaded) : undefined
    const code = faultOf(result, {
      allowAhead: flags.has('allow-ahead'),
      checkHeads: flags.has('check-heads'),
    })
    return {
      json: { ...result, ...(database ? { database, revisions } : {}) },
      lines: [
        ...(database ? [`Current revision(s) for ${database.url} (${database.dialect}):`, ''] : []),
        ...revisionLines(details, verbose),
        ...factLines(details),
      ],
      ...(code ? { exitCode: exitCodes[code] } : {}),
    }
  },
}

interface DatabaseName {
  readonly dialect: string
  /** Without its password. */
  readonly url: string
}

async function databaseOf({ dialect, url }: Settings): Promise<DatabaseName> {
  return { dialect: (await dialect()).name, url: maskUrl(await url()) }
}

function revisionLines(
  { result: { heads }, revisions }: CurrentDetails,
  verbose: boolean,
): readonly string[] {
  const told = new Set(revisions.map(({ revision }) => revision))
  const others = heads.filter((id) => !told.has(id))
  if (told.size + others.length === 0) return ['base']
  // All that is listed is applied and current.
  const plain = revisions.map((revision) => ({ ...revision, applied: null, isCurrent: null }))
  return [...plain.flatMap(verbose ? revisionBlock : nameLine), ...others]
}

function factLines({ result, fileHeads }: CurrentDetails): readonly string[] {
  const { applied, pending, unknown, ahead = [], edits = [], halfDone = [] } = result
  const next = `: run \`aludel upgrade ${fileHeads.length > 1 ? 'heads' : 'head'}\``
  return [
    `${applied} applied, ${pending} pending${pending > 0 ? next : ''}`,
    ...halfDone.map(
      ({ revision, direction, statement, statements }) =>
        `half done: the ${direction} of ${revision}, ${statement} of ${statements} statements; a run is at work, or the next goes on there`,
    ),
    ...ahead.map((id) => `ahead: ${id} is applied and follows what this code has (newer code deployed?)`),
    ...unknown
      .filter((id) => !ahead.includes(id))
      .map(
        (id) =>
          `unknown: ${id} is applied, but no file here has it (newer code deployed? \`aludel stamp --purge head\` forgets it)`,
      ),
    ...edits.map(
      ({ revision, path, applied: then, now }) =>
        `edited: ${path} was changed after it was applied (${then}, now ${now}): put it back, or \`aludel accept ${revision}\``,
    ),
  ]
}

interface Wanted {
  readonly allowAhead: boolean
  readonly checkHeads: boolean
}

function faultOf(result: CurrentResult, { allowAhead, checkHeads }: Wanted): ErrorCode | undefined {
  const { unknown, ahead = [], edited, pending } = result
  if (unknown.length > ahead.length) return 'UNKNOWN_REVISION'
  if (ahead.length > 0 && !allowAhead) return 'DATABASE_AHEAD'
  if (edited.length > 0) return 'EDITED_REVISION'
  // Whoever has every head has whatever they follow and depend on.
  return checkHeads && pending > 0 ? 'DATABASE_BEHIND' : undefined
}
