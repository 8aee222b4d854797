import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { searchPlaces } from '../../config/find.ts'
import { loadSettings } from '../../config/load.ts'
import { chain } from '../support/files.ts'
import { project } from '../support/project.ts'
import { files } from './files.ts'

const none = {}

/** Settings without what is a function. */
async function load(
  cwd: string,
  options: Omit<Parameters<typeof loadSettings>[0], 'cwd' | 'env'> & { env?: Record<string, string> } = {},
) {
  const { env = none, ...rest } = options
  return loadSettings({ cwd, env, ...rest })
}

/** Loads in a process of its own, by Node's own import and not the test runner's. */
async function loadInNode(folder: string): Promise<Readonly<Record<string, unknown>>> {
  const module = path.join(import.meta.dirname, '../../config/load.ts')
  const program = `
    import { Module } from 'node:module'
    const { loadSettings } = await import(${JSON.stringify(module)})
    const settings = await loadSettings({ cwd: process.cwd(), env: {} }).catch(({ code, message, fix }) => ({ code, message, fix }))
    const packages = [...new Set(Object.keys(Module._cache).map((file) => /node_modules\\/((?:@[^/]+\\/)?[^/]+)/.exec(file)?.[1]))]
    console.log(JSON.stringify({ ...settings, packages: packages.filter(Boolean).sort() }))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: folder,
  })
  return JSON.parse(stdout)
}

function written(place: string): string {
  const value = { migrations: 'db' }
  if (place === 'package.json') return JSON.stringify({ type: 'module', aludel: value })
  if (/\.(json|aludelrc)$|aludelrc$/.test(place)) return JSON.stringify(value)
  if (/ya?ml$/.test(place)) return 'migrations: db\n'
  if (place.endsWith('.cjs')) return `module.exports = ${JSON.stringify(value)}`
  if (/ts$/.test(place))
    return `const config: { migrations: string } = ${JSON.stringify(value)}\nexport default config`
  return `export default ${JSON.stringify(value)}`
}

test.each(searchPlaces)('a configuration is found in %s', async (place) => {
  const folder = files({ [place]: written(place) })
  const settings = await load(folder)
  expect(settings.file).toBe(path.join(folder, place))
  expect(settings.root).toBe(folder)
  expect(settings.migrations).toEqual([path.join(folder, 'db')])
})

test('.aludelrc may be YAML', async () => {
  const folder = files({ '.aludelrc': 'migrations:\n  - one\n  - two\n' })
  expect((await load(folder)).migrations).toEqual([path.join(folder, 'one'), path.join(folder, 'two')])
})

test('a configuration above the working directory is found, up to the first package.json', async () => {
  const folder = files({
    'aludel.config.json': '{}',
    'src/deep/a.txt': '',
    'packages/api/package.json': '{}',
  })
  expect((await load(path.join(folder, 'src/deep'))).file).toBe(path.join(folder, 'aludel.config.json'))
  await expect(load(path.join(folder, 'packages/api'))).rejects.toMatchObject({ code: 'CONFIG_NOT_FOUND' })
})

test('a package.json without the key is passed over', async () => {
  const folder = files({ 'aludel.config.json': '{}' })
  expect((await load(folder)).file).toBe(path.join(folder, 'aludel.config.json'))
})

test('without a value every setting has its default', async () => {
  const folder = files({ 'aludel.config.json': '{}' })
  const { url: _, dialect: __, secrets: ___, ...settings } = await load(folder)
  expect(settings).toEqual({
    root: folder,
    file: path.join(folder, 'aludel.config.json'),
    migrations: [path.join(folder, 'migrations')],
    entities: { root: folder, paths: [] },
    scratchUrl: undefined,
    ledger: { revisionTable: 'aludel_revision', journalTable: 'aludel_journal' },
    lockWait: 240_000,
    connectTimeout: 60_000,
    owns: [],
    newFiles: { template: [{ part: 'revision' }, '_', { part: 'slug' }], slugLength: 120, timezone: 'UTC' },
    filter: { tables: [], presets: [] },
    writeHooks: [],
  })
})

test('every setting is taken from the configuration', async () => {
  const config = {
    migrations: ['a', './b'],
    url: 'postgresql://localhost/app',
    entities: 'src/entities/*.ts',
    scratchUrl: 'sqlite:scratch.db',
    ledger: { schema: 'ops', revisionTable: 'revisions', journalTable: 'journal' },
    lockWait: 5,
    connectTimeout: 0.5,
    owns: ['legacy_*'],
    fileTemplate: '{year}-{slug}{revision}',
    slugLength: 40,
    timezone: 'local',
    schemas: ['billing'],
    tables: '!audit_*',
    presets: ['supabase', 'postgis'],
    writeHooks: ['oxfmt', { run: `"my tools/fix.js" --file={file} 'a b'`, timeout: 5 }],
  }
  const folder = files({ 'aludel.config.json': JSON.stringify(config) })
  const { url, dialect: _, secrets, ...settings } = await load(folder)
  expect(await url()).toBe('postgresql://localhost/app')
  expect(await secrets()).toEqual([])
  expect(settings).toEqual({
    root: folder,
    file: path.join(folder, 'aludel.config.json'),
    migrations: [path.join(folder, 'a'), path.join(folder, 'b')],
    entities: { root: folder, paths: ['src/entities/*.ts'] },
    scratchUrl: `sqlite:${folder}/scratch.db`,
    ledger: { schema: 'ops', revisionTable: 'revisions', journalTable: 'journal' },
    lockWait: 5000,
    connectTimeout: 500,
    owns: ['legacy_*'],
    newFiles: {
      template: [{ part: 'year' }, '-', { part: 'slug' }, { part: 'revision' }],
      slugLength: 40,
      timezone: 'local',
    },
    filter: { schemas: ['billing'], tables: ['!audit_*'], presets: ['supabase', 'postgis'] },
    writeHooks: [
      { words: ['oxfmt'], timeout: 60_000 },
      { words: ['my tools/fix.js', '--file={file}', 'a b'], timeout: 5000 },
    ],
  })
})

test('the passwords of all URLs are known, in every spelling; one that is a word is not told apart', async () => {
  const folder = files({
    'aludel.config.json':
      '{ "url": "postgresql://a:p%40ss1@h/d", "scratchUrl": "postgresql://a:secret@h/d" }',
  })
  const { secrets } = await load(folder)
  expect(await secrets()).toEqual(['p%40ss1', 'p@ss1'])
})

test.each([
  ['a function', `export default () => ({ migrations: 'db' })`],
  ['an async function', `export default async () => ({ migrations: 'db' })`],
  ['a promise', `export default Promise.resolve({ migrations: 'db' })`],
])('a configuration may be %s', async (_, text) => {
  const folder = files({ 'aludel.config.ts': text })
  expect((await load(folder)).migrations).toEqual([path.join(folder, 'db')])
})

test('a configuration may import defineConfig from aludel', async () => {
  const text = `import { defineConfig } from 'aludel'\nexport default defineConfig({ migrations: 'db' })`
  const { folder } = project({ 'aludel.config.ts': text })
  expect((await load(folder)).migrations).toEqual([path.join(folder, 'db')])
})

test('--config names a file, and ALUDEL_CONFIG does when there is no --config', async () => {
  const folder = files({
    'aludel.config.json': '{}',
    'other/one.json': '{}',
    'other/two.yaml': 'lockWait: 1\n',
  })
  const env = { ALUDEL_CONFIG: 'other/two.yaml' }
  expect(await load(folder, { env })).toMatchObject({ root: path.join(folder, 'other'), lockWait: 1000 })
  expect(await load(folder, { env, config: 'other/one.json' })).toMatchObject({ lockWait: 240_000 })
})

test('variables are replaced in every string, with a default where it is written', async () => {
  const config = {
    migrations: ['${DIR}/a', '${OTHER:-b}'],
    lockWait: '${WAIT:-7}',
    ledger: { schema: '${SCHEMA:-ops}' },
  }
  const folder = files({ 'aludel.config.json': JSON.stringify(config) })
  const settings = await load(folder, { env: { DIR: 'db', SCHEMA: '' } })
  expect(settings.migrations).toEqual([path.join(folder, 'db/a'), path.join(folder, 'b')])
  expect(settings.lockWait).toBe(7000)
  expect(settings.ledger.schema).toBe('ops')
})

test('all faults are reported at once, with the file and the nearest key, and without a value', async () => {
  const config = {
    migration: 'db',
    migrations: 3,
    url: ['postgres://u:hunter22@h/d'],
    dialect: { name: 'mine' },
    entities: ['src/*.ts', 7],
    scratchUrl: '${SCRATCH}',
    ledger: { schema: 'no-dash', revisionsTable: 'x', journalTable: '9' },
    lockWait: 'long',
    owns: 'all',
    zebra: true,
    fileTemplate: '{yaer}_{slug}',
    slugLength: 0,
    timezone: 'Mars/Olympus',
    presets: ['subabase', 'neon'],
    include: ['users'],
    processRevision: 'prettier',
    writeHooks: ['prettier && git add', { run: "it's" }, { command: 'x' }, 3],
  }
  const folder = files({ 'aludel.config.json': JSON.stringify(config) })
  const file = path.join(folder, 'aludel.config.json')
  await expect(load(folder)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    exitCode: 2,
    message: [
      `The configuration ${file} is not valid:`,
      '  - migration is unknown; did you mean migrations?',
      '  - zebra is unknown (there are migrations, url, dialect, entities, scratchUrl, ledger, lockWait, lockTimeout, statementTimeout, connectTimeout, owns, fileTemplate, slugLength, timezone, schemas, tables, presets, include, processRevision, writeHooks)',
      '  - url must be a string, is a list',
      '  - dialect is not a dialect: it lacks schemes, capabilities, connect, step, holder, reflect, reads, compile, entities, scratch, quote, literal, placeholder, rollsBack, effect, isLockTimeout, blockers, isMissingTable, isDuplicateKey, isTransient, kysely',
      '  - ledger.revisionsTable is unknown; did you mean ledger.revisionTable?',
      '  - ledger.schema must be a name of letters, digits and _, at most 63, no digit first',
      '  - ledger.journalTable must be a name of letters, digits and _, at most 63, no digit first',
      '  - scratchUrl needs the variable SCRATCH, which is not set (${SCRATCH:-…} gives a default)',
      '  - processRevision must be a function, in a configuration that is TypeScript or JavaScript, is a string',
      '  - lockWait must be a number of seconds, is a string',
      '  - migrations must be a string or a list of strings, is a number',
      '  - entities must be a string or a list of strings, is a list',
      "  - owns must be 'everything' or a list of tables, is a string",
      '  - fileTemplate has no part {yaer}; did you mean {year}?',
      '  - slugLength must be a whole number from 1 to 120',
      "  - timezone must be 'UTC', 'local', or the name of a time zone as in 'Europe/Paris'",
      '  - include must be a function, in a configuration that is TypeScript or JavaScript, is a list',
      '  - presets has no preset subabase; did you mean supabase?',
      '  - presets has no preset neon; there are supabase, postgis',
      '  - writeHooks[0] is run without a shell: & has no meaning there; put it into a script',
      '  - writeHooks[1].run has a quote that is not closed',
      '  - writeHooks[2].command is unknown (there are run, timeout)',
      '  - writeHooks[2].run must be a command, is missing',
      '  - writeHooks[3] must be a command, or { run, timeout }, is a number',
    ].join('\n'),
    details: { file },
  })
})

test.each([
  ['{slug}', 'makes the same name twice; it needs {revision}, {epoch}, or all of {year} to {second}'],
  [
    '{year}{month}{day}',
    'makes the same name twice; it needs {revision}, {epoch}, or all of {year} to {second}',
  ],
  ['%(rev)s_%(slug)s', "is written as Alembic's; here it is '{revision}_{slug}'"],
  ['{year}/{revision}', 'has a path separator; folders are named by `migrations`, and not read below'],
  ['_{revision}', 'begins with _ or -; such a file would not be read'],
  ['{revision}.{slug}', 'may hold letters, digits, _, - and + beside its parts, at most 60'],
  [
    '{rev}:{whatever}',
    'has no part {rev}; there are {revision}, {slug}, {year}, {month}, {day}, {hour}, {minute}, {second}, {epoch}',
  ],
])('the template %s is a fault of the configuration', async (fileTemplate, fault) => {
  const folder = files({ 'aludel.config.json': JSON.stringify({ fileTemplate }) })
  await expect(load(folder)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: expect.stringContaining(`fileTemplate ${fault}`),
  })
})

test.each([
  ['a list', '[]', 'it must be an object, is a list'],
  ['a text', '"x"', 'it must be an object, is a string'],
])('a configuration that is %s is not valid', async (_, text, fault) => {
  const folder = files({ 'aludel.config.json': text })
  const message = `The configuration ${folder}/aludel.config.json is not valid: ${fault}.`
  await expect(load(folder)).rejects.toMatchObject({ code: 'CONFIG_INVALID', message })
})

test.each([
  ['aludel.config.ts', 'export const config = {}', 'has no default export'],
  ['aludel.config.json', '', 'is empty'],
  ['aludel.config.yaml', '# nothing\n', 'is empty'],
  ['.aludelrc', '', 'is empty'],
])('F54: %s that holds nothing is not valid', async (place, text, what) => {
  const folder = files({ [place]: text })
  const file = path.join(folder, place)
  await expect(load(folder)).rejects.toMatchObject({
    code: 'CONFIG_INVALID',
    message: `The configuration ${file} ${what}.`,
    details: { file },
  })
})

test('F54: a configuration that throws is reported with its message, passwords masked', async () => {
  const folder = files({
    'aludel.config.mjs': `throw new Error('cannot reach postgres://app:s3cr3tword@db/app as s3cr3tword or other-secret')`,
  })
  const file = path.join(folder, 'aludel.config.mjs')
  const env = {
    DATABASE_URL: 'postgres://u:other-secret@h/d',
    DIRECT_URL: 'postgres://app:s3cr3tword@db/app',
  }
  await expect(load(folder, { env })).rejects.toMatchObject({
    code: 'CONFIG_FAILED',
    exitCode: 2,
    message: `The configuration ${file} failed to load: cannot reach postgres://app:***@db/app as *** or ***`,
    details: { file },
    cause: expect.any(Error),
  })
})

