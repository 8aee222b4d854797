import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { afterTest } from '../support/cleanup.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { program } from '../support/program.ts'
import { type Project, type Run, project } from '../support/project.ts'

const repository = path.join(import.meta.dirname, '..', '..')
const config = { 'aludel.config.json': '{ "url": "sqlite:app.db" }' }
const [revisionText = ''] = Object.values(revisionFile('a1'))

async function refused(app: Project, args: readonly string[]) {
  const { status, stdout } = await app.run([...args, '--json'])
  return { status, ...JSON.parse(stdout).error }
}

/** What is in the project, but for its packages. */
function tree({ folder }: Project): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules'))
    .toSorted()
}

describe('F44: an id', () => {
  const ids = [
    '../x',
    'a/b',
    "a'b",
    'a"b',
    'x'.repeat(300),
    '__proto__',
    'con',
    'NUL',
    '',
    'a b',
    'é',
    '$(id)',
    'base',
  ]

  test('that is none is refused as --rev-id, and nothing is written', async () => {
    const app = project({ ...config, 'migrations/.keep': '' })
    for (const id of ids) {
      expect(await refused(app, ['revision', '-m', 'x', `--rev-id=${id}`])).toMatchObject({
        status: 2,
        code: 'ILLEGAL_REVISION_ID',
      })
    }
    expect(tree(app)).toEqual(['aludel.config.json', 'migrations', 'migrations/.keep', 'package.json'])
  })

  test('that is none is no target', async () => {
    const app = project({ ...config, ...chain('a1') })
    for (const id of ids.filter((each) => each !== 'base' && each !== '')) {
      for (const command of ['upgrade', 'accept']) {
        const { status, stdout } = await app.run([command, '--json', '--', id])
        expect({ status, ...JSON.parse(stdout).error }).toMatchObject({ status: 2, code: 'UNKNOWN_REVISION' })
      }
    }
  })

  test('that is none in a file makes the history not valid, and names the file', async () => {
    const app = project({ ...config, 'migrations/.keep': '' })
    for (const id of ids) {
      app.write({ 'migrations/x.ts': revisionText.replace("'a1'", JSON.stringify(id)) })
      expect(await refused(app, ['heads'])).toMatchObject({
        status: 4,
        code: 'ILLEGAL_REVISION_ID',
        message: expect.stringContaining('migrations/x.ts'),
      })
    }
  })
})

