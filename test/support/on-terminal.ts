import { spawn } from 'node:child_process'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import type { Project } from './project.ts'

/** `aludel` for a line of shell. */
export const aludel = `'${process.execPath}' '${path.join(import.meta.dirname, '../../scripts/aludel.ts')}'`

/** Runs a line of shell in the project, on a terminal of 100 columns (Linux only); gives the lines that the terminal gets. */
export async function onTerminal(
  app: Project,
  command: string,
  env: Readonly<Record<string, string>> = {},
): Promise<readonly string[]> {
  const child = spawn('script', ['-qec', `stty cols 100; ${command}`, '/dev/null'], {
    cwd: app.folder,
    env: { PATH: process.env['PATH'], HOME: app.folder, TERM: 'xterm', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  return (await text(child.stdout)).trimEnd().split('\r\n')
}
