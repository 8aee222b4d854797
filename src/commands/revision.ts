import type { GeneratedRevision, Settings } from '../config.ts'
import { verifyKnown } from '../database/integrity.ts'
import { AludelError } from '../errors.ts'
import { type Graph, heads } from '../graph/graph.ts'
import { placeRevision } from '../graph/place.ts'
import { pendingIn } from '../graph/state.ts'
import type { Operation } from '../operations/operation.ts'
import type { RevisionFile } from '../revision/read.ts'
import type { Schema } from '../schema/schema.ts'
import { type NotedCall, writeRevision } from '../revision/write.ts'
import type { Compared, Comparison } from './compare.ts'
import { type Database, withDatabase } from './database.ts'
import { type RevisionResult, checkLabels, folderFor, headsWith, newId, readGraphSoFar } from './new-file.ts'
import type { Caller } from './project.ts'
import type { AskRename } from './ask-renames.ts'
import type { Rename } from './rename.ts'
import type { Note, Step } from './rows/note.ts'
import type { TypedRename } from './typed-renames.ts'

export interface RevisionOptions {
  readonly message: string
  /** Compare the entities with the database; otherwise the revision is empty. */
  readonly autogenerate: boolean
  /** With `autogenerate`: as if the database were empty, to take over one that has its tables already. */
  readonly fromEmpty: boolean
  /** With `autogenerate`: compare with what the revisions make of an empty database; no other is connected to. Default false. */
  readonly fromHistory?: boolean
  /** Default: twelve random hexadecimal digits. */
  readonly revId: string | undefined
  readonly renames: readonly (Rename | TypedRename)[]
  /** With `autogenerate`: asked about whatever else may have been renamed. */
  readonly ask?: AskRename | undefined
  /** What it follows, as typed: a head; `heads` merges all, `base` begins anew; default `head`. */
  readonly head?: string | undefined
  /** Lets it follow also what something else follows; default false. */
  readonly splice?: boolean
  readonly branchLabels?: readonly string[]
  /** What has to be applied before it, as typed. */
  readonly dependsOn?: readonly string[]
  /** Absolute; default: the folder of what it follows. */
  readonly versionPath?: string | undefined
}

/**
 * Writes a new revision.
 * @throws {AludelError} MULTIPLE_HEADS, NOT_A_HEAD, REVISION_EXISTS, MIGRATIONS_FOLDER, DATABASE_BEHIND, and the faults of graph, entities and database; then nothing was written
 */
export async function revision(
  settings: Settings,
  options: RevisionOptions,
  { now }: Pick<Caller, 'now'>,
): Promise<RevisionResult> {
  const graph = await readGraphSoFar(settings)
  const id = newId(options.revId)
  const { head, splice = false, branchLabels = [], dependsOn = [] } = options
  const request = { head, splice, branchLabels: checkLabels(branchLabels), dependsOn }
  const place = placeRevision(graph, id, request)
  const { downRevision } = place
  const folder = folderFor(settings, graph, { downRevision, versionPath: options.versionPath })
  const empty = {
    ...place,
    revision: id,
    message: options.message,
    upgrade: [],
    downgrade: [],
    allowDataLoss: [],
  }
  const { upgrade, downgrade, warnings, topNotes, allowDataLoss, message, dropped, transaction } =
    options.autogenerate
      ? await generate(settings, graph, options, empty)
      : { ...empty, warnings: [], topNotes: [], dropped: false, transaction: true }
  if (options.autogenerate && upgrade.length + downgrade.length === 0) {
    const nothing = { revision: null, path: null, downRevision, heads: heads(graph), operations: 0, warnings }
    return dropped ? { ...nothing, dropped } : nothing
  }
  const file = writeRevision(
    folder,
    {
      ...place,
      revision: id,
      message,
      createdAt: now(),
      upgrade,
      downgrade,
      allowDataLoss,
      transaction,
      notes: { upgrade: topNotes, downgrade: [] },
    },
    settings.newFiles,
  )
  return {
    revision: id,
    path: file,
    downRevision,
    heads: headsWith(graph, id, place),
    operations: upgrade.length,
    warnings,
  }
}

/** With the calls of `op` as text. */
interface Generated {
  readonly message: string
  readonly upgrade: readonly NotedCall[]
  readonly downgrade: readonly NotedCall[]
  readonly warnings: readonly string[]
  /** Those of no single call. */
  readonly topNotes: readonly string[]
  readonly allowDataLoss: readonly string[]
  readonly dropped: boolean
  readonly transaction: boolean
}

