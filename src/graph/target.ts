/** What a person types as a target, resolved to revision ids. */
import { AludelError } from '../errors.ts'
import { type Graph, ancestors, bases, descendants, heads, headsOf, predecessors } from './graph.ts'

/**
 * The ids that are to be applied, with all that they need, at the end of an upgrade. Empty when nothing is meant (`base`).
 * @param target `head`, `heads`, `base`, `+N`, an id or a unique prefix of one
 * @param state ids applied
 * @throws {AludelError} UNKNOWN_TARGET, AMBIGUOUS_TARGET, BAD_TARGET, MULTIPLE_HEADS
 */
export function upgradeTarget(graph: Graph, state: ReadonlySet<string>, target: string): readonly string[] {
  const steps = relative(target)
  if (steps === undefined) return resolveTarget(graph, target)
  if (steps < 0) {
    throw new AludelError('BAD_TARGET', `An upgrade cannot go to ${target}: that is backwards.`, {
      fix: `\`aludel downgrade ${target}\` goes back.`,
    })
  }
  return forward(graph, state, steps)
}

/**
 * The ids that are to stay at the end of a downgrade: everything that follows one of them goes. `base` gives none.
 * @param target `base`, `-N`, an id or a unique prefix of one, `head`
 * @throws {AludelError} UNKNOWN_TARGET, AMBIGUOUS_TARGET, BAD_TARGET, MULTIPLE_HEADS
 */
export function downgradeTarget(graph: Graph, state: ReadonlySet<string>, target: string): readonly string[] {
  const steps = relative(target)
  if (steps !== undefined) {
    if (steps > 0) {
      throw new AludelError('BAD_TARGET', `A downgrade cannot go to ${target}: that is forwards.`, {
        fix: `\`aludel upgrade ${target}\` goes forward.`,
      })
    }
    return backward(graph, state, -steps)
  }
  const ids = resolveTarget(graph, target)
  const absent = ids.filter((id) => !state.has(id))
  if (absent.length > 0) {
    throw new AludelError(
      'BAD_TARGET',
      `Revision ${absent.join(', ')} is not applied, so nothing can go back to it.`,
      {
        fix: '`aludel current` shows what is applied; `aludel upgrade` goes forward.',
        details: { target, revisions: absent },
      },
    )
  }
  return ids
}

/**
 * Ids for `head`, `heads`, `base` (none), an id or a unique prefix of one.
 * @throws {AludelError} UNKNOWN_TARGET, AMBIGUOUS_TARGET, MULTIPLE_HEADS
 */
export function resolveTarget(graph: Graph, target: string): readonly string[] {
  if (target === 'base') return []
  if (target === 'heads') return heads(graph)
  if (target === 'head') return oneHead(graph)
  return [resolveRevision(graph, target)]
}

/** @throws {AludelError} MULTIPLE_HEADS; empty when there is no revision at all */
export function oneHead(graph: Graph): readonly string[] {
  const all = heads(graph)
  if (all.length <= 1) return all
  const files = all.map((id) => graph.revisions.get(id)?.path)
  const named = all.map((id, at) => (files[at] === undefined ? id : `${id} (${files[at]})`))
  throw new AludelError('MULTIPLE_HEADS', `There are ${all.length} heads: ${named.join(', ')}.`, {
    state: 'Nothing was changed.',
    fix:
      'Name one of them, or all: `aludel upgrade heads`. ' +
      `A revision with \`downRevision = [${all.map((id) => `'${id}'`).join(', ')}]\` merges them.`,
    details: { heads: all, files },
  })
}

/** @throws {AludelError} UNKNOWN_TARGET, AMBIGUOUS_TARGET */
function resolveRevision(graph: Graph, text: string): string {
  const labelled = graph.labels.get(text)
  if (labelled !== undefined) return labelled
  if (graph.revisions.has(text)) return text
  const candidates = text === '' ? [] : [...graph.revisions.keys()].filter((id) => id.startsWith(text))
  const [only, second] = candidates
  if (only !== undefined && second === undefined) return only
  if (only === undefined) {
    throw new AludelError('UNKNOWN_TARGET', `Can't locate revision identified by '${text}'.`, {
      state: 'Nothing was changed.',
      fix: '`aludel history` lists the revisions; `head` and `base` are targets too.',
      details: { target: text },
    })
  }
  throw new AludelError(
    'AMBIGUOUS_TARGET',
    `${candidates.length} revisions start with '${text}': ${candidates.slice(0, 10).join(', ')}${candidates.length > 10 ? ', …' : ''}.`,
    {
      state: 'Nothing was changed.',
      fix: 'Type more characters of the one that is meant.',
      details: { target: text, candidates },
    },
  )
}

