import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from 'vitest'
import { revisionFile } from '../support/files.ts'
import { aludel, onTerminal } from '../support/on-terminal.ts'
import { project } from '../support/project.ts'

const shop = {
  'aludel.config.json': '{ "url": "sqlite:app.db" }',
  ...revisionFile('a1', { message: 'First tables' }),
  ...revisionFile('b1', { down: 'a1', message: 'Add address' }),
  ...revisionFile('c1', {
    down: 'a1',
    message: 'Invoices',
    header: "export const branchLabels = ['billing']",
  }),
  ...revisionFile('d1', { down: ['b1', 'c1'], message: 'Merge billing\n\nBoth are done.' }),
  ...revisionFile('e1', {
    down: 'c1',
    message: '顧客の\t住所 \u001b[31mred',
    header: "export const dependsOn = ['b1']",
  }),
}

const plain = `c1 (b1) -> e1 (billing) (head), 顧客の	住所 ?[31mred
b1, c1 -> d1 (billing) (head) (mergepoint), Merge billing
a1 -> c1 (billing) (branchpoint), Invoices
a1 -> b1, Add address
<base> -> a1 (branchpoint), First tables`

describe('history on a terminal', { skip: process.platform !== 'linux' }, () => {
  test('draws the graph', async () => {
    const lines = await onTerminal(project(shop), `${aludel} history`)
    expect(lines.map((line) => stripVTControlCharacters(line)).join('\n')).toBe(`\
* e1 (needs b1) (head), 顧客の 住所 ?[31mred
| * d1 (head) (mergepoint), Merge billing
|/|
* | c1 [billing] (branchpoint), Invoices
| * b1, Add address
|/
* a1 (branchpoint), First tables`)
  })

  test('fills what is applied, if the database is asked', async () => {
    const app = project(shop)
    await app.run(['upgrade', 'b1'])
    expect((await onTerminal(app, `${aludel} history -i`, { NO_COLOR: '1' })).join('\n')).toBe(`\
o e1 (needs b1) (head), 顧客の 住所 ?[31mred
| o d1 (head) (mergepoint), Merge billing
|/|
o | c1 [billing] (branchpoint), Invoices
| * b1 (applied) (current), Add address
|/
* a1 (branchpoint) (applied), First tables`)
  })

  test('has a colour for each lane, and for ids, heads, labels and what is applied', async () => {
    const app = project(shop)
    await app.run(['upgrade', 'a1'])
    const [, head, links, label, , , applied] = await onTerminal(app, `${aludel} history -i`)
    expect([head, links, label, applied]).toEqual([
      '\u001b[31m|\u001b[39m\u001b[32m o\u001b[39m \u001b[33md1\u001b[39m\u001b[1m\u001b[32m (head)\u001b[39m\u001b[22m\u001b[2m (mergepoint)\u001b[22m, Merge billing',
      '\u001b[31m|\u001b[39m\u001b[31m/\u001b[39m\u001b[32m|\u001b[39m',
      '\u001b[31mo\u001b[39m\u001b[32m |\u001b[39m \u001b[33mc1\u001b[39m\u001b[1m\u001b[36m [billing]\u001b[39m\u001b[22m\u001b[2m (branchpoint)\u001b[22m, Invoices',
      '\u001b[31m*\u001b[39m \u001b[33ma1\u001b[39m\u001b[2m (branchpoint)\u001b[22m\u001b[32m (applied)\u001b[39m\u001b[1m\u001b[32m (current)\u001b[39m\u001b[22m, First tables',
    ])
  })

  test.each<[boolean, Readonly<Record<string, string>>]>([
    [true, { NO_COLOR: '' }],
    [false, { NO_COLOR: '1' }],
    [false, { FORCE_COLOR: '0' }],
    [false, { TERM: 'dumb' }],
    [true, { TERM: 'dumb', FORCE_COLOR: '1' }],
  ])('is coloured: %s, with %j', async (isColored, env) => {
    const lines = await onTerminal(project(shop), `${aludel} history`, env)
    expect(lines[0]?.startsWith(isColored ? '\u001b[31m*' : '* e1')).toBe(true)
    expect(lines[0]?.includes('\u001b')).toBe(isColored)
  })

  test.each<[string, string, Readonly<Record<string, string>>]>([
    ['its own', 'stty cols 36;', {}],
    ['what COLUMNS says', 'stty cols 120;', { COLUMNS: '36' }],
  ])('has the width of the terminal: %s', async (_, before, env) => {
    const lines = await onTerminal(project(shop), `${before} ${aludel} history`, { NO_COLOR: '1', ...env })
    expect(lines.slice(0, 3)).toEqual([
      '* e1 (needs b1) (head), 顧客の 住所…',
      '| * d1 (head) (mergepoint), Merge b…',
      '|/|',
    ])
  })

  test('has 80 columns where nobody knows how many there are', async () => {
    const app = project({ ...shop, ...revisionFile('f1', { down: 'e1', message: 'x'.repeat(90) }) })
    const lines = await onTerminal(app, `stty cols 0; ${aludel} history`, { NO_COLOR: '1', COLUMNS: 'many' })
    expect(lines[0]).toBe(`* f1 (head), ${'x'.repeat(66)}…`)
  })

  test('shows no password', async () => {
    const app = project({
      ...shop,
      'aludel.config.json': '{ "url": "postgresql://ann:c0rrect-h0rse@localhost/app" }',
      ...revisionFile('f1', { down: 'e1', message: 'The password is c0rrect-h0rse, to be changed' }),
    })
    const env = { NO_COLOR: '1', DATABASE_URL: 'postgresql://ann:c0rrect-h0rse@localhost/app', COLUMNS: '40' }
    const [first] = await onTerminal(app, `${aludel} history`, env)
    expect(first).toBe('* f1 (head), The password is ***, to be…')
  })

  test('is nothing where there is none', async () => {
    const app = project({ 'aludel.config.json': '{}', 'migrations/.gitkeep': '' })
    expect(await onTerminal(app, `${aludel} history`)).toEqual([''])
  })

  test.each([
    ['through a pipe', `${aludel} history | cat`],
    ['into a file', `${aludel} history > out; cat out`],
  ])('is plain %s, whatever is said about colours and width', async (_, command) => {
    const env = { FORCE_COLOR: '1', COLUMNS: '20' }
    expect((await onTerminal(project(shop), command, env)).join('\n')).toBe(plain)
  })

  test('is one document with --json', async () => {
    const lines = await onTerminal(project(shop), `${aludel} history --json`, { FORCE_COLOR: '1' })
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0] ?? '')).toMatchObject([{ revision: 'e1' }, { revision: 'd1' }, {}, {}, {}])
  })
})
