/** Ranges `a:b` of the history. */
import { AludelError } from '../errors.ts'
import { type Graph, ancestors } from './graph.ts'
import { branchNames, lineageAbove } from './lineage.ts'
import { branchOf, inBranch, nothing, resolveBelowHeads, resolveRevisions } from './resolve.ts'
import { countedFrom, isRelative, relative } from './relative.ts'
import { tips } from './state.ts'
import { outOfRange, walk } from './walk.ts'

/** Whether a range of `history` counts from where the database is. */
export function mentionsCurrent(text: string): boolean {
  return text.split(':').includes('current')
}

/**
 * The ids of `history -r a:b`, newest first: `a`, and all that `b` needs, follows `a` and is not needed by `a`.
 * @param text `a:b`, `a:`, `:b`; undefined: everything
 * @param state ids applied, for `current`
 * @throws {AludelError} BAD_RANGE; NOT_ANCESTOR when `b` does not follow `a`; as `resolveRevisions`
 */
export function historyRange(
  graph: Graph,
  text: string | undefined,
  state: ReadonlySet<string> = new Set(),
): readonly string[] {
  if (text === undefined) return [...graph.revisions.keys()].reverse()
  const { from, to } = ends(text)
  const current = tips(graph, state)
  // With both ends `current` the first is no name, as in Alembic: a range goes from one place to another.
  const lower = from === 'current' && to !== 'current' ? current : from === '' ? 'base' : from
  const upper = to === 'current' ? current : to === '' ? 'heads' : to
  const found = between(graph, lower, upper, text)
  if (found === undefined) throw notAncestor(graph, text)
  return found
}

/** Ids, or the text of a target. */
type End = string | readonly string[]

/** Undefined when the upper end does not follow the lower one. */
function between(graph: Graph, lower: End, upper: End, text: string): readonly string[] | undefined {
  const top = within(graph, lower, upperIds(graph, lower, upper, text))
  const required = ancestors(graph, top)
  const bottom = lowerIds(graph, lower)
  if (bottom.some((id) => !required.has(id))) return undefined
  const known = ancestors(graph, bottom)
  const above = bottom.length === 0 ? undefined : lineageAbove(graph, bottom)
  const found = new Set([...required].filter((id) => !known.has(id) && (!above || above.has(id))))
  for (const id of bottom) found.add(id)
  // What `b` needs only as a dependency does not lead to it from `a`.
  const reached = ancestors(
    graph,
    top.filter((id) => found.has(id)),
  )
  if ([...found].some((id) => !reached.has(id))) return undefined
  return [...graph.revisions.keys()].filter((id) => found.has(id)).reverse()
}

function upperIds(graph: Graph, lower: End, upper: End, text: string): readonly string[] {
  if (typeof upper !== 'string') return upper.length === 0 ? resolveRevisions(graph, 'heads') : upper
  const counted = relative(upper)
  if (!counted) return resolveRevisions(graph, upper)
  const { branch, symbol, steps } = counted
  if (symbol === undefined && steps <= 0) throw countsBack(text, upper)
  const inside = branch === undefined ? undefined : branchOf(graph, branch)
  const { id } =
    symbol === undefined
      ? walk(graph, startOf(graph, lower, inside, text), steps, { within: inside })
      : countedFrom(graph, symbol, counted)
  if (id === undefined) throw outOfRange(upper, 'base', { possible: 0, instead: [] })
  return [id]
}

/** The one place that `a:+2` counts from. */
function startOf(
  graph: Graph,
  lower: End,
  inside: ((id: string) => boolean) | undefined,
  text: string,
): string | undefined {
  const ids = typeof lower === 'string' ? resolveRevisions(graph, lower) : lower
  const chosen = inside ? ids.filter(inside) : ids
  if (chosen.length <= 1) return chosen[0]
  throw new AludelError('AMBIGUOUS_CURRENT', `${text} counts from several revisions: ${chosen.join(', ')}.`, {
    state: nothing,
    fix: 'Name the one to start from.',
    details: { range: text, heads: chosen },
  })
}

function countsBack(range: string, upper: string): AludelError {
  return new AludelError(
    'RELATIVE_OUT_OF_RANGE',
    `${upper} cannot end a range: the second end counts from the first, forward.`,
    {
      state: nothing,
      fix: 'Write a `+` there, or name where the range ends.',
      details: { range, target: upper, possible: 0 },
    },
  )
}

function lowerIds(graph: Graph, lower: End): readonly string[] {
  if (typeof lower !== 'string') return lower
  try {
    // `-3` counts from the heads, as in Alembic; a history that is shorter is shown whole.
    return resolveBelowHeads(graph, lower)
  } catch (error) {
    if (error instanceof AludelError && error.code === 'RELATIVE_OUT_OF_RANGE') return []
    throw error
  }
}

/** Of the upper end what belongs to the branch that the lower one names. */
function within(graph: Graph, lower: End, ids: readonly string[]): readonly string[] {
  const branch = typeof lower === 'string' ? inBranch(lower).branch : undefined
  if (branch === undefined) return ids
  const names = branchNames(graph)
  return graph.labels.has(branch)
    ? ids.filter((id) => names.get(id)?.includes(branch))
    : ids.filter(branchOf(graph, branch))
}

/**
 * The two ends of a range as typed; either may be empty.
 * @throws {AludelError} BAD_RANGE
 */
export function ends(text: string): { readonly from: string; readonly to: string } {
  const [from, to, ...more] = text.trim().split(':')
  if (from !== undefined && to !== undefined && more.length === 0) return { from, to }
  throw new AludelError('BAD_RANGE', `'${text}' is no range.`, {
    state: nothing,
    fix: 'A range is `a:b`, `a:` or `:b`; `current` may stand for either.',
    details: { range: text },
  })
}

function notAncestor(graph: Graph, text: string): AludelError {
  const { from, to } = ends(text)
  const swapped = from === '' || to === '' ? [] : [`${to}:${from}`]
  const others = [...swapped, `${from}:${from}@heads`, `:${to}`]
  const [instead] = mentionsCurrent(text) ? [] : others.filter((range) => isRange(graph, range))
  return new AludelError(
    'NOT_ANCESTOR',
    `'${text}' is no line of the history: ${to || 'heads'} does not follow ${from || 'base'}.`,
    {
      state: nothing,
      fix:
        instead === undefined
          ? 'The older one goes first; `aludel history` shows how the revisions follow each other.'
          : `Type in place of ${text}: \`${instead}\`.`,
      details: { range: text, ...(instead === undefined ? {} : { instead: [instead] }) },
    },
  )
}

/** Whether a range shows something. What counts from the one end means something else at the other. */
function isRange(graph: Graph, text: string): boolean {
  const { from, to } = ends(text)
  if (isRelative(from) || isRelative(to)) return false
  try {
    return (between(graph, from || 'base', to || 'heads', text) ?? []).length > 0
  } catch {
    return false
  }
}
