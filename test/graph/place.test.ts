import { describe, expect, test } from 'vitest'
import { buildGraph } from '../../src/graph/graph.ts'
import { placeMerge, placeRevision } from '../../src/graph/place.ts'
import { codeOf, revisions } from '../support/revisions.ts'

const shop = buildGraph(revisions('users', 'cart<-users @shop', 'pays<-cart', 'mail<-users', 'plug @addon'))
const plain = { splice: false, branchLabels: [], dependsOn: [] }

describe('a new revision', () => {
  test.each([
    ['pays', ['pays']],
    ['shop@head', ['pays']],
    ['heads', ['pays', 'mail', 'plug']],
    ['base', []],
  ])('with --head %s follows %j', (head, downRevision) => {
    const place = placeRevision(shop, 'new1', { ...plain, head })
    expect(place.downRevision.toSorted()).toEqual(downRevision.toSorted())
  })

  test('follows the only head by itself, and nothing where there is none', () => {
    expect(placeRevision(buildGraph(revisions('a', 'b<-a')), 'new1', plain).downRevision).toEqual(['b'])
    expect(placeRevision(buildGraph([]), 'new1', plain).downRevision).toEqual([])
  })

  test('begins a branch inside the graph when spliced', () => {
    expect(placeRevision(shop, 'new1', { ...plain, head: 'cart', splice: true }).downRevision).toEqual([
      'cart',
    ])
  })

  test('keeps a label that it depends on, and has ids written out', () => {
    const place = placeRevision(shop, 'new1', {
      ...plain,
      head: 'plug',
      dependsOn: ['shop', 'mail', 'shop@head'],
    })
    expect(place.dependsOn).toEqual(['shop', 'mail', 'pays'])
  })

  test.each([
    ['MULTIPLE_HEADS', {}, 'new1'],
    ['NOT_A_HEAD', { head: 'cart' }, 'new1'],
    ['UNKNOWN_REVISION', { head: 'nope' }, 'new1'],
    ['UNKNOWN_REVISION', { head: 'pays', dependsOn: ['nope'] }, 'new1'],
    ['UNKNOWN_REVISION', { head: 'pays', dependsOn: ['base'] }, 'new1'],
    ['DUPLICATE_BRANCH_LABEL', { head: 'pays', branchLabels: ['addon'] }, 'new1'],
    ['DUPLICATE_BRANCH_LABEL', { head: 'pays', branchLabels: ['users'] }, 'new1'],
    ['DUPLICATE_BRANCH_LABEL', { head: 'pays', branchLabels: ['new1'] }, 'new1'],
    ['DUPLICATE_BRANCH_LABEL', { head: 'pays', branchLabels: ['x', 'x'] }, 'new1'],
    ['REVISION_EXISTS', { head: 'pays' }, 'mail'],
  ])('is refused with %s for %j as %s', (code, request, id) => {
    expect(codeOf(() => placeRevision(shop, id, { ...plain, ...request }))).toBe(code)
  })
})

describe('a merge', () => {
  const merge = (...named: readonly string[]) =>
    placeMerge(shop, 'new1', { revisions: named, splice: false, branchLabels: [] }).downRevision

  test('joins what is named, in that order', () => {
    expect(merge('mail', 'shop@head')).toEqual(['mail', 'pays'])
  })

  test('joins all heads when none is named', () => {
    expect(merge().toSorted()).toEqual(['mail', 'pays', 'plug'])
  })

  test.each([
    ['DUPLICATE_HEADS', ['mail', 'mail']],
    ['NOT_A_HEAD', ['mail', 'cart']],
    ['UNKNOWN_REVISION', ['mail', 'nope']],
  ])('is refused with %s for %j', (code, named) => {
    expect(codeOf(() => merge(...named))).toBe(code)
  })
})
