/** What the ledger's tables hold. */
import { AludelError } from '../errors.ts'
import type { Operation } from '../operations/operation.ts'
import { type Position, positionOf } from './position.ts'
import { safe } from './safe.ts'

/** One applied revision: what going back needs when its file is gone. */
export interface Capsule {
  readonly revision: string
  readonly downRevision: readonly string[]
  readonly dependsOn: readonly string[]
  readonly message: string
  readonly checksum: string
  /** The file's text; null above 1 MB. */
  readonly source: string | null
  /** Of the file: `.ts`, `.js`, … */
  readonly extension: string
  readonly downgrade: CompiledDowngrade
  /** ISO 8601. */
  readonly appliedAt: string
  readonly ms: number
  readonly appliedBy: string
  readonly runId: string
  readonly version: string
}

/** What undoes a revision. `dynamic`: it holds a data step, so only the file can tell. */
export type CompiledDowngrade =
  | {
      readonly kind: 'statements'
      /** As they were compiled then, to be read by people. */
      readonly statements: readonly string[]
      /** What they were compiled from, to be compiled anew for the shape that is there. */
      readonly operations: readonly Operation[]
    }
  | { readonly kind: 'dynamic' | 'irreversible' | 'unknown'; readonly why?: string }

export interface AppliedRevision {
  readonly revision: string
  readonly checksum: string
  readonly extension: string
  /** As its file said when it was applied. */
  readonly downRevision: readonly string[]
}

/** What a database says was applied; `exists` is false before the first run. */
export interface LedgerState {
  readonly exists: boolean
  readonly applied: ReadonlyMap<string, AppliedRevision>
}

export interface JournalEntry {
  readonly entry: string
  readonly runId: string
  readonly revision: string
  readonly direction: 'upgrade' | 'downgrade' | 'stamp' | 'accept' | 'repair'
  readonly startedAt: string
  readonly endedAt: string | null
  /** `halfDone`: some of its statements stay, and a later run goes on from there. `running` without a runner means the same. */
  readonly outcome: 'running' | 'done' | 'failed' | 'halfDone'
  /** The last statement that ran to its end, from 1, of how many are known. */
  readonly statement: number
  readonly statements: number
  readonly errorCode: string | null
  readonly appliedBy: string
  readonly version: string
}

/** A step that was begun and not ended: its runner is at work, or gone. */
export interface OpenStep {
  readonly entry: JournalEntry
  readonly position: Position
}

type Value = string | number | null

/** One row of the revision table as it stands there, by column. */
export type LedgerRow = Readonly<Record<string, Value>>

/** Names of the ledger's columns, with their types; `*` is the dialect's type for a long text. */
export const revisionColumns = [
  'revision varchar(64) not null primary key',
  'down_revision * not null',
  'depends_on * not null',
  'message * not null',
  'checksum varchar(80) not null',
  'source *',
  'extension varchar(8) not null',
  'downgrade * not null',
  'operations *',
  'applied_at varchar(32) not null',
  'ms integer not null',
  'applied_by varchar(255) not null',
  'run_id varchar(36) not null',
  'version varchar(32) not null',
] as const

/** What tells of a try, without how far it came. */
export const entryColumns = [
  'entry varchar(36) not null primary key',
  'run_id varchar(36) not null',
  'revision varchar(64) not null',
  'direction varchar(16) not null',
  'started_at varchar(32) not null',
  'ended_at varchar(32)',
  'outcome varchar(16) not null',
  'statement_done integer not null',
  'statements integer not null',
  'error_code varchar(64)',
  'applied_by varchar(255) not null',
  'version varchar(32) not null',
] as const

export const journalColumns = [...entryColumns, 'position *', 'shape *'] as const

/** `revision` of `revision varchar(64) not null`. */
export function nameOf(column: string): string {
  return column.split(' ', 1)[0] ?? ''
}

export function definition(column: string, largeText: string): string {
  return column.replace('*', largeText)
}

/**
 * What stands in a ledger is data: a row that aludel cannot have written tells nothing of the others either.
 * @param table for the message
 * @throws {AludelError} LEDGER_SHAPE
 */
