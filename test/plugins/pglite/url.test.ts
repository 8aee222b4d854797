import path from 'node:path'
import { expect, test } from 'vitest'
import { absoluteUrl } from '../../../config/database-url.ts'
import { dialectOfUrl } from '../../../config/dialects.ts'
import { parseUrl } from '../../../plugins/pglite/url.ts'

test.each([
  ['pglite:', undefined, 'postgres'],
  ['pglite::memory:', undefined, 'postgres'],
  ['pglite:./data', path.resolve('data'), 'postgres'],
  ['pglite:/var/data/', '/var/data', 'postgres'],
  ['pglite:///var/my%20data?database=app', '/var/my data', 'app'],
])('%s', (url, folder, database) => {
  expect(dialectOfUrl(url)).toBe('pglite')
  expect(parseUrl(url)).toEqual({ folder, database })
})

test.each(['pglite:/', 'pglite:data#1', 'sqlite:data'])('%s is refused', (url) => {
  expect(() => parseUrl(url)).toThrow('The PGlite URL cannot be read')
})

test('a folder is relative to the configuration', () => {
  expect(absoluteUrl('pglite:./data?database=app', '/srv/100%')).toBe('pglite:/srv/100%25/data?database=app')
  expect(absoluteUrl('pglite:', '/work')).toBe('pglite:')
  expect(absoluteUrl('pglite::memory:', '/work')).toBe('pglite::memory:')
})
