/** The database against what the entities want, as operations. */
import type { Settings } from '../config.ts'
import type { LedgerNames } from '../database/ledger.ts'
import type { Dialect, Session } from '../dialect.ts'
import type { Graph } from '../graph/graph.ts'
import { apply } from '../operations/apply.ts'
import { describeOperation } from '../operations/describe.ts'
import { diff } from '../operations/diff.ts'
import { inverse } from '../operations/inverse.ts'
import type { Operation } from '../operations/operation.ts'
import { spell } from '../operations/spell.ts'
import type { RevisionFile } from '../revision/read.ts'
import { type Filter, filterSchema } from '../schema/filter.ts'
import { mentions } from '../schema/mentions.ts'
import { presets } from '../schema/presets.ts'
import { type OtherMaking, type Schema, emptySchema, tableNamed } from '../schema/schema.ts'
import { type AskRename, askRenames } from './ask-renames.ts'
import { builtHistory } from './built-history.ts'
import { lostHint, reviewedLoss } from './hints.ts'
import type { RenamedValue } from './column-values.ts'
import type { Database } from './database.ts'
import { type HistorySchema, applyIfKnown, historySchema, noHistory } from './history-schema.ts'
import { rawDropHints } from './raw-drops.ts'
import { inLettersOf } from './same-letters.ts'
import { settleHistory } from './settle-history.ts'
import { creating, dropping, missingObjects } from './other-objects.ts'
import { type RenameQuestion, isSameQuestion, likelyRenames } from './likely-renames.ts'
import { type Division, type Unmanaged, divide } from './ours.ts'
import { type Rename, applyRename, caseRenames, renameOperations, renamedValues } from './rename.ts'
import { type TypedRename, resolveRenames } from './typed-renames.ts'
import { type Wanted, readWanted } from './wanted.ts'

export interface Comparison {
  /** What makes the database what the entities want, in the words of people. */
  readonly upgrade: readonly Operation[]
  readonly downgrade: readonly Operation[]
  /** What the database has that is neither in the entities nor made by a revision of this graph. */
  readonly unmanaged: readonly Unmanaged[]
  /** What no single operation stands for. */
  readonly warnings: readonly string[]
  /** What `upgrade` begins with, as the database says it; `after`: what `downgrade` begins with. */
  readonly before: Schema
  readonly after: Schema
  /** What `upgrade` drops, but for what may have been renamed. */
  readonly allowDataLoss: readonly string[]
  /** What may have been renamed, and nobody has said. */
  readonly open: readonly RenameQuestion[]
  /** Values of columns that are renamed: rows change with them. */
  readonly values: readonly RenamedValue[]
  /** What the entities want, and what of the database is compared with it, as the database says both. */
  readonly sides: { readonly wanted: Schema; readonly ours: Schema }
}

export interface CompareOptions {
  /** As if the database were empty. */
  readonly fromEmpty: boolean
  /** Answers to the question whether something was renamed. */
  readonly renames: readonly (Rename | TypedRename)[]
  /** Asked about whatever else may have been renamed; left out: nothing is. */
  readonly ask?: AskRename | undefined
}

/** What the entities are compared with. */
export interface Compared extends Pick<Database, 'dialect'> {
  readonly connect: () => Promise<Session>
  /** Undefined: no server is to be used. */
  readonly url: string | undefined
}

export async function compare(
  settings: Settings,
  database: Compared,
  graph: Graph<RevisionFile>,
  { fromEmpty, renames, ask }: CompareOptions,
): Promise<Comparison> {
  const { dialect } = database
  const reading = fromEmpty
    ? Promise.resolve(emptySchema)
    : database.connect().then((session) => dialect.reflect(session))
  const [found, built] = await both(reading, readWanted(settings, database, reading))
  // Revisions are run for their record only where something goes or changes.
  const asked = fromEmpty ? undefined : once(() => historySchema(dialect, graph.revisions.values()))
  const names = await otherSchemas(found, built.actual, { filter: settings.filter, history: asked })
  const schemas = names.map((name) => ({ name, at: name }))
  const whole = names.length === 0 ? found : await dialect.reflect(await database.connect(), { schemas })
  const { live, wanted } = looked(
    settings.filter,
    dialect,
    withoutState(whole, settings.ledger, built),
    built,
  )
  const isSame = diff(live, wanted.actual, dialect.capabilities).length === 0
  const isTold = isSame && live.others === undefined
  const recorded = isTold || !asked ? noHistory : await asked()
  const typed = resolveRenames(renames, live, wanted.actual)
  const { history, warnings } = await settleHistory(
    live,
    { wanted: wanted.actual, history: recorded, owns: settings.owns, renames: typed },
    async () => {
      const [made = emptySchema] = await builtHistory(settings, database, [[...graph.revisions.values()]])
      return made
    },
  )
  const answer = (given: readonly Rename[]): Answered => {
    const after = given.reduce(applyRename, live)
    const all = [...given, ...caseRenames(dialect.capabilities.caseless, after, wanted.actual)]
    const claims = { wanted: wanted.actual, history, owns: settings.owns, renames: all }
    const division = divide(live, claims)
    return { ...division, renames: all, renamed: all.reduce(applyRename, division.ours) }
  }
  const questions = ({ renamed }: Answered): readonly RenameQuestion[] =>
    likelyRenames(renamed, wanted.actual)
  const told = ask
    ? await askRenames(typed, (given) => questions(answer(given)), ask)
    : { renames: typed, refused: [] }
  const answered = answer(told.renames)
  const open = questions(answered).filter((each) => !told.refused.some((no) => isSameQuestion(no, each)))
  const missing = missingObjects(live, wanted.actual, answered.renames)
  const planned = plan(dialect, { ...answered, open, wanted, missing, replayed: history.schema })
  return {
    ...planned,
    sides: {
      wanted: wanted.actual,
      ours: { ...answered.ours, ...(live.others && { others: live.others }) },
    },
    warnings: [...warnings, ...rawDropHints(planned.upgrade, history), ...planned.warnings],
  }
}

