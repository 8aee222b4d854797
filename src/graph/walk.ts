/** Steps along the lineage, from one revision to the next. */
import { AludelError } from '../errors.ts'
import { type Graph, bases } from './graph.ts'

export interface Walked {
  /** Where the walk ended; undefined: at base. */
  readonly id: string | undefined
  /** How many steps could not be made, for the lineage ended before. */
  readonly left: number
}

export interface WalkOptions {
  /** Which revisions may be gone to on the way up; default all. */
  readonly within?: ((id: string) => boolean) | undefined
  /** How a revision is typed that an error proposes; default its id. */
  readonly typed?: (id: string) => string
}

/**
 * Goes up (`steps` > 0) or down along `downRevision`. The last step down goes from a base revision to base.
 * @param from undefined: from base
 * @throws {AludelError} AMBIGUOUS_WALK where several revisions are next
 */
export function walk(
  graph: Graph,
  from: string | undefined,
  steps: number,
  { within, typed = (id) => id }: WalkOptions = {},
): Walked {
  const next = nexts(graph, steps, within)
  let id = from
  for (let left = Math.abs(steps); left > 0; left--) {
    const [first, ...others] = next(id)
    if (first === undefined)
      return steps < 0 && id !== undefined ? { id: undefined, left: left - 1 } : { id, left }
    if (others.length > 0) throw ambiguous({ id, left, steps, ways: [first, ...others], next, typed })
    id = first
  }
  return { id, left: 0 }
}

/** Where a walk may end that takes the first way at each fork, and stops at the last revision. */
export function farthest(
  graph: Graph,
  from: string,
  steps: number,
  within?: (id: string) => boolean,
): string {
  return endOf(from, Math.abs(steps), nexts(graph, steps, within))
}

/**
 * @param possible how many of the steps can be made
 * @param instead what may be typed instead of the target
 */
export function outOfRange(
  target: string,
  end: 'head' | 'base',
  { possible, instead }: { readonly possible: number; readonly instead: readonly string[] },
): AludelError {
  const count =
    possible <= 0 ? 'no step is' : possible === 1 ? 'only 1 step is' : `only ${possible} steps are`
  return new AludelError('RELATIVE_OUT_OF_RANGE', `${target} goes past ${end}: ${count} possible.`, {
    state: 'Nothing was changed.',
    fix: inPlaceOf(target, instead),
    details: { target, possible: Math.max(possible, 0), instead },
  })
}

/** What an error says to type: each of `instead` is a target. */
export function inPlaceOf(target: string, instead: readonly string[]): string {
  if (instead.length === 0)
    return '`aludel current` says where the database is, `aludel history` what there is.'
  return `Type in place of ${target}: ${instead.map((each) => `\`${each}\``).join(', or ')}.`
}

type Nexts = (id: string | undefined) => readonly string[]

function nexts(graph: Graph, steps: number, within: ((id: string) => boolean) | undefined): Nexts {
  if (steps < 0) return (id) => (id === undefined ? [] : (graph.revisions.get(id)?.downRevision ?? []))
  const above: Nexts = (id) => (id === undefined ? bases(graph) : (graph.children.get(id) ?? []))
  return within ? (id) => above(id).filter(within) : above
}

function endOf(from: string, steps: number, next: Nexts): string {
  let id = from
  for (let left = steps; left > 0; left--) {
    const [first] = next(id)
    if (first === undefined) return id
    id = first
  }
  return id
}

interface Fork {
  /** Where it is; undefined: base. */
  readonly id: string | undefined
  readonly left: number
  readonly steps: number
  readonly ways: readonly string[]
  readonly next: Nexts
  readonly typed: (id: string) => string
}

function ambiguous({ id, left, steps, ways, next, typed }: Fork): AludelError {
  const shown = ways.slice(0, 10).join(', ') + (ways.length > 10 ? ', …' : '')
  const ends = ways.slice(0, 5).map((way) => typed(endOf(way, left - 1, next)))
  const instead = [...new Set(ends)]
  const number = steps > 0 ? `+${steps}` : `${steps}`
  return new AludelError(
    'AMBIGUOUS_WALK',
    steps > 0
      ? `${number} is ambiguous: ${shown} all follow ${id ?? 'base'}.`
      : `${number} is ambiguous: ${id} merges ${shown}.`,
    {
      state: 'Nothing was changed.',
      fix: `Name where it is to go: ${instead.map((each) => `\`${each}\``).join(', or ')}.`,
      details: { at: id ?? null, candidates: ways, instead },
    },
  )
}
