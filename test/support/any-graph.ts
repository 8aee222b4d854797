/** Graphs and states for property tests. */
import fc from 'fast-check'
import { type Graph, ancestors, buildGraph } from '../../src/graph/graph.ts'
import { revisions } from './revisions.ts'

/** Any graph of up to 14 revisions `r0`, `r1`, …: each follows and depends on some before it; some have a label (`l3`). */
export const anyGraph: fc.Arbitrary<Graph> = fc
  .array(
    fc.record({
      down: fc.array(fc.nat(), { maxLength: 3 }),
      depends: fc.array(fc.nat(), { maxLength: 2 }),
      isLabelled: fc.boolean(),
      byLabel: fc.boolean(),
    }),
    { minLength: 1, maxLength: 14 },
  )
  .map((nodes) => {
    const lines = nodes.map(({ down, depends, isLabelled, byLabel }, at) => {
      const earlier = (places: readonly number[]): readonly number[] =>
        at === 0 ? [] : [...new Set(places.map((place) => place % at))]
      const parents = earlier(down)
      const needs = earlier(depends).map((place) =>
        byLabel && nodes[place]?.isLabelled ? `+l${place}` : `+r${place}`,
      )
      const follows = parents.length === 0 ? '' : `<-${parents.map((place) => `r${place}`).join(',')}`
      return [`r${at}${follows}`, ...needs, ...(isLabelled ? [`@l${at}`] : [])].join(' ')
    })
    return buildGraph(revisions(...lines))
  })

/** A graph, and a state that a run may have left: with each revision all that it needs. */
export const anyState: fc.Arbitrary<{ readonly graph: Graph; readonly state: ReadonlySet<string> }> = fc
  .tuple(anyGraph, fc.array(fc.nat(), { maxLength: 4 }))
  .map(([graph, places]) => ({
    graph,
    state: ancestors(
      graph,
      places.map((place) => pick(graph, place)),
    ),
  }))

/** A revision of the graph, by any number. */
export function pick(graph: Graph, place: number): string {
  const ids = [...graph.revisions.keys()]
  return ids[place % ids.length] ?? ''
}