test.each([
  ['a function that throws', `export default () => { throw new Error('no') }`],
  ['a function that rejects', `export default async () => { throw new Error('no') }`],
  [
    'a promise that rejects',
    `const later = Promise.reject(new Error('no'))\nlater.catch(() => {})\nexport default later`,
  ],
  ['what is no error', `throw 'no'`],
  ['a file that is not there', `throw Object.assign(new Error('no'), { code: 'ENOENT' })`],
])('F54: %s is a failed configuration', async (_, text) => {
  const folder = files({ 'aludel.config.mjs': text })
  await expect(load(folder)).rejects.toMatchObject({
    code: 'CONFIG_FAILED',
    message: `The configuration ${folder}/aludel.config.mjs failed to load: no`,
  })
})

test.each([
  ['package.json', '{ "aludel": { "url": "postgres://u:hunter22@h/d" '],
  ['aludel.config.json', '{ "url": "postgres://u:hunter22@h/d" x }'],
  ['.aludelrc.json', '{ "url": "hunter22"\n x }'],
  ['aludel.config.yaml', 'url: "postgres://u:hunter22@h/d\n'],
  ['.aludelrc', 'url: "postgres://u:hunter22@h/d\n'],
])('%s that cannot be parsed is reported without its text', async (place, text) => {
  const folder = files({ [place]: text })
  const error: unknown = await load(folder).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    code: 'CONFIG_FAILED',
    message: expect.stringContaining(path.join(folder, place)),
  })
  expect(error).not.toMatchObject({ message: expect.stringContaining('hunter22') })
})

