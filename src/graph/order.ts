/** The order of revisions. */

export interface Links {
  /** Counts the ids that come directly before an id, each once. */
  readonly before: (id: string) => number
  /** Ids directly behind an id, each once, sorted. */
  readonly children: ReadonlyMap<string, readonly string[]>
  /** The same, others than `children`; they wait until the branch of the id itself is at its end. */
  readonly dependents?: ReadonlyMap<string, readonly string[]>
}

/**
 * Puts each id behind all that is before it, and goes along one branch as far as it can before it turns to another; the smallest id
 * goes first. Nothing but ids decides, so that it is the same on every machine. Ids in a circle, and what is behind them, are left out.
 * @param ids sorted
 */
export function order(ids: readonly string[], { before, children, dependents }: Links): readonly string[] {
  const waiting = new Map<string, number>()
  const sorted: string[] = []
  const ready = ids.filter((id) => before(id) === 0).reverse()
  const release = (nexts: readonly string[] = []): void => {
    for (let at = nexts.length - 1; at >= 0; at--) {
      const next = nexts[at] ?? ''
      const left = (waiting.get(next) ?? before(next)) - 1
      if (left === 0) ready.push(next)
      else waiting.set(next, left)
    }
  }
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    sorted.push(id)
    release(dependents?.get(id))
    release(children.get(id))
  }
  return sorted
}
