import { expect, test } from 'vitest'
import { checksum } from '../../src/revision/checksum.ts'
import { checkBranchLabel, checkRevisionId, newRevisionId } from '../../src/revision/name.ts'
import { codeOf } from '../support/revisions.ts'

test('a new id is twelve hexadecimal digits', () => {
  expect(newRevisionId()).toMatch(/^[0-9a-f]{12}$/)
})

test.each([
  '',
  'a/b',
  '../x',
  "a'b",
  'head',
  'HEADS',
  'base',
  'current',
  '__proto__',
  'con',
  'NUL',
  'aux',
  'com1',
  'a b',
  ' a',
  'a\n',
  'a\u0000',
  '$(touch pwn)',
  '-rf',
  'x'.repeat(300),
  'a-1',
  'x'.repeat(65),
  'ก',
])('F44: the id %j is refused', (id) => {
  expect(codeOf(() => checkRevisionId(id))).toBe('ILLEGAL_REVISION_ID')
})

test.each(['8f2a6c1d9b3e', '001', '123e45678901', 'add_users', 'x'.repeat(64)])(
  'the id %j is taken',
  (id) => {
    expect(checkRevisionId(id)).toBe(id)
  },
)

test('an id that a person typed ends with 2, one of a file with 4', () => {
  expect(() => checkRevisionId('a-1')).toThrow(expect.objectContaining({ exitCode: 2 }))
  expect(() => checkRevisionId('a-1', 'x.ts')).toThrow(expect.objectContaining({ exitCode: 4 }))
  expect(() => checkBranchLabel('a@b')).toThrow(expect.objectContaining({ exitCode: 2 }))
  expect(() => checkBranchLabel('a@b', 'x.ts')).toThrow(expect.objectContaining({ exitCode: 4 }))
})

test.each(['billing', 'my-lib', 'my.lib', 'release-2', 'ระบบ', 'a b', 'head', 'heads', 'Base'])(
  'the branch label %j is taken',
  (label) => {
    expect(checkBranchLabel(label)).toBe(label)
  },
)

test.each(['', ' a', 'a\n', 'a\u0000', 'a@b', 'a:b', '+1', '-2', 'base', 'current'])(
  'the branch label %j is refused: it is none, or another target',
  (label) => {
    expect(codeOf(() => checkBranchLabel(label))).toBe('ILLEGAL_BRANCH_LABEL')
  },
)

test('a checksum does not depend on line ends, a byte order mark or white space at line ends', () => {
  const sum = checksum('a\n  b\n')
  expect(sum).toMatch(/^v1:[0-9a-f]{64}$/)
  expect(checksum('\uFEFFa\r\n  b  \r\n')).toBe(sum)
  expect(checksum('a\n b\n')).not.toBe(sum)
})
