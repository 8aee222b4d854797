import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { afterTest } from '../support/cleanup.ts'
import { answer } from './answer.ts'
import { type Case, type Outcome, readCases } from './case.ts'
import { agrees } from './compare.ts'
import { reasons } from './reasons.ts'

const folder = path.resolve(import.meta.dirname, '../fixtures/graph')
const files = ['public.json', 'more.json']
const read = (file: string): readonly Case[] => readCases(readFileSync(path.join(folder, file), 'utf8'))
const cases = files.flatMap(read)

test.each(files)(
  'every case of %s goes as recorded, or differs for a reason that is listed',
  async (file) => {
    const unexplained = []
    for (const recorded of read(file)) {
      const ours = await answer(recorded)
      if (agrees(recorded, ours) || reasons.some(({ holds }) => holds(recorded, ours))) continue
      unexplained.push({
        id: recorded.id,
        command: recorded.command.join(' '),
        ours,
        recorded: recorded.outcome,
      })
    }
    expect(unexplained).toEqual([])
  },
)

test('each reason explains some case', async () => {
  const used = new Set<string>()
  for (const recorded of cases) {
    const ours = await answer(recorded)
    if (agrees(recorded, ours)) continue
    for (const { why, holds } of reasons) if (holds(recorded, ours)) used.add(why)
  }
  expect(reasons.filter(({ why }) => !used.has(why)).map(({ why }) => why)).toEqual([])
})

describe('the comparison', () => {
  test('agrees with each recording, and with none that was tampered with', () => {
    const changes: readonly ((outcome: Outcome) => Outcome | undefined)[] = [
      ({ steps, ...rest }) =>
        steps && steps.length > 0 && !rest.error ? { ...rest, steps: steps.slice(1) } : undefined,
      ({ steps, ...rest }) =>
        steps && steps.length > 1 && rest.order_forced ? { ...rest, steps: steps.toReversed() } : undefined,
      ({ rows, ...rest }) =>
        rows && rows.length > 0 && rest.steps && !rest.error ? { ...rest, rows: [] } : undefined,
      ({ revisions, ...rest }) =>
        revisions && revisions.length > 0 ? { ...rest, revisions: revisions.slice(1) } : undefined,
      ({ new: file, ...rest }) =>
        file ? { ...rest, new: { ...file, down_revision: ['another'] } } : undefined,
      ({ error, ...rest }) => (error && error.kind !== 'internal' ? rest : undefined),
      ({ error, ...rest }) =>
        error && error.kind !== 'internal' ? { ...rest, error: { kind: 'other' } } : undefined,
      ({ error, ...rest }) => (error ? undefined : { ...rest, error: { kind: 'usage' } }),
    ]
    const tried = changes.map(() => 0)
    for (const recorded of cases) {
      expect(agrees(recorded, recorded.outcome), recorded.id).toBe(true)
      for (const [at, change] of changes.entries()) {
        const changed = change(recorded.outcome)
        const isLoose =
          recorded.outcome.better ?? recorded.variants ?? recorded.outcome.error?.kind === 'internal'
        if (!changed || isLoose) continue
        tried[at] = (tried[at] ?? 0) + 1
        expect(agrees(recorded, changed), `${recorded.id}, change ${at}`).toBe(false)
      }
    }
    for (const count of tried) expect(count).toBeGreaterThan(20)
  })
})

test('the runner prints one JSON line about a file', () => {
  const own = mkdtempSync(path.join(tmpdir(), 'aludel_test_conformance_'))
  afterTest(() => rmSync(own, { recursive: true }))
  const [first] = read('public.json')
  const wrong = {
    ...first,
    id: 'wrong',
    command: ['history'],
    rows: null,
    outcome: { revisions: [{ rev: 'nope' }] },
  }
  writeFileSync(path.join(own, 'cases.json'), JSON.stringify({ cases: [first, wrong] }))
  const repository = path.resolve(import.meta.dirname, '../..')
  const printed = execFileSync(
    'npm',
    ['run', '--silent', 'conformance', '--', path.join(own, 'cases.json')],
    {
      cwd: repository,
      encoding: 'utf8',
    },
  )
  expect(printed.trim().split('\n')).toHaveLength(1)
  expect(JSON.parse(printed)).toMatchObject({ cases: 2, differ: [{ id: 'wrong', recorded: wrong.outcome }] })
})

test.each([
  ['not json', 'is not valid JSON'],
  ['[]', 'it holds no list `cases`'],
  ['{"cases": [{"id": "x"}]}', 'number 1 of its cases has no `id`, `revisions`, `command` or `outcome`'],
])('the runner says in one line that %s is no file of cases, and ends with 2', (text, why) => {
  const own = mkdtempSync(path.join(tmpdir(), 'aludel_test_conformance_'))
  afterTest(() => rmSync(own, { recursive: true }))
  const file = path.join(own, 'cases.json')
  writeFileSync(file, text)
  const { status, stdout, stderr } = spawnSync(process.execPath, ['test/conformance/run.ts', file], {
    cwd: path.resolve(import.meta.dirname, '../..'),
    encoding: 'utf8',
  })
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toContain(`${file} is no file of cases: `)
  expect(stderr).toContain(why)
  expect(stderr).not.toMatch(/^ {4}at /m)
})
