import { describe, expect, test } from 'vitest'
import { buildGraph } from '../../src/graph/graph.ts'
import { downgradePath, downgradeTargets } from '../../src/graph/downgrade.ts'
import { resolveRevisions } from '../../src/graph/resolve.ts'
import { stampState } from '../../src/graph/stamp.ts'
import { upgradePath, upgradeTargets } from '../../src/graph/upgrade.ts'
import { codeOf, revisions } from '../support/revisions.ts'

const line = buildGraph(revisions('ae10', 'ae20<-ae10', 'bf30<-ae20'))
const fork = buildGraph(revisions('a', 'b<-a', 'c<-a'))
const diamond = buildGraph(revisions('a', 'b<-a', 'c<-a', 'd<-b,c'))
const at = (...ids: string[]): ReadonlySet<string> => new Set(ids)

describe('an upgrade', () => {
  test.each([
    ['head', [], ['bf30']],
    ['heads', [], ['bf30']],
    ['base', ['ae10'], []],
    ['+1', [], ['ae10']],
    ['+2', ['ae10'], ['bf30']],
    ['bf30', [], ['bf30']],
    ['ae20', [], ['ae20']],
  ])('to %s from %j means %j', (target, state, expected) => {
    expect(upgradeTargets(line, at(...state), [target])).toEqual(expected)
  })

  test.each([
    ['nope', 'UNKNOWN_REVISION'],
    ['', 'UNKNOWN_REVISION'],
    ['ae20+1+1', 'UNKNOWN_REVISION'],
    ['-1', 'RELATIVE_OUT_OF_RANGE'],
    ['+0', 'RELATIVE_OUT_OF_RANGE'],
    ['a:b', 'RANGE_NOT_ALLOWED'],
    ['+4', 'RELATIVE_OUT_OF_RANGE'],
    ['__proto__', 'UNKNOWN_REVISION'],
  ])('to %j is refused with %s', (target, code) => {
    expect(codeOf(() => upgradeTargets(line, at(), [target]))).toBe(code)
  })

  test('to head is refused where there are several, to heads is not', () => {
    expect(codeOf(() => upgradeTargets(fork, at(), ['head']))).toBe('MULTIPLE_HEADS')
    expect(upgradeTargets(fork, at(), ['heads'])).toEqual(['b', 'c'])
  })

  test('by +1 is refused over a fork, and from two heads', () => {
    expect(codeOf(() => upgradeTargets(fork, at('a'), ['+1']))).toBe('AMBIGUOUS_WALK')
    expect(codeOf(() => upgradeTargets(diamond, at('a', 'b', 'c'), ['+1']))).toBe('AMBIGUOUS_CURRENT')
  })

  test('applies parents and dependencies first, and nothing twice', () => {
    const graph = buildGraph(revisions('a', 'x', 'b<-a +x', 'c<-b'))
    expect(upgradePath(graph, at(), ['c'])).toEqual(['a', 'x', 'b', 'c'])
    expect(upgradePath(graph, at('a', 'x'), ['c'])).toEqual(['b', 'c'])
    expect(upgradePath(graph, at('a', 'x', 'b', 'c'), ['c'])).toEqual([])
  })

  test('to one branch leaves the other', () => {
    expect(upgradePath(fork, at(), ['c'])).toEqual(['a', 'c'])
  })
})

describe('a downgrade', () => {
  const all = at('a', 'b', 'c', 'd')

  test('to a undoes the merge before its parents', () => {
    expect(downgradePath(diamond, all, downgradeTargets(diamond, all, ['a']))).toEqual(['d', 'c', 'b'])
  })

  test('to one side of a merge undoes only the merge; by one is ambiguous there', () => {
    expect(downgradePath(diamond, all, downgradeTargets(diamond, all, ['b']))).toEqual(['d'])
    expect(codeOf(() => downgradeTargets(diamond, all, ['-1']))).toBe('AMBIGUOUS_WALK')
  })

  test('to base undoes everything, newest first', () => {
    expect(downgradePath(line, at('ae10', 'ae20', 'bf30'), { from: ['ae10'] })).toEqual([
      'bf30',
      'ae20',
      'ae10',
    ])
  })

  test('undoes what depends on what it undoes', () => {
    const graph = buildGraph(revisions('a', 'b<-a', 'x', 'y<-x +b'))
    expect(downgradePath(graph, at('a', 'b', 'x', 'y'), { from: ['b'] })).toEqual(['y', 'b'])
  })

  test.each([
    ['-1', ['ae10', 'ae20'], ['ae20']],
    ['-2', ['ae10', 'ae20'], ['ae20', 'ae10']],
    ['ae10', ['ae10', 'ae20'], ['ae20']],
    ['ae20', ['ae10', 'ae20'], []],
    ['base', ['ae10', 'ae20'], ['ae20', 'ae10']],
  ])('to %s from %j takes back %j', (target, state, expected) => {
    const back = downgradeTargets(line, at(...state), [target])
    expect(downgradePath(line, at(...state), back)).toEqual(expected)
  })

  test.each([
    ['-3', ['ae10', 'ae20'], 'RELATIVE_OUT_OF_RANGE'],
    ['-1', [], 'RELATIVE_OUT_OF_RANGE'],
    ['+1', ['ae10'], 'RELATIVE_OUT_OF_RANGE'],
    ['bf30', ['ae10'], 'NOT_ANCESTOR'],
    ['a:b', ['ae10'], 'RANGE_NOT_ALLOWED'],
    ['zz', ['ae10'], 'UNKNOWN_REVISION'],
  ])('to %s from %j is refused with %s', (target, state, code) => {
    expect(codeOf(() => downgradeTargets(line, at(...state), [target]))).toBe(code)
  })
})

test('a label names its revision', () => {
  expect(resolveRevisions(buildGraph(revisions('a @billing', 'b<-a')), 'billing')).toEqual(['a'])
})

test('stamping takes what is needed, drops what follows, and leaves other branches alone', () => {
  expect([...stampState(line, at(), ['ae20'])].sort()).toEqual(['ae10', 'ae20'])
  expect([...stampState(line, at('ae10', 'ae20', 'bf30'), ['ae10'])]).toEqual(['ae10'])
  expect([...stampState(fork, at('a', 'b'), ['c'])].sort()).toEqual(['a', 'b', 'c'])
  expect(stampState(fork, at('a', 'b'), ['base']).size).toBe(0)
})
