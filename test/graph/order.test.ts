import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildGraph, predecessors } from '../../src/graph/graph.ts'
import { revisions } from '../support/revisions.ts'

const orderOf = (lines: readonly string[]) => [...buildGraph(revisions(...lines)).revisions.keys()].join(' ')

describe('one branch is gone along before another is begun', () => {
  test.each([
    ['two chains', ['a', 'b<-a', 'c<-b', 'x', 'y<-x', 'z<-y'], 'a b c x y z'],
    ['two chains whose ids alternate', ['a', 'c<-a', 'e<-c', 'b', 'd<-b', 'f<-d'], 'a c e b d f'],
    ['a fork', ['a', 'b1<-a', 'b2<-b1', 'c1<-a', 'c2<-c1'], 'a b1 b2 c1 c2'],
    ['a merge waits for both sides', ['a', 'b1<-a', 'b2<-b1', 'c1<-a', 'm<-b2,c1', 'n<-m'], 'a b1 b2 c1 m n'],
    [
      'a merge goes on before what else is begun',
      ['a', 'b<-a', 'c<-a', 'd<-a', 'm<-b,c', 'n<-m'],
      'a b c m n d',
    ],
    ['a dependency comes before what needs it', ['a1', 'a2<-a1 +b2', 'b1', 'b2<-b1'], 'a1 b1 b2 a2'],
    ['what only depends waits for the branch to end', ['p', 'q<-p', 'c1 +p', 'c2<-c1'], 'p q c1 c2'],
    ['of several branches the smallest id goes first', ['r', 'b<-r', 'B<-r', '10<-r', '9<-r'], 'r 10 9 B b'],
  ])('%s', (_, lines, expected) => {
    expect(orderOf(lines)).toBe(expected)
    expect(orderOf(lines.toReversed())).toBe(expected)
  })
})

/** Graphs of any form without faults: each revision follows and depends on some that are before it in the list. */
const anyGraph = fc
  .array(
    fc.record({ parents: fc.array(fc.nat(), { maxLength: 3 }), needs: fc.array(fc.nat(), { maxLength: 2 }) }),
    {
      maxLength: 30,
    },
  )
  .chain((nodes) =>
    fc.tuple(
      fc.constant(nodes),
      fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_]{1,6}$/), {
        minLength: nodes.length,
        maxLength: nodes.length,
      }),
    ),
  )
  .map(([nodes, ids]) =>
    nodes.map(({ parents, needs }, at) => {
      const pick = (list: readonly number[]) => (at === 0 ? [] : list.map((each) => ids[each % at] ?? ''))
      return {
        revision: ids[at] ?? '',
        downRevision: pick(parents),
        dependsOn: pick(needs),
        branchLabels: [],
      }
    }),
  )

test('any graph is in an order in which all comes after what it follows and depends on', () => {
  fc.assert(
    fc.property(anyGraph, (files) => {
      const graph = buildGraph(files)
      const place = new Map([...graph.revisions.keys()].map((id, at) => [id, at]))
      expect(place.size).toBe(files.length)
      for (const [id, at] of place)
        for (const before of predecessors(graph, id)) expect(place.get(before)).toBeLessThan(at)
    }),
  )
})

test('any graph is the same in whatever order its files come', () => {
  fc.assert(
    fc.property(
      anyGraph.chain((files) =>
        fc.tuple(fc.constant(files), fc.shuffledSubarray(files, { minLength: files.length })),
      ),
      ([files, shuffled]) => {
        const [one, other] = [buildGraph(files), buildGraph(shuffled)]
        expect([...other.revisions.keys()]).toEqual([...one.revisions.keys()])
        expect(other.children).toEqual(one.children)
        expect(other.dependents).toEqual(one.dependents)
      },
    ),
  )
})