async function generate(
  settings: Settings,
  graph: Graph<RevisionFile>,
  { fromEmpty, fromHistory = false, renames, ask }: RevisionOptions,
  empty: GeneratedRevision,
): Promise<Generated> {
  // An empty revision is written without.
  const { compare } = await import('./compare.ts')
  const { operationText } = await import('../operations/text.ts')
  const { noteLine } = await import('./rows/note.ts')
  const write = async (known: Settings, compared: Compared): Promise<Generated> => {
    const found = await compare(known, compared, graph, { fromEmpty, renames, ask })
    const {
      upgrade,
      downgrade,
      notes: own,
      ...left
    } = await processed(settings.processRevision, found, {
      empty,
      ...compared,
    })
    const callsOf = (steps: readonly Step[]): readonly NotedCall[] =>
      steps.map(({ operation, notes }) => ({
        call: operationText(operation),
        notes: notes.flatMap(({ text, code }) => (code === undefined ? [text] : [text, code])),
      }))
    return {
      ...left,
      upgrade: callsOf(upgrade),
      downgrade: callsOf(downgrade),
      topNotes: [...found.warnings, ...own],
      warnings: [...found.warnings, ...own, ...upgrade.flatMap(({ notes }) => notes.map(noteLine))],
      dropped: found.upgrade.length > 0,
    }
  }
  if (fromHistory) {
    const { withHistory } = await import('./from-history.ts')
    // Nothing is there but what revisions made.
    return withHistory(settings, graph, (made) => write({ ...settings, owns: 'everything' }, made))
  }
  return withDatabase(settings, 'read', async (database) => {
    if (!fromEmpty) await checkUpToDate(database, graph)
    return write(settings, database)
  })
}

interface Processed extends Pick<Comparison, 'allowDataLoss'> {
  readonly upgrade: readonly Step[]
  readonly downgrade: readonly Step[]
  readonly message: string
  readonly transaction: boolean
  /** Of no single operation. */
  readonly notes: readonly string[]
}

/** What the configuration leaves of it; what is told of operations is told of those that are left. */
async function processed(
  hook: Settings['processRevision'],
  { before, after, open, values, ...found }: Comparison,
  { empty, dialect }: { readonly empty: GeneratedRevision } & Pick<Compared, 'dialect'>,
): Promise<Processed> {
  const { hints, reviewedLoss } = await import('./hints.ts')
  const { safeSteps } = await import('./rows/steps.ts')
  const { upgrade, downgrade, allowDataLoss } = found
  const given = { ...empty, upgrade, downgrade, allowDataLoss }
  const isHooked = hook !== undefined && upgrade.length > 0
  const left = isHooked ? await hooked(hook, given, before) : { ...given, misfits: [] }
  const transaction = ![...left.upgrade, ...left.downgrade].some(isConcurrent)
  // Made safe only now: a hook that leaves a column out leaves out what fills it, and what it makes is filled too.
  const up = safeSteps(left.upgrade, { dialect, before, values, way: 'upgrade' })
  const back = values.toReversed().map((each) => ({ ...each, value: each.to, to: each.value }))
  const dropNotes = (operation: Operation): readonly Note[] =>
    hints(operation, open).map((text) => ({ text }))
  return {
    message: left.message,
    transaction,
    notes: [...left.misfits, ...(transaction ? [] : [outside])],
    upgrade: up.map(({ operation, notes }) => ({ operation, notes: [...dropNotes(operation), ...notes] })),
    downgrade: safeSteps(left.downgrade, { dialect, before: after, values: back, way: 'downgrade' }),
    allowDataLoss:
      isHooked && left.allowDataLoss === allowDataLoss
        ? reviewedLoss(left.upgrade, open, dialect.capabilities)
        : left.allowDataLoss,
  }
}

const outside =
  'It runs outside of a transaction, as `concurrently` needs it: its statements are committed one by one.'

function isConcurrent(operation: Operation): boolean {
  return 'concurrently' in operation && operation.concurrently === true
}

async function hooked(
  hook: NonNullable<Settings['processRevision']>,
  given: GeneratedRevision,
  before: Schema,
): Promise<GeneratedRevision & { readonly misfits: readonly string[] }> {
  const { misfits, processRevision } = await import('./process-revision.ts')
  const left = await processRevision(hook, given)
  return { ...left, misfits: left === given ? [] : misfits(left, before) }
}

/**
 * What a database lacks of the history would be generated a second time.
 * @throws {AludelError} DATABASE_BEHIND, DATABASE_AHEAD, UNKNOWN_REVISION
 */
async function checkUpToDate(database: Database, graph: Graph<RevisionFile>): Promise<void> {
  const state = await database.state()
  verifyKnown(graph, state, { ahead: false })
  const pending = pendingIn(graph, state.applied)
  if (pending.length === 0) return
  throw new AludelError('DATABASE_BEHIND', 'Target database is not up to date.', {
    state: `Pending: ${pending.slice(0, 5).join(', ')}${pending.length > 5 ? ` and ${pending.length - 5} more` : ''}. Nothing was written.`,
    fix:
      heads(graph).length > 1
        ? 'Run `aludel upgrade heads` first (`make migrate-up to=heads`). If the database has these tables already: `aludel stamp heads`.'
        : 'Run `aludel upgrade head` first (`make migrate-up`). If the database has these tables already: `aludel stamp head`.',
    details: { pending },
  })
}
