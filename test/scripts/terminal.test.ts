import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { printable, printableJson } from '../../scripts/support/printable.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { compiled, program } from '../support/program.ts'
import { type Project, type Run, project } from '../support/project.ts'

const config = { 'aludel.config.json': '{ "url": "sqlite:app.db" }' }

/** Runs a line of shell in the project, in which `aludel` is the program. */
async function shell(
  { folder }: Project,
  line: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  const aludel = `aludel() { '${process.execPath}' '${program}' "$@"; }`
  const child = spawn('/bin/sh', ['-c', `${aludel}\n${line}`], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, NODE_COMPILE_CACHE: compiled, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const status = new Promise<number | null>((done) => child.on('close', done))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { status: await status, stdout, stderr }
}

const many = Array.from({ length: 2000 }, (_, at) => `r${String(at).padStart(4, '0')}`)

test('F51: a reader that leaves early is no error', async () => {
  const app = project({ ...config, ...chain(...many) })
  const status = 'aludel history; echo "status $?" >&2'
  expect(await shell(app, `{ ${status}; } | head -1`)).toMatchObject({
    stdout: expect.stringMatching(/^r1998 -> r1999 \(head\), r1999\n$/),
    stderr: 'status 0\n',
  })
})

// A full disk; not every system has it.
describe.skipIf(!existsSync('/dev/full'))('where nothing more can be written', () => {
  describeDialects('F51: a run', (dialect) => {
    // With an error thrown by the stream of the log the run ends with 70 in the middle.
    test('whose log is full does all its work; whose result is full has done it, and says 1', async () => {
      const db = await database(dialect)
      const app = project({ ...config, ...chain('a1', 'b1', 'c1') })
      const env = { DATABASE_URL: db.url }
      expect(await shell(app, 'aludel upgrade b1 2>/dev/full', env)).toMatchObject({
        status: 0,
        stdout: expect.stringMatching(/^Done: 2 steps .* at b1\.\n$/),
      })
      for (const json of ['', ' --json']) {
        const written = await shell(app, `aludel upgrade${json} >/dev/full`, env)
        expect(written.status).toBe(1)
        expect(written.stderr).toContain('The result could not be written: ENOSPC')
        expect(JSON.parse((await app.run(['current', '--json'], { env })).stdout)).toMatchObject({
          heads: ['c1'],
          pending: 0,
        })
      }
      expect((await shell(app, 'aludel downgrade base >/dev/full 2>&1', env)).status).toBe(1)
      expect((await shell(app, 'aludel upgrade >&- 2>&-', env)).status).toBe(0)
      expect(JSON.parse((await app.run(['current', '--json'], { env })).stdout)).toMatchObject({ applied: 3 })
    })
  })
})

describe('F52: no byte of what is printed is for a terminal', () => {
  const files = {
    ...config,
    ...chain('a1'),
    ...revisionFile('b1', {
      down: 'a1',
      message: '\u001b[31mred\u001b[0m \u009b1m \u0007',
      up: `throw new Error('\\u001b]0;title\\u0007 boom')`,
    }),
  }
  const modes: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'where nobody watches': {},
    'with NO_COLOR': { NO_COLOR: '1' },
    'with TERM=dumb': { TERM: 'dumb' },
    'with FORCE_COLOR=0': { FORCE_COLOR: '0', TERM: 'xterm-256color' },
    'with 20 columns': { COLUMNS: '20', TERM: 'xterm' },
    'with CI': { CI: 'true', TERM: 'xterm' },
  }

  test.each(Object.keys(modes))('%s', async (mode) => {
    const app = project(files)
    const commands = [
      'history',
      'show b1',
      'upgrade',
      'current',
      'history -i',
      'log',
      'upgrade --debug',
      'help',
      'nope',
    ]
    for (const command of commands) {
      const { stdout, stderr } = await app.run(command.split(' '), { env: modes[mode] ?? {} })
      expect(`${stdout}${stderr}`).not.toMatch(/[^\P{Cc}\n\t]/u)
      const json = await app.run([...command.split(' '), '--json'], { env: modes[mode] ?? {} })
      expect(`${json.stdout}${json.stderr}`).not.toMatch(/[^\P{Cc}\n\t]/u)
    }
  })

  test('with FORCE_COLOR an error is red, and data is as it was', async () => {
    const { stdout, stderr } = await project(files).run(['nope'], { env: { FORCE_COLOR: '1' } })
    expect(stdout).toBe('')
    expect(stderr.split('\n')[0]).toContain('\u001b[31mUSAGE: There is no command `nope`.\u001b[39m')
    const history = await project(files).run(['history'], { env: { FORCE_COLOR: '1' } })
    expect(history.stdout).not.toMatch(/[^\P{Cc}\n\t]/u)
  })

  test('text keeps its lines and tabs; JSON keeps what it says', () => {
    expect(printable('a\tb\r\nc\u001b[1m\u0000\u007F\u009B\u202Ed')).toBe('a\tb\nc?[1m????d')
    const said = { text: '\u001b\u007F\u009B\u2028\u202Eไทย 🎉' }
    expect(printableJson(JSON.stringify(said))).not.toMatch(/[\p{Cc}\u2028\u202E]/u)
    expect(JSON.parse(printableJson(JSON.stringify(said)))).toEqual(said)
  })
})

describe('F50: nobody is asked', () => {
  test.each([
    ['a closed stdin', 'aludel revision <&-', {}],
    ['no stdin', 'aludel revision </dev/null', {}],
    ['a pipe', 'echo Message | aludel revision', {}],
    ['CI', 'aludel revision', { CI: 'true' }],
    ['--json', 'aludel revision --json', {}],
  ])('with %s', async (_, line, env) => {
    const app = project(config)
    const { status, stdout, stderr } = await shell(app, line, env)
    expect(status).toBe(2)
    expect(stdout + stderr).toContain('MESSAGE_MISSING')
    expect(existsSync(path.join(app.folder, 'migrations'))).toBe(false)
  })

  test('with a closed stdin a run goes up and down', async () => {
    const app = project({ ...config, ...chain('a1') })
    expect((await shell(app, 'aludel upgrade <&- && aludel downgrade base <&-')).status).toBe(0)
  })
})
