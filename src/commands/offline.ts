/** Scripts for a database that aludel does not reach, for its own client and somebody who reads them first. No connection is opened. */
import type { Settings } from '../config.ts'
import { ledgerWriter } from '../database/offline/written.ts'
import { type PlannedStep, planScript } from '../database/offline/plan.ts'
import { notScripted } from '../database/offline/refusals.ts'
import type { ScriptContext } from '../database/offline/context.ts'
import { scriptText, stepLines } from '../database/offline/script.ts'
import { type StampChange, stampLines } from '../database/offline/stamp.ts'
import { lockOf } from '../database/lock.ts'
import type { Step } from '../database/run-context.ts'
import { withoutSecretLiterals } from '../database/secret-literals.ts'
import type { Dialect, ScriptBlock, Scripting } from '../dialect.ts'
import { type Graph, buildGraph, headsOf } from '../graph/graph.ts'
import { downgradeRange, stampRange, upgradeRange } from '../graph/offline.ts'
import type { RevisionFile } from '../revision/read.ts'
import { type Caller, readGraph } from './project.ts'

export interface ScriptResult {
  /** The whole text, with its last line end. */
  readonly sql: string
  /** What it does, in order. */
  readonly steps: readonly Step[]
  /** Where the database is when it was run. */
  readonly heads: readonly string[]
  /** The client that runs it: `psql`. */
  readonly client: string
}

export interface ScriptOptions {
  /** It can be run again: each step is left out that is done. */
  readonly idempotent: boolean
}

export interface MoveScriptOptions extends ScriptOptions {
  /** `a:b`; of an upgrade also `b` alone, which begins at base. */
  readonly range: string
  /** All steps are one transaction. */
  readonly single: boolean
  /** Drops are written although no file names them. */
  readonly mayLose: boolean
}

type ScriptCaller = Pick<Caller, 'now' | 'actor' | 'version'>

/** @throws {AludelError} the faults of a graph and of targets; DATA_STEP, CONSENT_MISSING, SHAPE_UNKNOWN, NOT_SUPPORTED and their like */
export function upgradeScript(
  settings: Settings,
  options: MoveScriptOptions,
  caller: ScriptCaller,
): Promise<ScriptResult> {
  return move(settings, options, caller, 'upgrade')
}

/** @throws {AludelError} as upgradeScript; SQL_NEEDS_RANGE, IRREVERSIBLE */
export function downgradeScript(
  settings: Settings,
  options: MoveScriptOptions,
  caller: ScriptCaller,
): Promise<ScriptResult> {
  return move(settings, options, caller, 'downgrade')
}

async function move(
  settings: Settings,
  { range, idempotent, single, mayLose }: MoveScriptOptions,
  caller: ScriptCaller,
  direction: 'upgrade' | 'downgrade',
): Promise<ScriptResult> {
  const graph = await readGraph(settings)
  const { start, steps } = (direction === 'upgrade' ? upgradeRange : downgradeRange)(graph, range)
  return withScript(settings, graph, caller, idempotent, async (context) => {
    const { dialect, scripting, run } = context
    const plan = { dialect, scripting, graph, direction, start, steps, mayLose, secrets: run.secrets }
    const planned = await planScript(plan)
    const body = await stepLines(context, planned, { single })
    const title = `${direction} ${range}`
    const sql = await scriptText(context, { title, makesLedger: start.size === 0, body })
    const after =
      direction === 'upgrade' ? [...start, ...steps] : [...start].filter((id) => !steps.includes(id))
    return {
      sql,
      steps: planned.map(stepOf),
      heads: headsOf(graph, new Set(after)),
      client: scripting.client,
    }
  })
}

export interface StampScriptOptions extends ScriptOptions {
  /** What is recorded as applied; a range (`a:b`) says from where. */
  readonly targets: readonly string[]
}

/** @throws {AludelError} UNKNOWN_TARGET and its like */
export async function stampScript(
  settings: Settings,
  { targets, idempotent }: StampScriptOptions,
  caller: ScriptCaller,
): Promise<ScriptResult> {
  const graph = await readGraph(settings)
  const { start, after } = stampRange(graph, targets)
  const files = [...graph.revisions.values()]
  const changes = [
    ...files
      .filter(({ revision }) => start.has(revision) && !after.has(revision))
      .map((file): StampChange => ({ file, direction: 'downgrade' }))
      .reverse(),
    ...files
      .filter(({ revision }) => after.has(revision) && !start.has(revision))
      .map((file): StampChange => ({ file, direction: 'upgrade' })),
  ]
  return withScript(settings, graph, caller, idempotent, async (context) => {
    const body = await stampLines(context, changes)
    const title = `stamp ${targets.join(' ')}`
    const sql = await scriptText(context, { title, makesLedger: start.size === 0, body })
    const steps = changes.map(({ file: { revision, message } }): Step => ({
      direction: 'stamp',
      revision,
      message,
      statements: 0,
      ms: 0,
    }))
    return { sql, steps, heads: headsOf(graph, after), client: context.scripting.client }
  })
}

/** Makes the ledger's tables. */
export async function ensureVersionScript(settings: Settings, caller: ScriptCaller): Promise<ScriptResult> {
  return withScript(settings, buildGraph<RevisionFile>([]), caller, false, async (context) => {
    const sql = await scriptText(context, { title: 'ensure-version', makesLedger: true, body: [] })
    return { sql, steps: [], heads: [], client: context.scripting.client }
  })
}

async function withScript(
  settings: Settings,
  graph: Graph<RevisionFile>,
  { now, actor, version }: ScriptCaller,
  idempotent: boolean,
  work: (context: ScriptContext) => Promise<ScriptResult>,
): Promise<ScriptResult> {
  const [dialect, secrets] = await Promise.all([settings.dialect(), settings.secrets()])
  const scripting = await scriptingOf(dialect)
  const writer = ledgerWriter(dialect, settings.ledger, scripting)
  const { lockWait, lockTimeout, statementTimeout } = settings
  try {
    return await work({
      dialect,
      scripting,
      graph,
      ledger: writer.ledger,
      writer,
      block: idempotent ? blockOf(dialect, scripting) : undefined,
      lock: {
        ...lockOf(writer.ledger),
        wait: lockWait,
        ...(lockTimeout === undefined ? {} : { lockTimeout }),
        ...(statementTimeout === undefined ? {} : { statementTimeout }),
      },
      run: { now, appliedBy: actor, runId: crypto.randomUUID(), version, secrets },
    })
  } catch (error) {
    throw withoutSecretLiterals(error)
  }
}

async function scriptingOf({ name, scripting }: Dialect): Promise<Scripting> {
  if (scripting) return scripting()
  throw notScripted(`The dialect ${name} writes no scripts.`, {
    fix: 'Leave --sql out, and let aludel run the revisions.',
    details: { dialect: name },
  })
}

function blockOf({ name }: Dialect, { block, client }: Scripting): ScriptBlock {
  if (block) return block
  throw notScripted(`--idempotent is not possible with ${name}: ${client} knows no conditions.`, {
    fix: 'Leave --idempotent out: the script then ends, with nothing changed, where a step is done already.',
    details: { dialect: name },
  })
}

function stepOf({ revision: { file }, direction, statements }: PlannedStep): Step {
  const { revision, message } = file
  return { direction, revision, message, statements: statements.length, ms: 0 }
}
