/** What a person types for a revision, resolved to ids. */
import { AludelError, type ErrorCode } from '../errors.ts'
import { type Graph, heads } from './graph.ts'
import { lineage } from './lineage.ts'
import { effectiveHeads } from './state.ts'
import { farthest, outOfRange, walk } from './walk.ts'

/**
 * The ids that a text names: `head`, `heads`, `base` (none), an id, a unique prefix of one, a branch label, each of them in a branch
 * (`billing@head`, `billing@8f2a`; a revision id stands for its branch too).
 * @throws {AludelError} UNKNOWN_REVISION, UNKNOWN_BRANCH, AMBIGUOUS_PREFIX, NOT_IN_BRANCH, MULTIPLE_HEADS
 */
export function resolveRevisions(graph: Graph, text: string): readonly string[] {
  const { branch, name } = inBranch(text)
  if (name === 'heads') {
    return branch === undefined ? effectiveHeads(graph) : heads(graph).filter(branchOf(graph, branch))
  }
  if (name === 'head') {
    const head = oneHead(graph, branch)
    return head === undefined ? [] : [head]
  }
  if (name === 'base') {
    if (branch !== undefined) branchOf(graph, branch)
    return []
  }
  return [identified(graph, name, branch)]
}

/**
 * As `resolveRevisions`, and `-2`: two below each head, `billing@-2`: below each of the branch.
 * @throws {AludelError} RELATIVE_OUT_OF_RANGE, AMBIGUOUS_WALK
 */
export function resolveBelowHeads(graph: Graph, text: string): readonly string[] {
  const { branch, name } = inBranch(text)
  if (!/^-0*[1-9]\d*$/.test(name)) return resolveRevisions(graph, text)
  const steps = Number(name)
  return resolveRevisions(graph, branch === undefined ? 'heads' : `${branch}@heads`).map((head) => {
    const { id, left } = walk(graph, head, steps)
    if (id === undefined || left > 0) {
      const instead = [farthest(graph, head, steps)]
      throw outOfRange(text, 'base', { possible: -steps - Math.max(left, 1), instead })
    }
    return id
  })
}

/**
 * The ids that texts name to look at, each once.
 * @param current what `current` stands for
 * @throws {AludelError} as `resolveBelowHeads`
 */
export function namedIds(
  graph: Graph,
  texts: readonly string[],
  current: readonly string[],
): readonly string[] {
  const named = texts.flatMap((text) => (text === 'current' ? current : resolveBelowHeads(graph, text)))
  return [...new Set(named)]
}

/**
 * The one id that a text names, as `resolveRevisions`; undefined for `base`, and for `head` where there are no revisions.
 * @throws {AludelError} MULTIPLE_HEADS when it names several
 */
export function resolveRevision(graph: Graph, text: string): string | undefined {
  const [id, ...others] = resolveRevisions(graph, text)
  if (id !== undefined && others.length > 0) throw severalHeads(graph, [id, ...others], { target: text })
  return id
}

/**
 * Whether an id belongs to a branch: the revision that the label, id or prefix names, what it follows and what follows it.
 * @throws {AludelError} UNKNOWN_REVISION, AMBIGUOUS_PREFIX
 */
export function branchOf(graph: Graph, branch: string): (id: string) => boolean {
  const ids = resolveRevisions(graph, branch)
  // `heads` and `base` are no branch: they hold everything.
  if (ids.length === 0) return () => true
  const members = new Set(ids.flatMap((id) => [...lineage(graph, id)]))
  return (id) => members.has(id)
}

/** `billing@head` as the branch `billing` and the name `head`. */
export function inBranch(text: string): { readonly branch: string | undefined; readonly name: string } {
  const at = text.indexOf('@')
  return at === -1
    ? { branch: undefined, name: text }
    : { branch: text.slice(0, at), name: text.slice(at + 1) }
}

/**
 * The head, of the whole graph or of a branch; undefined where there are no revisions.
 * @throws {AludelError} MULTIPLE_HEADS
 */
function oneHead(graph: Graph, branch?: string): string | undefined {
  const all = branch === undefined ? heads(graph) : heads(graph).filter(branchOf(graph, branch))
  if (all.length > 1)
    throw severalHeads(graph, all, { target: branch === undefined ? 'head' : `${branch}@head` })
  return all[0]
}

/**
 * The revision that a branch is named after.
 * @throws {AludelError} UNKNOWN_BRANCH
 */
export function resolveBranch(graph: Graph, branch: string): string {
  try {
    return identified(graph, branch, undefined)
  } catch (cause) {
    throw unknown(graph, 'UNKNOWN_BRANCH', `No such branch: '${branch}'.`, branch, cause)
  }
}

