import { existsSync, mkdirSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'

test('init makes the folders that are configured, and says nothing of entities that are configured', async () => {
  const app = project({
    'aludel.config.json':
      '{ "migrations": ["db/one", "db/two"], "entities": "model/*.ts", "url": "sqlite:app.db" }',
  })
  const { status, stdout } = await app.run(['init', '--json'])
  const result = JSON.parse(stdout)
  expect({ status, ...result }).toMatchObject({
    status: 0,
    written: ['db/one/', 'db/two/', 'Makefile'],
    kept: ['aludel.config.json'],
  })
  expect(result.hints.join('\n')).not.toContain('Entities are looked for')
  expect(existsSync(path.join(app.folder, 'migrations'))).toBe(false)
  expect((await app.run(['history'])).status).toBe(0)
})

test('init leaves a Makefile that works before the packages are installed', async () => {
  const app = project({ Makefile: 'all:\n\t@echo built\n' })
  await app.run(['init'])
  expect(readFileSync(path.join(app.folder, 'Makefile'), 'utf8')).toBe(
    'all:\n\t@echo built\n\n-include node_modules/aludel/aludel.mk\n',
  )
})

test('a revision is written beside the one that it follows', async () => {
  const { 'migrations/a1.ts': text = '' } = revisionFile('a1')
  const app = project({
    'aludel.config.json': '{ "migrations": ["db", "db2"], "url": "sqlite:app.db" }',
    'db2/a1.ts': text,
  })
  mkdirSync(path.join(app.folder, 'db'))
  // What only looks like a revision is none.
  mkdirSync(path.join(app.folder, 'db2/b1_data'))
  expect((await app.run(['revision', '-m', 'Next', '--rev-id', 'b1'])).status).toBe(0)
  expect(readdirSync(path.join(app.folder, 'db2')).toSorted()).toEqual(['a1.ts', 'b1_data', 'b1_next.ts'])
})

test('init names a folder of the project as database where MikroORM has PGlite for its driver', async () => {
  const app = project({
    'package.json': '{ "type": "module", "dependencies": { "@mikro-orm/pglite": "7.2.1" } }',
  })
  const { hints } = JSON.parse((await app.run(['init', '--json'])).stdout)
  expect(hints.join('\n')).not.toContain('Install MikroORM')
  expect(JSON.parse(readFileSync(path.join(app.folder, 'aludel.config.json'), 'utf8'))).toMatchObject({
    url: 'pglite:./data',
  })
})

test('init leaves a folder to the tool whose migrations are in it, and says how those of MikroORM are taken over', async () => {
  const migration = `
    import { Migration } from '@mikro-orm/migrations'
    export class Migration20260101000000 extends Migration { async up() {} }`
  const theirs = project({ 'migrations/Migration20260101000000.ts': migration, 'mikro-orm.config.ts': '' })
  const { written, hints } = JSON.parse((await theirs.run(['init', '--json'])).stdout)
  expect(written).toEqual(['aludel.config.json', 'revisions/', 'Makefile'])
  expect(hints.join('\n')).toContain('aludel adopt mikro-orm')
  expect((await theirs.run(['history'])).status).toBe(0)

  // Where a configuration names it all the same.
  theirs.write({ 'aludel.config.json': '{ "migrations": "migrations" }' })
  const { status, stderr } = await theirs.run(['history'])
  expect(status).toBe(4)
  expect(stderr).toContain('"migrations": "revisions"')
  expect(stderr).toContain('`aludel adopt mikro-orm`')

  const ours = project(revisionFile('a1'))
  const again = JSON.parse((await ours.run(['init', '--json'])).stdout)
  expect(again.kept).toEqual(['migrations/'])
  expect(again.hints.join('\n')).not.toContain('adopt')
})
