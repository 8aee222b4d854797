/**
 * aludel for programs: test set-ups and starts of applications.
 *
 *     import { upgrade } from 'aludel'
 *     await upgrade({ url: 'sqlite:test.db' })
 */
import { loadSettings } from '../config/load.ts'
import type { BranchPoint } from './commands/branches.ts'
import { type CurrentResult, current as currentCommand } from './commands/current.ts'
import type { EnsureVersionResult } from './commands/ensure-version.ts'
import type { RevisionResult } from './commands/new-file.ts'
import type { Caller } from './commands/project.ts'
import type { RevisionInfo } from './commands/revision-info.ts'
import {
  type RunOptions,
  type RunResult,
  downgrade as downgradeCommand,
  upgrade as upgradeCommand,
} from './commands/upgrade.ts'
import type { Settings } from './config.ts'
import type { Consent } from './database/consent.ts'
import type { RunEvent } from './database/run-context.ts'
import { AludelError } from './errors.ts'
import { version } from './version.ts'

export {
  type Config,
  type GeneratedRevision,
  type ProcessRevision,
  type WriteHook,
  defineConfig,
} from './config.ts'
export type { BranchPoint } from './commands/branches.ts'
export type { CurrentResult } from './commands/current.ts'
export type { EnsureVersionResult } from './commands/ensure-version.ts'
export type { RevisionResult } from './commands/new-file.ts'
export type { RevisionInfo } from './commands/revision-info.ts'
export type { RunResult } from './commands/upgrade.ts'
export type { RunEvent, Step } from './database/run-context.ts'
export {
  type Capabilities,
  type ConnectOptions,
  type Dialect,
  type EntitySource,
  type HistoryPlace,
  type LockHolder,
  type LockRequest,
  type LockWork,
  type RunningWork,
  type SchemaFilter,
  type ScratchServers,
  type Session,
  type Statement,
  type WantedSchema,
  definePlugin,
} from './dialect.ts'
export { AludelError, type ErrorCode, exitCodes } from './errors.ts'
export type { ColumnChange } from './operations/alter-column/operation.ts'
export type { Row, RowValue } from './operations/bulk-insert/operation.ts'
export type { ConstraintRef } from './operations/constraint-ref.ts'
export type { Operation } from './operations/operation.ts'
export type { Operations, TableDefinition, ViewDefinition } from './operations/operations.ts'
export type { Include, SchemaObject, Side } from './schema/filter.ts'
export type {
  Check,
  Column,
  ColumnType,
  DefaultValue,
  ForeignKey,
  Index,
  PrimaryKey,
  Schema,
  Sql,
  Table,
  Trigger,
  UniqueConstraint,
} from './schema/schema.ts'
export { version }

export interface ProgramOptions {
  /** Where to look for the configuration; default the process's working directory. */
  readonly cwd?: string
  /** A configuration file, instead of the one found. */
  readonly config?: string
  /** A database, instead of what environment and configuration say. */
  readonly url?: string
  /** A dialect's name, instead of the one that the URL means. */
  readonly dialect?: string
  /** Default `process.env`. */
  readonly env?: Readonly<Record<string, string | undefined>>
}

export interface RunProgramOptions extends ProgramOptions {
  /** One target or several; default `head` for upgrade, `-1` for downgrade. */
  readonly target?: string | readonly string[]
  /** Lets revisions pass whose file was changed after they were applied; default false. */
  readonly allowEdited?: boolean
  /** Upgrade: takes revisions for done that only newer code has. Downgrade: takes them back too. Default false. */
  readonly allowAhead?: boolean
  /** Upgrade: revisions may lose data also where their file does not say so by `allowDataLoss`; default false. */
  readonly allowDataLoss?: boolean
  /** All steps or none, in one transaction (PostgreSQL, PGlite, SQLite); default false. */
  readonly singleTransaction?: boolean
  /** Told of each step as it begins and ends, and of what is waited for. */
  readonly onEvent?: (event: RunEvent) => void
}

/**
 * Applies what the target needs; nothing when it is applied already. Any number of processes may call it at once.
 * @throws {AludelError} with the codes of README, "Exit codes"
 */
export async function upgrade(options: RunProgramOptions = {}): Promise<RunResult> {
  return upgradeCommand(await settingsOf(options), runOptions(options, 'head'), callerOf(options))
}

/**
 * Takes back whatever follows the target.
 * @throws {AludelError} with the codes of README, "Exit codes"
 */
export async function downgrade(options: RunProgramOptions = {}): Promise<RunResult> {
  return downgradeCommand(await settingsOf(options), runOptions(options, '-1'), callerOf(options))
}

function runOptions(options: RunProgramOptions, by: string): RunOptions {
  const { allowEdited = false, allowAhead = false, singleTransaction: single = false } = options
  const consent: Consent = options.allowDataLoss === true ? 'everything' : new Map()
  return { targets: targetsOf(options, by), allowEdited, allowAhead, single, consent }
}

/** Says where a database is; changes nothing. */
export async function current(options: ProgramOptions = {}): Promise<CurrentResult> {
  return currentCommand(await settingsOf(options))
}

