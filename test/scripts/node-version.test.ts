import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { nodeFault } from '../../scripts/support/node-version.ts'
import { project } from '../support/project.ts'
import { runScript } from '../support/script.ts'

test.each(['22.18.0', '22.21.1', '24.0.0', '25.2.0', process.versions.node])(
  '%s is new enough',
  (version) => {
    expect(nodeFault(version)).toBeUndefined()
  },
)

test.each(['16.20.2', '20.19.5', '22.17.9', '23.11.0'])('F55: %s is told to be too old', (version) => {
  expect(nodeFault(version)).toMatchObject({
    code: 'NODE_TOO_OLD',
    exitCode: 2,
    message: `aludel needs Node.js 22.18 or 24, or newer than that; this is ${version}.`,
  })
})

test('what is told is what the package says', () => {
  expect(manifest.engines.node).toBe('^22.18 || >=24')
})

test('F55: on a Node.js that is too old the program says so in one line, and loads nothing else', async () => {
  const app = project({
    // Says of this Node.js that it is another, before the program starts.
    'old.mjs': `Object.defineProperty(process.versions, 'node', { value: '20.11.0' })\n`,
  })
  const start = new URL('../../scripts/start.ts', import.meta.url).pathname
  const env = { NODE_OPTIONS: `--import=${app.folder}/old.mjs` }
  expect(await runScript(app, start, env)).toEqual({
    status: 2,
    stdout: '',
    stderr:
      'NODE_TOO_OLD: aludel needs Node.js 22.18 or 24, or newer than that; this is 20.11.0. Install one of them, and run the same command again.\n',
  })
})
