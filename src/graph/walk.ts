/** Steps along the lineage, from one revision to the next. */
import { AludelError } from '../errors.ts'
import { type Graph, bases } from './graph.ts'

export interface Walked {
  /** Where the walk ended; undefined: at base. */
  readonly id: string | undefined
  /** How many steps could not be made, for the lineage ended before. */
  readonly left: number
}

/**
 * Goes up (`steps` > 0) or down along `downRevision`. The last step down goes from a base revision to base.
 * @param from undefined: from base
 * @param within which revisions may be gone to on the way up; default all
 * @throws {AludelError} AMBIGUOUS_WALK where several revisions are next
 */
export function walk(
  graph: Graph,
  from: string | undefined,
  steps: number,
  within: (id: string) => boolean = () => true,
): Walked {
  let id = from
  for (let left = Math.abs(steps); left > 0; left--) {
    const next: readonly (string | undefined)[] =
      steps > 0 ? above(graph, id).filter(within) : below(graph, id)
    if (next.length === 0) return { id, left }
    if (next.length > 1) throw ambiguous(graph, id, next, steps)
    id = next[0]
  }
  return { id, left: 0 }
}

/**
 * @param possible how many of the steps can be made
 * @param end `head` or `base`, which the target goes past
 */
export function outOfRange(
  target: string,
  possible: number,
  end: 'head' | 'base',
  message = `${target} goes past ${end}: only ${possible} of these steps are possible.`,
): AludelError {
  return new AludelError('RELATIVE_OUT_OF_RANGE', message, {
    state: 'Nothing was changed.',
    fix: `\`${end}\` names the end; \`aludel current\` says where the database is.`,
    details: { target, possible },
  })
}

function above(graph: Graph, id: string | undefined): readonly string[] {
  return id === undefined ? bases(graph) : (graph.children.get(id) ?? [])
}

function below(graph: Graph, id: string | undefined): readonly (string | undefined)[] {
  const parents = id === undefined ? [] : (graph.revisions.get(id)?.downRevision ?? [])
  return id !== undefined && parents.length === 0 ? [undefined] : parents
}

function ambiguous(
  graph: Graph,
  at: string | undefined,
  next: readonly (string | undefined)[],
  steps: number,
): AludelError {
  const candidates = next.filter((id) => id !== undefined)
  const [first] = candidates
  const shown = candidates.slice(0, 10).join(', ') + (candidates.length > 10 ? ', …' : '')
  const labels = [...graph.labels.keys()].slice(0, 10)
  const up = steps > 0
  return new AludelError(
    'AMBIGUOUS_WALK',
    up
      ? `+${steps} is ambiguous: ${shown} all follow ${at ?? 'base'}.`
      : `${steps} is ambiguous: ${at} merges ${shown}.`,
    {
      state: 'Nothing was changed.',
      fix: up
        ? `Name one of them (\`${first}\`)${labels.length === 0 ? '' : `, or a branch: \`${labels[0]}@+${steps}\``}.`
        : `Name one of them: \`aludel downgrade ${first}\` takes back what follows ${first} and leaves the rest.`,
      details: { at: at ?? null, candidates },
    },
  )
}
