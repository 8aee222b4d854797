/** Targets that count: `+2`, `-1`, `billing@-1`, `8f2a+1`. */
import { AludelError } from '../errors.ts'
import type { Graph } from './graph.ts'
import { branchOf, nothing, resolveRevision } from './resolve.ts'
import { type Walked, outOfRange, walk } from './walk.ts'

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
    return walk(graph, resolveRevision(graph, symbol), steps, branchOf(graph, branch))
  }
  const from = steps > 0 || branch === undefined ? symbol : `${branch}@${symbol}`
  return walk(graph, resolveRevision(graph, from), steps)
}

/** @throws {AludelError} RELATIVE_OUT_OF_RANGE when the walk ended at base, or steps were left */
export function revisionAt({ id, left }: Walked, { target, steps }: Relative): string {
  if (id !== undefined && left === 0) return id
  throw outOfRange(target, Math.abs(steps) - Math.max(left, 1), steps > 0 ? 'head' : 'base')
}

/** @throws {AludelError} AMBIGUOUS_CURRENT when the database is at several of these */
export function onlyOne(at: readonly string[], { target, steps }: Relative): string | undefined {
  if (at.length <= 1) return at[0]
  const number = steps > 0 ? `+${steps}` : `${steps}`
  const choices = at.slice(0, 5).map((id) => `\`${id}@${number}\``)
  throw new AludelError(
    'AMBIGUOUS_CURRENT',
    `${target} is ambiguous: the database is at ${at.join(' and ')}.`,
    {
      state: nothing,
      fix: `Say of which: ${choices.join(', ')}.`,
      details: { target, heads: at },
    },
  )
}

/** @throws {AludelError} RANGE_NOT_ALLOWED */
export function refuseRange(target: string, command: string): void {
  if (!target.includes(':')) return
  const end = target.slice(target.lastIndexOf(':') + 1)
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
