/** The package as users get it: packed, installed into an empty folder, run there. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { catalog } from './support/catalog.ts'
import { database } from './support/database.ts'
import { describeDialects } from './support/dialects.ts'
import { revisionFile } from './support/files.ts'
import { edits, fill, orderingFiles, readRows } from './support/ordering.ts'

const repository = path.join(import.meta.dirname, '..')
const node = path.dirname(process.execPath)

let place: string
/** An installed project: package.json, lock file, node_modules. */
let installed: string

interface Ran {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

function run(
  cwd: string,
  command: string,
  args: readonly string[],
  more: { env?: Readonly<Record<string, string>>; uid?: number } = {},
): Ran {
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd,
    // No terminal, and nothing of this repository's environment.
    env: { PATH: `${node}:${process.env['PATH'] ?? ''}`, HOME: place, ...more.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    ...(more.uid === undefined ? {} : { uid: more.uid, gid: more.uid }),
  })
  return { status, stdout, stderr }
}

function succeed(...args: Parameters<typeof run>): string {
  const { status, stdout, stderr } = run(...args)
  if (status !== 0)
    throw new Error(`${args[1]} ${args[2].join(' ')} ended with ${status}: ${stderr}${stdout}`)
  return stdout
}

/** How npm reaches its registry on this machine, and its own cache: nothing is downloaded twice. */
const npmSettings: Readonly<Record<string, string>> = {
  HOME: process.env['HOME'] ?? '/root',
  ...Object.fromEntries(
    Object.entries(process.env).flatMap(([name, value]) =>
      value !== undefined &&
      /^(?:npm_config_(?:cache|registry|ca|cafile|proxy|https_proxy|noproxy|userconfig|globalconfig)|NODE_EXTRA_CA_CERTS|SSL_CERT_(?:FILE|DIR)|https?_proxy|no_proxy)$/i.test(
        name,
      )
        ? [[name, value]]
        : [],
    ),
  ),
}

beforeAll(() => {
  place = realpathSync(mkdtempSync(path.join(tmpdir(), 'aludel_test_packed_')))
  const env = npmSettings
  succeed(repository, 'npm', ['pack', '--silent', '--pack-destination', place], { env })
  const [tarball] = readdirSync(place).filter((name) => name.endsWith('.tgz'))
  if (tarball === undefined) throw new Error('npm pack made no tarball')
  installed = path.join(place, 'installed')
  mkdirSync(installed)
  writeFileSync(
    path.join(installed, 'package.json'),
    '{ "name": "shop", "private": true, "type": "module" }\n',
  )
  const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error']
  const orm = ['core', 'sqlite', 'postgresql', 'mariadb'].map((name) => `@mikro-orm/${name}@7.2.1`)
  const dev = [...orm, 'tsx@4']
  succeed(installed, 'npm', ['install', ...flags, `../${tarball}`], { env })
  succeed(installed, 'npm', ['install', ...flags, '--save-dev', ...dev], { env })
}, 300_000)

afterAll(() => {
  succeed(place, 'chmod', ['-R', 'u+w', '.'])
  rmSync(place, { recursive: true, force: true })
}, 120_000)

/** A project with what the installed one has. */
function copy(name: string, withPackages = true): string {
  const folder = path.join(place, name)
  mkdirSync(folder)
  for (const file of ['package.json', 'package-lock.json']) {
    cpSync(path.join(installed, file), path.join(folder, file))
  }
  if (withPackages) symlinkSync(path.join(installed, 'node_modules'), path.join(folder, 'node_modules'))
  return folder
}

