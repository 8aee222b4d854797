/** What a script will do, found out before a line of it is written: nothing but files is read. */
import type { Dialect, Scripting } from '../../dialect.ts'
import { AludelError } from '../../errors.ts'
import type { Graph } from '../../graph/graph.ts'
import { dropName, dropsOf } from '../../operations/drops.ts'
import type { Operations } from '../../operations/operations.ts'
import type { Recorded } from '../../operations/record.ts'
import { stringText } from '../../operations/string-text.ts'
import { type LoadedRevision, loadRevision } from '../../revision/load.ts'
import type { RevisionFile } from '../../revision/read.ts'
import { type Schema, emptySchema } from '../../schema/schema.ts'
import { withoutSecrets } from '../entries.ts'
import { leadingOrCarriedOut } from '../leading.ts'
import { type Recording, compileDowngrade, recordOnly } from '../recording.ts'
import type { CompiledDowngrade } from '../rows.ts'
import { type Compiled, type Progress, compileBatch, newProgress } from '../statements.ts'
import { type Direction, checkConcurrently } from '../step.ts'
import { type History, openHistory } from './history.ts'
import { dataStep, lossOffline, noWayBack, notWritten } from './refusals.ts'

export interface ScriptPlan {
  readonly dialect: Dialect
  readonly scripting: Scripting
  readonly graph: Graph<RevisionFile>
  readonly direction: Direction
  /** Ids applied before the first step. */
  readonly start: ReadonlySet<string>
  /** Ids in the order of their steps. */
  readonly steps: readonly string[]
  /** Data may be lost that no file names. */
  readonly mayLose: boolean
  /** What must not get into the ledger. */
  readonly secrets: readonly string[]
}

export interface PlannedStep {
  readonly revision: LoadedRevision
  readonly direction: Direction
  readonly statements: readonly Compiled[]
  /** What they were compiled against, as far as they asked for it. */
  readonly shape: Schema
  /** For the ledger's row of an upgrade. */
  readonly downgrade: CompiledDowngrade
}

/**
 * Records and compiles all steps.
 * @throws {AludelError} DATA_STEP, CONSENT_MISSING, IRREVERSIBLE, SHAPE_UNKNOWN, NOT_SUPPORTED, OPERATION_INVALID naming revision and line
 */
export async function planScript(plan: ScriptPlan): Promise<readonly PlannedStep[]> {
  const history = openHistory(plan)
  try {
    const planned: PlannedStep[] = []
    for (const id of plan.steps) {
      const file = plan.graph.revisions.get(id)
      if (file) planned.push(await planStep(plan, history, file))
    }
    return planned
  } finally {
    await history.close()
  }
}

async function planStep(plan: ScriptPlan, history: History, file: RevisionFile): Promise<PlannedStep> {
  const { dialect, direction, secrets } = plan
  const revision = await loadRevision(file)
  const run = revision[direction]
  if (!run) throw noWayBack(file)
  const recorded = await record(plan, revision, run)
  if (direction === 'upgrade' && !plan.mayLose) checkLoss(dialect, file, recorded)
  const progress = newProgress()
  let shape = emptySchema
  let statements: readonly Compiled[]
  try {
    checkConcurrently(recorded, revision, progress)
    shape = await history.shapeFor(recorded.map(({ operation }) => operation))
    statements = await compileBatch(dialect, recorded, shape, progress)
    for (const statement of statements) checkStatement(plan.scripting, statement, progress)
  } catch (error) {
    throw notWritten({ file, direction, error, stack: progress.failed?.stack ?? recorded[0]?.stack ?? '' })
  }
  history.add(recorded, (error, stack) => notWritten({ file, direction, error, stack }))
  const downgrade: CompiledDowngrade =
    direction === 'upgrade'
      ? withoutSecrets(await compileDowngrade(dialect, history.shapeFor, revision), secrets)
      : { kind: 'unknown' }
  return { revision, direction, statements, shape, downgrade }
}

/** @throws {AludelError} DATA_STEP; STEP_FAILED when the revision throws */
async function record(
  { dialect, direction }: ScriptPlan,
  { file }: LoadedRevision,
  run: (op: Operations) => unknown,
): Promise<readonly Recorded[]> {
  let recording: Recording
  try {
    recording = await recordOnly(dialect, run)
  } catch (error) {
    throw notWritten({ file, direction, error, stack: error instanceof Error ? (error.stack ?? '') : '' })
  }
  const { recorded, dynamic, asked } = recording
  if (dynamic || asked) throw dataStep(file, direction, asked)
  return recorded
}

/** Nobody can count what is in a table: what is dropped must be named. */
function checkLoss({ capabilities }: Dialect, file: RevisionFile, recorded: readonly Recorded[]): void {
  const operations = recorded.map(({ operation }) => operation)
  const names = [...new Set(dropsOf(operations, capabilities).map(dropName))]
  const loss = names.filter((name) => !file.allowDataLoss.includes(name))
  if (loss.length > 0)
    throw lossOffline(file, loss, [...new Set([...file.allowDataLoss, ...loss])].map(stringText))
}

const transactionControl = new RegExp(
  String.raw`^${leadingOrCarriedOut}(?:begin(?!\s+not\s+atomic)|start\s+transaction|commit|end|abort|rollback(?!\s+(?:\w+\s+)?to\b))\b`,
  'i',
)

function checkStatement(scripting: Scripting, { sql, stack }: Compiled, progress: Progress): void {
  const why = transactionControl.test(sql)
    ? "it would end the step's transaction"
    : sql.includes('\0')
      ? 'the client takes no zero character'
      : scripting.refuses?.(sql)
  if (why === undefined) return
  const error = new AludelError(
    'OPERATION_INVALID',
    `\`${sql.slice(0, 80)}\` cannot stand in a script: ${why}.`,
    {
      fix: 'Take it out of the revision.',
    },
  )
  progress.failed = { error, stack }
  throw error
}
