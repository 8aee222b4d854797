/** A whole script for the database's own client. */
import type { ScriptStep } from '../../dialect.ts'
import type { RevisionFile } from '../../revision/read.ts'
import { modeOf } from '../carry-out.ts'
import { checkSingle } from '../feasible.ts'
import { maskSecrets } from '../secret-literals.ts'
import { type ScriptContext, ledgerLines } from './context.ts'
import { piecewise } from './piecewise.ts'
import type { PlannedStep } from './plan.ts'
import { notAgain, notWritten } from './refusals.ts'
import { whole } from './whole.ts'

export interface ScriptParts {
  /** What it is, for its first line: `upgrade base:heads`. */
  readonly title: string
  /** The ledger's tables may be missing. */
  readonly makesLedger: boolean
  readonly body: readonly string[]
}

export async function scriptText(
  context: ScriptContext,
  { title, makesLedger, body }: ScriptParts,
): Promise<string> {
  const { scripting, lock, run } = context
  const lines = [
    comment(context, `aludel ${run.version}: ${title}. Run it with ${scripting.client}.`),
    ...scripting.open(lock),
    ...(makesLedger ? ['', ...(await ledgerTables(context))] : []),
    ...body,
    ...scripting.close(),
  ]
  return `${lines.join('\n')}\n`
}

/** @throws {AludelError} NOT_SUPPORTED for what no such script can hold, naming revision and line */
export async function stepLines(
  context: ScriptContext,
  steps: readonly PlannedStep[],
  { single }: { readonly single: boolean },
): Promise<readonly string[]> {
  const { dialect, graph, block } = context
  if (single)
    checkSingle(
      dialect,
      graph,
      steps.map(({ revision }) => revision.file.revision),
    )
  if (block) for (const step of steps) checkAgain(context, step)
  const written: (readonly string[])[] = []
  for (const step of steps) {
    const text = await linesOf(context, step)
    written.push(
      single
        ? ['', headline(context, step), ...text]
        : ['', headline(context, step), ...inStep(context, step, text)],
    )
  }
  if (!single || steps.length === 0) return written.flat()
  return inTransaction(context, steps.flatMap(statementsOf), written.flat())
}

async function linesOf(context: ScriptContext, step: PlannedStep): Promise<readonly string[]> {
  try {
    return await (isWhole(context, step) ? whole : piecewise)(context, step)
  } catch (error) {
    throw notWritten({ file: step.revision.file, direction: step.direction, error })
  }
}

/** Lines that are committed together, by the rules of the dialect for a step. */
export function inTransaction(
  { scripting, lock }: ScriptContext,
  statements: readonly string[],
  lines: readonly string[],
): readonly string[] {
  const step: ScriptStep = { lock, mode: 'transaction', statements }
  return [...scripting.begin(step), ...lines, ...scripting.end(step)]
}

/** On one line, and without a password. */
export function comment({ run }: ScriptContext, text: string): string {
  return `-- ${maskSecrets(text, run.secrets)
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]+/gu, ' ')
    .trim()}`
}

/** Tables of the ledger, where they are missing. */
async function ledgerTables(context: ScriptContext): Promise<readonly string[]> {
  const { scripting, lock, dialect } = context
  const plain = { ...context, block: undefined }
  const create = await ledgerLines(plain, (ledger, session) => ledger.create(session))
  if (dialect.capabilities.transactionalDdl) return inTransaction(context, [], create)
  const step: ScriptStep = { lock, mode: 'no-transaction', statements: [] }
  return [...scripting.begin(step), ...create, ...scripting.end(step)]
}

function inStep(context: ScriptContext, step: PlannedStep, lines: readonly string[]): readonly string[] {
  if (isWhole(context, step)) return inTransaction(context, statementsOf(step), lines)
  const { scripting, lock } = context
  const outside: ScriptStep = { lock, mode: 'no-transaction', statements: statementsOf(step) }
  return [...scripting.begin(outside), ...lines, ...scripting.end(outside)]
}

function isWhole(context: ScriptContext, { revision }: PlannedStep): boolean {
  return context.dialect.capabilities.transactionalDdl && modeOf(context, revision.file) === 'transaction'
}

function checkAgain({ dialect, scripting, block }: ScriptContext, step: PlannedStep): void {
  const { revision, statements } = step
  const { file } = revision
  const isOutside = dialect.capabilities.transactionalDdl && modeOf({ dialect }, file) === 'no-transaction'
  const [first] = statements
  if (isOutside)
    throw notAgain(file, '`transaction = false` is not possible under a condition', first?.stack ?? '')
  const odd = statements.find(({ sql }) => !block?.holds(sql))
  if (!odd) return
  const what = `\`${odd.sql.slice(0, 80)}\` cannot stand under a condition in a script for ${scripting.client}`
  throw notAgain(file, what, odd.stack)
}

function headline(context: ScriptContext, { revision: { file }, direction }: PlannedStep): string {
  const parents = file.downRevision.join(', ') || 'base'
  const [from, to] = direction === 'upgrade' ? [parents, file.revision] : [file.revision, parents]
  return comment(context, `Running ${direction} ${from} -> ${to}${messageOf(file)}`)
}

function messageOf({ message }: RevisionFile): string {
  return message === '' ? '' : `, ${message}`
}

function statementsOf({ statements }: PlannedStep): readonly string[] {
  return statements.map(({ sql }) => sql)
}