describe('F45: the migrations folder', () => {
  /** A project, and a folder beside it that holds a revision. */
  const start = () => {
    const outside = project({ 'files/a1.ts': revisionText })
    return { app: project(config), outside: path.join(outside.folder, 'files') }
  }
  const link = (app: Project, to: string, name: string) => symlinkSync(to, path.join(app.folder, name))

  // Without `checkInside` the revision outside is read, and a new one is written there.
  test('that is a link out of the project is refused, by reading and by writing', async () => {
    const { app, outside } = start()
    link(app, outside, 'migrations')
    for (const args of [['upgrade'], ['heads'], ['revision', '-m', 'x'], ['check']]) {
      expect(await refused(app, args)).toMatchObject({
        status: 2,
        code: 'MIGRATIONS_FOLDER',
        message: expect.stringContaining(`is a link to ${outside}, outside of the project`),
      })
    }
    expect(readdirSync(outside)).toEqual(['a1.ts'])
  })

  test('that is a link to another folder of the project is followed', async () => {
    const { app } = start()
    app.write({ 'db/a1.ts': revisionText })
    link(app, 'db', 'migrations')
    expect((await app.run(['upgrade'])).status).toBe(0)
    expect((await app.run(['revision', '-m', 'x', '--rev-id', 'b1'])).status).toBe(0)
    expect(readdirSync(path.join(app.folder, 'db')).toSorted()).toEqual(['a1.ts', 'b1_x.ts'])
  })

  test.each<[string, (app: Project, outside: string) => void]>([
    ['a link to itself', (app) => link(app, 'migrations', 'migrations')],
    ['a link to nothing', (app) => link(app, 'nowhere', 'migrations')],
    ['a link to nothing outside', (app, outside) => link(app, path.join(outside, 'none'), 'migrations')],
    ['a file', (app) => app.write({ migrations: 'text' })],
    ['nowhere', () => {}],
  ])('that is %s is told, and nothing is made by a command that reads', async (_, make) => {
    const { app, outside } = start()
    make(app, outside)
    const before = tree(app)
    for (const command of ['upgrade', 'heads', 'check']) {
      expect(await refused(app, [command])).toMatchObject({
        status: 2,
        code: 'MIGRATIONS_FOLDER',
        message: expect.stringContaining(path.join(app.folder, 'migrations')),
      })
    }
    expect(tree(app)).toEqual(before)
    expect(readdirSync(outside)).toEqual(['a1.ts'])
  })

  test.each(['a link to itself', 'a link to nothing', 'a file'])(
    'that is %s takes no new revision',
    async (kind) => {
      const { app } = start()
      if (kind === 'a file') app.write({ migrations: 'text' })
      else link(app, kind === 'a link to itself' ? 'migrations' : '../none', 'migrations')
      const before = tree(app)
      expect(await refused(app, ['revision', '-m', 'x'])).toMatchObject({
        status: 2,
        code: 'MIGRATIONS_FOLDER',
      })
      expect(tree(app)).toEqual(before)
      expect(readdirSync(path.join(app.folder, '..'))).not.toContain('none')
    },
  )

  test.each([
    ['a link out of the project', '../../elsewhere.ts'],
    ['a link to itself', 'a1.ts'],
    ['a link to nothing', 'none.ts'],
  ])('with a file that is %s is told with the file', async (_, to) => {
    const { app } = start()
    mkdirSync(path.join(app.folder, 'migrations'))
    const elsewhere = path.join(app.folder, '..', 'elsewhere.ts')
    writeFileSync(elsewhere, revisionText)
    afterTest(() => rmSync(elsewhere))
    link(app, to, 'migrations/a1.ts')
    expect(await refused(app, ['upgrade'])).toMatchObject({
      status: 2,
      code: 'MIGRATIONS_FOLDER',
      message: expect.stringContaining('migrations/a1.ts'),
    })
  })

  test('with a link to a file of the project reads that file', async () => {
    const { app } = start()
    app.write({ 'shared/a1.ts': revisionText, 'migrations/.keep': '' })
    link(app, '../shared/a1.ts', 'migrations/a1.ts')
    expect(JSON.parse((await app.run(['heads', '--json'])).stdout)).toMatchObject([{ revision: 'a1' }])
  })
})

/** Somebody who is not root, and may write nothing but where everybody may. */
const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}

/** Whether that somebody can read the repository. */
function mayRead(): boolean {
  try {
    execFileSync(process.execPath, ['--version'], { cwd: repository, stdio: 'ignore', ...nobody })
    return true
  } catch {
    return false
  }
}

async function runAsNobody(app: Project, args: readonly string[], url: string): Promise<Run> {
  const child = spawn(process.execPath, [program, ...args], {
    cwd: app.folder,
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', DATABASE_URL: url },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...nobody,
  })
  const status = new Promise<number | null>((done) => child.on('close', done))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await status, stdout, stderr }
}