test('TypeScript that Node does not run says what to do', async () => {
  const folder = files({ 'aludel.config.ts': 'enum Stage { Live }\nexport default { lockWait: Stage.Live }' })
  expect(await loadInNode(folder)).toMatchObject({
    code: 'CONFIG_FAILED',
    message: `The configuration ${folder}/aludel.config.ts failed to load: TypeScript enum is not supported in strip-only mode`,
    fix: 'Use only TypeScript whose types can be stripped (no enum, no decorator), or a .mjs file.',
  })
})

test('an ES module named .ts in a CommonJS package is told to be .mts', async () => {
  const folder = files({
    'package.json': '{ "type": "commonjs" }',
    'aludel.config.ts': `import path from 'node:path'\nexport default { migrations: path.join('a') }`,
  })
  expect(await loadInNode(folder)).toMatchObject({
    code: 'CONFIG_FAILED',
    fix: 'Rename it to aludel.config.mts: its package is CommonJS.',
  })
})

test('reading a plain configuration loads neither a YAML parser nor MikroORM nor a driver', async () => {
  const folder = files({ 'aludel.config.json': '{ "url": "sqlite:app.db" }' })
  const { packages } = await loadInNode(folder)
  expect(packages).toEqual(['cosmiconfig', 'env-paths'])
})

