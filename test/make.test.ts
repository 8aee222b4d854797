import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'

const include = path.join(import.meta.dirname, '..', 'aludel.mk')
const folder = mkdtempSync(path.join(tmpdir(), 'aludel_test_make_'))
afterAll(() => rmSync(folder, { recursive: true }))

/** It stands in for aludel and writes its database URL and its arguments, each closed by a zero byte. */
const standIn = '#!/bin/sh\nprintf \'%s\\0\' "url=$ALUDEL_DATABASE_URL" "$@"\n'

beforeEach(() => {
  for (const name of readdirSync(folder)) rmSync(path.join(folder, name), { recursive: true })
  writeFileSync(path.join(folder, 'aludel'), standIn, { mode: 0o755 })
  write('Makefile', `ALUDEL := ./aludel\ninclude ${include}\n`)
})

function write(name: string, text: string): void {
  writeFileSync(path.join(folder, name), text)
}

/** Runs make and returns what the stand-in was given: first the database's URL, then the arguments. */
function make(args: readonly string[], env: Readonly<Record<string, string>> = {}): string[] {
  const options = { cwd: folder, encoding: 'utf8', env: { PATH: process.env['PATH'], ...env } } as const
  return execFileSync('make', [...args], options)
    .split('\0')
    .slice(0, -1)
}

describe('each target calls one command', () => {
  const calls: Record<string, readonly string[]> = {
    'migrate-help': ['help'],
    'migrate-create': ['revision', '--autogenerate'],
    'migrate-create msg=Users': ['revision', '--autogenerate', '--message=Users'],
    'migrate-create empty=1 msg=Users': ['revision', '--message=Users'],
    'migrate-create empty=0 msg=Users': ['revision', '--autogenerate', '--message=Users'],
    'migrate-create from_empty=1 rev_id=00a1': [
      'revision',
      '--autogenerate',
      '--from-empty',
      '--rev-id=00a1',
    ],
    'migrate-create from_history=1': ['revision', '--autogenerate', '--from-history'],
    'migrate-create json=1': ['revision', '--autogenerate', '--json'],
    'migrate-create empty=1 msg=x head=billing@head splice=1 branch_label=carts depends_on=a1 version_path=./b':
      [
        ...['revision', '--head=billing@head', '--depends-on=a1', '--message=x', '--splice'],
        ...['--branch-label=carts', '--version-path=./b'],
      ],
    'migrate-merge': ['merge', '--', 'heads'],
    'migrate-merge msg=Join rev_id=00a1 branch_label=all splice=1 version_path=b json=1': [
      ...['merge', '--message=Join', '--rev-id=00a1', '--splice', '--branch-label=all'],
      ...['--version-path=b', '--json', '--', 'heads'],
    ],
    'migrate-up': ['upgrade', '--', 'head'],
    'migrate-up to=+1 json=1': ['upgrade', '--json', '--', '+1'],
    'migrate-up yes=1': ['upgrade', '--yes', '--', 'head'],
    'migrate-down': ['downgrade', '--', '-1'],
    'migrate-down to=base': ['downgrade', '--', 'base'],
    'migrate-sql': ['upgrade', '--sql', '--', 'base:head'],
    'migrate-sql from=00a1 to=00b2 idempotent=1 yes=1 json=1': [
      ...['upgrade', '--sql', '--idempotent', '--json', '--yes', '--', '00a1:00b2'],
    ],
    'migrate-sql-down from=00b2 to=base': ['downgrade', '--sql', '--', '00b2:base'],
    'migrate-sql-down to=base': ['downgrade', '--sql', '--', 'base'],
    'migrate-sql-down from=00b2': ['downgrade', '--sql', '--', '00b2:-1'],
    'migrate-sql-down': ['downgrade', '--sql', '--', '-1'],
    'migrate-history': ['history'],
    'migrate-history range=-2:current verbose=1 applied=1 json=1': [
      ...['history', '--rev-range=-2:current', '--verbose', '--indicate-current', '--json'],
    ],
    'migrate-current json=1': ['current', '--json'],
    'migrate-current verbose=1 check_heads=1': ['current', '--verbose', '--check-heads'],
    'migrate-heads': ['heads'],
    'migrate-heads verbose=1 resolve_dependencies=1 json=1': [
      ...['heads', '--verbose', '--resolve-dependencies', '--json'],
    ],
    'migrate-branches': ['branches'],
    'migrate-branches verbose=1 json=1': ['branches', '--verbose', '--json'],
    'migrate-log': ['log'],
    'migrate-lock json=1': ['lock', '--json'],
    'migrate-show': ['show'],
    'migrate-show rev=00a1': ['show', '--', '00a1'],
    'migrate-edit': ['edit'],
    'migrate-edit rev=current': ['edit', '--', 'current'],
    'migrate-accept': ['accept'],
    'migrate-accept rev=00a1': ['accept', '--', '00a1'],
    'migrate-repair rev=00a1 statement=2 applied=1': ['repair', '--statement=2', '--applied', '--', '00a1'],
    'migrate-repair rev=00a1 statement=2 applied=0': [
      'repair',
      '--statement=2',
      '--not-applied',
      '--',
      '00a1',
    ],
    'migrate-stamp': ['stamp'],
    'migrate-stamp to=head purge=1': ['stamp', '--purge', '--', 'head'],
    'migrate-check json=no': ['check'],
    'migrate-check drift=1': ['check', '--drift'],
    'migrate-adopt': ['adopt', '--', 'mikro-orm'],
    'migrate-adopt dry_run=1 without_proof=1 version_path=b json=1': [
      ...['adopt', '--dry-run', '--without-proof', '--version-path=b', '--json', '--', 'mikro-orm'],
    ],
    'migrate-ensure-version': ['ensure-version'],
  }

  test.each(Object.entries(calls))('make %s', (line, expected) => {
    expect(make(line.split(' '))).toEqual(['url=', ...expected])
  })

  test('the words of revs= are the revisions to merge', () => {
    expect(make(['migrate-merge', 'revs=a1  billing@head *'])).toEqual([
      ...['url=', 'merge', '--', 'a1', 'billing@head', '*'],
    ])
  })

  test('the database of url= goes through the environment, and without it the one that is there stays', () => {
    const env = { ALUDEL_DATABASE_URL: 'sqlite:mine.db' }
    expect(make(['migrate-up'], env)).toEqual(['url=sqlite:mine.db', 'upgrade', '--', 'head'])
    expect(make(['migrate-up', 'url=sqlite:a.db'], env)).toEqual(['url=sqlite:a.db', 'upgrade', '--', 'head'])
  })
})

