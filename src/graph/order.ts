/** The order of revisions. */
import type { Links } from './links.ts'

/**
 * Puts each number behind all that comes before it, and goes along one branch as far as it can before it turns to another; what only
 * depends on a number waits until the branch of that is at its end. Numbers in a circle, and what is behind them, are left out.
 * @param compare tells which of several numbers goes first
 */
export function order(
  { children, dependents }: Links,
  compare: (one: number, other: number) => number,
): readonly number[] {
  const waiting = new Int32Array(children.length)
  const count = (next: number, change: number): number => (waiting[next] = (waiting[next] ?? 0) + change)
  for (const links of [children, dependents])
    for (const nexts of links) for (const next of nexts) count(next, 1)
  const ready: number[] = []
  for (let at = 0; at < waiting.length; at++) if (waiting[at] === 0) ready.push(at)
  ready.sort(compare).reverse()
  const release = (nexts: readonly number[] = []): void => {
    for (let at = nexts.length - 1; at >= 0; at--) {
      const next = nexts[at]
      if (next !== undefined && count(next, -1) === 0) ready.push(next)
    }
  }
  const sorted: number[] = []
  for (let at = ready.pop(); at !== undefined; at = ready.pop()) {
    sorted.push(at)
    release(dependents[at])
    release(children[at])
  }
  return sorted
}
