import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { dialectNames } from '../support/servers.ts'
import { type Fault, faults, filesOf, pattern } from './faults.ts'

/** Numbers, or numbers and dialects, that no test's name holds. */
function untested(list: Readonly<Record<string, Fault>>, names: readonly string[]): readonly string[] {
  return Object.entries(list).flatMap(([fault, { on }]) => {
    const found = names.filter((name) => pattern({ fault }).test(name))
    if (!on) return found.length > 0 ? [] : [fault]
    return on
      .filter((dialect) => !found.some((name) => name.includes(`on ${dialect}`)))
      .map((dialect) => `${fault} on ${dialect}`)
  })
}

test('every fault has a test on each database that it can strike', { timeout: 120_000 }, () => {
  const servers = Object.values(inject('servers')).flatMap((server) => ('url' in server ? [server.url] : []))
  const named = (scheme: string): string => servers.find((url) => url.startsWith(scheme)) ?? ''
  // Some files make a folder when they are read, and remove it only when they are run.
  const folder = mkdtempSync(path.join(tmpdir(), 'aludel_test_list_'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const env = {
    ...process.env,
    TMPDIR: folder,
    TEST_POSTGRES_URL: named('postgres'),
    TEST_MARIADB_URL: named('mariadb'),
  }
  // A file behind --json would be written over.
  const args = ['list', ...filesOf({}), '--no-static-parse', '--json']
  const listed: readonly { readonly name: string }[] = JSON.parse(
    execFileSync('vitest', args, { encoding: 'utf8', env, maxBuffer: 2 ** 26, stdio: 'pipe' }),
  )
  expect(
    untested(
      faults,
      listed.map(({ name }) => name),
    ),
  ).toEqual([])
})

test('a fault without a test is found, also when only one database lacks it', () => {
  const list = { F01: { title: '', on: ['sqlite', 'mariadb'] }, F02: { title: '' } } as const
  expect(untested(list, ['F01 two runs on sqlite > end', 'F012 > F021'])).toEqual(['F01 on mariadb', 'F02'])
  expect(untested(list, ['F01 on sqlite', 'a > F01 on mariadb', 'b > F02: c'])).toEqual([])
})

test('one fault is chosen by its number and its database', () => {
  const name = 'killed [F05] on postgresql at once\non the second line'
  expect(pattern({}).test(name)).toBe(true)
  expect(pattern({ fault: 'F05' }).test(name)).toBe(true)
  expect(pattern({ fault: 'F06' }).test(name)).toBe(false)
  expect(dialectNames.filter((dialect) => pattern({ fault: 'F05', dialect }).test(name))).toEqual([
    'postgresql',
  ])
  expect(pattern({ dialect: 'sqlite' }).test('F41: a message')).toBe(true)
})

test('no number is left out but F53, which does not exist', () => {
  const numbers = Array.from({ length: 55 }, (_, at) => `F${String(at + 1).padStart(2, '0')}`)
  expect(Object.keys(faults).toSorted()).toEqual(numbers.filter((number) => number !== 'F53'))
})
