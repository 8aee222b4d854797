import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { chain, revisionFile } from '../support/files.ts'
import { type Project, type RunOptions, project } from '../support/project.ts'

const config = { 'aludel.config.json': '{ "url": "sqlite:app.db", "entities": "entities/*.ts" }' }

const entity = `import { defineEntity, p } from '@mikro-orm/core'
export const Note = defineEntity({ name: 'Note', tableName: 'notes', properties: { id: p.integer().primary() } })
`

/** Runs a command with --json; stdout must be one line that is one document. */
async function json(app: Project, args: readonly string[], options: RunOptions = {}) {
  const { status, stdout, stderr } = await app.run([...args, '--json'], options)
  expect({ lines: stdout.split('\n').length, stderr, end: stdout.at(-1) }).toMatchObject({
    lines: 2,
    end: '\n',
  })
  const document: unknown = JSON.parse(stdout)
  return { status, document, stderr }
}

describe('with --json stdout is one document:', () => {
  test('init', async () => {
    const app = project()
    expect(await json(app, ['init'])).toMatchObject({
      status: 0,
      document: {
        written: ['aludel.config.json', 'migrations/', 'Makefile'],
        kept: [],
        hints: expect.any(Array),
      },
    })
    expect(await json(app, ['init'])).toMatchObject({
      document: { written: [], kept: ['aludel.config.json', 'migrations/', 'Makefile'] },
    })
  })

  test('revision', async () => {
    const app = project({ ...config, ...chain('a1') })
    const { status, document } = await json(app, ['revision', '-m', 'Next', '--rev-id', 'b2'])
    expect({ status, document }).toEqual({
      status: 0,
      document: {
        revision: 'b2',
        path: path.join(app.folder, 'migrations/b2_next.ts'),
        downRevision: ['a1'],
        heads: ['b2'],
        operations: 0,
        warnings: [],
      },
    })
  })

  test('merge', async () => {
    const app = project({ ...config, ...chain('a1', 'b2'), ...revisionFile('c3', { down: 'a1' }) })
    const merged = { downRevision: ['b2', 'c3'], heads: ['d4'], operations: 0, warnings: [] }
    expect(await json(app, ['merge', 'heads', '-m', 'Join', '--rev-id', 'd4'])).toMatchObject({
      status: 0,
      document: { revision: 'd4', path: path.join(app.folder, 'migrations/d4_join.ts'), ...merged },
    })
  })

  test('revision --autogenerate, also when there is nothing to generate; check', async () => {
    const app = project({ ...config, 'entities/note.ts': entity })
    const create = ['revision', '--autogenerate', '-m', 'Notes', '--rev-id', 'a1']
    const written = {
      revision: 'a1',
      path: path.join(app.folder, 'migrations/a1_notes.ts'),
      downRevision: [],
    }
    expect(await json(app, create)).toMatchObject({
      status: 0,
      document: { ...written, operations: 1, warnings: [] },
    })
    expect(await json(app, ['check'])).toMatchObject({
      status: 3,
      document: {
        ok: false,
        pending: ['a1'],
        differences: [
          {
            kind: 'createTable',
            object: 'notes',
            between: ['entities', 'database'],
            operation: { kind: 'createTable', table: { name: 'notes' } },
          },
        ],
        unmanaged: [],
      },
    })
    await json(app, ['upgrade'])
    expect((await json(app, ['check'])).document).toEqual({
      ok: true,
      pending: [],
      differences: [],
      unmanaged: [],
    })
    expect((await json(app, ['revision', '--autogenerate', '-m', 'None'])).document).toEqual({
      revision: null,
      path: null,
      downRevision: ['a1'],
      heads: ['a1'],
      operations: 0,
      warnings: [],
    })
  })

  test('upgrade, current, downgrade, stamp', async () => {
    const app = project({ ...config, ...chain('a1', 'b2') })
    const step = (direction: string, revision: string, statements: number) => ({
      direction,
      revision,
      message: revision,
      statements,
      ms: expect.any(Number),
    })
    const state = { unknown: [], edited: [] }
    expect((await json(app, ['current'])).document).toEqual({
      ...{ heads: [], applied: 0, pending: 2, atHead: false },
      ...state,
    })
    expect((await json(app, ['upgrade'])).document).toEqual({
      steps: [step('upgrade', 'a1', 1), step('upgrade', 'b2', 1)],
      heads: ['b2'],
    })
    expect((await json(app, ['upgrade'])).document).toEqual({ steps: [], heads: ['b2'] })
    expect((await json(app, ['current'])).document).toEqual({
      ...{ heads: ['b2'], applied: 2, pending: 0, atHead: true },
      ...state,
    })
    expect((await json(app, ['downgrade'])).document).toEqual({
      steps: [step('downgrade', 'b2', 1)],
      heads: ['a1'],
    })
    expect((await json(app, ['stamp', 'head'])).document).toEqual({
      steps: [step('stamp', 'b2', 0)],
      heads: ['b2'],
    })
  })

  test('history, with -i what is applied; heads, show', async () => {
    const app = project({ ...config, ...chain('a1', 'b2') })
    await app.run(['upgrade', 'a1'])
    const info = (revision: string, more: object) => ({
      ...{ revision, downRevision: [], dependsOn: [], branchLabels: [], message: revision, createdAt: null },
      ...{ path: path.join(app.folder, `migrations/${revision}.ts`), isHead: false, isBase: false },
      ...{ isBranchPoint: false, isMergePoint: false, applied: null },
      ...{ branchNames: [], children: [], isEffectiveHead: false, isCurrent: null },
      ...more,
    })
    const a1 = info('a1', { isBase: true, children: ['b2'] })
    const b2 = info('b2', { isHead: true, downRevision: ['a1'] })
    expect((await json(app, ['history'])).document).toEqual([b2, a1])
    expect((await json(app, ['history', '-i'])).document).toEqual([
      { ...b2, applied: false, isCurrent: false },
      { ...a1, applied: true, isCurrent: true },
    ])
    expect((await json(app, ['heads'])).document).toEqual([b2])
    expect((await json(app, ['show'])).document).toEqual([b2])
    expect((await json(app, ['show', 'a1'])).document).toEqual([a1])
    expect((await json(app, ['branches'])).document).toEqual([])
    app.write(revisionFile('c3', { down: 'a1' }))
    const c3 = { ...b2, revision: 'c3', message: 'c3', path: path.join(app.folder, 'migrations/c3.ts') }
    expect((await json(app, ['branches'])).document).toEqual([
      { ...a1, children: ['b2', 'c3'], isBranchPoint: true, branches: [b2, c3] },
    ])
  })

  test.each([[['help']], [['--help']], [['-h']], [['--json', '--help']]])('%j', async (args) => {
    expect(await json(project(), args)).toMatchObject({
      status: 0,
      document: {
        version: expect.any(String),
        commands: { upgrade: expect.any(String), help: expect.any(String) },
      },
    })
  })

  test.each([[['help', 'upgrade']], [['upgrade', '--help']], [['upgrade', 'head', '-h']]])(
    '%j',
    async (args) => {
      expect(await json(project(), args)).toMatchObject({
        status: 0,
        document: {
          command: 'upgrade',
          usage: 'upgrade [target …]',
          options: { 'allow-edited': { type: 'boolean' } },
        },
      })
    },
  )

  test('--version', async () => {
    expect(await json(project(), ['--version'])).toMatchObject({
      status: 0,
      document: { version: expect.stringMatching(/^\d+\.\d+\.\d+/) },
    })
  })

  const boom = 'throw new Error("boom")'
  test.each<[string, number, string, readonly string[], Readonly<Record<string, string>>]>([
    ['no configuration', 2, 'CONFIG_NOT_FOUND', ['history'], {}],
    ['a configuration that throws', 2, 'CONFIG_FAILED', ['history'], { 'aludel.config.mjs': boom }],
    ['no such command', 2, 'USAGE', ['upgarde'], {}],
    ['an unknown option', 2, 'USAGE', ['history', '--nope'], {}],
    ['an option without its value', 2, 'USAGE', ['history', '--config'], {}],
    ['no such command to explain', 2, 'USAGE', ['help', 'nope'], {}],
    ['an unknown target', 2, 'UNKNOWN_REVISION', ['show', 'zz'], { ...config, ...chain('a1') }],
    ['a failing revision', 1, 'STEP_FAILED', ['upgrade'], { ...config, ...revisionFile('a1', { up: boom }) }],
    [
      'entities that fail',
      2,
      'ENTITIES_INVALID',
      ['check'],
      { ...config, 'migrations/_': '', 'entities/a.ts': boom },
    ],
    [
      'a server that is not there',
      7,
      'DATABASE_UNREACHABLE',
      ['current', '--url=mysql://u@127.0.0.1:1/d', '--connect-timeout=0'],
      { ...config, ...chain('a1') },
    ],
  ])('of an error: %s', async (_, status, code, args, files) => {
    const found = await json(project(files), args)
    expect(found).toMatchObject({ status, document: { error: { code } } })
    expect(found.document).toEqual({
      error: {
        code,
        message: expect.stringMatching(/\S/),
        state: expect.toBeOneOf([null, expect.stringMatching(/\S/)]),
        fix: expect.toBeOneOf([null, expect.stringMatching(/\S/)]),
        details: expect.any(Object),
      },
    })
  })
  test.each<[string, readonly string[], number]>([
    ['revision', ['revision', '-m', 'x'], 0],
    ['revision --autogenerate', ['revision', '--autogenerate', '--from-empty', '-m', 'x'], 0],
    ['upgrade', ['upgrade'], 0],
    ['downgrade', ['downgrade'], 0],
    ['current', ['current'], 0],
    ['history', ['history'], 0],
    ['heads', ['heads'], 0],
    ['branches', ['branches'], 0],
    ['merge', ['merge', 'heads'], 0],
    ['current -v', ['current', '-v'], 0],
    ['show', ['show'], 0],
    ['stamp', ['stamp', 'head'], 0],
    ['check', ['check'], 3],
    ['a failing upgrade', ['upgrade', '--url=sqlite:other.db', '--config=failing.mjs'], 1],
  ])('F54: %s, also when configuration, revision and entities print', async (_, args, status) => {
    const noise = (from: string) =>
      `console.log('log of ${from}'); console.table(['table']); process.stdout.write('text of ${from} ')\n`
    const config = (failing: boolean) =>
      `${noise('the configuration')}
      if (${failing}) process.env.FAIL = '1'
      export default () => { ${noise('its function')}; return { url: 'sqlite:app.db', entities: 'entities/*.ts' } }`
    const app = project({
      'aludel.config.mjs': config(false),
      'failing.mjs': config(true),
      'entities/note.ts': noise('an entity') + entity,
      ...revisionFile('a1', {
        // Not literal, so that the file is imported for its header.
        header: `export const createdAt = new Date(0).toISOString()\n${noise('a revision')}`,
        up: `${noise('upgrade')}; if (process.env.FAIL) throw new Error('boom')`,
        back: noise('downgrade'),
      }),
    })
    if (args[0] === 'downgrade') await app.run(['upgrade'])
    const { status: found, stderr } = await json(app, args)
    expect({ found, stderr }).toMatchObject({ found: status })
    expect(stderr).toContain('log of the configuration\n')
    expect(stderr).toContain('text of its function ')
    expect(stderr).toContain('log of a revision\n')
    if (/^(?:upgrade|downgrade)$/.test(args[0] ?? '')) expect(stderr).toContain(`log of ${args[0]}\n`)
    if (/check|autogenerate/.test(args.join(' '))) expect(stderr).toContain('log of an entity\n')
  })
})

test('without --json what user code prints stays where it printed it', async () => {
  const app = project({ ...config, ...revisionFile('a1', { up: "console.log('seen')" }) })
  expect((await app.run(['upgrade'])).stdout).toMatch(/^seen\nDone: 1 step/)
})

test('what follows -- is no option', async () => {
  const app = project({ ...config, ...chain('a1') })
  for (const [option, stdout] of [
    ['--help', ''],
    ['--json', ''],
  ]) {
    const run = await app.run(['show', '--', `${option}`])
    expect(run).toMatchObject({ status: 2, stdout })
    expect(run.stderr).toContain(`UNKNOWN_REVISION: Can't locate revision identified by '${option}'.`)
  }
})
