import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { stringText } from '../../src/operations/text.ts'
import { readHeader } from '../../src/revision/header.ts'

const read = (text: string) => Object.fromEntries(readHeader(text))

test('strings of all quotes, null, booleans and lists are read', () => {
  expect(
    read(`
      export const message = 'It\\'s "new"'
      export const revision: string = "8f2a";
      export const downRevision = ['a', "b", ] as const // two
      export const dependsOn: string[] = [
        // none yet
      ]
      export const createdAt = \`2026-11-22\`
      export const transaction = false
      export const irreversible = null
    `),
  ).toEqual({
    message: 'It\'s "new"',
    revision: '8f2a',
    downRevision: ['a', 'b'],
    dependsOn: [],
    createdAt: '2026-11-22',
    transaction: false,
    irreversible: null,
  })
})

describe('what is no literal comes as undefined', () => {
  test.each(["'a' + 'b'", 'makeId()', '`a${1}`', "['a', b]", "'a'.trim()", '42', 'x'])('%s', (value) => {
    expect(read(`export const revision = ${value}\n`)).toEqual({ revision: undefined })
  })
})

test('comments, strings and function bodies hold no header', () => {
  expect(
    read(`
      // export const revision = 'no'
      /* export const revision = 'no' */
      const text = "export const revision = 'no'"
      export function upgrade(op) { op.execute(\`
export const revision = 'no'
\`) }
      export const revision = 'yes'
    `),
  ).toEqual({ revision: 'yes' })
})

describe('a text that does not tell what the module exports gives nothing', () => {
  test.each([
    ["export const revision = 'b'\nconst open = /\\(/\nexport const downRevision = 'a'\n"],
    ["export const revision = 'b'\nconst downRevision = 'a'\nexport { downRevision }\n"],
    ["export const revision = 'b'\nexport let downRevision = 'a'\n"],
    ["export const revision = 'b'\nexport * from './header.ts'\n"],
    ["export const revision = 'b'\nexport function upgrade() { return /[)}]\"/ }\n"],
  ])('%j', (text) => {
    expect(read(text)).toEqual({})
  })
})

test('any message is read back exactly as it is written', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (message) => {
      expect(read(`export const message = ${stringText(message)}\n`)).toEqual({ message })
    }),
  )
})
