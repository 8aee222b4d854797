/** Where the nodes of a picture stand, and where the lines between them run: in lanes, which are used again when they are free. */

export interface GraphNode {
  readonly id: string
  /** Those that come later in the list are drawn to, the others end in sight. */
  readonly parents: readonly string[]
}

export interface Place<N extends GraphNode = GraphNode> {
  readonly node: N
  /** From 0, the leftmost. */
  readonly lane: number
  /** By lane, whether a line passes by; up to the limit. */
  readonly passing: readonly boolean[]
  /** How many lines pass by beyond the limit. */
  readonly passingBeyond: number
  /** By lane, how a line to a parent comes in. */
  readonly arrivals: ReadonlyMap<number, Arrival>
  /** A lane to the right that ends here: its line goes to the only parent too, from now on in this lane. */
  readonly joining: number | undefined
}

/** `taken`: a line to the same parent is there already; `end`: the parent is not in the list. */
export type Arrival = 'new' | 'taken' | 'end'

/**
 * Gives each node its place, in the order of the list: children before parents. All lines to a parent share one lane, so that between two
 * nodes no line leaves its lane but those of the upper one, or what joins its only one.
 * @param limit lanes that can be shown
 */
export function* places<N extends GraphNode>(nodes: readonly N[], limit: number): Generator<Place<N>> {
  const lanes = openLanes(limit)
  const coming = new Set(nodes.map(({ id }) => id))
  for (const node of nodes) {
    coming.delete(node.id)
    const lane = lanes.release(node.id) ?? lanes.lowest()
    const { passing, passingBeyond } = lanes.taken()
    const arrivals = new Map<number, Arrival>()
    const parents = new Set(node.parents)
    const [only] = parents.size === 1 ? parents : []
    const joining = only === undefined ? undefined : lanes.moveLeft(only, lane)
    let last: number | undefined
    for (const parent of parents) {
      if (!coming.has(parent)) continue
      const found = lanes.of(parent)
      if (found === undefined) {
        last = last === undefined ? lanes.leftmostBeside(lane) : lanes.freeFrom(last + 1)
        lanes.take(last, parent)
      }
      arrivals.set(found ?? last ?? lane, found === undefined ? 'new' : 'taken')
    }
    for (const parent of parents) {
      if (coming.has(parent)) continue
      last = lanes.freeFrom(last === undefined ? lane : last + 1)
      arrivals.set(last, 'end')
    }
    yield { node, lane, passing, passingBeyond, arrivals, joining }
  }
}

/** The lanes between two nodes: each is free or leads to one node. */
function openLanes(limit: number) {
  const laneOf = new Map<string, number>()
  const used: boolean[] = []
  // No lane below it is free.
  let low = 0
  let beyond = 0
  const freeFrom = (from: number): number => {
    let lane = from
    while (used[lane]) lane += 1
    return lane
  }
  const take = (lane: number, id: string): void => {
    laneOf.set(id, lane)
    // No holes, which would make the array a slow one.
    while (used.length < lane) used.push(false)
    used[lane] = true
    if (lane >= limit) beyond += 1
  }
  /** Gives the lane that led to the node, which is free from now on. */
  const release = (id: string): number | undefined => {
    const lane = laneOf.get(id)
    if (lane === undefined) return undefined
    laneOf.delete(id)
    used[lane] = false
    while (used.at(-1) === false) used.pop()
    low = Math.min(low, lane)
    if (lane >= limit) beyond -= 1
    return lane
  }
  return {
    freeFrom,
    take,
    release,
    of: (id: string) => laneOf.get(id),
    lowest: () => (low = freeFrom(low)),
    /** The lane itself must be free. */
    leftmostBeside: (lane: number): number => {
      let left = lane
      while (left > 0 && !used[left - 1]) left -= 1
      return left
    },
    /** Gives the lane that led to the node, if it was further to the right. */
    moveLeft: (id: string, lane: number): number | undefined => {
      const from = laneOf.get(id)
      if (from === undefined || from < lane) return undefined
      release(id)
      take(lane, id)
      return from
    },
    taken: () => ({ passing: used.slice(0, limit), passingBeyond: beyond }),
  }
}