test('no configuration, a missing file and a missing key are told apart', async () => {
  const folder = files()
  await expect(load(folder)).rejects.toMatchObject({
    code: 'CONFIG_NOT_FOUND',
    exitCode: 2,
    message: `There is no configuration of aludel in ${folder} or above it in the project.`,
    fix: 'npx aludel init',
  })
  await expect(load(folder, { config: 'gone.json' })).rejects.toMatchObject({
    code: 'CONFIG_NOT_FOUND',
    message: `There is no configuration file ${folder}/gone.json.`,
  })
  await expect(load(folder, { config: 'package.json' })).rejects.toMatchObject({
    code: 'CONFIG_NOT_FOUND',
    message: `${folder}/package.json has no key \`aludel\`.`,
  })
})

test('MIKRO_ORM_CLI_CONFIG says where the entities are when the configuration does not', async () => {
  const folder = files({ 'aludel.config.json': '{}', 'b/aludel.config.json': '{ "entities": "c/*.ts" }' })
  const env = { MIKRO_ORM_CLI_CONFIG: 'db/orm.ts' }
  expect((await load(folder, { env })).entities.paths).toEqual(['db/orm.ts'])
  expect((await load(folder, { env, config: 'b/aludel.config.json' })).entities.paths).toEqual(['c/*.ts'])
})

