/** Scripts in tests: written by aludel, run by the database's own client. */
import { expect } from 'vitest'
import { runClient } from './client.ts'
import type { Project } from './project.ts'
import type { DialectName } from './servers.ts'

/** It writes a script where nothing is but the dialect: no URL, no server. */
export async function script(
  app: Project,
  dialect: DialectName,
  ...args: readonly string[]
): Promise<string> {
  const { status, stdout, stderr } = await app.run([...args, '--sql', '--dialect', dialect], {
    env: { USER: 'somebody' },
  })
  expect(`${status} ${stderr}`).toMatch(/^0 (?:.* )?A script for \w+: \d+ steps?; nothing was run\.\n$/)
  return stdout
}

/** It runs a script, which must end well and say nothing. */
export async function feed(url: string, text: string): Promise<void> {
  const { status, stderr } = await runClient(url, text)
  expect(`${status} ${stderr.replaceAll(/^.*NOTICE: .*$\n?/gm, '')}`).toBe('0 ')
}

/** It runs a command of aludel on a database, which must succeed, and gives its JSON. */
export function commandsOn(app: Project, url: string) {
  return async (...args: readonly string[]) => {
    const env = { DATABASE_URL: url, USER: 'somebody' }
    const { status, stdout, stderr } = await app.run([...args, '--json'], { env })
    expect(`${status} ${status === 0 ? '' : stdout + stderr}`).toBe('0 ')
    return JSON.parse(stdout)
  }
}