interface Asked {
  readonly filter: Filter
  /** Undefined: as if there were none. */
  readonly history: (() => Promise<HistorySchema>) | undefined
}

/** Of the schemas that stand beside the connection's own, those that entities, configuration or revisions name. */
async function otherSchemas(
  found: Schema,
  { schemas: wanted = [] }: Schema,
  { filter, history }: Asked,
): Promise<readonly string[]> {
  const { schemas: configured = [], presets: chosen } = filter
  const there = (found.others ?? []).flatMap(({ kind, name }) => (kind === 'schema' ? [name] : []))
  const hidden: readonly string[] = chosen.flatMap((name) => presets[name].schemas)
  const isNamed = (name: string): boolean => wanted.includes(name) || configured.includes(name)
  const unknown = there.filter((name) => !isNamed(name) && !hidden.includes(name))
  const { schema, raw } = unknown.length > 0 && history ? await history() : noHistory
  const isMade = (name: string): boolean =>
    unknown.includes(name) && (schema.schemas?.includes(name) || raw.some((sql) => mentions(sql, name)))
  return there.filter((name) => isNamed(name) || isMade(name))
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined
  return () => (answer ??= ask())
}

/** Both sides without what the configuration leaves out. */
function looked(
  filter: Filter,
  { capabilities }: Dialect,
  live: Schema,
  wanted: Wanted,
): { readonly live: Schema; readonly wanted: Wanted } {
  const qualified = capabilities.schemas ?? false
  const actual = filterSchema(wanted.actual, filter, { side: 'entities', qualified })
  const seen = filterSchema(live, filter, { side: 'database', qualified })
  return { live: inLettersOf(actual, seen, capabilities.caseless), wanted: { ...wanted, actual } }
}

/** Waits for both, also when one fails: the scratch place is to be gone before the process ends. */
async function both<A, B>(one: Promise<A>, other: Promise<B>): Promise<readonly [A, B]> {
  await Promise.allSettled([one, other])
  return [await one, await other]
}

/** Leaves out what aludel and MikroORM's own migrator keep their state in, but for what is an entity's too. */
function withoutState(
  schema: Schema,
  { revisionTable, journalTable }: LedgerNames,
  { actual, migratorTable }: Wanted,
): Schema {
  const isWanted = migratorTable === undefined || tableNamed(actual, migratorTable) !== undefined
  return withoutTables(schema, [revisionTable, journalTable, ...(isWanted ? [] : [migratorTable])])
}

/** Some databases keep a name as it was first written, and take it in any case. */
export function withoutTables(schema: Schema, names: readonly string[]): Schema {
  const left = names.map((name) => name.toLowerCase())
  const tables = Object.entries(schema.tables).filter(([name]) => !left.includes(name.toLowerCase()))
  return { ...schema, tables: Object.fromEntries(tables) }
}

/** What is compared when these renames are done. */
interface Answered extends Division {
  readonly renames: readonly Rename[]
  readonly renamed: Schema
}

interface PlanInput extends Answered {
  /** What may have been renamed, and nobody has said. */
  readonly open: readonly RenameQuestion[]
  readonly wanted: Wanted
  /** What is there under no name, and no operation stands for. */
  readonly missing: readonly OtherMaking[]
  readonly replayed: Schema
}

function operationsOf(renames: readonly Rename[], live: Schema): readonly Operation[] {
  let schema = live
  return renames.flatMap((rename) => {
    const operations = renameOperations(rename, schema)
    schema = operations.reduce(apply, schema)
    return operations
  })
}

/** Pure: the operations there and back, each proved by `apply`. */
function plan(
  dialect: Dialect,
  { ours: live, unmanaged, lost, wanted, missing, replayed, renames, renamed, open }: PlanInput,
): Omit<Comparison, 'sides'> {
  const renaming = operationsOf(renames, live)
  const changes = diff(live, wanted.actual, { ...dialect.capabilities, renaming })
  const warnings: string[] = []
  const upgrade: Operation[] = []
  const downgrade: Operation[] = []
  let schema = live
  // As people wrote it; it goes along, so that what it spells has the names that it has at that point.
  let written = replayed
  for (const operation of changes) {
    const spelled = spell(operation, wanted.declared)
    upgrade.push(spelled)
    downgrade.unshift(...inverse(operation, schema).map((back) => spell(back, written)))
    schema = apply(schema, operation)
    written = applyIfKnown(written, spelled)
  }
  const left = diff(schema, wanted.actual, dialect.capabilities)
  if (left.length > 0)
    warnings.push(`Not written: ${left.map(describeOperation).join(', ')}. Write it by hand.`)
  return {
    upgrade: [...upgrade, ...creating(missing)],
    downgrade: [...dropping(missing, renamed), ...downgrade],
    unmanaged,
    open,
    values: renamedValues(renames),
    warnings: [...warnings, ...lost.map(lostHint)],
    before: live,
    after: schema,
    allowDataLoss: reviewedLoss(changes, open, dialect.capabilities),
  }
}
