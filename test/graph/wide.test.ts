import { describe, expect, test } from 'vitest'
import { shapes } from '../../bench/shapes.ts'
import { buildGraph, heads, headsOf } from '../../src/graph/graph.ts'
import { historyRange } from '../../src/graph/range.ts'
import { routeTo } from '../../src/graph/route.ts'
import { stampState } from '../../src/graph/stamp.ts'

const size = 20_000

// What looks at each pair of revisions takes minutes.
describe.each(Object.keys(shapes))(`of ${size} revisions or links: %s`, (shape) => {
  test('it is built, listed, planned and stamped in seconds', { timeout: 10_000 }, () => {
    const graph = buildGraph(shapes[shape]?.(size) ?? [])
    const ids = [...graph.revisions.keys()]
    const [all, half] = [new Set(ids), new Set(ids.slice(0, ids.length / 2))]
    const rest = ids.slice(half.size)
    expect(routeTo(graph, 'upgrade', new Set(), ['heads'])(new Set())).toEqual(ids)
    expect(routeTo(graph, 'upgrade', half, ['heads'])(half)).toEqual(rest)
    expect(routeTo(graph, 'downgrade', all, ['base'])(all)).toEqual(ids.toReversed())
    expect(stampState(graph, half, ['heads'])).toEqual(all)
    expect(stampState(graph, all, ['base']).size).toBe(0)
    expect(historyRange(graph, 'base:heads')).toEqual(ids.toReversed())
    expect(headsOf(graph, all)).toEqual(heads(graph))
  })
})
