/** The editor of the person at the terminal. */
import { existsSync } from 'node:fs'
import { AludelError } from '../../src/errors.ts'

type Environment = Readonly<Record<string, string | undefined>>

/** Tried in this order where nobody says which; all of them need a terminal. */
const usual = ['sensible-editor', 'editor', 'vi', 'nano']

/**
 * Opens files, and waits until the editor ends. What VISUAL or EDITOR say is a command line, as for git: `code --wait`.
 * @throws {AludelError} EDITOR_MISSING, EDITOR_FAILED
 */
export async function openEditor(files: readonly string[], env: Environment): Promise<void> {
  const named = [env['VISUAL'], env['EDITOR']].find((value) => value !== undefined && value.trim() !== '')
  const isTerminal = process.stdin.isTTY && process.stderr.isTTY
  if (named === undefined && !isTerminal) throw missing('there is no terminal to edit on')
  const { which } = await import('zx')
  const { shell } = await import('./shell.ts')
  const editor = named ?? usual.find((name) => which.sync(name, { nothrow: true }) !== null)
  if (editor === undefined) throw missing(`none of ${usual.join(', ')} is here`)
  // A path with a space in it is no command line.
  const line = existsSync(editor) ? '"$0" "$@"' : `${editor} "$@"`
  const { exitCode, signal } = await shell({
    nothrow: true,
    // In a session of its own it would not get the keys of this terminal.
    detached: false,
    // Data alone goes to stdout; without a terminal nothing waits for keys.
    stdio: [isTerminal ? 'inherit' : 'ignore', process.stdout.isTTY ? 'inherit' : process.stderr, 'inherit'],
  })`exec /bin/sh -c ${line} ${editor} ${files}`
  if (exitCode !== 0) throw failed(editor, signal ?? `status ${exitCode}`)
}

function missing(why: string): AludelError {
  return new AludelError('EDITOR_MISSING', `There is no editor to open: ${why}.`, {
    state: 'Nothing was changed.',
    fix: 'Set VISUAL or EDITOR, for example EDITOR="code --wait"; `aludel show` tells where the file is.',
  })
}

function failed(editor: string, how: string): AludelError {
  return new AludelError('EDITOR_FAILED', `The editor \`${editor}\` ended with ${how}.`, {
    state: 'The files are as it left them.',
    fix: 'If it is another one that you want, set VISUAL or EDITOR.',
    details: { editor, how },
  })
}
