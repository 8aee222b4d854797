/** A graph as lines of text, in the manner of `git log --graph`. */
import { type GraphNode, type Place, places } from './graph-lanes.ts'
import type { Line, Part, Style } from './paint.ts'

export interface DrawnNode extends GraphNode {
  /** One cell, which stands for it in its lane. */
  readonly mark: string
  /** Behind its id. */
  readonly about: Line
}

/**
 * Draws each node on a line of its own, and below it the lines to its parents: `|\` and `|/` where they go to the lane beside,
 * else `+-|-.` and `+-|-'`, in which `+` is joined, `.` begins, `'` ends and `|` is crossed. `~` ends a line to a parent that is not
 * in the list. Lanes for which the screen is too narrow are left out: `>` stands for them, and a node with a line there
 * names its parents: `id <- parent`.
 * @param nodes children before their parents
 * @param columns of the screen; what stands behind the lanes is not cut to it
 */
export function graphLines(
  nodes: readonly DrawnNode[],
  { columns }: { readonly columns: number },
): readonly Line[] {
  const limit = Math.max(1, Math.floor((columns - textColumns) / 2))
  const lines: Line[] = []
  let baseAbove: number | undefined
  for (const place of places(nodes, limit)) {
    const shape = shapeOf(place, limit)
    const { lane, arrivals, from, to } = shape
    // Right below a base it would seem to be its parent.
    if (lane === baseAbove && lane < limit) lines.push(row(shape, passes(shape)))
    lines.push(nodeLine(shape))
    if (from < to && from < limit) lines.push(row(shape, links(shape)))
    const ends = [...arrivals].some(([at, arrival]) => arrival === 'end' && at < limit)
    if (ends) lines.push(row(shape, below(shape)))
    baseAbove = arrivals.size === 0 ? lane : undefined
  }
  return lines
}

/** Left for text where the lanes are many. */
const textColumns = 32

const laneStyles: readonly Style[] = ['red', 'green', 'yellow', 'blue', 'magenta', 'cyan']

interface Shape extends Place<DrawnNode> {
  /** The outermost lanes of the node, of what arrives from it, of what joins it. */
  readonly from: number
  readonly to: number
  readonly limit: number
  /** How many are shown. */
  readonly shown: number
}

/** What is drawn in each lane and in the gap at its right. */
interface Strokes {
  lane(at: number): string
  gap?(at: number): string
}

function shapeOf(place: Place<DrawnNode>, limit: number): Shape {
  let [from, to] = [place.lane, place.joining ?? place.lane]
  for (const at of place.arrivals.keys()) {
    from = Math.min(from, at)
    to = Math.max(to, at)
  }
  const shown = Math.min(limit, Math.max(place.passing.length, to + 1))
  return { ...place, from, to, limit, shown }
}

function nodeLine(shape: Shape): Line {
  const { node, lane, passing, passingBeyond, arrivals, limit } = shape
  const isSeen = lane < limit && [...arrivals.keys()].every((at) => at < limit)
  return [
    ...cells(shape, { lane: (at) => (at === lane ? node.mark : passing[at] ? '|' : ' ') }),
    { text: lane >= limit ? `>${node.mark} ` : passingBeyond > 0 ? '> ' : '' },
    { text: node.id, style: 'yellow' },
    { text: isSeen || node.parents.length === 0 ? '' : ` <- ${node.parents.join(', ')}` },
    ...node.about,
  ]
}

function passes({ passing }: Shape): Strokes {
  return { lane: (at) => (passing[at] ? '|' : ' ') }
}

/** The lines from the node, which stands right above, to their lanes. */
function links({ lane, passing, arrivals, joining, from, to }: Shape): Strokes {
  const isLevel = (gap: number): boolean =>
    (from < lane - 1 && from <= gap && gap < lane) || (to > lane + 1 && lane <= gap && gap < to)
  return {
    lane: (at) => {
      const comes = at === lane || passing[at]
      const goes = arrivals.has(at) || (at !== lane && at !== joining && passing[at])
      if (!isLevel(at - 1) && !isLevel(at)) return comes && goes ? '|' : ' '
      if (at !== lane && at !== joining && !arrivals.has(at)) return comes ? '|' : '-'
      if (comes) return goes ? '+' : "'"
      return '.'
    },
    gap: (at) => {
      if (isLevel(at)) return '-'
      if (at === lane - 1 && from === at) return '/'
      if (at !== lane || to !== at + 1) return ' '
      return joining === to ? '/' : '\\'
    },
  }
}

/** Below the links, where lines end. */
function below({ passing, arrivals }: Shape): Strokes {
  return { lane: (at) => (arrivals.get(at) === 'end' ? '~' : passing[at] || arrivals.has(at) ? '|' : ' ') }
}

/** A line without text. */
function row(shape: Shape, strokes: Strokes): Line {
  const parts = cells(shape, strokes)
  return shape.passingBeyond > 0 || shape.to >= shape.limit ? [...parts, { text: '>' }] : parts.slice(0, -1)
}

/** Two cells a lane; blank ones at the end are a part of their own. */
function cells({ shown, lane, from, to }: Shape, strokes: Strokes): readonly Part[] {
  const parts: Part[] = []
  let blank = ''
  const add = (text: string, colored: number): void => {
    if (text === ' ') {
      blank += text
      return
    }
    parts.push({ text: blank + text, style: laneStyles[colored % laneStyles.length] })
    blank = ''
  }
  for (let at = 0; at < shown; at += 1) {
    const outermost = at < lane ? from : to
    const stroke = strokes.lane(at)
    add(stroke, stroke === '-' ? outermost : at)
    add(strokes.gap?.(at) ?? ' ', outermost)
  }
  return [...parts, { text: blank }]
}
