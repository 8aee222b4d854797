/** What a history makes of an empty database: it is run there and read back. */
import type { Dialect, HistoryPlace, Session } from '../dialect.ts'
import { AludelError } from '../errors.ts'
import { lineIn } from '../revision/line.ts'
import { loadRevision } from '../revision/load.ts'
import type { RevisionFile } from '../revision/read.ts'
import type { Schema } from '../schema/schema.ts'
import { newProgress } from './statements.ts'
import { type Guard, runRevision } from './step.ts'

/**
 * Runs revisions as they are, data steps and raw SQL too, and reads the schema back; the ledger is no part of it.
 * @param stages revisions in order; after each list the schema is read
 * @returns a schema for each stage
 * @throws {AludelError} NOT_BUILT naming the revision; SCRATCH_UNAVAILABLE when the place is none for what a statement does
 */
export async function buildHistory(
  dialect: Dialect,
  place: HistoryPlace,
  stages: readonly (readonly RevisionFile[])[],
): Promise<readonly Schema[]> {
  const schemas: Schema[] = []
  for (const files of stages) {
    for (const file of files) await build(dialect, place, file)
    const last = schemas.at(-1)
    schemas.push(last && files.length === 0 ? last : await readAll(dialect, place.session))
  }
  return schemas
}

/** With the schemas that the history made beside the connection's own. */
async function readAll(dialect: Dialect, session: Session): Promise<Schema> {
  const schema = await dialect.reflect(session)
  const names = (schema.others ?? []).flatMap(({ kind, name }) => (kind === 'schema' ? [name] : []))
  if (names.length === 0) return schema
  return dialect.reflect(session, { schemas: names.map((name) => ({ name, at: name })) })
}

async function build(dialect: Dialect, { step }: HistoryPlace, file: RevisionFile): Promise<void> {
  const revision = await loadRevision(file)
  const progress = newProgress()
  const run = (session: Session): Promise<void> =>
    runRevision({
      dialect,
      session,
      revision,
      direction: 'upgrade',
      guard: unguarded,
      progress,
      journal: undefined,
      consent: 'everything',
      onBlocked: () => {},
      onStatement: () => {},
    })
  try {
    await step(file.transaction ? 'transaction' : 'no-transaction', run)
  } catch (error) {
    if (error instanceof AludelError && error.code === 'SCRATCH_UNAVAILABLE') throw error
    const stack = progress.failed?.stack ?? (error instanceof Error ? (error.stack ?? '') : '')
    throw notBuilt(file, { error, line: lineIn(file.path, stack), sql: progress.failed?.statement?.sql })
  }
}

/** What is tried can be stopped at any time. */
const unguarded: Guard = {
  during: (work) => work(),
  hold: (work) => work(),
  between: async () => {},
}

interface Failure {
  readonly error: unknown
  readonly line: string
  readonly sql: string | undefined
}

function notBuilt(file: RevisionFile, { error, line, sql }: Failure): AludelError {
  const { revision, message, path } = file
  const said = (error instanceof Error ? error.message : String(error)).replace(/\.$/, '')
  const name = message === '' ? revision : `${revision} (${message})`
  return new AludelError('NOT_BUILT', `Revision ${name} fails in an empty database: ${said}.`, {
    state: 'The history was tried in a scratch place; nothing was changed.',
    fix: `Look at ${line}: ${error instanceof AludelError && error.fix !== undefined ? error.fix : missing}`,
    details: { revision, path, line, ...(sql === undefined ? {} : { sql }) },
    cause: error,
  })
}

const missing =
  'it needs something that no revision before it makes. If that is an extension or the like, set `scratchUrl` to an empty database that has it.'
