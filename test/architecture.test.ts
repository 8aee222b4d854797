import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { checkArchitecture } from './support/architecture.ts'

test('imports go down only, without a cycle, and only scripts touch the process', () => {
  const { files, faults } = checkArchitecture(path.join(import.meta.dirname, '..'))
  expect(faults).toEqual([])
  expect(files).toBeGreaterThan(5)
})

const sound = {
  'src/errors.ts': '',
  'src/schema/schema.ts': `import type { A } from '../errors.ts'`,
  'src/graph/graph.ts': `import path from 'node:path'`,
  'src/operations/operation.ts': `import type { Kysely } from 'kysely'`,
  'src/dialect.ts': `export type { B } from './operations/operation.ts'`,
  'src/index.ts': `export * from '../config/load.ts'\nconst url = process.env['DATABASE_URL']`,
  'config/load.ts': `import { cosmiconfig } from 'cosmiconfig'\nawait import('../plugins/sqlite.ts')`,
  'plugins/sqlite.ts': `import '../src/dialect.ts'\nawait import('@mikro-orm/sqlite')`,
  'scripts/up.ts': `#!/usr/bin/env node\nimport 'zx'\nimport '../src/index.ts'\nconsole.log(process.argv)`,
}

test('the check passes a tree without a fault', () => {
  expect(checkArchitecture(tree(sound))).toEqual({ files: 9, faults: [] })
})

/** One fault each: what the check says, the file that has it, its text. */
const unsound: readonly (readonly [fault: string, file: string, text: string])[] = [
  [
    'src/graph/a.ts:4 imports ../schema/schema.ts: src/graph may not know src/schema',
    'src/graph/a.ts',
    `import {\n  a,\n  b,\n} from '../schema/schema.ts'`,
  ],
  [
    'src/errors.ts:1 imports ./dialect.ts: src/errors.ts may not know src/dialect.ts',
    'src/errors.ts',
    `import type { A } from './dialect.ts'`,
  ],
  [
    'src/schema/a.ts:1 imports ../operations/operation.ts: src/schema may not know src/operations',
    'src/schema/a.ts',
    `export * from '../operations/operation.ts'`,
  ],
  [
    'src/commands/a.ts:2 imports ../../scripts/up.ts: src/commands may not know scripts',
    'src/commands/a.ts',
    `const a = await import(\n  '../../scripts/up.ts'\n)`,
  ],
  [
    'src/database/a.ts:1 imports ../../plugins/sqlite.ts: src/database may not know plugins',
    'src/database/a.ts',
    `type A = import('../../plugins/sqlite.ts').A`,
  ],
  [
    'src/index.ts:1 imports ../plugins/sqlite.ts: src/index.ts may not know plugins',
    'src/index.ts',
    `export { a } from '../plugins/sqlite.ts'`,
  ],
  [
    'plugins/a.ts:1 imports ../config/load.ts: plugins may not know config',
    'plugins/a.ts',
    `export { a } from '../config/load.ts'`,
  ],
  [
    'config/a.ts:1 imports ../plugins/sqlite.ts: config may load plugins by import() only',
    'config/a.ts',
    `import '../plugins/sqlite.ts'`,
  ],
  [
    'config/a.ts:1 imports ./missing.ts: there is no config/missing.ts',
    'config/a.ts',
    `import './missing.ts'`,
  ],
  [
    'src/revision/a.ts:1 imports zx: src/revision may not know this package',
    'src/revision/a.ts',
    `import { $ } from 'zx'`,
  ],
  [
    'src/operations/a.ts:1 imports kysely: src/operations may import its types only',
    'src/operations/a.ts',
    `import { Kysely } from 'kysely'`,
  ],
  [
    'src/database/a.ts:1 imports @mikro-orm/core: src/database may not know this package',
    'src/database/a.ts',
    'await import(`@mikro-orm/core`)',
  ],
  ['scripts/a.ts:1 imports pg: scripts may not know this package', 'scripts/a.ts', `import pg from 'pg'`],
  ['plugins/a.ts:1 imports zx: plugins may not know this package', 'plugins/a.ts', `import { $ } from 'zx'`],
  ['src/database/a.ts:1 uses process.exit: only scripts may', 'src/database/a.ts', 'process.exit(1)'],
  ['src/revision/a.ts:1 uses console: only scripts may', 'src/revision/a.ts', `console.log('a')`],
  ['config/a.ts:1 uses process.env: only scripts may', 'config/a.ts', `const a = process['env'].A`],
  [
    'plugins/a.ts:1 imports node:process: only scripts may',
    'plugins/a.ts',
    `import { env } from 'node:process'`,
  ],
  ['src/index.ts:1 uses process.exitCode: only scripts may', 'src/index.ts', 'process.exitCode = 1'],
  ['src/util.ts:1 is in no layer', 'src/util.ts', ''],
  [
    'cycle: src/dialect.ts -> src/dialect.ts',
    'src/dialect.ts',
    `import './operations/operation.ts'\nimport './schema/schema.ts'\nimport './dialect.ts'`,
  ],
]

test.each(unsound)('the check says %s', (fault, file, text) => {
  expect(checkArchitecture(tree({ ...sound, [file]: text })).faults).toEqual([fault])
})

test('the check names the whole cycle, also through types and through import()', () => {
  const root = tree({
    'src/graph/a.ts': `import type { B } from './b.ts'`,
    'src/graph/b.ts': `await import('./c.ts')`,
    'src/graph/c.ts': `export { a } from './a.ts'`,
  })
  expect(checkArchitecture(root).faults).toEqual([
    'cycle: src/graph/a.ts -> src/graph/b.ts -> src/graph/c.ts -> src/graph/a.ts',
  ])
})

function tree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(path.join(tmpdir(), 'aludel_test_tree_'))
  onTestFinished(() => rmSync(root, { recursive: true }))
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true })
    writeFileSync(path.join(root, name), text)
  }
  return root
}
