import { spawn } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import type { StopPoint } from '../../src/database/stop.ts'
import { expectNoCanary } from './canary.ts'
import { afterTest } from './cleanup.ts'
import { compiled, fromSources, packed, program } from './program.ts'

const repository = path.join(import.meta.dirname, '..', '..')

/** A user's project in a temporary folder, where `aludel` is installed. */
export interface Project {
  readonly folder: string
  /** Adds files, by path; the folders around them too. */
  write(files: Readonly<Record<string, string>>): void
  /** Runs aludel in the project, without a terminal; several runs may go on at once. */
  run(args: readonly string[], options?: RunOptions): Promise<Run>
  /** Starts it, to be sent signals. */
  start(args: readonly string[], options?: RunOptions): Running
  /** Safe to call twice. */
  remove(): void
  [Symbol.dispose](): void
}

export interface Running {
  /** Sends a signal. */
  kill(signal: NodeJS.Signals): void
  /** What it has printed to stderr so far. */
  seen(): string
  /** Settles when this was printed to stderr. */
  said(text: string): Promise<void>
  /** Settles when it has stopped itself at this point; ALUDEL_TEST_STOP names the point. */
  stopped(point: StopPoint): Promise<void>
  readonly ended: Promise<Run>
}

export interface RunOptions {
  /** The environment, beside PATH, a home of its own and Node's cache. */
  readonly env?: Readonly<Record<string, string>>
  /** Inside the project; default its folder. */
  readonly cwd?: string
}

export interface Run {
  /** Null when a signal ended it. */
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
}

/**
 * It makes a project, removed when the test is over. In a hook: `afterAll(() => it.remove())`.
 * @param options.sources run the sources instead of the bundle
 */
export function project(
  files: Readonly<Record<string, string>> = {},
  options: { readonly sources?: boolean } = {},
): Project {
  const folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'aludel_test_project_')))
  const remove = () => rmSync(folder, { recursive: true, force: true })
  afterTest(remove)
  const write: Project['write'] = (written) => {
    for (const [name, content] of Object.entries(written)) {
      mkdirSync(path.dirname(path.join(folder, name)), { recursive: true })
      writeFileSync(path.join(folder, name), content)
    }
  }
  write({ 'package.json': '{ "name": "project", "private": true, "type": "module" }\n', ...files })
  linkPackages(folder, options.sources ?? false)
  const start: Project['start'] = (args, { cwd = '', env = {} } = {}) =>
    startProcess([options.sources ? fromSources : program, ...args], path.join(folder, cwd), {
      HOME: folder,
      NODE_COMPILE_CACHE: compiled,
      ...env,
    })
  return {
    folder,
    write,
    run: (args, options) => start(args, options).ended,
    start,
    remove,
    [Symbol.dispose]: remove,
  }
}

function startProcess(args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): Running {
  const child = spawn(process.execPath, args, {
    cwd,
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // One that a failed test left stopped would stay for ever.
  afterTest(() => void child.kill('SIGKILL'))
  const status = new Promise<number | null>((done, fail) => child.on('error', fail).on('close', done))
  let seen = ''
  child.stderr.on('data', (chunk) => (seen += String(chunk)))
  const said = (wanted: string): Promise<void> =>
    new Promise((done, fail) => {
      const look = (): void => {
        if (seen.includes(wanted)) done()
      }
      look()
      child.stderr.on('data', look)
      const never = `it ended and never said ${JSON.stringify(wanted)}:`
      status.then(
        (code) => fail(new Error(`${never} status ${code}\n${seen}`)),
        (error: unknown) => fail(error),
      )
    })
  const ended = async (): Promise<Run> => {
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
    expectNoCanary(stdout + stderr, `aludel ${args.slice(1).join(' ')}`)
    return { status: await status, stdout, stderr }
  }
  return {
    kill: (signal) => void child.kill(signal),
    seen: () => seen,
    said,
    stopped: async (point) => {
      await said(`@stop ${point}\n`)
      while (!isStopped(child.pid)) await setTimeout(5)
    },
    ended: ended(),
  }
}

/** It says so before it does: a SIGCONT between the two would be lost. */
function isStopped(pid: number | undefined): boolean {
  if (process.platform !== 'linux') return true
  return readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .startsWith('T')
}

/** The packages of this repository, each by a link, and aludel itself. */
function linkPackages(folder: string, sources: boolean): void {
  const [from, to] = [path.join(repository, 'node_modules'), path.join(folder, 'node_modules')]
  mkdirSync(to, { recursive: true })
  for (const name of readdirSync(from)) symlinkSync(path.join(from, name), path.join(to, name))
  if (!sources) return symlinkSync(packed, path.join(to, 'aludel'))
  const index = pathToFileURL(path.join(repository, 'src/index.ts')).href
  mkdirSync(path.join(to, 'aludel'))
  writeFileSync(path.join(to, 'aludel/package.json'), '{ "type": "module", "exports": "./index.js" }\n')
  // Node strips no types of files under node_modules; this one only points at those outside.
  writeFileSync(path.join(to, 'aludel/index.js'), `export * from ${JSON.stringify(index)}\n`)
}
