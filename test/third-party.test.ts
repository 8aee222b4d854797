import { readdirSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { dialectLacks } from '../config/dialect-shape.ts'
import nodesqlite from './fixtures/dialects/nodesqlite.ts'
import { contract } from './support/contract.ts'
import { database } from './support/database.ts'
import { project } from './support/project.ts'

describe('a dialect of another project passes the contract', () => {
  contract({
    dialect: nodesqlite,
    database: async () => {
      const { url, drop } = await database('sqlite')
      return { url: url.replace('sqlite:', 'nodesqlite:'), drop }
    },
  })
})

const fixture = pathToFileURL(path.join(import.meta.dirname, 'fixtures/dialects/nodesqlite.ts')).href

const entity = (more: string) => `import { defineEntity, p } from '@mikro-orm/core'
export const Note = defineEntity({
  name: 'Note',
  tableName: 'notes',
  properties: { id: p.integer().primary(), ${more} },
})
`

/** A package's file is JavaScript: Node strips no types under node_modules. */
const packaged = {
  'node_modules/aludel-nodesqlite/package.json': '{ "type": "module", "exports": "./index.js" }',
  'node_modules/aludel-nodesqlite/index.js': `
    import { definePlugin } from 'aludel'
    import nodesqlite from '${fixture}'
    export default definePlugin({ ...nodesqlite })`,
}

/** All that may be left out is left out, as a dialect does that was written before there was more. */
const least = `
import { definePlugin } from 'aludel'
import whole from '${fixture}'
const { ${dialectLacks(undefined).join(', ')} } = whole
const { transactionalDdl, forwardReferences, caseless, retypesKeys, largeText, outsideTransaction } = capabilities
export default definePlugin({
  ${dialectLacks(undefined).join(', ')},
  capabilities: { transactionalDdl, forwardReferences, caseless, retypesKeys, largeText, outsideTransaction },
  entities: async (source) => {
    const { declared, create } = await entities(source)
    return { declared, create: create.map(({ sql }) => ({ sql })) }
  },
})
`

describe.each<[string, string, Readonly<Record<string, string>>]>([
  ['a relative path', './dialects/mine.ts', { 'dialects/mine.ts': least }],
  ['the name of a package', 'aludel-nodesqlite', packaged],
])('a dialect named by %s', (_, dialect, files) => {
  test('creates, upgrades, checks and downgrades', async () => {
    const app = project({
      ...files,
      'aludel.config.json': JSON.stringify({ url: 'nodesqlite:app.db', dialect, entities: 'entities/*.ts' }),
      'entities/note.ts': entity('text: p.string().length(50)'),
    })
    const run = async (...args: readonly string[]) => {
      const { status, stdout, stderr } = await app.run([...args, '--json'])
      expect(status === 0 ? '' : stdout + stderr).toBe('')
      return JSON.parse(stdout)
    }
    await run('revision', '--autogenerate', '-m', 'Notes', '--rev-id', 'a1')
    expect(await run('upgrade')).toMatchObject({ steps: [{ revision: 'a1' }] })
    app.write({
      'entities/note.ts': entity('text: p.string().length(50).nullable(), done: p.boolean().default(false)'),
    })
    expect(await run('revision', '--autogenerate', '-m', 'Done', '--rev-id', 'b2')).toMatchObject({
      operations: 2,
    })
    expect(await run('upgrade')).toMatchObject({ steps: [{ revision: 'b2' }], heads: ['b2'] })
    expect(await run('check')).toMatchObject({ ok: true })
    expect(await run('downgrade', 'base')).toMatchObject({ heads: [] })
    expect(await run('current')).toMatchObject({ applied: 0, pending: 2 })
    expect(readdirSync(app.folder)).toContain('app.db')
  })
})

test('what it leaves out is told where it is asked for', async () => {
  const app = project({
    'dialects/mine.ts': least,
    'aludel.config.json':
      '{ "url": "nodesqlite:app.db", "dialect": "./dialects/mine.ts", "entities": "entities/*.ts" }',
    'entities/note.ts': entity('text: p.string()'),
    'migrations/a1.ts': `export const revision = 'a1'
export const downRevision = null
export const upgrade = (op) => op.createView('notes', { definition: 'select 1 as n' })
`,
  })
  const refusal = async (...args: readonly string[]) => {
    const { stdout } = await app.run([...args, '--json'])
    const { code, message } = JSON.parse(stdout).error
    return `${code}: ${message}`
  }
  expect([
    await refusal('upgrade'),
    await refusal('upgrade', '--sql'),
    await refusal('revision', '--autogenerate', '--from-history', '-m', 'x'),
    await refusal('check', '--drift'),
    await refusal('adopt', 'mikro-orm'),
  ]).toEqual([
    'STEP_FAILED: The upgrade of revision a1 failed: createView notes: nodesqlite has no views.',
    'NOT_SUPPORTED: The dialect nodesqlite writes no scripts.',
    'NOT_SUPPORTED: The dialect nodesqlite has no place to build a history in.',
    'NOT_SUPPORTED: The dialect nodesqlite has no place to build a history in.',
    'NOT_SUPPORTED: The dialect nodesqlite takes over no migrations of MikroORM.',
  ])
})

test('its faults are told as those of our own', async () => {
  const files = {
    'dialects/mine.ts': `export { default } from '${fixture}'\n`,
    'aludel.config.json': '{ "url": "nodesqlite:none/app.db", "dialect": "./dialects/mine.ts" }',
    'migrations/a1.ts': "export const revision = 'a1'\nexport const downRevision = null\n",
  }
  // The fixture throws the error of the sources.
  const app = project(files, { sources: true })
  const { status, stdout } = await app.run(['current', '--json'])
  expect({ status, ...JSON.parse(stdout) }).toMatchObject({
    status: 7,
    error: { code: 'DATABASE_UNREACHABLE' },
  })
})
