import { readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain } from '../support/files.ts'
import { type Project, project } from '../support/project.ts'

const hook = pathToFileURL(path.join(import.meta.dirname, '../fixtures/record-modules.mjs')).href

/** What costs time to load, or what a release must not need. */
const heavy =
  /^(?:@mikro-orm\/.+|mikro-orm|better-sqlite3|pg|pg-.+|@electric-sql\/.+|mysql2|kysely|zx|vitest|@vitest\/.+|typescript|esbuild)$/

const files = {
  'aludel.config.json': '{ "url": "sqlite:app.db", "entities": "entities/*.ts" }',
  'entities/note.ts': `import { defineEntity, p } from '@mikro-orm/core'
    export const Note = defineEntity({ name: 'Note', tableName: 'notes', properties: { id: p.integer().primary() } })`,
  ...chain('a1', 'b2'),
}

/** The heavy packages that a command loads, and the project's own files. */
async function loaded(app: Project, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const list = path.join(app.folder, 'modules.txt')
  const { status, stdout, stderr } = await app.run(args, {
    env: { ...env, NODE_OPTIONS: `--import=${hook}`, MODULES: list },
  })
  const urls = readFileSync(list, 'utf8').split('\n')
  // A recorder that sees nothing would pass everything.
  expect(urls.some((url) => url.endsWith('/scripts/aludel.ts'))).toBe(true)
  const packages = urls.flatMap((url) => /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1] ?? [])
  const names = packages.filter((name) => heavy.test(name)).map((name) => name.replace(/^pg-.*/, 'pg'))
  const definitions = urls.some((url) => url.endsWith('/src/operations/all.ts'))
  const base = `${pathToFileURL(app.folder).href}/`
  return {
    status: status === 0 ? 0 : `${status} ${stdout}${stderr}`,
    heavy: [...new Set(names)].toSorted(),
    /** What there is to know of each kind of operation: some sixty files. */
    definitions,
    own: urls
      .filter((url) => url.startsWith(base))
      .map((url) => url.slice(base.length).replace(/\?.*/, ''))
      .toSorted(),
  }
}

describe('what asks no database and no entities loads nothing heavy:', () => {
  test.each([
    ['help'],
    ['--help'],
    ['help upgrade'],
    ['upgrade --help'],
    ['--version'],
    ['history'],
    ['history -r a1: -v'],
    ['heads'],
    ['branches'],
    ['show'],
    ['init'],
    ['revision -m Next --head base --branch-label other --depends-on a1'],
    ['merge heads'],
  ])('%s', async (line) => {
    expect(await loaded(project(files, { sources: true }), line.split(' '))).toEqual({
      status: 0,
      heavy: [],
      definitions: false,
      own: [],
    })
  })
})

test('what asks the entities is seen to load MikroORM, its driver and the entities', async () => {
  const app = project(files, { sources: true })
  await app.run(['upgrade'])
  expect(await loaded(app, ['revision', '--autogenerate', '-m', 'Notes'])).toEqual({
    status: 0,
    heavy: expect.arrayContaining([
      '@mikro-orm/core',
      '@mikro-orm/sql',
      '@mikro-orm/sqlite',
      'better-sqlite3',
      'kysely',
    ]),
    definitions: true,
    own: ['entities/note.ts', 'migrations/a1.ts', 'migrations/b2.ts'],
  })
})

test('what runs revisions loads those, no entities and no MikroORM', async () => {
  const app = project(files, { sources: true })
  await app.run(['upgrade', 'a1'])
  expect(await loaded(app, ['upgrade'])).toEqual({
    status: 0,
    heavy: ['better-sqlite3'],
    definitions: true,
    own: ['migrations/b2.ts'],
  })
})

const drivers = {
  sqlite: ['better-sqlite3'],
  postgresql: ['pg'],
  mariadb: ['mysql2'],
  mysql: ['mysql2'],
  // The lock of its folder is SQLite's.
  pglite: ['@electric-sql/pglite', 'better-sqlite3', 'pg'],
}

describeDialects('with nothing to do', (dialect) => {
  test('current, history -i and upgrade load their driver alone', async () => {
    const { url } = await database(dialect)
    const app = project(files, { sources: true })
    const env = { DATABASE_URL: url }
    await app.run(['upgrade'], { env })
    for (const line of ['current', 'history -i', 'upgrade']) {
      const found = await loaded(app, line.split(' '), env)
      expect(found).toEqual({
        status: 0,
        heavy: drivers[dialect],
        definitions: false,
        own: [],
      })
    }
  })
})