test('F54: what a configuration loads from .env is never run, and stands in no statement', async () => {
  const evil = [
    'SCHEMA="a\\"; drop table x; --"',
    "LOCK='$(touch pwned)'",
    'DIR="../../../`touch pwned`"',
    'DATABASE_URL=$(touch pwned)',
    'ALUDEL_CONFIG=/nowhere.json',
  ]
  const app = project({
    '.env': `${evil.join('\n')}\n`,
    'aludel.config.mjs': `process.loadEnvFile()
      export default { migrations: '\${DIR}', lockWait: '\${LOCK}', ledger: { schema: '\${SCHEMA}' } }`,
  })
  const { status, stdout } = await app.run(['upgrade', '--json'])
  expect({ status, ...JSON.parse(stdout).error }).toMatchObject({
    status: 2,
    code: 'CONFIG_INVALID',
    message: expect.stringMatching(/ledger\.schema must be a name.*lockWait must be a number/s),
  })
  app.write({ 'aludel.config.mjs': 'process.loadEnvFile()\nexport default {}', 'migrations/.keep': '' })
  const second = await app.run(['upgrade', '--json'])
  expect({ status: second.status, ...JSON.parse(second.stdout).error }).toMatchObject({
    status: 2,
    code: 'URL_INVALID',
  })
  expect(existsSync(path.join(app.folder, 'pwned'))).toBe(false)
})

test('F54: a configuration outside of the working directory means the folder where it is', async () => {
  const [app, other] = [
    project({}),
    project({ 'aludel.config.json': '{ "url": "sqlite:app.db" }', ...chain('a1') }),
  ]
  const named = `--config=${path.join(other.folder, 'aludel.config.json')}`
  expect((await app.run(['upgrade', named])).status).toBe(0)
  expect(existsSync(path.join(other.folder, 'app.db'))).toBe(true)
  expect(existsSync(path.join(app.folder, 'app.db'))).toBe(false)
})
