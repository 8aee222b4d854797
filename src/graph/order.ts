/** The order of revisions. */

type Links = ReadonlyMap<string, readonly string[]>

/**
 * Puts each id behind all that is before it, and goes along one branch as far as it can before it turns to another; the smallest id
 * goes first. The order of its arguments decides nothing else, so that it is the same on every machine. Ids in a circle, and what is
 * behind them, are left out.
 * @param ids sorted
 * @param children ids directly behind an id, each once, sorted
 * @param dependents the same, others than `children`; they wait until the branch of the id itself is at its end
 */
export function order(ids: readonly string[], children: Links, dependents: Links): string[] {
  const waiting = new Map<string, number>()
  for (const links of [children, dependents])
    for (const nexts of links.values())
      for (const next of nexts) waiting.set(next, (waiting.get(next) ?? 0) + 1)
  const sorted: string[] = []
  const ready = ids.filter((id) => !waiting.has(id)).reverse()
  for (let id = ready.pop(); id !== undefined; id = ready.pop()) {
    sorted.push(id)
    for (const links of [dependents, children]) {
      const nexts = links.get(id) ?? []
      for (let at = nexts.length - 1; at >= 0; at--) {
        const next = nexts[at] ?? ''
        const left = (waiting.get(next) ?? 0) - 1
        waiting.set(next, left)
        if (left === 0) ready.push(next)
      }
    }
  }
  return sorted
}
