import { describe, expect, test } from 'vitest'
import {
  ancestors,
  bases,
  buildGraph,
  descendants,
  heads,
  headsOf,
  predecessors,
} from '../../src/graph/graph.ts'
import { codeOf, revisions } from '../support/revisions.ts'

test('a merge joins two branches into one head', () => {
  const graph = buildGraph(revisions('a', 'b<-a', 'c<-a', 'd<-b,c'))
  expect(heads(graph)).toEqual(['d'])
  expect(bases(graph)).toEqual(['a'])
  expect([...graph.revisions.keys()]).toEqual(['a', 'b', 'c', 'd'])
})

test('several bases and heads stand side by side', () => {
  const graph = buildGraph(revisions('x', 'a', 'b<-a', 'y<-x'))
  expect(bases(graph)).toEqual(['a', 'x'])
  expect(heads(graph)).toEqual(['b', 'y'])
})

test('a dependency is no lineage: what is depended on stays a head', () => {
  const graph = buildGraph(revisions('a', 'x', 'b<-a +x'))
  expect(heads(graph)).toEqual(['x', 'b'])
  expect([...ancestors(graph, ['b'])].sort()).toEqual(['a', 'b', 'x'])
  expect([...descendants(graph, ['x'])].sort()).toEqual(['b', 'x'])
})

test('a dependency may name a branch label', () => {
  const graph = buildGraph(revisions('a @billing', 'x', 'b<-x +billing'))
  expect([...ancestors(graph, ['b'])].sort()).toEqual(['a', 'b', 'x'])
})

test('a parent or a dependency that is listed twice counts once', () => {
  const graph = buildGraph(revisions('a', 'b<-a,a +a', 'c +b +b'))
  expect(graph.children).toEqual(new Map([['a', ['b']]]))
  expect(graph.dependents).toEqual(new Map([['b', ['c']]]))
  expect(graph.revisions.get('b')?.downRevision).toEqual(['a', 'a'])
  expect(predecessors(graph, 'b')).toEqual(['a'])
  expect(heads(graph)).toEqual(['b', 'c'])
})

test('heads of a state are the maximal revisions; unknown ids are heads of their own', () => {
  const graph = buildGraph(revisions('a', 'b<-a', 'c<-a'))
  expect(headsOf(graph, new Set(['a', 'b']))).toEqual(['b'])
  expect(headsOf(graph, new Set(['a', 'b', 'c', 'zzz']))).toEqual(['b', 'c', 'zzz'])
  expect(headsOf(graph, new Set())).toEqual([])
})

test('a chain of 100,000 revisions needs no recursion', () => {
  const chain = Array.from({ length: 100_000 }, (_, at) => (at === 0 ? 'r0' : `r${at}<-r${at - 1}`))
  expect(heads(buildGraph(revisions(...chain)))).toEqual(['r99999'])
})

describe('the lines of a broken graph', () => {
  test.each([
    ['DUPLICATE_REVISION', ['a', 'a']],
    ['DUPLICATE_REVISION', ['a', 'b<-a', 'b<-c', 'c<-b']],
    ['SELF_LOOP', ['a<-a']],
    ['SELF_LOOP', ['a', 'b<-a,b']],
    ['SELF_LOOP', ['a<-a +a']],
    ['DEPENDENCY_SELF_LOOP', ['a', 'b<-a +b']],
    ['MISSING_REFERENCED_REVISION', ['b<-a']],
    ['MISSING_REFERENCED_REVISION', ['b +a']],
    ['MISSING_REFERENCED_REVISION', ['a @x', 'b<-x']],
    ['MISSING_REFERENCED_REVISION', ['a<-b +zz', 'b<-a']],
    ['CYCLE', ['a<-c', 'b<-a', 'c<-b']],
    ['CYCLE', ['a', 'b<-a,d', 'c<-b', 'd<-c']],
    ['CYCLE', ['a<-b +b', 'b<-a +a']],
    ['DEPENDENCY_CYCLE', ['a', 'b<-a +c', 'c<-b']],
    ['DEPENDENCY_CYCLE', ['a +b', 'b +a']],
    ['DEPENDENCY_CYCLE', ['a @x +x']],
    ['DUPLICATE_BRANCH_LABEL', ['a @x', 'b<-a @x']],
    ['DUPLICATE_BRANCH_LABEL', ['a @b', 'b<-a']],
    ['DUPLICATE_BRANCH_LABEL', ['a @a']],
    ['DUPLICATE_BRANCH_LABEL', ['a @x @x']],
  ])('%s is found in %j, in any order of the files', (code, lines) => {
    expect(codeOf(() => buildGraph(revisions(...lines)))).toBe(code)
    expect(codeOf(() => buildGraph(revisions(...lines.toReversed())))).toBe(code)
  })
})

describe('a circle is told', () => {
  test.each([
    ['as the path that closes it', ['r', 'a<-c', 'b<-a', 'c<-b'], 'a -> b -> c -> a'],
    ['without what leads to it and follows it', ['a', 'b<-a,c', 'c<-b', 'd<-c'], 'b -> c -> b'],
    ['as lineage where a dependency closes another', ['a +b', 'b<-a', 'c<-d', 'd<-c'], 'c -> d -> c'],
    [
      'with the dependencies that close it',
      ['a1', 'a2<-a1 +b2', 'b1 +a1', 'b2<-b1 +a2'],
      'a2 -> b2 -> a2, as a2 depends on b2 and b2 depends on a2',
    ],
    ['with the label resolved', ['a @x +x'], 'a -> a, as a depends on a'],
  ])('%s', (_, lines, path) => {
    expect(() => buildGraph(revisions(...lines))).toThrow(`: ${path} (migrations/`)
  })

  test('by its two ends when it is long, and at once', () => {
    const lines = Array.from(
      { length: 50_000 },
      (_, at) => `r${10_000 + at}<-r${10_000 + ((at + 49_999) % 50_000)}`,
    )
    expect(() => buildGraph(revisions(...lines))).toThrow(
      'circle: r10000 -> r10001 -> r10002 -> r10003 -> r10004 -> r10005 -> … -> r59995 -> r59996 -> r59997 -> r59998 -> r59999 -> r10000 (',
    )
  })
})

test('of a hundred thousand files whose parents are missing five are told', () => {
  const lines = Array.from({ length: 100_000 }, (_, at) => `r${100_000 + at}<-x${at}`)
  expect(() => buildGraph(revisions(...lines))).toThrow(
    /^(?:Revision migrations\/r10000[0-4]\.ts follows x[0-4], which is in no file\. ){5}There are 99995 more faults\.$/,
  )
})
