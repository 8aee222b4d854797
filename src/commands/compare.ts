/** The database against what the entities want, as operations. */
import type { Settings } from '../config.ts'
import type { LedgerNames } from '../database/ledger.ts'
import { recordOnly } from '../database/recording.ts'
import type { Dialect } from '../dialect.ts'
import type { Graph } from '../graph/graph.ts'
import { apply } from '../operations/apply.ts'
import { describeOperation } from '../operations/describe.ts'
import { diff } from '../operations/diff.ts'
import { inverse } from '../operations/inverse.ts'
import type { Operation } from '../operations/operation.ts'
import { spell } from '../operations/spell.ts'
import { loadRevision } from '../revision/load.ts'
import type { RevisionFile } from '../revision/read.ts'
import { type Schema, type Table, emptySchema, tableNamed } from '../schema/schema.ts'
import { hints, notFilled, reviewedLoss } from './hints.ts'
import type { Database } from './database.ts'
import { type Rename, caseRenames, checkRenames, renameOperation, withoutAnswered } from './rename.ts'
import { type Wanted, enumTypes, readWanted } from './wanted.ts'

export interface Comparison {
  /** What makes the database what the entities want, in the words of people. */
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[]
  /** What the database has that is neither in the entities nor made by a revision of this graph. */
  readonly unmanaged: readonly { readonly kind: string; readonly name: string }[]
  readonly warnings: readonly string[]
  /** For who goes back, at the top of `downgrade`. */
  readonly downgradeNotes: readonly string[]
  /** What `upgrade` drops, but for what may have been renamed. */
  readonly allowDataLoss: readonly string[]
}

export interface CompareOptions {
  /** As if the database were empty. */
  readonly fromEmpty: boolean
  /** Answers to the question whether something was renamed. */
  readonly renames: readonly Rename[]
}

export async function compare(
  settings: Settings,
  database: Database,
  graph: Graph<RevisionFile>,
  { fromEmpty, renames }: CompareOptions,
): Promise<Comparison> {
  const { dialect, url } = database
  const [found, wanted] = await both(
    fromEmpty ? Promise.resolve(emptySchema) : database.connect().then((session) => dialect.reflect(session)),
    readWanted(settings, dialect, url),
  )
  const live = withoutLedger(found, settings.ledger)
  // Revisions are run for their record only where something goes or changes.
  const untouched = Object.keys(live.tables).every((name) => tableNamed(wanted.actual, name))
  const isSame = untouched && diff(live, wanted.actual, dialect.capabilities).length === 0
  const replayed = fromEmpty || isSame ? emptySchema : await replay(dialect, graph)
  const same = withoutAnswered(caseRenames(dialect.capabilities.caseless, live, wanted.actual), renames)
  const answered = [...same, ...renames].map(({ table }) => table)
  const { ours, unmanaged } = divide(live, wanted.actual, replayed, { owns: settings.owns, answered })
  const types = enumTypes(wanted, live)
  const planned = plan(dialect, { live: ours, unmanaged, wanted, replayed, renames: [...renames, ...same] })
  return {
    ...planned,
    upgrade: [...types.upgrade, ...planned.upgrade],
    downgrade: [...planned.downgrade, ...types.downgrade],
  }
}

/** Waits for both, also when one fails: the scratch place is to be gone before the process ends. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([one, other])
  return [await one, await other]
}

function withoutLedger(schema: Schema, { revisionTable, journalTable }: LedgerNames): Schema {
  // Some databases keep a name as it was first written, and take it in any case.
  const own = [revisionTable, journalTable].map((name) => name.toLowerCase())
  const tables = Object.entries(schema.tables).filter(([name]) => !own.includes(name.toLowerCase()))
  return { ...schema, tables: Object.fromEntries(tables) }
}

/** The schema that the recorded operations of the whole history make, as far as they tell. */
async function replay(dialect: Dialect, graph: Graph<RevisionFile>): Promise<Schema> {
  let schema = emptySchema
  for (const file of graph.revisions.values()) {
    const { upgrade } = await loadRevision(file)
    const { operations } = await recordOnly(dialect, upgrade)
    schema = operations.reduce(applyIfKnown, schema)
  }
  return schema
}

/** An operation on a table that raw SQL made cannot be replayed; what it changes stays unknown. */
function applyIfKnown(schema: Schema, operation: Operation): Schema {
  try {
    return apply(schema, operation)
  } catch {
    return schema
  }
}

interface Claims {
  readonly owns: Settings['owns']
  /** Tables that an answer names. */
  readonly answered: readonly string[]
}

/** Sorts out the tables that are not ours: those are reported and never dropped. */
function divide(live: Schema, wanted: Schema, replayed: Schema, { owns, answered }: Claims) {
  const isOurs = ({ name }: Table): boolean =>
    tableNamed(wanted, name) !== undefined ||
    tableNamed(replayed, name) !== undefined ||
    answered.includes(name) ||
    isOwned(name, owns)
  const tables = Object.values(live.tables)
  const ours: Schema = {
    tables: Object.fromEntries(tables.filter(isOurs).map((table) => [table.name, table])),
  }
  const others = tables.filter((table) => !isOurs(table)).map(({ name }) => ({ kind: 'table', name }))
  const named = new Set(wanted.others?.map(({ kind, name }) => `${kind} ${name}`))
  const objects = live.others?.filter(({ kind, name }) => !named.has(`${kind} ${name}`)) ?? []
  return { ours, unmanaged: [...others, ...objects] }
}

function isOwned(name: string, owns: Settings['owns']): boolean {
  if (owns === 'everything') return true
  return owns.some((pattern) => {
    const text = pattern
      .replace(/[.+^${}()|[\]\\]/g, '\\$&')
      .replace(/\*/g, '.*')
      .replace(/\?/g, '.')
    return new RegExp(`^${text}$`).test(name)
  })
}

interface PlanInput {
  readonly live: Schema
  readonly unmanaged: Comparison['unmanaged']
  readonly wanted: Wanted
  readonly replayed: Schema
  readonly renames: readonly Rename[]
}

/** Pure: the operations there and back, each proved by `apply`. */
function plan(dialect: Dialect, { live, unmanaged, wanted, replayed, renames }: PlanInput): Comparison {
  checkRenames(renames, live, wanted.actual)
  const renaming = renames.map(renameOperation)
  const renamed = renaming.reduce(apply, live)
  const changes = [...renaming, ...diff(renamed, wanted.actual, dialect.capabilities)]
  const warnings: string[] = []
  const upgrade: Operation[] = []
  const downgrade: Operation[] = []
  let schema = live
  // As people wrote it; it goes along, so that what it spells has the names that it has at that point.
  let written = replayed
  for (const operation of changes) {
    const spelled = spell(operation, wanted.declared)
    upgrade.push(spelled)
    downgrade.unshift(spell(inverse(operation, schema), written))
    schema = apply(schema, operation)
    written = applyIfKnown(written, spelled)
  }
  const left = diff(schema, wanted.actual, dialect.capabilities)
  if (left.length > 0)
    warnings.push(`Not written: ${left.map(describeOperation).join(', ')}. Write it by hand.`)
  return {
    upgrade,
    downgrade,
    unmanaged,
    warnings: [...warnings, ...hints(changes, live)],
    downgradeNotes: downgrade.flatMap(notFilled),
    allowDataLoss: reviewedLoss(changes, live, dialect.capabilities),
  }
}
