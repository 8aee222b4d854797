import path from 'node:path'
import { type AdoptResult, type WrittenRevision, adopt } from '../src/commands/adopt.ts'
import { type Command, type Input, usage } from './support/command.ts'
import { versionPath } from './support/new-file.ts'

export const command: Command = {
  usage: 'adopt mikro-orm',
  summary: "Take over the migrations of MikroORM's own migrator, and what is applied of them.",
  details:
    'Writes one revision for each migration, with its SQL up and down, proves in an empty place that both histories make\n' +
    'the same, and records those as applied that MikroORM applied here. Run it again for other databases, and for new\n' +
    'migrations.',
  options: {
    'dry-run': { type: 'boolean', help: 'Read, compare and prove all, but write nothing.' },
    'without-proof': { type: 'boolean', help: 'Go on although it cannot be proved that both make the same.' },
    'version-path': { type: 'string', value: 'folder', help: 'Which of several migrations folders.' },
  },
  positionals: 1,
  required: 'what to adopt (mikro-orm)',
  run: async (input) => {
    const { positionals, flags, settings, caller } = input
    if (positionals[0] !== 'mikro-orm')
      throw usage('adopt', `only mikro-orm can be adopted, not \`${positionals[0]}\``)
    const loaded = await settings()
    const result = await adopt(
      loaded,
      {
        dryRun: flags.has('dry-run'),
        withoutProof: flags.has('without-proof'),
        versionPath: versionPath(input, loaded),
      },
      caller,
    )
    for (const warning of warningsOf(result)) input.note(`Note: ${warning}`)
    return { json: result, lines: linesOf(input, result) }
  },
}

function warningsOf({ warnings, written }: AdoptResult): readonly string[] {
  const byHand = written.filter((each) => each.byHand)
  const place = ({ path: file, revision }: WrittenRevision): string => file ?? revision
  return [
    ...warnings,
    ...byHand.map((each) =>
      each.applied
        ? `${each.migration} asks the database. It is applied here; an empty database cannot be built until ${place(each)} is written by hand.`
        : `${each.migration} asks the database and is NOT applied: write ${place(each)} by hand before the next \`aludel upgrade\`, which it refuses.`,
    ),
  ]
}

function linesOf({ cwd }: Pick<Input, 'cwd'>, result: AdoptResult): readonly string[] {
  const { written, known, stamped, pending, proof, drift, table, dryRun } = result
  const nothing = written.length === 0 && stamped.length === 0
  return [
    ...written.map(({ path: file, revision, migration, statements }) => {
      const name = file === null ? revision : path.relative(cwd, file)
      return `${dryRun ? 'Would write' : 'Wrote'} ${name} (${migration}, ${statements === 1 ? '1 statement' : `${statements} statements`}).`
    }),
    ...(proof ? [proofLine(proof)] : []),
    ...(nothing
      ? [
          `Nothing to adopt: all ${known} migrations are revisions, and the database has what MikroORM applied.`,
        ]
      : []),
    ...(stamped.length > 0 ? [`Stamped: ${stamped.length} of them as applied; nothing was run.`] : []),
    ...(pending.length > 0 && !nothing
      ? [`Not applied here: ${pending.join(', ')} (\`aludel upgrade head\`).`]
      : []),
    ...(drift?.length === 0 ? ['No drift: the database is what the history makes.'] : []),
    ...(drift ?? []).map((each) => `drift: the database is not what the history makes: ${each}`),
    ...(nothing || dryRun
      ? []
      : [
          `${table} stays as it is. When nobody runs MikroORM's migrator any more: op.dropTable('${table}') in a revision.`,
        ]),
  ]
}

function proofLine({ proved, back, why }: NonNullable<AdoptResult['proof']>): string {
  if (!proved) return `NOT PROVED that both histories make the same: ${why}.`
  return `Proved: in an empty place both histories make the same${back > 0 ? `, and leave the same after ${back === 1 ? '1 step' : `${back} steps`} back` : ''}.`
}
