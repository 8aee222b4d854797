import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import pglite from '../../../plugins/pglite/index.ts'
import { afterTest } from '../../support/cleanup.ts'
import { database } from '../../support/database.ts'
import { describeDialects } from '../../support/dialects.ts'
import { project } from '../../support/project.ts'
import { until } from '../../support/until.ts'

const temporary = (): string => {
  const folder = mkdtempSync(path.join(tmpdir(), 'aludel_test_pglite_'))
  afterTest(() => rmSync(folder, { recursive: true, force: true }))
  return folder
}

const holder = fileURLToPath(new URL('./holder.ts', import.meta.url))

/** A process that opens the database and keeps it. */
function another(url: string): ChildProcess {
  const child = spawn(process.execPath, [holder, url])
  afterTest(() => void child.kill('SIGKILL'))
  return child
}

const failure = (url: string, options = {}): Promise<unknown> =>
  pglite.connect(url, options).catch((error: unknown) => error)

describeDialects(
  'a folder',
  () => {
    test('that another process has is waited for, and taken over when that one is killed', async () => {
      const { url } = await database('pglite')
      const child = another(url)
      if (child.stdout) await once(child.stdout, 'data')
      // Linux tells who has a file locked.
      const known = process.platform === 'linux' ? { pid: child.pid } : {}
      expect(await failure(url, { lockWait: 0 })).toMatchObject({
        code: 'LOCK_NOT_OBTAINED',
        message: expect.stringContaining('Another process uses the PGlite database'),
        details: { holder: { ...known, advice: expect.any(String) } },
      })
      const app = project({ 'aludel.config.json': '{}' })
      const { status, stdout } = await app.run(['lock', '--json'], { env: { DATABASE_URL: url } })
      expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 0, locked: true, holder: known })
      const waiting = pglite.connect(url, { lockWait: 60_000 })
      child.kill('SIGKILL')
      const session = await waiting
      // What was committed is there, and only that.
      expect(await session.query('select n from kept')).toEqual([])
      await session.close()
    })

    test('is whole or not there: a process that is killed while it makes one leaves nothing in its place', async () => {
      const folder = path.join(temporary(), 'data')
      const child = another(`pglite:${folder}`)
      await until(async () => existsSync(`${folder}.new`))
      child.kill('SIGKILL')
      await once(child, 'exit')
      // As if it had come further; PGlite would go on with such a folder.
      writeFileSync(`${folder}.new/PG_VERSION`, '18')
      expect(existsSync(folder)).toBe(false)
      // An empty one is as good as none.
      mkdirSync(folder)
      const session = await pglite.connect(`pglite:${folder}`)
      expect(await session.query('select 1 as n')).toEqual([{ n: 1 }])
      await session.close()
      expect(readdirSync(path.dirname(folder)).toSorted()).toEqual(['data', 'data.lock'])
    })

    test('is not made where it is only read, nor is one touched that is of something else', async () => {
      const folder = temporary()
      const session = await pglite.connect(`pglite:${folder}/data`, { create: false })
      expect(await pglite.reflect(session)).toEqual({ tables: {} })
      await session.close()
      expect(readdirSync(folder)).toEqual([])
      mkdirSync(path.join(folder, 'other'))
      writeFileSync(path.join(folder, 'other/notes.txt'), '')
      expect(await failure(`pglite:${folder}/other`)).toMatchObject({
        code: 'DATABASE_UNREACHABLE',
        message: expect.stringContaining('it is no folder of PGlite'),
      })
      expect(readdirSync(path.join(folder, 'other'))).toEqual(['notes.txt'])
      expect(await failure(`pglite:${folder}/none/data`)).toMatchObject({
        code: 'DATABASE_UNREACHABLE',
        fix: expect.stringContaining(`mkdir -p ${folder}/none`),
      })
    })

    test('of another version is told with its version', async () => {
      const { url } = await database('pglite')
      writeFileSync(path.join(url.slice('pglite:'.length), 'PG_VERSION'), '17\n')
      expect(await failure(url)).toMatchObject({
        code: 'DATABASE_UNREACHABLE',
        fix: expect.stringContaining('its PG_VERSION is 17'),
      })
    })
  },
  ['pglite'],
)

test('an older PGlite of the project is refused with what to install', async () => {
  const folder = temporary()
  const installed = path.join(folder, 'node_modules/@electric-sql/pglite')
  mkdirSync(installed, { recursive: true })
  writeFileSync(path.join(installed, 'package.json'), '{ "version": "0.4.2", "main": "index.js" }')
  writeFileSync(path.join(installed, 'index.js'), '')
  const script = `import pglite from ${JSON.stringify(path.join(import.meta.dirname, '../../../plugins/pglite/index.ts'))}
    await pglite.connect('pglite:./data').catch((error) => console.log(error.code, error.message, error.fix))`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], { cwd: folder })
  const [said] = await once(child.stdout, 'data')
  expect(String(said).trim()).toBe(
    'PGLITE_MISSING PGlite 0.4.2 is installed, and aludel knows ^0.5.0. npm install @electric-sql/pglite@^0.5.0',
  )
})