/** No first white space: make itself takes it off a variable of its command line. */
const hostile: readonly string[] = [
  '$(shell touch pwned)',
  '$(error stopped)',
  '`touch pwned`',
  '"; touch pwned; "',
  "'; touch pwned; '",
  '$$(touch pwned)',
  '$(touch pwned) ${touch} $HOME $$ $',
  'two\nlines; touch pwned\n\ttouch pwned',
  'Café "quoted" \'twice\' \\ \\\\ back\\slash',
  '🚀 เพิ่มที่อยู่ 添加地址',
  '-n',
  '--help',
  '../../x',
  "'",
  '# not a comment, $(comma) ) (',
  'a=b := c %.o | & > pwned < pwned *',
]

const ways: Record<string, (values: Readonly<Record<string, string>>, goals: readonly string[]) => string[]> =
  {
    'on the command line': (values, goals) => make([...goals, ...assignments(values)]),
    'in the environment': (values, goals) => make(goals, values),
    'in the environment with make -e': (values, goals) => make(['-e', ...goals], values),
    'on the command line of a make that calls make': (values, goals) =>
      make(['outer', `goals=${goals.join(' ')}`, ...assignments(values)]),
    'in the environment of a make that calls make': (values, goals) =>
      make(['outer', `goals=${goals.join(' ')}`], values),
    'in the environment of a make that exports everything': (values, goals) =>
      make(['-f', 'Exporting', ...goals], values),
    'on the command line of a make that exports everything': (values, goals) =>
      make(['-f', 'Exporting', ...goals, ...assignments(values)]),
  }

function assignments(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).map(([name, value]) => `${name}=${value}`)
}

