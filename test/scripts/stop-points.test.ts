import { expect, test } from 'vitest'
import { chain } from '../support/files.ts'
import { project } from '../support/project.ts'

test('a run stops where it is told to, and goes on', async () => {
  const app = project({ 'aludel.config.json': '{ "url": "sqlite:app.db" }', ...chain('a1') })
  for (const point of ['before-connect', 'after-connect', 'before-exit'] as const) {
    const upgrade = app.start(['upgrade'], { env: { ALUDEL_TEST_STOP: point } })
    await upgrade.stopped(point)
    upgrade.kill('SIGCONT')
    expect((await upgrade.ended).status).toBe(0)
  }
})

test('a run stops nowhere by itself', async () => {
  const app = project({ 'aludel.config.json': '{ "url": "sqlite:app.db" }', ...chain('a1') })
  const upgrade = app.start(['upgrade'])
  await expect(upgrade.stopped('before-connect')).rejects.toThrow('it ended and never said')
})
