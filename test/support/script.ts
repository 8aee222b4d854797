/** Runs and checks scripts of a project that aludel itself does not run. */
import { execFile } from 'node:child_process'
import path from 'node:path'
import { expectNoCanary } from './canary.ts'
import type { Project, Run } from './project.ts'

const repository = path.join(import.meta.dirname, '..', '..')
const compiled = path.join(repository, 'node_modules/.cache/node')

/**
 * Runs a script by Node in the project's folder. One that does not end by itself is killed, and its status is null.
 * @param env beside PATH and Node's cache
 */
export function runScript(
  { folder }: Project,
  file: string,
  env: Readonly<Record<string, string>> = {},
): Promise<Run> {
  return start(folder, [file], env)
}

const strict = [
  ...['--noEmit', '--strict', '--target', 'es2024', '--module', 'nodenext', '--types', 'node'],
  ...['--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess'],
  ...['--skipLibCheck', '--allowImportingTsExtensions', '--erasableSyntaxOnly', '--verbatimModuleSyntax'],
]

/** What the compiler says of these files of the project, all strict; `aludel` has its types from the sources. */
export async function typeFaults({ folder, write }: Project, files: readonly string[]): Promise<string> {
  const paths = { aludel: [path.join(repository, 'src/index.ts')] }
  const config = { compilerOptions: { paths }, files }
  write({ 'tsconfig.json': JSON.stringify(config) })
  const compiler = path.join(repository, 'node_modules/typescript/bin/tsc')
  const { stdout, stderr } = await start(folder, [compiler, '--project', '.', ...strict], {})
  return `${stdout}${stderr}`.trim()
}

function start(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): Promise<Run> {
  const options = {
    cwd,
    timeout: 25_000,
    env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compiled, ...env },
  }
  return new Promise<Run>((done) => {
    execFile(process.execPath, args, options, (error, stdout, stderr) => {
      const status = error ? (typeof error.code === 'number' ? error.code : null) : 0
      done({ status, stdout, stderr })
    })
  }).then((run) => {
    expectNoCanary(run.stdout + run.stderr, args.join(' '))
    return run
  })
}
