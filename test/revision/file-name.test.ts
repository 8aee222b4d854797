import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newFiles } from '../../config/new-files.ts'
import { type FileNameOptions, fileName, isRevisionName } from '../../src/revision/file-name.ts'

/** As a configuration of these values has it. */
function named(
  configuration: Readonly<Record<string, unknown>>,
  options: Partial<FileNameOptions> = {},
): string {
  const faults: { key: string; message: string }[] = []
  const style = newFiles((key) => ({ key, value: configuration[key], env: {}, faults }))
  expect(faults).toEqual([])
  const plain = { revision: 'ab12', message: 'Add users', extension: '.ts' }
  return fileName({ ...plain, createdAt: new Date('2026-11-22T23:30:05.999Z'), ...options }, style)
}

test.each([
  ['Add address to users', 'ab12_add_address_to_users.ts'],
  ['  ../../etc/passwd; rm -rf / ', 'ab12_etc_passwd_rm_rf.ts'],
  ['เพิ่มที่อยู่ให้ผู้ใช้', 'ab12_เพิ่มที่อยู่ให้ผู้ใช้.ts'],
  ['🎉', 'ab12.ts'],
  ['Cafe\u0301', 'ab12_café.ts'],
])('the message %j makes the file name %s', (message, expected) => {
  expect(named({}, { message })).toBe(expected)
})

test('any message makes a name without separators, of at most 120 bytes of slug', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (message) => {
      const name = named({}, { message })
      expect(name).toMatch(/^ab12(?:_[\p{L}\p{M}\p{N}_]+)?\.ts$/u)
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(4 + 1 + 120 + 3)
    }),
  )
})

test.each([
  ['{year}{month}{day}_{hour}{minute}{second}_{slug}', '20261122_233005_add_users.ts'],
  ['{year}-{month}-{day}-{revision}', '2026-11-22-ab12.ts'],
  ['V{epoch}_{slug}', 'V1795390205_add_users.ts'],
  ['{slug}_{revision}', 'add_users_ab12.ts'],
])('the template %s makes %s', (fileTemplate, expected) => {
  expect(named({ fileTemplate })).toBe(expected)
})

test('a date is that of the time zone', () => {
  const fileTemplate = '{year}{month}{day}{hour}{minute}{second}'
  expect(named({ fileTemplate, timezone: 'Asia/Bangkok' })).toBe('20261123063005.ts')
  expect(named({ fileTemplate, timezone: 'America/New_York' })).toBe('20261122183005.ts')
})

test('words that are too many are left out whole, and a word that is too long is cut', () => {
  const message = 'Create the shopping cart'
  expect(named({ slugLength: 12 }, { message })).toBe('ab12_create_the.ts')
  expect(named({ slugLength: 10 }, { message })).toBe('ab12_create_the.ts')
  expect(named({ slugLength: 9 }, { message })).toBe('ab12_create.ts')
  expect(named({ slugLength: 4 }, { message })).toBe('ab12_crea.ts')
  expect(named({ slugLength: 8 }, { message: 'เพิ่มที่อยู่' })).toBe('ab12_เ.ts')
})

test('whatever the id and the message, the file is read again', () => {
  const templates = ['{revision}_{slug}', '{slug}_{revision}', '{slug}+{epoch}', 'v{revision}-{slug}']
  for (const fileTemplate of templates)
    for (const revision of ['ab12', '_ab', '___', 'd'])
      for (const message of ['', 'd', '!', 'Add'])
        expect(isRevisionName(named({ fileTemplate }, { revision, message }))).toBe(true)
  expect(named({}, { revision: '_ab' })).toBe('r_ab_add_users.ts')
})
