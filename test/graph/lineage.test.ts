import { expect, test } from 'vitest'
import { buildGraph } from '../../src/graph/graph.ts'
import { branchNames, branchPoints, lineage } from '../../src/graph/lineage.ts'
import { revisions } from '../support/revisions.ts'

const labelsOf = (...lines: readonly string[]) =>
  Object.fromEntries(branchNames(buildGraph(revisions(...lines))))

test('a label goes up to all that follows, through merges too', () => {
  expect(labelsOf('a', 'b<-a @x', 'c<-b', 'd<-b', 'e<-c,d', 'f<-a')).toEqual({
    b: ['x'],
    c: ['x'],
    d: ['x'],
    e: ['x'],
  })
})

test('a label goes down to the next branch point, when what follows is a straight line', () => {
  expect(labelsOf('a', 'b<-a', 'c<-b @lab', 'd<-c', 'z<-a')).toEqual({ b: ['lab'], c: ['lab'], d: ['lab'] })
  expect(labelsOf('a', 'b<-a', 'c<-b @lab', 'd1<-c', 'd2<-c')).toEqual({
    c: ['lab'],
    d1: ['lab'],
    d2: ['lab'],
  })
})

test('a dependency makes a branch point for labels, a merge an end', () => {
  expect(labelsOf('a', 'b<-a', 'c<-b @lab', 'x +b')).toEqual({ c: ['lab'] })
  expect(labelsOf('a', 'x', 'b<-a,x', 'c<-b @lab')).toEqual({ c: ['lab'] })
})

test('labels of one line meet', () => {
  expect(labelsOf('a @x', 'b<-a @y')).toEqual({ a: ['x', 'y'], b: ['x', 'y'] })
})

test('a lineage is what follows and is followed, without dependencies and without siblings', () => {
  const graph = buildGraph(revisions('a', 'b<-a', 'c<-b', 'd<-a', 'x', 'y<-x +b'))
  expect([...lineage(graph, 'b')].sort()).toEqual(['a', 'b', 'c'])
})

test('branch points are followed by several; who only depends does not count', () => {
  expect(branchPoints(buildGraph(revisions('a', 'b<-a', 'c<-a', 'x', 'y<-x +b', 'z +b')))).toEqual(['a'])
})

test('labels of 20,000 revisions with 800 labels are told at once', { timeout: 30_000 }, () => {
  const lines = Array.from({ length: 20_000 }, (_, at) => {
    const label = at % 25 === 0 ? ` @l${at / 25}` : ''
    return `r${at}${at === 0 ? '' : `<-r${at - 1}`}${label}`
  })
  const graph = buildGraph(revisions(...lines))
  const begun = performance.now()
  const names = branchNames(graph)
  expect(performance.now() - begun).toBeLessThan(3000)
  expect(names.get('r0')).toHaveLength(800)
  expect(names.get('r19999')).toHaveLength(800)
})