export function appliedOf(
  rows: readonly Readonly<Record<string, unknown>>[],
  table: string,
): ReadonlyMap<string, AppliedRevision> {
  const applied = new Map<string, AppliedRevision>()
  for (const row of rows) {
    const { revision, checksum, extension, down_revision: parents } = row
    const downRevision = idsOf(parents)
    if (typeof revision !== 'string') throw strange(table, `has no revision (${safeValue(revision)})`)
    const fault = (what: string): AludelError => strange(table, `of revision '${safe(revision)}' ${what}`)
    if (applied.has(revision)) throw fault('stands there twice')
    if (typeof checksum !== 'string') throw fault(`has no checksum (${safeValue(checksum)})`)
    if (typeof extension !== 'string') throw fault(`has no extension (${safeValue(extension)})`)
    if (!downRevision) throw fault(`has a down_revision that is no list of ids (${safeValue(parents)})`)
    applied.set(revision, { revision, checksum, extension, downRevision })
  }
  return applied
}

/** Undefined for what is no list of strings in JSON. */
export function idsOf(json: unknown): readonly string[] | undefined {
  try {
    const found: unknown = JSON.parse(String(json))
    if (!Array.isArray(found)) return undefined
    const ids: readonly string[] = found.filter((id) => typeof id === 'string')
    return ids.length === found.length ? ids : undefined
  } catch {
    return undefined
  }
}

export function strange(table: string, what: string): AludelError {
  return new AludelError(
    'LEDGER_SHAPE',
    `A row of table ${table} is none that aludel wrote: the row ${what}.`,
    {
      state: 'Nothing was changed.',
      fix: `Look at it (\`select revision, checksum, down_revision from ${table}\`), correct or delete it by hand, then run the same command again.`,
      details: { table },
    },
  )
}

function safeValue(value: unknown): string {
  return typeof value === 'string' ? safe(value) : value === null ? 'null' : typeof value
}

/** The statements stand there for people, the operations for a way back without the file. */
export function downgradeColumns(downgrade: CompiledDowngrade): LedgerRow {
  if (downgrade.kind !== 'statements') return { downgrade: JSON.stringify(downgrade), operations: null }
  const { operations, ...statements } = downgrade
  return { downgrade: JSON.stringify(statements), operations: JSON.stringify(operations) }
}

export function rowOf(capsule: Capsule): LedgerRow {
  return {
    revision: capsule.revision,
    down_revision: JSON.stringify(capsule.downRevision),
    depends_on: JSON.stringify(capsule.dependsOn),
    message: capsule.message,
    checksum: capsule.checksum,
    source: capsule.source,
    extension: capsule.extension,
    ...downgradeColumns(capsule.downgrade),
    applied_at: capsule.appliedAt,
    ms: capsule.ms,
    applied_by: capsule.appliedBy.slice(0, 255),
    run_id: capsule.runId,
    version: capsule.version,
  }
}

export function journalRow(entry: JournalEntry): LedgerRow {
  return {
    entry: entry.entry,
    run_id: entry.runId,
    revision: entry.revision,
    direction: entry.direction,
    started_at: entry.startedAt,
    ended_at: entry.endedAt,
    outcome: entry.outcome,
    statement_done: entry.statement,
    statements: entry.statements,
    error_code: entry.errorCode,
    applied_by: entry.appliedBy.slice(0, 255),
    version: entry.version,
  }
}

/** What stands in a ledger is data: a word that aludel never wrote is taken as the nearest that it did. */
export function journalEntryOf(row: LedgerRow): JournalEntry {
  const text = (column: string): string => String(row[column] ?? '')
  const maybe = (column: string): string | null => (row[column] === null ? null : text(column))
  return {
    entry: text('entry'),
    runId: text('run_id'),
    revision: text('revision'),
    direction: directions.find((each) => each === row['direction']) ?? 'stamp',
    startedAt: text('started_at'),
    endedAt: maybe('ended_at'),
    outcome: outcomes.find((each) => each === row['outcome']) ?? 'failed',
    statement: Number(row['statement_done']),
    statements: Number(row['statements']),
    errorCode: maybe('error_code'),
    appliedBy: text('applied_by'),
    version: text('version'),
  }
}

export function openStepOf(row: LedgerRow): OpenStep {
  const entry = journalEntryOf(row)
  const text = (column: string): string | null => (row[column] === null ? null : String(row[column]))
  return { entry, position: positionOf(entry.statement, text('position'), text('shape')) }
}

const directions = ['upgrade', 'downgrade', 'stamp', 'accept', 'repair'] as const
const outcomes = ['running', 'done', 'failed', 'halfDone'] as const
