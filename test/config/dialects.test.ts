import path from 'node:path'
import { expect, test } from 'vitest'
import { builtIn, dialectOfUrl, loadDialect } from '../../config/dialects.ts'
import { loadSettings } from '../../config/load.ts'
import { files } from './files.ts'

/** A module that has what a dialect must have, and does nothing. */
const plugin = `
const nothing = () => undefined
export default {
  name: 'tiny',
  schemes: ['tiny'],
  capabilities: { transactionalDdl: true, forwardReferences: true },
  ...Object.fromEntries(['connect', 'step', 'holder', 'reflect', 'reads', 'compile', 'entities', 'scratch', 'quote', 'literal',
    'placeholder', 'rollsBack', 'effect', 'isLockTimeout', 'blockers', 'isMissingTable', 'isDuplicateKey', 'isTransient', 'kysely'].map((name) => [name, nothing])),
}`

async function dialectName(
  folder: string,
  options: { dialect?: string; url?: string } = {},
): Promise<string> {
  const settings = await loadSettings({ cwd: folder, env: {}, ...options })
  return (await settings.dialect()).name
}

test.each(Object.keys(builtIn))(
  'the schemes of %s are those of its module, which has its name',
  async (name) => {
    const dialect = await loadDialect(name, '/')
    expect(dialect.name).toBe(name)
    expect(builtIn[name]?.schemes).toEqual(dialect.schemes)
  },
)

test.each([
  ['sqlite:app.db', 'sqlite'],
  ['file:app.db?mode=ro', 'sqlite'],
  [':memory:', 'sqlite'],
  ['postgres://localhost/app', 'postgresql'],
  ['PostgreSQL://localhost/app', 'postgresql'],
  ['postgresql+psycopg://localhost/app', 'postgresql'],
  ['pglite:./data', 'pglite'],
  ['mysql://localhost/app', 'mysql'],
  ['mariadb://localhost/app', 'mariadb'],
])('%s means %s', (url, name) => {
  expect(dialectOfUrl(url)).toBe(name)
})

test('a scheme that no dialect has is refused with those that there are, and nothing else of the URL', () => {
  expect(() => dialectOfUrl('mongodb://app:hunter22@h/d')).toThrow(
    expect.objectContaining({
      code: 'DIALECT_UNKNOWN',
      message: 'No built-in dialect is for URLs that begin with mongodb:.',
      fix: "Built in are sqlite:, file:, postgresql:, postgres:, pglite:, mysql:, mysql2:, mariadb:; name any other in the configuration: dialect: '…'.",
    }),
  )
})

test.each(['localhost/app', '//h/d', 'app hunter22'])('%s has no scheme', (url) => {
  expect(() => dialectOfUrl(url)).toThrow(expect.objectContaining({ code: 'URL_INVALID' }))
})

test('the dialect is that of the URL unless the configuration names one, or --dialect', async () => {
  const folder = files({
    'aludel.config.json': '{ "url": "sqlite:app.db" }',
    'b/aludel.config.json': '{ "url": "mysql://h/d", "dialect": "mariadb" }',
  })
  expect(await dialectName(folder)).toBe('sqlite')
  expect(await dialectName(folder, { url: 'postgres://h/d' })).toBe('postgresql')
  expect(await dialectName(path.join(folder, 'b'))).toBe('mariadb')
  expect(await dialectName(path.join(folder, 'b'), { dialect: 'mysql' })).toBe('mysql')
})

test('a named dialect needs no URL', async () => {
  expect(await dialectName(files({ 'aludel.config.json': '{ "dialect": "postgresql" }' }))).toBe('postgresql')
})

