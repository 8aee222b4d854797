/** The project's own commands on a new file. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { urlVariables } from '../../config/database-url.ts'
import type { Settings } from '../../src/config.ts'
import { readHeader } from '../../src/revision/header.ts'
import type { Input } from './command.ts'

/**
 * Runs them one after the other on the file. One that fails leaves the file, and what it printed is told; one after which the file is
 * that revision no more has the file put back.
 * @returns a warning for each that failed
 */
export async function runWriteHooks(
  { env, note }: Pick<Input, 'env' | 'note'>,
  settings: Pick<Settings, 'root' | 'secrets' | 'writeHooks'>,
  file: string,
): Promise<readonly string[]> {
  const { shell } = await import('./shell.ts')
  const run = shell({
    cwd: settings.root,
    env: environment(env, settings.root, await settings.secrets()),
    nothrow: true,
    // Ctrl-C on a terminal ends it too.
    detached: false,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const warnings: string[] = []
  for (const { words, timeout } of settings.writeHooks) {
    const before = readFileSync(file, 'utf8')
    const hasPlace = words.some((word) => word.includes('{file}'))
    const command = [...words.map((word) => word.replaceAll('{file}', file)), ...(hasPlace ? [] : [file])]
    const started = Date.now()
    const { exitCode, signal, stdall } = await run`${command}`.timeout(timeout, 'SIGKILL')
    const isLate = signal === 'SIGKILL' && Date.now() - started >= timeout
    const how = isLate
      ? `took longer than ${timeout / 1000} s`
      : `ended with ${signal ?? `status ${exitCode}`}`
    const isWhole = isSame(before, readFileSync(file, 'utf8'))
    if (!isWhole) writeFileSync(file, before)
    if (exitCode === 0 && isWhole) continue
    for (const line of stdall.trimEnd().split('\n').slice(-20)) if (line !== '') note(line)
    const what = isWhole ? 'the file stays as it is now' : 'it left no revision, and the file was put back'
    warnings.push(`The hook \`${words.join(' ')}\` ${how}: ${what}.`)
  }
  return warnings
}

/** The same revision, after the same ones. */
function isSame(before: string, after: string): boolean {
  const [old, now] = [before, after].map((text) => readHeader(text))
  return ['revision', 'downRevision'].every(
    (name) => JSON.stringify(old?.get(name)) === JSON.stringify(now?.get(name)),
  )
}

/** The project's own programs come first. What holds a password is no affair of a formatter. */
function environment(
  env: Input['env'],
  root: string,
  secrets: readonly string[],
): Record<string, string | undefined> {
  const kept = Object.entries(env).filter(
    ([name, value = '']) =>
      !urlVariables.some((each) => each === name) &&
      !/passw(?:or)?d|^mysql_pwd$/i.test(name) &&
      !/:\/\/[^/\s]*:[^/\s]*@/.test(value) &&
      !secrets.some((secret) => value.includes(secret)),
  )
  return { ...Object.fromEntries(kept), PATH: [...binaries(root), env['PATH'] ?? ''].join(path.delimiter) }
}

/** `node_modules/.bin` of the project and of what it is a part of. */
function binaries(folder: string): readonly string[] {
  const here = path.join(folder, 'node_modules/.bin')
  const parent = path.dirname(folder)
  return parent === folder ? [here] : [here, ...binaries(parent)]
}
