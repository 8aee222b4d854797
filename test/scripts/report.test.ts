import { expect, test } from 'vitest'
import { eventLine } from '../../scripts/support/event-line.ts'
import { asAludelError, errorDocument, errorLines } from '../../scripts/support/report.ts'
import { nameLine, revisionBlock, revisionLine, shortLine } from '../../scripts/support/revision-line.ts'
import type { RevisionInfo } from '../../src/commands/revision-info.ts'
import { AludelError } from '../../src/errors.ts'

test('an error is three lines: what happened, what state that leaves, what to do', () => {
  const parts = { state: 'Nothing was changed.', fix: 'Run it again.', details: { id: 'a1' } }
  const error = new AludelError('STEP_FAILED', 'It failed.', parts)
  expect(errorLines(error)).toEqual([
    'STEP_FAILED: It failed.',
    'State: Nothing was changed.',
    'Next: Run it again.',
  ])
  expect(errorDocument(error)).toEqual({ error: { code: 'STEP_FAILED', message: 'It failed.', ...parts } })
})

test.each([
  [350, 59_600, '0.3 s, 60 s left'],
  [2100, 3100, '2 s, 3 s left'],
])('an attempt to connect that failed is a line: the next one in %d ms', (wait, left, told) => {
  const reason = 'PostgreSQL at db:5432 cannot be reached: connect ECONNREFUSED.'
  expect(eventLine({ kind: 'retry', reason, tries: 1, wait, left })).toBe(
    `PostgreSQL at db:5432 cannot be reached: connect ECONNREFUSED; trying again in ${told}.`,
  )
})

test('what an error leaves out is no line, and null for programs', () => {
  const error = new AludelError('USAGE', 'No.')
  expect(errorLines(error)).toEqual(['USAGE: No.'])
  expect(errorDocument(error)).toEqual({
    error: { code: 'USAGE', message: 'No.', state: null, fix: null, details: {} },
  })
})

test.each([
  [new Error('boom'), 'boom'],
  [new Error(''), 'Something failed without a message.'],
  ['text', 'text'],
  [null, 'null'],
])('%s that is thrown is a fault of aludel', (thrown, message) => {
  expect(asAludelError(thrown)).toMatchObject({ code: 'INTERNAL', message, exitCode: 1, cause: thrown })
})

const plain: RevisionInfo = {
  ...{ revision: 'b2', downRevision: ['a1'], dependsOn: [], branchLabels: [], message: 'Add address' },
  ...{ branchNames: [], children: ['c3'], createdAt: null, path: '/p/b2.ts', applied: null, isCurrent: null },
  ...{ isHead: false, isEffectiveHead: false, isBase: false, isBranchPoint: false, isMergePoint: false },
}

test.each<[Partial<RevisionInfo>, string]>([
  [{}, 'a1 -> b2, Add address'],
  [{ downRevision: [], isHead: true }, '<base> -> b2 (head), Add address'],
  [{ downRevision: ['a1', 'a2'], isMergePoint: true, message: '' }, 'a1, a2 -> b2 (mergepoint)'],
  [{ dependsOn: ['x'], branchNames: ['billing', 'money'] }, 'a1 (x) -> b2 (billing, money), Add address'],
  [{ isHead: true, isEffectiveHead: true }, 'a1 -> b2 (effective head), Add address'],
  [{ isBranchPoint: true, applied: true }, 'a1 -> b2 (branchpoint) (applied), Add address'],
  [{ applied: true, isCurrent: true }, 'a1 -> b2 (applied) (current), Add address'],
  [{ message: 'first\nsecond' }, 'a1 -> b2, first'],
  [{ message: 'first\u2028second' }, 'a1 -> b2, first'],
  [{ message: '\u001b[31mred\u0007' }, 'a1 -> b2, ?[31mred?'],
])('a revision with %j is the line %j', (parts, line) => {
  expect(revisionLine({ ...plain, ...parts })).toBe(line)
})

test('in a list of heads its id comes first, and where only it is asked for there is no message', () => {
  const revision = { ...plain, isHead: true, branchNames: ['billing'], message: 'first\nsecond' }
  expect(shortLine(revision)).toBe('b2 (billing) (head), first')
  expect(nameLine(revision)).toBe('b2 (billing) (head)')
})

test('all about a revision, a fact a line', () => {
  const revision = { ...plain, isHead: true, createdAt: '2026-11-22T07:30:00Z', message: 'One\r\ntwo\u001b' }
  expect(revisionBlock({ ...revision, dependsOn: ['x'], branchNames: ['billing'] })).toEqual([
    'Rev: b2 (head)',
    'Parent: a1',
    'Also depends on: x',
    'Branch names: billing',
    'Path: /p/b2.ts',
    'Created: 2026-11-22T07:30:00Z',
    '',
    '    One',
    '    two?',
    '',
  ])
})

test('of a branch point and of a merge it tells the others', () => {
  const between = { ...plain, children: ['c3', 'd4'], isBranchPoint: true }
  expect(revisionBlock(between)).toEqual([
    'Rev: b2 (branchpoint)',
    'Parent: a1',
    'Branches into: c3, d4',
    'Path: /p/b2.ts',
    '',
    '    Add address',
    '',
  ])
  const merge = { ...plain, downRevision: ['a1', 'a2'], isMergePoint: true }
  expect(revisionBlock(merge)).toContain('Merges: a1, a2')
})