/** @throws {AludelError} UNKNOWN_REVISION, UNKNOWN_BRANCH, AMBIGUOUS_PREFIX, NOT_IN_BRANCH */
function identified(graph: Graph, text: string, branch: string | undefined): string {
  const members = branch === undefined ? undefined : lineage(graph, resolveBranch(graph, branch))
  const id = exactly(graph, text) ?? byPrefix(graph, text, members)
  if (members && !members.has(id)) {
    throw new AludelError('NOT_IN_BRANCH', `Revision ${id} is not a member of branch '${branch}'.`, {
      state: nothing,
      fix: `Leave out \`${branch}@\`, or name a revision of that branch: \`aludel history -r ${branch}@base:${branch}@heads\` lists them.`,
      details: { revision: id, branch },
    })
  }
  return id
}

function exactly(graph: Graph, text: string): string | undefined {
  return graph.labels.get(text) ?? (graph.revisions.has(text) ? text : undefined)
}

function byPrefix(graph: Graph, text: string, members: ReadonlySet<string> | undefined): string {
  // Names of three characters and fewer are found whole only, as in Alembic: `a1` does not stand in the way of `a1f0`.
  const candidates = [...graph.revisions.keys(), ...graph.labels.keys()].filter(
    (name) =>
      name.length > 3 && name.startsWith(text) && (!members || members.has(graph.labels.get(name) ?? name)),
  )
  const [only, second] = text === '' ? [] : candidates
  if (only === undefined) {
    const elsewhere = members ? [...graph.revisions.keys()].filter((id) => id.startsWith(text)) : []
    const where =
      elsewhere.length === 0 || text === '' ? '' : ` in that branch; ${elsewhere[0]} is in another`
    throw unknown(graph, 'UNKNOWN_REVISION', `Can't locate revision identified by '${text}'${where}.`, text)
  }
  if (second === undefined) return graph.labels.get(only) ?? only
  const shown = candidates.slice(0, 10).join(', ') + (candidates.length > 10 ? ', …' : '')
  throw new AludelError(
    'AMBIGUOUS_PREFIX',
    `${candidates.length} revisions start with '${text}': ${shown}.`,
    {
      state: nothing,
      fix: 'Type more characters of the one that is meant.',
      details: { target: text, candidates },
    },
  )
}

function unknown(
  graph: Graph,
  code: ErrorCode,
  message: string,
  target: string,
  cause?: unknown,
): AludelError {
  const labels = [...graph.labels.keys()].slice(0, 10)
  const branches = labels.length === 0 ? '' : `; branches: ${labels.join(', ')}`
  const short = [...graph.revisions.keys()]
    .filter((id) => id.length <= 3 && id.startsWith(target))
    .slice(0, 10)
  const counts = /[-+]\d+$/.test(target)
    ? ' Steps are counted by upgrade and downgrade, and at the ends of a range of `history`; elsewhere a revision is named.'
    : ''
  const whole = short.length === 0 ? '' : ` An id this short is typed whole: ${short.join(', ')}.`
  return new AludelError(code, message, {
    state: nothing,
    fix: `\`aludel history\` lists the revisions; head, heads and base are targets too${branches}.${whole}${counts}`,
    details: { target },
    exitCode: 2,
    cause,
  })
}

/** @param how to name one of them; default: in place of the target */
export function severalHeads(
  graph: Graph,
  ids: readonly string[],
  { target, how }: { readonly target: string; readonly how?: string },
): AludelError {
  const files = ids.map((id) => graph.revisions.get(id)?.path)
  const list = ids.map((id, at) => (files[at] === undefined ? id : `${id} (${files[at]})`))
  const { name } = inBranch(target)
  const some = ids.slice(0, 5).map((id) => `\`${id}\``)
  const all = name === 'head' ? '; where several may be named, `heads` takes all: `aludel upgrade heads`' : ''
  const joins = `${mergeCommand(graph, ids)} writes a revision that merges them.`
  return new AludelError(
    'MULTIPLE_HEADS',
    `There are ${ids.length} heads${target === 'head' ? '' : ` for '${target}'`}: ${list.join(', ')}.`,
    {
      state: nothing,
      fix: `${how ?? `Name one in place of \`${name}\`: ${some.join(', or ')}${all}.`} ${joins}`,
      details: { target, heads: ids, files },
    },
  )
}

/** What `merge` is given to join these: a head that something depends on is not among `heads`. */
function mergeCommand(graph: Graph, ids: readonly string[]): string {
  const free = new Set(effectiveHeads(graph))
  const isAll = ids.length === free.size && ids.every((id) => free.has(id))
  return isAll ? '`aludel merge heads` (`make migrate-merge`)' : `\`aludel merge ${ids.join(' ')}\``
}

/** The state of the database when a target is refused. */
export const nothing = 'Nothing was changed.'