describeDialects(
  'the story from the tarball',
  (dialect) => {
    test('goes from init to the last change and back', { timeout: 180_000 }, async () => {
      const db = await database(dialect)
      const folder = copy(`story-${dialect}`)
      const env = { DATABASE_URL: db.url }
      const make = (...args: readonly string[]) =>
        succeed(folder, 'make', ['--no-print-directory', ...args], { env })
      expect(succeed(folder, 'npx', ['aludel', 'init'])).toContain('wrote aludel.config.json')
      expect(succeed(folder, 'npx', ['aludel', 'init'])).toContain('kept aludel.config.json')
      mkdirSync(path.join(folder, 'entities'))
      for (const [name, text] of Object.entries(orderingFiles())) writeFileSync(path.join(folder, name), text)
      const project = { folder } as Parameters<typeof edits.addColumns>[0]

      make('migrate-create', 'msg=First tables')
      make('migrate-up')
      await fill(db.url)
      const rows = await readRows(db.url)
      edits.addColumns(project)
      make('migrate-create', 'msg=Add address')
      make('migrate-up')
      edits.removeFax(project)
      make('migrate-create', 'msg=No fax')
      make('migrate-up')
      make('migrate-check')
      expect(await readRows(db.url, { fax: null })).toEqual(
        Object.fromEntries(
          Object.entries(rows).map(([table, list]) => [table, table === 'users' ? withoutFax(list) : list]),
        ),
      )
      expect(make('migrate-history').trim().split('\n')).toHaveLength(3)
      expect(make('migrate-current')).toContain('3 applied, 0 pending')
      const head = await catalog(db.url)
      make('migrate-down', 'to=base')
      expect(await catalog(db.url)).toEqual([])
      make('migrate-up')
      expect(await catalog(db.url)).toEqual(head)
      // Nothing was printed that a terminal would be needed for, and nothing else was written into the project.
      expect(
        readdirSync(folder).filter(
          (name) => !/^(?:node_modules|package|entities|migrations|Makefile|aludel\.config)/.test(name),
        ),
      ).toEqual([])
    })
  },
  ['sqlite', 'postgresql', 'mariadb'],
)

/** The fifth column of the rows of users is the fax. */
function withoutFax(rows: unknown): unknown {
  return Array.isArray(rows)
    ? rows.map((row: readonly unknown[]) => row.map((value, at) => (at === 4 ? null : value)))
    : rows
}

describeDialects(
  'a release phase',
  (dialect) => {
    test(
      'upgrades without development dependencies, terminal or a writable folder, and again',
      { timeout: 120_000 },
      async () => {
        const db = await database(dialect)
        const folder = copy(`release-${dialect}`, false)
        succeed(
          folder,
          'npm',
          ['ci', '--omit=dev', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'],
          { env: npmSettings },
        )
        expect(readdirSync(path.join(folder, 'node_modules'))).not.toContain('better-sqlite3')
        for (const [name, text] of Object.entries({
          'aludel.config.json': '{ "entities": "src/entities/*.ts" }',
          'migrations/a1_first.ts':
            "import type { Operations } from 'aludel'\nexport const message = 'First'\nexport const revision = 'a1'\nexport const downRevision = null\nexport function upgrade(op: Operations) {\n  op.createTable('users', { columns: [{ name: 'id', type: 'integer', autoincrement: true }, { name: 'email', type: 'string', length: 200 }], primaryKey: ['id'] })\n}\nexport function downgrade(op: Operations) {\n  op.dropTable('users')\n}\n",
        })) {
          mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
          writeFileSync(path.join(folder, name), text)
        }
        succeed(folder, 'chmod', ['-R', 'a-w,a+rX', '.'])
        chmodSync(place, 0o755)
        // Root may write anywhere: it becomes somebody else.
        const somebody = process.getuid?.() === 0 ? { uid: statSync('/').uid + 65534 } : {}
        const release = () =>
          run(folder, path.join(folder, 'node_modules/.bin/aludel'), ['upgrade', 'head'], {
            env: { DATABASE_URL: db.url },
            ...somebody,
          })
        const first = release()
        expect(first).toMatchObject({ status: 0, stdout: expect.stringContaining('Done: 1 step') })
        expect(first.stderr).toContain('Running upgrade base -> a1, First')
        expect(release()).toMatchObject({ status: 0, stdout: expect.stringContaining('Nothing to do') })
      },
    )
  },
  ['postgresql', 'mariadb'],
)

test('PGlite is asked for where it is not installed', () => {
  const folder = copy('pglite')
  writeFileSync(path.join(folder, 'aludel.config.json'), '{ "url": "pglite:./data" }')
  mkdirSync(path.join(folder, 'migrations'))
  const { status, stdout } = run(folder, 'npx', ['aludel', 'current', '--json'])
  expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
    status: 2,
    code: 'PGLITE_MISSING',
    fix: 'npm install @electric-sql/pglite@^0.5.0',
  })
  const fromHistory = 'revision --autogenerate --from-history -m x --dialect postgresql --json'.split(' ')
  expect(JSON.parse(run(folder, 'npx', ['aludel', ...fromHistory]).stdout).error).toMatchObject({
    code: 'SCRATCH_UNAVAILABLE',
    fix: 'npm install @electric-sql/pglite@^0.5.0, or set `scratchUrl` in the configuration to an empty database on a server.',
  })
})