export interface HistoryProgramOptions extends ProgramOptions {
  /** `a:b`, `a:`, `:b`; default everything. */
  readonly range?: string
  /** Asks the database what is applied; default false. */
  readonly indicateCurrent?: boolean
}

/** The revisions, newest first. */
export async function history(options: HistoryProgramOptions = {}): Promise<readonly RevisionInfo[]> {
  const { range, indicateCurrent = false } = options
  const command = await import('./commands/history.ts')
  return command.history(await settingsOf(options), { range, indicateCurrent })
}

export interface HeadsProgramOptions extends ProgramOptions {
  /** Leaves out heads that another revision depends on; default false. */
  readonly resolveDependencies?: boolean
}

/** The revisions that nothing follows. */
export async function heads(options: HeadsProgramOptions = {}): Promise<readonly RevisionInfo[]> {
  const { resolveDependencies = false } = options
  const command = await import('./commands/heads.ts')
  return command.heads(await settingsOf(options), { resolveDependencies })
}

/** The revisions that several others follow, newest first. */
export async function branches(options: ProgramOptions = {}): Promise<readonly BranchPoint[]> {
  const command = await import('./commands/branches.ts')
  return command.branches(await settingsOf(options))
}

export interface TargetProgramOptions extends ProgramOptions {
  /** One or several; default `head`. */
  readonly target?: string | readonly string[]
}

/** The revisions that a target names; `current`: what the database is at. */
export async function show(options: TargetProgramOptions = {}): Promise<readonly RevisionInfo[]> {
  const command = await import('./commands/show.ts')
  return command.show(await settingsOf(options), targetsOf(options, 'head'))
}

export interface StampProgramOptions extends TargetProgramOptions {
  /** Forgets first whatever the database says, also revisions that no file has; default false. */
  readonly purge?: boolean
  /** Told of what is waited for. */
  readonly onEvent?: (event: RunEvent) => void
}

/** Records revisions as applied, or not, without running them. */
export async function stamp(options: StampProgramOptions = {}): Promise<RunResult> {
  const command = await import('./commands/stamp.ts')
  const stamped = { targets: targetsOf(options, 'head'), purge: options.purge ?? false }
  return command.stamp(await settingsOf(options), stamped, callerOf(options))
}

export interface MergeProgramOptions extends ProgramOptions {
  /** What to merge: ids, prefixes, labels; default all heads. */
  readonly revisions?: readonly string[]
  /** Default: `merge`, and what is merged. */
  readonly message?: string
  readonly branchLabels?: readonly string[]
  /** Default: twelve random hexadecimal digits. */
  readonly revId?: string
  /** Merges also revisions that something else follows; default false. */
  readonly splice?: boolean
}

/** Writes a revision that joins branches. */
export async function merge(options: MergeProgramOptions = {}): Promise<RevisionResult> {
  const { revisions = [], message, branchLabels = [], revId, splice = false } = options
  const command = await import('./commands/merge.ts')
  const merged = { revisions, message, branchLabels, revId, splice, versionPath: undefined }
  return command.merge(await settingsOf(options), merged, callerOf(options))
}

export interface EnsureVersionProgramOptions extends ProgramOptions {
  /** Told of what is waited for. */
  readonly onEvent?: (event: RunEvent) => void
}

/** Makes the ledger's tables where they are missing, and changes nothing else. */
export async function ensureVersion(options: EnsureVersionProgramOptions = {}): Promise<EnsureVersionResult> {
  const command = await import('./commands/ensure-version.ts')
  return command.ensureVersion(await settingsOf(options), callerOf(options))
}

function targetsOf({ target }: TargetProgramOptions, by: string): readonly string[] {
  if (target === undefined) return [by]
  return typeof target === 'string' ? [target] : target
}

async function settingsOf(options: RunProgramOptions): Promise<Settings> {
  const { cwd = process.cwd(), env = process.env, config, url, dialect, target, onEvent } = options
  for (const [name, value] of Object.entries({ cwd, config, url, dialect })) checkText(name, value)
  for (const each of Array.isArray(target) && target.length > 0 ? target : [target]) checkText('target', each)
  const settings = await loadSettings({
    cwd,
    env,
    ...(config === undefined ? {} : { config }),
    ...(url === undefined ? {} : { url }),
    ...(dialect === undefined ? {} : { dialect }),
  })
  return onEvent === undefined ? settings : { ...settings, onRetry: onEvent }
}

/** What types cannot promise to a program that was never checked. */
function checkText(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value.trim() !== '')) return
  throw new AludelError('USAGE', `The option \`${name}\` must be a text that is not empty.`, {
    state: 'Nothing was read or changed.',
    fix: `Correct \`${name}\` in the call of aludel.`,
  })
}

function callerOf({ env = process.env, onEvent = () => undefined }: RunProgramOptions): Caller {
  return {
    now: () => new Date(),
    actor: env['ALUDEL_ACTOR'] ?? env['USER'] ?? 'program',
    version,
    // The process is the program's own, and so are its ends.
    guard: { during: (work) => work(), hold: (work) => work(), between: async () => {} },
    at: () => {},
    onEvent,
  }
}
