import { expect, test } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }
import { command as help, summaries } from '../../scripts/help.ts'
import { commands } from '../../scripts/support/commands.ts'
import { unguarded } from '../support/unguarded.ts'
import { version } from '../../src/version.ts'

const everyCommand = async () => {
  const loaded = Object.entries(commands).map(async ([name, load]) => [name, (await load()).command] as const)
  return [...(await Promise.all(loaded)), ['help', help] as const]
}

test('help tells of each command what the command says of itself', async () => {
  const own = (await everyCommand()).map(([name, { summary }]) => [name, summary])
  expect(summaries).toEqual(Object.fromEntries(own))
})

test('the usage of each command begins with its name, and each option says what it does', async () => {
  for (const [name, { usage, options, summary }] of await everyCommand()) {
    expect(usage).toMatch(new RegExp(`^${name}(?: |$)`))
    expect(summary).toMatch(/^[A-Z].*\.$/)
    for (const option of Object.values(options)) expect(option.help).toMatch(/^[A-Z].*\.$/)
  }
})

test('no line of help is longer than 120 characters', async () => {
  const names = [undefined, ...(await everyCommand()).map(([name]) => name)]
  const pages = names.map((name) => help.run({ ...input, positionals: name === undefined ? [] : [name] }))
  const lines = (await Promise.all(pages)).flatMap((page) => page.lines).flatMap((line) => line.split('\n'))
  expect(lines.filter((line) => line.length > 120)).toEqual([])
})

const input = {
  flags: { text: () => undefined, texts: () => [], has: () => false },
  cwd: '/',
  env: {},
  interactive: false,
  screen: () => undefined,
  settings: () => Promise.reject(new Error('help reads no configuration')),
  caller: {
    now: () => new Date(0),
    actor: 'test',
    version,
    guard: unguarded,
    at: () => {},
    onEvent: () => {},
  },
  note: () => {},
}

test('the version is that of the package', async () => {
  expect(version).toBe(manifest.version)
  expect((await help.run({ ...input, positionals: [] })).lines[0]).toMatch(`aludel ${manifest.version}: `)
})
