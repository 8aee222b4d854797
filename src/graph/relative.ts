/** Targets that count: `+2`, `-1`, `billing@-1`, `8f2a+1`. */
import { AludelError } from '../errors.ts'
import type { Graph } from './graph.ts'
import { branchOf, nothing, resolveRevision } from './resolve.ts'
import { type Walked, farthest, inPlaceOf, outOfRange, walk } from './walk.ts'

/** `billing@8f2a+2`: each part may be missing but the number. */
export interface Relative {
  /** As typed. */
  readonly target: string
  readonly branch: string | undefined
  /** What is counted from: a revision, `head`, `base`; undefined: where the database is. */
  readonly symbol: string | undefined
  readonly steps: number
}

/** Undefined for a target that does not count. */
export function relative(target: string): Relative | undefined {
  const [, branch, symbol, steps] = /^(?:(.+?)@)?(\w+)?([+-]\d+)$/.exec(target) ?? []
  return steps === undefined ? undefined : { target, branch, symbol, steps: Number(steps) }
}

/** Whether a target counts from where the database is: `+2`, `-1`, `billing@-1`. */
export function isRelative(target: string): boolean {
  const counted = relative(target)
  return counted !== undefined && counted.symbol === undefined
}

/**
 * Counts from a revision that the target names.
 * @throws {AludelError} AMBIGUOUS_WALK; as `resolveRevision`
 */
export function countedFrom(graph: Graph, symbol: string, { branch, steps }: Relative): Walked {
  // On the way up the branch chooses at each fork; on the way down it has to hold the start.
  if (steps > 0 && branch !== undefined) {
    return walk(graph, resolveRevision(graph, symbol), steps, {
      within: branchOf(graph, branch),
    })
  }
  const from = steps > 0 || branch === undefined ? symbol : `${branch}@${symbol}`
  return walk(graph, resolveRevision(graph, from), steps)
}

/** @throws {AludelError} RELATIVE_OUT_OF_RANGE when the walk ended at base, or steps were left */
export function revisionAt({ id, left }: Walked, { target, branch, steps }: Relative): string {
  if (id !== undefined && left === 0) return id
  if (steps < 0) {
    const instead = [branch === undefined ? 'base' : `${branch}@base`]
    throw outOfRange(target, 'base', { possible: -steps - Math.max(left, 1), instead })
  }
  const possible = steps - left
  throw outOfRange(target, 'head', { possible, instead: id === undefined || possible === 0 ? [] : [id] })
}

/** Steps of which none goes the way of the command. */
export function wrongWay(direction: 'upgrade' | 'downgrade', { target, steps }: Relative): AludelError {
  const [other, way] = direction === 'upgrade' ? ['downgrade', 'forward'] : ['upgrade', 'back']
  return new AludelError('RELATIVE_OUT_OF_RANGE', `${target} is no step ${way}, as \`${direction}\` goes.`, {
    state: nothing,
    fix: steps === 0 ? 'Count from 1 on.' : `\`aludel ${other} ${target}\` goes there.`,
    details: { target, possible: 0 },
  })
}

/** @throws {AludelError} AMBIGUOUS_CURRENT when the database is at several of these */
export function onlyOne(
  graph: Graph,
  at: readonly string[],
  { target, steps }: Relative,
): string | undefined {
  if (at.length <= 1) return at[0]
  const number = steps > 0 ? `+${steps}` : `${steps}`
  const counted = at.filter((id) => canWalk(graph, id, steps)).map((id) => `${id}@${number}`)
  const ends =
    steps > 0
      ? at.map((id) => farthest(graph, id, steps)).filter((id) => !at.includes(id))
      : at.map((id) => `${id}@base`)
  const instead = [...new Set(counted.length > 0 ? counted : ends)].slice(0, 5)
  throw new AludelError(
    'AMBIGUOUS_CURRENT',
    `${target} is ambiguous: the database is at ${at.join(' and ')}.`,
    {
      state: nothing,
      fix: inPlaceOf(target, instead),
      details: { target, heads: at, instead },
    },
  )
}

/** Whether so many steps lead from a revision to one other, within its branch. */
function canWalk(graph: Graph, id: string, steps: number): boolean {
  try {
    return walk(graph, id, steps, { within: branchOf(graph, id) }).left === 0
  } catch {
    return false
  }
}

/** @throws {AludelError} RANGE_NOT_ALLOWED */
export function refuseRange(target: string, command: 'upgrade' | 'downgrade'): void {
  if (!target.includes(':')) return
  const end = target.slice(target.lastIndexOf(':') + 1) || (command === 'upgrade' ? 'heads' : 'base')
  throw new AludelError(
    'RANGE_NOT_ALLOWED',
    `${target} is a range, but the database itself says where it is.`,
    {
      state: nothing,
      fix: `\`aludel ${command} ${end}\`; a range goes with --sql, which prints a script.`,
      details: { target },
    },
  )
}
