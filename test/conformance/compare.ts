/** Whether an outcome is the recorded one, by the rules of the recording. */
import { type Graph, ancestors, buildGraph } from '../../src/graph/graph.ts'
import type { Case, NewFile, Outcome } from './case.ts'
import { revisionsOf } from './history.ts'

/** Equal to what was recorded, or to one of its variants. */
export function agrees(recorded: Case, ours: Outcome): boolean {
  return [recorded.outcome, ...(recorded.variants ?? [])].some((outcome) => isSame(recorded, outcome, ours))
}

function isSame(recorded: Case, wanted: Outcome, ours: Outcome): boolean {
  if (wanted.error) return isSameError(recorded, wanted, ours)
  if (ours.error) return false
  if (wanted.better && isBetter(recorded, wanted.better, ours)) return true
  const [name = ''] = recorded.command
  const isScript = recorded.command.includes('--sql')
  if (name === 'upgrade' || name === 'downgrade') {
    const end = isScript ? sameNet(wanted, ours) : sameSet(wanted.rows, ours.rows)
    return end && sameOrder(recorded, wanted, name === 'upgrade', stepsOf(wanted), stepsOf(ours))
  }
  if (name === 'stamp') return isScript ? sameNet(wanted, ours) : sameSet(wanted.rows, ours.rows)
  if (name === 'revision' || name === 'merge') {
    const file = JSON.stringify(fileOf(wanted.new)) === JSON.stringify(fileOf(ours.new))
    return file && (!wanted.heads_after || sameSet(wanted.heads_after, ours.heads_after))
  }
  if (name === 'history') return sameOrder(recorded, wanted, false, idsOf(wanted), idsOf(ours))
  if (name === 'ensure_version') return sameSet(wanted.rows, ours.rows)
  return sameSet(idsOf(wanted), idsOf(ours), 'often')
}

function isSameError(recorded: Case, { error, rows, better }: Outcome, ours: Outcome): boolean {
  if (!error) return false
  if (!ours.error) return better !== undefined && isBetter(recorded, better, ours)
  // Where Alembic itself broke, any error that is told as one is right.
  if (error.kind === 'internal') return true
  const isMove = ['upgrade', 'downgrade', 'stamp'].includes(recorded.command[0] ?? '')
  const isWhere = !isMove || recorded.command.includes('--sql') || sameSet(rows, ours.rows)
  return isWhere && [error.kind, error.suggested_kind].includes(ours.error.kind)
}

/** What is right where Alembic's own bookkeeping failed. */
function isBetter(recorded: Case, { steps, rows }: NonNullable<Outcome['better']>, ours: Outcome): boolean {
  const ran = stepsOf(ours)
  const isUp = recorded.command[0] === 'upgrade'
  return sameSet(steps, ran) && sameSet(rows, ours.rows) && isValidOrder(recorded, isUp, ran)
}

function sameOrder(
  recorded: Case,
  wanted: Outcome,
  isUp: boolean,
  theirs: readonly string[],
  ours: readonly string[],
): boolean {
  if (theirs.join() === ours.join()) return true
  return !wanted.order_forced && sameSet(theirs, ours, 'often') && isValidOrder(recorded, isUp, ours)
}

/** Whether nothing comes before what it needs (going up), or after it. */
function isValidOrder(recorded: Case, isUp: boolean, ids: readonly string[]): boolean {
  const graph: Graph = buildGraph(revisionsOf(recorded))
  const upwards = isUp ? ids : ids.toReversed()
  return upwards.every((id, at) => {
    const needed = ancestors(graph, [id])
    return upwards.slice(at + 1).every((later) => !needed.has(later))
  })
}

function sameNet(wanted: Outcome, ours: Outcome): boolean {
  return sameSet(wanted.net?.add, ours.net?.add) && sameSet(wanted.net?.remove, ours.net?.remove)
}

function stepsOf({ steps = [] }: Outcome): readonly string[] {
  return steps.filter(({ failed }) => !failed).map(({ rev }) => rev)
}

function idsOf({ revisions = [] }: Outcome): readonly string[] {
  return revisions.map(({ rev }) => rev)
}

function sameSet(
  a: readonly string[] | null | undefined,
  b: readonly string[] | null | undefined,
  twice: 'often' | 'once' = 'once',
): boolean {
  const sorted = (list: readonly string[] | null | undefined): string =>
    JSON.stringify([...(twice === 'once' ? new Set(list ?? []) : (list ?? []))].sort())
  return sorted(a) === sorted(b)
}

/** The order of parents, labels and dependencies counts; one parent and a list of one are the same. */
function fileOf(file: NewFile | undefined): unknown {
  if (!file) return undefined
  const { revision, down_revision: down, branch_labels: labels, depends_on: needs } = file
  return [revision, typeof down === 'string' ? [down] : (down ?? []), labels, needs ?? []]
}
