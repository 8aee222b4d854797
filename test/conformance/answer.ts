/** What aludel does in a recorded case: by the functions that its commands use, without files and database. */
import { parseArguments } from '../../scripts/support/command.ts'
import { commands } from '../../scripts/support/commands.ts'
import { refusePurge } from '../../scripts/support/script-output.ts'
import { verifyKnown } from '../../src/database/integrity.ts'
import type { AppliedRevision } from '../../src/database/rows.ts'
import { AludelError } from '../../src/errors.ts'
import { type Graph, ancestors, buildGraph, heads, headsOf } from '../../src/graph/graph.ts'
import { branchPoints } from '../../src/graph/lineage.ts'
import { type Place, placeMerge, placeRevision } from '../../src/graph/place.ts'
import { downgradeRange, stampRange, upgradeRange } from '../../src/graph/offline.ts'
import { historyRange, mentionsCurrent } from '../../src/graph/range.ts'
import { namedIds, resolveRevisions } from '../../src/graph/resolve.ts'
import { checkTargets, routeTo } from '../../src/graph/route.ts'
import { stampState } from '../../src/graph/stamp.ts'
import { effectiveHeads, pendingIn, tips } from '../../src/graph/state.ts'
import { checkLabels, headsWith, newId } from '../../src/commands/new-file.ts'
import type { Case, Outcome, Step } from './case.ts'
import { revisionsOf } from './history.ts'

/** Whatever the command throws becomes the outcome's error, its code as the recording spells it: `NOT_A_HEAD` is `not-a-head`. */
export async function answer(asked: Case): Promise<Outcome> {
  try {
    return await carryOut(asked)
  } catch (error) {
    if (!(error instanceof AludelError)) throw error
    const kind = error.code.toLowerCase().replaceAll('_', '-')
    return { error: { kind, message: error.message }, rows: asked.rows ?? [] }
  }
}

interface Question {
  readonly graph: Graph
  readonly rows: readonly string[]
  readonly words: readonly string[]
  text(name: string): string | undefined
  texts(name: string): readonly string[]
  has(name: string): boolean
  /** What is applied; a row that no file has is refused. */
  state(): ReadonlySet<string>
}

async function carryOut(asked: Case): Promise<Outcome> {
  const [typed = '', ...args] = asked.command
  const name = typed.replaceAll('_', '-')
  const loaded = await commands[name]?.()
  const answerer = answers[name]
  if (!loaded || !answerer) return { error: { kind: 'usage' } }
  const { positionals: words, flags } = parseArguments(name, loaded.command, args)
  const graph = buildGraph(revisionsOf(asked))
  const rows = asked.rows ?? []
  const { text, texts, has } = flags
  return answerer({ graph, rows, words, text, texts, has, state: () => stateOf(graph, rows) })
}

/** The ledger that a table of these rows means: each row with all that it needs. */
function stateOf(graph: Graph, rows: readonly string[]): ReadonlySet<string> {
  const known = ancestors(
    graph,
    rows.filter((id) => graph.revisions.has(id)),
  )
  const unknown = rows.filter((id) => !graph.revisions.has(id))
  const applied = new Map(
    [...known, ...unknown].map((revision): [string, AppliedRevision] => [
      revision,
      {
        revision,
        checksum: '',
        extension: '.ts',
        downRevision: graph.revisions.get(revision)?.downRevision ?? [],
      },
    ]),
  )
  verifyKnown(graph, { exists: true, applied }, { ahead: false })
  return known
}

const answers: Readonly<Record<string, (question: Question) => Outcome>> = {
  upgrade: (question) => (question.has('sql') ? script(question, upgradeRange) : move(question, 'upgrade')),
  downgrade: (question) =>
    question.has('sql') ? script(question, downgradeRange) : move(question, 'downgrade'),
  stamp,
  history: ({ graph, text, state }) => {
    const range = text('rev-range')
    const now = range !== undefined && mentionsCurrent(range) ? state() : new Set<string>()
    return list(historyRange(graph, range, now))
  },
  show: ({ graph, words, state }) =>
    list(namedIds(graph, words, words.includes('current') ? tips(graph, state()) : [])),
  heads: ({ graph, has }) => list(has('resolve-dependencies') ? effectiveHeads(graph) : heads(graph)),
  branches: ({ graph }) => list(branchPoints(graph)),
  current: ({ graph, has, state }) => {
    const now = state()
    if (has('check-heads') && pendingIn(graph, now).length > 0) return { error: { kind: 'not-at-head' } }
    return list(headsOf(graph, now))
  },
  revision: (question) => {
    const { graph, text, texts, has } = question
    const id = newId(text('rev-id'))
    const request = {
      head: text('head'),
      splice: has('splice'),
      branchLabels: checkLabels(texts('branch-label')),
      dependsOn: texts('depends-on'),
    }
    return written(graph, id, placeRevision(graph, id, request))
  },
  merge: (question) => {
    const { graph, words, text, texts, has } = question
    const id = newId(text('rev-id'))
    const request = {
      revisions: words,
      splice: has('splice'),
      branchLabels: checkLabels(texts('branch-label')),
    }
    return written(graph, id, placeMerge(graph, id, request))
  },
  'ensure-version': ({ rows }) => ({ rows }),
}

function list(ids: readonly string[]): Outcome {
  return { revisions: ids.map((rev) => ({ rev })) }
}

function written(graph: Graph, revision: string, { downRevision, branchLabels, dependsOn }: Place): Outcome {
  return {
    new: { revision, down_revision: downRevision, branch_labels: branchLabels, depends_on: dependsOn },
    heads_after: headsWith(graph, revision, { downRevision }),
  }
}

function move({ graph, words, state }: Question, direction: 'upgrade' | 'downgrade'): Outcome {
  checkTargets(graph, direction, words)
  const start = state()
  const { steps, end } = walkThrough(graph, direction, start, routeTo(graph, direction, start, words)(start))
  return { steps, rows: tips(graph, end) }
}

function script(
  { graph, words: [target = ''] }: Question,
  plan: typeof upgradeRange | typeof downgradeRange,
): Outcome {
  const { start, steps: ids } = plan(graph, target)
  const { steps, end } = walkThrough(graph, plan === upgradeRange ? 'upgrade' : 'downgrade', start, ids)
  return { steps, net: net(graph, start, end) }
}

function stamp(question: Question): Outcome {
  const { graph, words, has, state } = question
  if (has('sql')) {
    refusePurge({ flags: question })
    const { start, after } = stampRange(graph, words)
    return { net: net(graph, start, after) }
  }
  for (const word of words) resolveRevisions(graph, word)
  const before = has('purge') ? new Set<string>() : state()
  return { rows: tips(graph, stampState(graph, before, words)) }
}

function walkThrough(
  graph: Graph,
  op: 'upgrade' | 'downgrade',
  start: ReadonlySet<string>,
  ids: readonly string[],
): { readonly steps: readonly Step[]; readonly end: ReadonlySet<string> } {
  const now = new Set(start)
  const steps = ids.map((rev): Step => {
    if (op === 'upgrade') now.add(rev)
    else now.delete(rev)
    return { op, rev, rows_after: tips(graph, now) }
  })
  return { steps, end: now }
}

function net(
  graph: Graph,
  start: ReadonlySet<string>,
  end: ReadonlySet<string>,
): NonNullable<Outcome['net']> {
  const [before, after] = [tips(graph, start), tips(graph, end)]
  return {
    add: after.filter((id) => !before.includes(id)),
    remove: before.filter((id) => !after.includes(id)),
  }
}
