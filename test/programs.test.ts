import { expect, test } from 'vitest'
import { database } from './support/database.ts'
import { describeDialects } from './support/dialects.ts'
import { chain, revisionFile } from './support/files.ts'
import { type Project, project } from './support/project.ts'
import { runScript, typeFaults } from './support/script.ts'

const config = { 'aludel.config.json': '{}' }

/** Runs a program that ends by itself, and gives what it prints: one JSON document. */
async function result(app: Project, env: Readonly<Record<string, string>> = {}): Promise<unknown> {
  const { status, stdout, stderr } = await runScript(app, 'program.ts', env)
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  return JSON.parse(stdout)
}

const story = `
import { AludelError, type CurrentResult, type RunEvent, current, downgrade, upgrade } from 'aludel'

const told: string[] = []
const onEvent = (event: RunEvent) => {
  if (event.kind === 'start') told.push(\`\${event.direction} \${event.revision.revision}\`)
  if (event.kind === 'end') told.push(\`\${event.step.revision} ended\`)
}
const before: CurrentResult = await current()
const one = await upgrade({ target: 'a1', onEvent })
const rest = await upgrade({ onEvent })
const again = await upgrade({ onEvent })
const after = await current()
const back = await downgrade({ onEvent })
const failed: unknown = await upgrade({ target: 'nope' }).catch((error: unknown) => error)
if (!(failed instanceof AludelError)) throw new Error('not an AludelError')
const { code, exitCode, message, fix } = failed
const ids = (run: typeof one): readonly string[] => run.steps.map(({ revision }) => revision)
console.log(
  JSON.stringify({
    ...{ before, one: ids(one), rest: ids(rest), again, after, back: ids(back), heads: back.heads, told },
    failed: { code, exitCode, message, fix: fix?.includes('aludel history') },
  }),
)
`

describeDialects('a program', (dialect) => {
  test('goes up and down, asks where it is, is told of each step, and ends by itself', async () => {
    const { url } = await database(dialect)
    const app = project({ ...config, ...chain('a1', 'b2', 'c3'), 'program.ts': story })
    const nothing = { unknown: [], edited: [] }
    expect(await result(app, { DATABASE_URL: url })).toEqual({
      before: { heads: [], applied: 0, pending: 3, ...nothing, atHead: false },
      one: ['a1'],
      rest: ['b2', 'c3'],
      again: { steps: [], heads: ['c3'] },
      after: { heads: ['c3'], applied: 3, pending: 0, ...nothing, atHead: true },
      back: ['c3'],
      heads: ['b2'],
      told: [
        ...['upgrade a1', 'a1 ended', 'upgrade b2', 'b2 ended', 'upgrade c3', 'c3 ended'],
        ...['downgrade c3', 'c3 ended'],
      ],
      failed: {
        code: 'UNKNOWN_REVISION',
        exitCode: 2,
        message: "Can't locate revision identified by 'nope'.",
        fix: true,
      },
    })
  })

  test('that calls several times at once applies each step once', async () => {
    const { url } = await database(dialect)
    const up = `op.createTable('t', { columns: [{ name: 'n', type: 'integer' }] })
      await op.query('insert into t (n) values (1)')`
    const app = project({
      ...config,
      ...revisionFile('a1', { up }),
      ...revisionFile('b2', { down: 'a1', up: "await op.query('update t set n = n + 1')" }),
      'program.ts': `
        import { current, upgrade } from 'aludel'
        const runs = await Promise.all([upgrade(), upgrade(), upgrade()])
        const ran = runs.flatMap(({ steps }) => steps.map(({ revision }) => revision)).toSorted()
        console.log(JSON.stringify({ ran, heads: runs.map(({ heads }) => heads), state: await current() }))`,
    })
    expect(await result(app, { DATABASE_URL: url })).toMatchObject({
      ran: ['a1', 'b2'],
      heads: [['b2'], ['b2'], ['b2']],
      state: { applied: 2, atHead: true },
    })
  })

  test('that corrects a revision and calls again runs what it says now', async () => {
    const { url } = await database(dialect)
    const app = project({
      ...config,
      ...revisionFile('a1', { up: "throw new Error('boom')" }),
      'program.ts': `
        import { readFileSync, writeFileSync } from 'node:fs'
        import { upgrade } from 'aludel'
        const { message } = await upgrade().catch((error) => error)
        const file = 'migrations/a1.ts'
        writeFileSync(file, readFileSync(file, 'utf8').replace("throw new Error('boom')", ''))
        console.log(JSON.stringify([message, (await upgrade()).heads]))`,
    })
    expect(await result(app, { DATABASE_URL: url })).toEqual([
      'The upgrade of revision a1 (a1) failed: boom',
      ['a1'],
    ])
  })

  test('whose step fails is thrown an AludelError, and ends by itself', async () => {
    const { url } = await database(dialect)
    const app = project({
      ...config,
      ...revisionFile('a1', { message: 'Breaks', up: "throw new Error('boom')" }),
      'program.ts': `
        import { AludelError, upgrade } from 'aludel'
        const error = await upgrade().catch((thrown) => thrown)
        const { name, code, exitCode, message, state, fix, details } = error
        const own = error instanceof AludelError && error instanceof Error
        console.log(JSON.stringify({ own, name, code, exitCode, message, state, fix: typeof fix, details }))`,
    })
    expect(await result(app, { DATABASE_URL: url })).toMatchObject({
      own: true,
      name: 'AludelError',
      code: 'STEP_FAILED',
      exitCode: 1,
      message: 'The upgrade of revision a1 (Breaks) failed: boom',
      state: 'Revision a1 was rolled back; the 0 steps before it stay.',
      fix: 'string',
      details: { revision: 'a1', direction: 'upgrade' },
    })
  })
})

