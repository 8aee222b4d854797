import { expect, test } from 'vitest'
import { appliedHeads, surplusOf } from '../../src/database/integrity.ts'
import type { LedgerState } from '../../src/database/rows.ts'
import { buildGraph } from '../../src/graph/graph.ts'
import { revisions } from '../support/revisions.ts'

/** A ledger's state from one line a row, as in `revisions`. */
function ledger(...rows: readonly string[]): LedgerState {
  const applied = revisions(...rows).map(({ revision, downRevision }) => ({
    ...{ revision, downRevision, checksum: 'v1:', extension: '.ts' },
  }))
  return { exists: true, applied: new Map(applied.map((row) => [row.revision, row])) }
}

const files = buildGraph(revisions('a', 'b<-a'))

test.each<[string, readonly string[], { ahead: readonly string[]; unknown: readonly string[] }]>([
  ['nothing', ['a', 'b<-a'], { ahead: [], unknown: [] }],
  ['what follows what is applied', ['a', 'b<-a', 'c<-b'], { ahead: ['c'], unknown: [] }],
  ['what follows that, in whatever order', ['a', 'd<-x', 'x<-a'], { ahead: ['d', 'x'], unknown: [] }],
  ['a merge', ['a', 'b<-a', 'm<-b,x', 'x<-a'], { ahead: ['m', 'x'], unknown: [] }],
  ['a merge with what nothing explains', ['a', 'm<-a,z', 'z'], { ahead: [], unknown: ['m', 'z'] }],
  ['a base of its own', ['a', 'z'], { ahead: [], unknown: ['z'] }],
  ['what follows a revision that is not applied', ['a', 'z<-b'], { ahead: [], unknown: ['z'] }],
  ['what follows what is nowhere', ['a', 'z<-y'], { ahead: [], unknown: ['z'] }],
  ['what follows itself', ['a', 'y<-z', 'z<-y'], { ahead: [], unknown: ['y', 'z'] }],
  ['both', ['a', 'b<-a', 'c<-b', 'z'], { ahead: ['c'], unknown: ['z'] }],
])('beside files a, b<-a: %s', (_, rows, expected) => {
  expect(surplusOf(files, ledger(...rows))).toEqual(expected)
})

test('what a revision without a file follows is no head', () => {
  expect(appliedHeads(files, ledger('a', 'b<-a', 'c<-b'))).toEqual(['c'])
  expect(appliedHeads(files, ledger('a', 'b<-a', 'c<-a'))).toEqual(['b', 'c'])
})