test.each([
  ['exports a file', '{ "name": "aludel-tiny", "type": "module", "exports": "./plugin.js" }'],
  [
    'exports for import only',
    '{ "name": "aludel-tiny", "type": "module", "exports": { ".": { "types": "./p.d.ts", "import": { "default": "./plugin.js" } } } }',
  ],
  ['has a main', '{ "name": "aludel-tiny", "type": "module", "main": "plugin.js" }'],
])('a dialect is loaded by the name of a package that %s', async (_, json) => {
  const folder = files({
    'node_modules/aludel-tiny/package.json': json,
    'node_modules/aludel-tiny/plugin.js': plugin,
    'aludel.config.json': '{ "dialect": "aludel-tiny" }',
  })
  expect(await dialectName(folder)).toBe('tiny')
})

test('a dialect is loaded by the name of a package with a scope, and by a path in it', async () => {
  const folder = files({
    'node_modules/@acme/db/package.json':
      '{ "name": "@acme/db", "type": "module", "exports": { "./tiny": { "import": "./tiny.js" } } }',
    'node_modules/@acme/db/tiny.js': plugin,
    'aludel.config.json': '{ "dialect": "@acme/db/tiny" }',
  })
  expect(await dialectName(folder)).toBe('tiny')
})

test('a path in the configuration is relative to it, one of --dialect to the working directory', async () => {
  const folder = files({
    'aludel.config.json': '{ "dialect": "./db/tiny.ts" }',
    'db/tiny.ts': plugin,
    'src/own.mjs': plugin.replace("'tiny'", "'own'"),
  })
  expect(await dialectName(path.join(folder, 'src'))).toBe('tiny')
  expect(await dialectName(path.join(folder, 'src'), { dialect: './own.mjs' })).toBe('own')
})

test('a configuration may hold the dialect itself', async () => {
  const folder = files({
    'tiny.js': plugin,
    'aludel.config.js': `import dialect from './tiny.js'\nexport default { dialect }`,
  })
  expect(await dialectName(folder)).toBe('tiny')
})

test.each([
  [
    'exports something else',
    'export default { name: "tiny", connect() {} }',
    'The default export of ./tiny.js is not a dialect: it lacks schemes, capabilities, step, holder, reflect, reads, compile, entities, scratch, quote, literal, placeholder, rollsBack, effect, isLockTimeout, blockers, isMissingTable, isDuplicateKey, isTransient, kysely.',
  ],
  [
    'exports nothing',
    'export const a = 1',
    'The default export of ./tiny.js is not a dialect: it lacks name, schemes, capabilities, connect, step, holder, reflect, reads, compile, entities, scratch, quote, literal, placeholder, rollsBack, effect, isLockTimeout, blockers, isMissingTable, isDuplicateKey, isTransient, kysely.',
  ],
  ['throws', 'throw new Error("no server")', 'The dialect ./tiny.js failed to load: no server'],
])('a module that %s is no dialect', async (_, text, message) => {
  const folder = files({ 'tiny.js': text, 'aludel.config.json': '{ "dialect": "./tiny.js" }' })
  await expect(dialectName(folder)).rejects.toMatchObject({ code: 'DIALECT_UNKNOWN', exitCode: 2, message })
})

test('a dialect that is nowhere is refused with the name that was meant', async () => {
  const folder = files({ 'aludel.config.json': '{ "dialect": "postgress" }' })
  await expect(dialectName(folder)).rejects.toMatchObject({
    code: 'DIALECT_UNKNOWN',
    message: 'There is no dialect postgress: it is not built in, and no package of this name is installed.',
    fix: 'Did you mean postgresql?',
  })
  await expect(dialectName(folder, { dialect: 'oracle' })).rejects.toMatchObject({
    code: 'DIALECT_UNKNOWN',
    fix: 'Built in are sqlite, postgresql, pglite, mysql, mariadb; npm install oracle, or write a path as ./oracle.',
  })
  await expect(dialectName(folder, { dialect: './gone.ts' })).rejects.toMatchObject({
    code: 'DIALECT_UNKNOWN',
    message: `There is no dialect ${folder}/gone.ts.`,
  })
})
