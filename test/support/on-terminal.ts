import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { stripVTControlCharacters } from 'node:util'
import { program } from './program.ts'
import type { Project } from './project.ts'

/** `aludel` for a line of shell. */
export const aludel = `'${process.execPath}' '${program}'`

/**
 * Runs a line of shell in the project, on a terminal of 100 columns (Linux only); gives the lines that the terminal gets.
 * @param typed what a person types, one after the other, each when the terminal ends with `: `
 */
export async function onTerminal(
  app: Project,
  command: string,
  env: Readonly<Record<string, string>> = {},
  typed: readonly string[] = [],
): Promise<readonly string[]> {
  const child = spawn('script', ['-qec', `stty cols 100; ${command}`, '/dev/null'], {
    cwd: app.folder,
    env: { PATH: process.env['PATH'], HOME: app.folder, TERM: 'xterm', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  if (typed.length === 0) child.stdin.end()
  const left = [...typed]
  child.stdout.on('data', (chunk) => {
    // What follows a prompt moves the cursor behind it.
    const isPrompt = stripVTControlCharacters(String(chunk)).endsWith(': ')
    if (isPrompt && typed.length > 0) child.stdin.write(left.shift() ?? '\u0004')
  })
  return (await text(child.stdout)).trimEnd().split('\r\n')
}