describe.each(Object.keys(ways))('F42: a value %s is neither executed nor changed', (way) => {
  const goals = [
    ...['migrate-create', 'migrate-up', 'migrate-down', 'migrate-show', 'migrate-stamp', 'migrate-accept'],
    ...[
      'migrate-repair',
      'migrate-sql',
      'migrate-sql-down',
      'migrate-edit',
      'migrate-history',
      'migrate-merge',
    ],
  ]

  test.each(hostile)('%j', (value) => {
    write('Exporting', `export\ninclude Makefile\n`)
    write(
      'Makefile',
      `ALUDEL := ./aludel\ninclude ${include}\nouter:\n\t@$(MAKE) -s --no-print-directory $(goals)\n`,
    )
    const before = readdirSync(folder)
    const values = {
      ...{ msg: value, rev_id: value, to: value, rev: value, url: value, statement: value, head: value },
      ...{
        branch_label: value,
        depends_on: value,
        version_path: value,
        revs: value,
        range: value,
        from: value,
      },
    }
    const url = `url=${value}`
    const file = [`--branch-label=${value}`, `--version-path=${value}`]
    expect(ways[way]?.(values, goals)).toEqual([
      ...[url, 'revision', '--autogenerate', `--head=${value}`, `--depends-on=${value}`],
      ...[`--message=${value}`, `--rev-id=${value}`, ...file],
      ...[url, 'upgrade', '--', value],
      ...[url, 'downgrade', '--', value],
      ...[url, 'show', '--', value],
      ...[url, 'stamp', '--', value],
      ...[url, 'accept', '--', value],
      ...[url, 'repair', `--statement=${value}`, '--', value],
      ...[url, 'upgrade', '--sql', '--', `${value}:${value}`],
      ...[url, 'downgrade', '--sql', '--', `${value}:${value}`],
      ...[url, 'edit', '--', value],
      ...[url, 'history', `--rev-range=${value}`],
      ...[url, 'merge', `--message=${value}`, `--rev-id=${value}`, ...file, '--'],
      ...value.split(/\s+/).filter((word) => word !== ''),
    ])
    expect(readdirSync(folder)).toEqual(before)
  })

  test.each(hostile)('%j as a switch', (value) => {
    write('Exporting', `export\ninclude Makefile\n`)
    write(
      'Makefile',
      `ALUDEL := ./aludel\ninclude ${include}\nouter:\n\t@$(MAKE) -s --no-print-directory $(goals)\n`,
    )
    const before = readdirSync(folder)
    const values = {
      ...{
        empty: value,
        from_empty: value,
        from_history: value,
        purge: value,
        json: value,
        yes: value,
        splice: value,
      },
      ...{ idempotent: value },
      ...{ verbose: value, applied: value, check_heads: value, resolve_dependencies: value },
    }
    const goals = ['migrate-create', 'migrate-up', 'migrate-stamp', 'migrate-history', 'migrate-current']
    expect(ways[way]?.(values, [...goals, 'migrate-heads', 'migrate-merge', 'migrate-sql'])).toEqual([
      ...['url=', 'revision', '--from-empty', '--from-history', '--splice', '--json'],
      ...['url=', 'upgrade', '--yes', '--json', '--', 'head'],
      ...['url=', 'stamp', '--purge', '--json'],
      ...['url=', 'history', '--verbose', '--indicate-current', '--json'],
      ...['url=', 'current', '--verbose', '--check-heads', '--json'],
      ...['url=', 'heads', '--verbose', '--resolve-dependencies', '--json'],
      ...['url=', 'merge', '--splice', '--json', '--', 'heads'],
      ...['url=', 'upgrade', '--sql', '--idempotent', '--json', '--yes', '--', 'base:head'],
    ])
    expect(readdirSync(folder)).toEqual(before)
  })
})

test('a message in the environment is left there for the recipes of the Makefile that includes aludel.mk', () => {
  write('Makefile', `include ${include}\nmine:\n\t@printf '%s\\0' "$$msg"\n`)
  expect(make(['mine'], { msg: 'mine' })).toEqual(['mine'])
})

test('the default goal stays that of the Makefile, wherever it includes aludel.mk', () => {
  const goal = "mine:\n\t@printf '%s\\0' mine\n"
  write('Makefile', `include ${include}\n${goal}`)
  expect(make([])).toEqual(['mine'])
  write('Makefile', `${goal}include ${include}\n`)
  expect(make([])).toEqual(['mine'])
})

test("the command's exit status reaches make, which fails", () => {
  writeFileSync(path.join(folder, 'aludel'), '#!/bin/sh\nexit 3\n', { mode: 0o755 })
  const { status, stderr } = spawnSync('make', ['migrate-check'], { cwd: folder, encoding: 'utf8' })
  expect(status).toBe(2)
  expect(stderr).toContain('Error 3')
})
