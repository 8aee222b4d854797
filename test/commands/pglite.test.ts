import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { describeDialects } from '../support/dialects.ts'
import { chain } from '../support/files.ts'
import { edits, orderingFiles } from '../support/ordering.ts'
import { copyPglite } from '../support/pglite.ts'
import { project } from '../support/project.ts'

describeDialects(
  'a folder of the project',
  () => {
    // The guide's whole story is test/commands/story.test.ts.
    test('is generated for, brought up and down, and told of', { timeout: 180_000 }, async () => {
      const app = project({ ...orderingFiles({ url: 'pglite:./data' }) })
      const run = async (...args: readonly string[]) => {
        const { status, stdout, stderr } = await app.run([...args, '--json'])
        expect(`${status} ${stderr}${status === 0 ? '' : stdout}`).toMatch(/^0 /)
        return JSON.parse(stdout)
      }
      copyPglite(path.join(app.folder, 'data'))
      await run('revision', '--autogenerate', '-m', 'First tables', '--rev-id', 'a1')
      await run('upgrade')
      edits.addColumns(app)
      await run('revision', '--autogenerate', '-m', 'Address', '--rev-id', 'b1')
      expect(await run('upgrade')).toMatchObject({
        steps: [{ revision: 'b1', statements: 2 }],
        heads: ['b1'],
      })
      expect(await run('check')).toEqual({ ok: true, pending: [], differences: [], unmanaged: [] })
      expect(await run('downgrade', 'base')).toMatchObject({ heads: [] })
      expect(await run('history', '-i')).toMatchObject([
        { revision: 'b1', applied: false },
        { revision: 'a1', applied: false },
      ])
      expect(await run('lock')).toEqual({ locked: false, holder: null })
    })

    test('is refused a script, as no client runs it, and is not made for the question', async () => {
      const app = project({ 'aludel.config.json': '{ "url": "pglite:./data" }', ...chain('a1') })
      const { status, stdout } = await app.run(['upgrade', 'base:heads', '--sql', '--json'])
      expect({ status, code: JSON.parse(stdout).error.code }).toEqual({ status: 2, code: 'NOT_SUPPORTED' })
      expect(existsSync(path.join(app.folder, 'data'))).toBe(false)
    })
  },
  ['pglite'],
)