test("a plugin of the project's own builds on one of aludel's", { timeout: 60_000 }, () => {
  const folder = copy('plugin')
  const files = {
    'aludel.config.json': '{ "url": "mine:app.db", "dialect": "./mine.ts" }',
    'mine.ts': `import { type Dialect, definePlugin } from 'aludel'
import sqlite from 'aludel/plugins/sqlite'

const mine: Dialect = {
  ...sqlite,
  name: 'mine',
  schemes: ['mine'],
  connect: (url, options) => sqlite.connect(url.replace('mine:', 'sqlite:'), options),
}
export default definePlugin(mine)
`,
    ...revisionFile('a1', { up: "if (op.dialect !== 'mine') throw new Error(op.dialect)" }),
  }
  mkdirSync(path.join(folder, 'migrations'))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  expect(succeed(folder, 'npx', ['aludel', 'upgrade'])).toContain('Done: 1 step')
  expect(readdirSync(folder)).toContain('app.db')
  const compiler = path.join(repository, 'node_modules/.bin/tsc')
  const strict = ['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', '--types', '']
  expect(succeed(folder, compiler, [...strict, 'mine.ts'])).toBe('')
  for (const name of ['postgresql', 'pglite', 'mysql', 'mariadb']) {
    const script = `const { default: dialect } = await import('aludel/plugins/${name}'); console.log(dialect.name)`
    expect(succeed(folder, 'node', ['--input-type=module', '-e', script]).trim()).toBe(name)
  }
})

test('a program that tsx runs finds the same', { timeout: 60_000 }, () => {
  const folder = copy('tsx')
  mkdirSync(path.join(folder, 'migrations'))
  const files = {
    'aludel.config.json': '{ "url": "sqlite:app.db" }',
    ...revisionFile('a1', { up: "await op.db.selectFrom('sqlite_master').selectAll().execute()" }),
    'app.ts':
      "import { current, upgrade } from 'aludel'\nawait upgrade()\nconsole.log((await current()).heads[0])\n",
  }
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  expect(succeed(folder, 'npx', ['tsx', 'app.ts'])).toBe('a1\n')
  expect(
    succeed(folder, 'node', ['--import', 'tsx', 'node_modules/aludel/dist/aludel.js', 'history']),
  ).toContain('a1')
})

test('the tarball holds what it must, and nothing of the tests', () => {
  const files = readdirSync(path.join(installed, 'node_modules/aludel'), { recursive: true }).map(String)
  for (const name of [
    'package.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'aludel.mk',
    'dist/aludel.js',
    'dist/index.js',
    'dist/THIRD_PARTY_LICENSES.txt',
  ]) {
    expect(files).toContain(name)
  }
  expect(
    files.filter(
      (name) => /(?:^|\/)(?:test|bench|examples|migrations)\//.test(name) && !name.includes('/types/'),
    ),
  ).toEqual([])
  expect(readFileSync(path.join(repository, 'dist/THIRD_PARTY_LICENSES.txt'), 'utf8')).toContain(
    '@mikro-orm/core 7.2.1',
  )
})
