import fc from 'fast-check'
import { expect, test } from 'vitest'
import { mask, maskUrl, secretsOf } from '../../config/url.ts'

test.each([
  ['postgres://u:secret@h:5432/db?sslmode=require', 'postgres://u:***@h:5432/db?sslmode=require'],
  ['postgres://u@tenant:secret@h/db', 'postgres://u@tenant:***@h/db'],
  ['postgres://:secret@/db', 'postgres://:***@/db'],
  ['postgres://u:p@ss/w?o#rd@h/db', 'postgres://u:***@h/db'],
  ['postgres://u:secret@h/db?user=a@b', 'postgres://u:***@b'],
  ['postgres://u:secret', 'postgres://u:***'],
  ['u:secret@h/db', 'u:***@h/db'],
  ['postgres:/u:secret@h/db', 'postgres:***@h/db'],
  ['postgres://h/db?password=secret&a=1', 'postgres://h/db?password=***&a=1'],
  ['postgres://h/db?a=1&sslpassword=secret', 'postgres://h/db?a=1&sslpassword=***'],
])('%s is shown as %s', (url, shown) => {
  expect(maskUrl(url)).toBe(shown)
})

test.each([
  'postgres://h:5432/db',
  'postgres://u@h:5432/db',
  'postgres://[::1]:5432/db',
  'postgres://h1:5432,h2:5433/db',
  'postgres:///db',
  'sqlite:a@b.db',
  'sqlite:///data/a:b.db',
  'sqlite::memory:',
  ':memory:',
  'localhost:5432/db',
  '',
])('%s holds no password and is shown as it is', (url) => {
  expect(maskUrl(url)).toBe(url)
  expect(secretsOf(url)).toEqual([])
})

test('a password is known as it is written, decoded, encoded and in JSON', () => {
  expect(secretsOf('postgres://u:p%40s%22s@h/db')).toEqual(['p%40s%22s', 'p@s\\"s', 'p@s"s'])
})

test('a password is known as it stands in a string of SQL, which a quote is doubled in', () => {
  expect(secretsOf("postgres://u:it's%20me@h/db")).toEqual(["it''s%20me", "it's%20me", "it''s me", "it's me"])
})

test('a password in a parameter is known', () => {
  expect(secretsOf('postgres://h/db?password=sec%20ret')).toEqual(['sec%20ret', 'sec ret'])
})

test('each part of a malformed URL that may be the password is known', () => {
  expect(secretsOf('postgres://u:hunter22@h/db?user=a@b')).toContain('hunter22')
})

test('two characters are no secret: masking them would garble every text', () => {
  expect(secretsOf('postgres://u:ab@h/db')).toEqual([])
  expect(maskUrl('postgres://u:ab@h/db')).toBe('postgres://u:***@h/db')
})

test('secrets are masked wherever they are in a text, the longest first, and so are URLs that nobody knew', () => {
  expect(mask('user abc, password abcdef', ['abc', 'abcdef'])).toBe('user ***, password ***')
  expect(mask('see postgres://u:other@h/db, "mysql://a:b@c/d"', [])).toBe(
    'see postgres://u:***@h/db, "mysql://a:***@c/d"',
  )
  expect(mask('costs $& and $1', ['$&'])).toBe('costs *** and $1')
})

const password = fc.string({ minLength: 6, unit: 'grapheme-ascii' }).filter((text) => !text.includes('*'))
const word = fc.stringMatching(/^[a-z]{1,8}$/)

/** Pieces of four characters of a password that are in what is shown, though the rest of the URL has them not. */
function survivors(secret: string, shown: string, rest: string): readonly string[] {
  const pieces = Array.from({ length: secret.length - 3 }, (_, at) => secret.slice(at, at + 4))
  return pieces.filter((piece) => shown.includes(piece) && !rest.includes(piece))
}

test('no four characters of a password survive in a URL, however it is written', () => {
  const spelled = fc.constantFrom((text: string) => text, encodeURIComponent)
  fc.assert(
    fc.property(password, spelled, word, word, word, (secret, spell, user, host, name) => {
      const written = spell(secret)
      const shown = maskUrl(`postgres://${user}:${written}@${host}/${name}`)
      expect(survivors(written, shown, `postgres://${user}:***@${host}/${name}`)).toEqual([])
    }),
  )
})

test('no four characters of a password survive in a text, in any of its spellings', () => {
  const spelled = fc.constantFrom(
    (text: string) => text,
    encodeURIComponent,
    (text: string) => JSON.stringify(text).slice(1, -1),
  )
  fc.assert(
    fc.property(password, spelled, word, word, (secret, spell, before, after) => {
      const secrets = secretsOf(`postgres://user:${encodeURIComponent(secret)}@host/db`)
      const text = `${before} ${spell(secret)} ${after}`
      expect(survivors(secret, mask(text, secrets), `${before} *** ${after}`)).toEqual([])
    }),
  )
})
