import fc from 'fast-check'
import { expect, test } from 'vitest'
import { AludelError } from '../../src/errors.ts'
import { ancestors, bases, buildGraph, descendants, heads, headsOf } from '../../src/graph/graph.ts'
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

test('the order is the same whatever order the files come in', () => {
  const lines = ['a', 'b<-a', 'c<-a', 'd<-b,c', 'e<-d', 'x', 'y<-x +d']
  const expected = [...buildGraph(revisions(...lines)).revisions.keys()]
  fc.assert(
    fc.property(fc.shuffledSubarray(lines, { minLength: lines.length }), (shuffled) => {
      expect([...buildGraph(revisions(...shuffled)).revisions.keys()]).toEqual(expected)
    }),
  )
})

test('heads of a state are the maximal revisions; unknown ids are heads of their own', () => {
  const graph = buildGraph(revisions('a', 'b<-a', 'c<-a'))
  expect(headsOf(graph, new Set(['a', 'b']))).toEqual(['b'])
  expect(headsOf(graph, new Set(['a', 'b', 'c', 'zzz']))).toEqual(['b', 'c', 'zzz'])
  expect(headsOf(graph, new Set())).toEqual([])
})

test('a chain of 20,000 revisions needs no recursion', () => {
  const chain = Array.from({ length: 20_000 }, (_, at) => (at === 0 ? 'r0' : `r${at}<-r${at - 1}`))
  expect(heads(buildGraph(revisions(...chain)))).toEqual(['r19999'])
})

test.each([
  ['DUPLICATE_REVISION', ['a', 'a']],
  ['SELF_LOOP', ['a<-a']],
  ['MISSING_REFERENCED_REVISION', ['b<-a']],
  ['MISSING_REFERENCED_REVISION', ['b +a']],
  ['CYCLE', ['a<-c', 'b<-a', 'c<-b']],
  ['CYCLE', ['a', 'b<-a +c', 'c<-b']],
  ['DUPLICATE_BRANCH_LABEL', ['a @x', 'b<-a @x']],
])('%s is found in %j', (code, lines) => {
  expect(codeOf(() => buildGraph(revisions(...lines)))).toBe(code)
})

test('a cycle is told as the path that closes it', () => {
  const error = (() => {
    try {
      return buildGraph(revisions('r', 'a<-c', 'b<-a', 'c<-b'))
    } catch (thrown) {
      return thrown
    }
  })()
  expect(error).toBeInstanceOf(AludelError)
  expect(String(error)).toContain('a -> c -> b -> a')
})