test('a program looks at branches, merges them, and stamps, without a line printed', async () => {
  const app = project({
    'aludel.config.json': '{ "url": "sqlite:app.db" }',
    ...chain('a1', 'b2'),
    ...revisionFile('c3', { down: 'a1', header: "export const branchLabels = ['carts']" }),
    'program.ts': `
      import { branches, current, ensureVersion, heads, history, merge, show, stamp, upgrade } from 'aludel'
      const ids = (list: readonly { revision: string }[]) => list.map(({ revision }) => revision)
      const { created } = await ensureVersion()
      const [point] = await branches()
      await upgrade({ target: ['b2', 'carts@head'] })
      const merged = await merge({ message: 'Join', revId: 'd4' })
      await stamp({ target: 'head' })
      console.log(JSON.stringify({
        created, branches: [point?.revision, ids(point?.branches ?? [])], merged: merged.downRevision,
        heads: ids(await heads()), part: ids(await history({ range: 'carts:' })), shown: ids(await show({ target: ['a1', 'current'] })),
        applied: (await history({ indicateCurrent: true })).map(({ applied }) => applied), at: (await current()).heads,
        back: ids((await stamp({ target: 'base', purge: true })).steps).length,
      }))`,
  })
  expect(await result(app)).toEqual({
    created: true,
    branches: ['a1', ['b2', 'c3']],
    merged: ['b2', 'c3'],
    heads: ['d4'],
    part: ['d4', 'c3'],
    shown: ['a1', 'd4'],
    applied: [true, true, true, true],
    at: ['d4'],
    back: 4,
  })
})

test('a program names its project, configuration, environment and database by options', async () => {
  const app = project({
    'services/shop/package.json': '{ "type": "module" }',
    'services/shop/other.json': '{ "url": "sqlite:${NAME}.db", "migrations": "steps" }',
    ...Object.fromEntries(
      Object.entries(chain('a1')).map(([name, text]) => [
        name.replace('migrations', 'services/shop/steps'),
        text,
      ]),
    ),
    'program.ts': `
      import { existsSync } from 'node:fs'
      import { current, upgrade } from 'aludel'
      const options = { cwd: 'services/shop', config: 'other.json', env: { NAME: 'made' } }
      await upgrade({ ...options, cwd: process.cwd() + '/services/shop' })
      const there = await current({ ...options, cwd: process.cwd() + '/services/shop' })
      const other = await current({ ...options, cwd: process.cwd() + '/services/shop', url: 'sqlite:empty.db' })
      console.log(JSON.stringify([there.atHead, other.atHead, existsSync('services/shop/made.db')]))`,
  })
  expect(await result(app)).toEqual([true, false, true])
})

test('a program without types that gives something else than a text is told so', async () => {
  const app = project({
    ...config,
    ...chain('a1'),
    'program.ts': `
      import { upgrade } from 'aludel'
      const told = []
      for (const options of [{ url: 5 }, { url: '' }, { url: 'sqlite:app.db', target: 7 }])
        told.push(await upgrade(options as never).catch(({ code, message }) => [code, message]))
      console.log(JSON.stringify(told))`,
  })
  expect(await result(app)).toEqual([
    ['USAGE', 'The option `url` must be a text that is not empty.'],
    ['USAGE', 'The option `url` must be a text that is not empty.'],
    ['USAGE', 'The option `target` must be a text that is not empty.'],
  ])
})

test(
  'a program that uses them is strictly typed, and a wrong one is refused',
  { timeout: 60_000 },
  async () => {
    const app = project({
      'program.ts': story,
      'wrong.ts': `
      import { current, upgrade } from 'aludel'
      await upgrade({ targte: 'head' })
      const { nope } = await current({ url: 1 })
      console.log(nope)`,
    })
    const faults = await typeFaults(app, ['program.ts', 'wrong.ts'])
    expect(faults.match(/^\S+\(\d+/gm)).toEqual(['wrong.ts(3', 'wrong.ts(4', 'wrong.ts(4'])
  },
)