/** Whether a target counts from where the database is: `+2`, `-1`. */
export function isRelative(target: string): boolean {
  return /^[+-]\d{1,9}$/.test(target)
}

/** `+2` as 2, `-1` as -1, undefined for anything else. */
function relative(target: string): number | undefined {
  return isRelative(target) ? Number(target) : undefined
}

function forward(graph: Graph, state: ReadonlySet<string>, steps: number): readonly string[] {
  const at = headsOf(graph, state)
  if (at.length > 1) throw severalApplied(at, `+${steps}`)
  let id = at[0]
  for (let step = 1; step <= steps; step++) {
    const next: readonly string[] = id === undefined ? bases(graph) : (graph.children.get(id) ?? [])
    const [only, second] = next
    if (only === undefined) throw outOfRange(`+${steps}`, step - 1, 'head')
    if (second !== undefined) {
      throw new AludelError(
        'AMBIGUOUS_TARGET',
        `+${steps} is ambiguous: ${next.join(' and ')} both follow ${id ?? 'base'}.`,
        {
          state: 'Nothing was changed.',
          fix: `Name one: \`aludel upgrade ${only}\`.`,
          details: { candidates: next },
        },
      )
    }
    id = only
  }
  return id === undefined ? [] : [id]
}

function backward(graph: Graph, state: ReadonlySet<string>, steps: number): readonly string[] {
  const at = headsOf(graph, state)
  if (at.length > 1) throw severalApplied(at, `-${steps}`)
  let id = at[0]
  for (let step = 1; step <= steps; step++) {
    if (id === undefined) throw outOfRange(`-${steps}`, step - 1, 'base')
    const parents: readonly string[] = graph.revisions.get(id)?.downRevision ?? []
    if (parents.length > 1 && step < steps) {
      throw new AludelError(
        'AMBIGUOUS_TARGET',
        `-${steps} is ambiguous: ${id} merges ${parents.join(' and ')}.`,
        {
          state: 'Nothing was changed.',
          fix: `Name one: \`aludel downgrade ${parents[0]}\`.`,
          details: { candidates: parents },
        },
      )
    }
    if (parents.length > 1) return parents
    id = parents[0]
  }
  return id === undefined ? [] : [id]
}

function severalApplied(at: readonly string[], target: string): AludelError {
  return new AludelError(
    'AMBIGUOUS_TARGET',
    `${target} is ambiguous: the database is at ${at.join(' and ')}.`,
    {
      state: 'Nothing was changed.',
      fix: 'Name a revision id.',
      details: { heads: at },
    },
  )
}

function outOfRange(target: string, possible: number, end: string): AludelError {
  return new AludelError(
    'BAD_TARGET',
    `${target} goes past ${end}: only ${possible} of these steps are possible.`,
    {
      state: 'Nothing was changed.',
      fix: `\`${end}\` names the end.`,
      details: { possible },
    },
  )
}

/** The ids to upgrade, in order, so that every target is applied; empty when nothing is to do. */
export function upgradePath(
  graph: Graph,
  state: ReadonlySet<string>,
  targets: readonly string[],
): readonly string[] {
  const wanted = missingAncestors(graph, state, targets)
  return [...graph.revisions.keys()].filter((id) => wanted.has(id))
}

/** The ids to downgrade, in order, so that nothing that follows `targets` stays; no targets: nothing stays. */
export function downgradePath(
  graph: Graph,
  state: ReadonlySet<string>,
  targets: readonly string[],
): readonly string[] {
  const first = targets.length === 0 ? bases(graph) : targets.flatMap((id) => graph.children.get(id) ?? [])
  const kept = ancestors(graph, targets)
  const dropped = descendants(
    graph,
    first.filter((id) => !kept.has(id)),
  )
  return [...graph.revisions.keys()].filter((id) => dropped.has(id) && state.has(id)).reverse()
}

/**
 * The state that stamping gives: the targets with all that they need, without what follows them;
 * revisions of other branches stay. No targets (`base`): nothing.
 */
export function stampState(
  graph: Graph,
  state: ReadonlySet<string>,
  targets: readonly string[],
): ReadonlySet<string> {
  if (targets.length === 0) return new Set()
  const above = descendants(graph, targets)
  const below = ancestors(graph, targets)
  return new Set([...below, ...[...state].filter((id) => !above.has(id))])
}

function missingAncestors(graph: Graph, state: ReadonlySet<string>, targets: readonly string[]): Set<string> {
  const found = new Set(targets.filter((id) => !state.has(id)))
  for (const id of found)
    for (const before of predecessors(graph, id)) if (!state.has(before)) found.add(before)
  return found
}