// Root may write everywhere: the runs are another user's then.
describeDialects('F46: a project that may only be read', (dialect) => {
  const start = async () => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...chain('a1') })
    const migrations = path.join(app.folder, 'migrations')
    if (dialect === 'sqlite' && nobody.uid !== undefined)
      chownSync(path.dirname(db.url.slice('sqlite:'.length)), nobody.uid, nobody.gid)
    for (const folder of [app.folder, migrations]) chmodSync(folder, 0o555)
    afterTest(() => {
      for (const folder of [app.folder, migrations]) chmodSync(folder, 0o755)
    })
    const run = (...args: readonly string[]) => runAsNobody(app, args, db.url)
    return { app, run, migrations }
  }

  // Only where the other user may read this repository, whose program it runs.
  test.skipIf(!mayRead())(
    'is gone up and down; a new revision is refused, and leaves nothing behind',
    async () => {
      const { app, run, migrations } = await start()
      const before = tree(app)
      expect(await run('upgrade')).toMatchObject({ status: 0 })
      expect(await run('current')).toMatchObject({ status: 0, stdout: expect.stringContaining('a1 (head)') })
      const created = await run('revision', '-m', 'x', '--json')
      expect({ status: created.status, ...JSON.parse(created.stdout).error }).toMatchObject({
        status: 2,
        code: 'MIGRATIONS_FOLDER',
        message: expect.stringMatching(/cannot be written \((?:EACCES|EROFS)\)/),
        state: 'Nothing was written.',
      })
      expect(await run('downgrade')).toMatchObject({ status: 0 })
      expect(tree(app)).toEqual(before)
      chmodSync(path.join(migrations, 'a1.ts'), 0o000)
      const unreadable = await run('upgrade', '--json')
      expect({ status: unreadable.status, ...JSON.parse(unreadable.stdout).error }).toMatchObject({
        status: 2,
        code: 'MIGRATIONS_FOLDER',
        message: expect.stringMatching(/a1\.ts cannot be read \(EACCES\)/),
      })
      chmodSync(migrations, 0o000)
      expect(await run('upgrade')).toMatchObject({
        status: 2,
        stderr: expect.stringMatching(/migrations cannot be read \(EACCES\)/),
      })
    },
  )
})

test('F33: 5,000 revisions are listed, planned and gone up to', { timeout: 120_000 }, async () => {
  const ids = Array.from({ length: 5000 }, (_, at) => `r${String(at).padStart(4, '0')}`)
  const app = project({ ...config, ...chain(...ids) })
  const json = async (...args: readonly string[]) => {
    const { status, stdout } = await app.run([...args, '--json'])
    expect(status).toBe(0)
    return JSON.parse(stdout)
  }
  expect(await json('heads')).toMatchObject([{ revision: 'r4999' }])
  expect(await json('history')).toHaveLength(5000)
  await json('stamp', 'r4997')
  expect(await json('upgrade')).toMatchObject({
    steps: [{ revision: 'r4998' }, { revision: 'r4999' }],
    heads: ['r4999'],
  })
  expect(await json('current')).toMatchObject({ applied: 5000, pending: 0, atHead: true })
})

describe('F48: a clock that is wrong', () => {
  /** Moves the process's clock by so many milliseconds. */
  const clock = `const offset = Number(process.env.CLOCK)
const { now } = Date
const Real = Date
globalThis.Date = class extends Real {
  constructor(...args) { if (args.length === 0) super(now() + offset); else super(...args) }
  static now() { return now() + offset }
}
`
  const decade = 10 * 365 * 24 * 3600 * 1000

  test('ten years off, forward and back, and in any time zone, changes no order', async () => {
    const app = project({ ...config, 'clock.mjs': clock })
    const run = async (offset: number, zone: string, ...args: readonly string[]) => {
      const env = { CLOCK: String(offset), TZ: zone, NODE_OPTIONS: `--import=${app.folder}/clock.mjs` }
      const { status, stdout } = await app.run([...args, '--json'], { env })
      expect(status).toBe(0)
      return JSON.parse(stdout)
    }
    const create = (id: string) => ['revision', '-m', id, '--rev-id', id]
    await run(decade, 'Pacific/Kiritimati', ...create('b2'))
    await run(-decade, 'Asia/Bangkok', ...create('a1'))
    await run(0, 'Europe/Berlin', ...create('c3'))
    const history = await run(decade, 'UTC', 'history')
    expect(history.map(({ revision }: { revision: string }) => revision)).toEqual(['c3', 'a1', 'b2'])
    const years = history.map(({ createdAt }: { createdAt: string }) => new Date(createdAt).getUTCFullYear())
    expect(years[1]).toBeLessThan(years[2] - 15)
    expect(await run(decade, 'America/New_York', 'upgrade', '+2')).toMatchObject({
      steps: [{ revision: 'b2' }, { revision: 'a1' }],
    })
    expect(await run(-decade, 'UTC', 'upgrade')).toMatchObject({ steps: [{ revision: 'c3' }] })
    expect(await run(-decade, 'UTC', 'downgrade', 'base')).toMatchObject({
      steps: [{ revision: 'c3' }, { revision: 'a1' }, { revision: 'b2' }],
    })
  })
})
