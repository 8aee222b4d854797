import { spawn } from 'node:child_process'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { chain, revisionFile } from '../support/files.ts'
import { program } from '../support/program.ts'
import { type Project, project } from '../support/project.ts'
import { say } from '../support/say.ts'

const config = { 'aludel.config.json': '{ "url": "sqlite:app.db" }' }

/** Programs in the project that write what they are called with, a word a line, to `called`. */
function withEditors(app: Project, ...names: readonly string[]): void {
  app.write(
    Object.fromEntries(
      names.map((name) => [name, `#!/bin/sh\nprintf '%s\\n' "\${0##*/}" "$@" >> '${app.folder}/called'\n`]),
    ),
  )
  for (const name of names) chmodSync(path.join(app.folder, name), 0o755)
}

const called = ({ folder }: Project) =>
  readFileSync(path.join(folder, 'called'), 'utf8').split('\n').slice(0, -1)

describe('edit opens the file of a revision', () => {
  const start = () => {
    const app = project({
      ...config,
      ...chain('a1', 'b2'),
      ...revisionFile('c3', { down: 'a1', header: "export const branchLabels = ['carts']" }),
    })
    withEditors(app, 'editors/mine', 'editors/my own editor')
    const file = (name: string) => path.join(app.folder, 'migrations', name)
    return { app, file, editor: path.join(app.folder, 'editors/mine') }
  }

  test('in what VISUAL says, else EDITOR, arguments and all', async () => {
    const { app, file, editor } = start()
    expect(await say(app, 'edit b2', { VISUAL: `${editor} --wait "two words"`, EDITOR: 'nope' })).toBe(
      'Unchanged: migrations/b2.ts\n',
    )
    expect(called(app)).toEqual(['mine', '--wait', 'two words', file('b2.ts')])
    await say(app, 'edit carts', { VISUAL: ' ', EDITOR: editor })
    expect(called(app).slice(4)).toEqual(['mine', file('c3.ts')])
  })

  test('or of several, each once; a path with spaces is an editor too', async () => {
    const { app, file } = start()
    const env = { EDITOR: path.join(app.folder, 'editors/my own editor') }
    expect(await say(app, 'edit a1 heads b2', env)).toBe(
      'Unchanged: migrations/a1.ts\nUnchanged: migrations/b2.ts\nUnchanged: migrations/c3.ts\n',
    )
    expect(called(app)).toEqual(['my own editor', file('a1.ts'), file('b2.ts'), file('c3.ts')])
  })

  test('or of what the database has', async () => {
    const { app, file, editor } = start()
    expect(await say(app, 'edit current', { EDITOR: editor })).toMatch(
      /^2 UNKNOWN_REVISION: No revision is meant by 'current'\./,
    )
    await say(app, 'upgrade a1')
    await say(app, 'edit current', { EDITOR: editor })
    expect(called(app)).toEqual(['mine', file('a1.ts')])
  })

  test('and tells what was changed; a fault that it left is told at once', async () => {
    const { app } = start()
    expect(await say(app, 'edit b2', { EDITOR: "sed -i 's/t_b2/t_b3/'" })).toBe('Changed: migrations/b2.ts\n')
    expect(await say(app, 'edit b2', { EDITOR: "sed -i 's/b2/a1/'" })).toMatch(/^4 DUPLICATE_REVISION: /)
  })

  test('none when the target is unknown, or the history cannot be read', async () => {
    const { app, editor } = start()
    expect(await say(app, 'edit nope', { EDITOR: editor })).toMatch(/^2 UNKNOWN_REVISION: .*nope/)
    expect(await say(app, 'edit base', { EDITOR: editor })).toMatch(/^2 UNKNOWN_REVISION: .*base/)
    expect(await say(app, 'edit', { EDITOR: editor })).toMatch(/^4 MULTIPLE_HEADS: /)
    app.write({ 'migrations/x.ts': 'export const nothing = 1' })
    expect(await say(app, 'edit a1', { EDITOR: editor })).toMatch(/^4 HEADER_UNREADABLE: /)
    expect(existsSync(path.join(app.folder, 'called'))).toBe(false)
  })

  test('and says how the editor ended, if that was not well', async () => {
    const { app } = start()
    expect(await say(app, 'edit a1', { EDITOR: 'sh -c "exit 3"' })).toMatch(
      /^2 EDITOR_FAILED: The editor `sh -c "exit 3"` ended with status 3\.\nState: .*\nNext: .*EDITOR/,
    )
    expect(await say(app, 'edit a1', { EDITOR: 'no-such-editor' })).toMatch(
      /^2 (?:.*\n)?EDITOR_FAILED: The editor `no-such-editor` ended with status 127\./m,
    )
  })

  test('with --json stdout is one document, whatever the editor prints', async () => {
    const { app, file } = start()
    const { stdout, stderr } = await app.run(['edit', 'a1', '--json'], { env: { EDITOR: 'echo editing' } })
    expect(JSON.parse(stdout)).toEqual({ files: [{ revision: 'a1', path: file('a1.ts'), changed: false }] })
    expect(stderr).toBe(`editing ${file('a1.ts')}\n`)
  })

  test('without a terminal only in an editor that somebody has named, which reads nothing', async () => {
    const { app } = start()
    expect(await say(app, 'edit a1')).toMatch(
      /^2 EDITOR_MISSING: There is no editor to open: there is no terminal to edit on\.\nState: .*\nNext: Set VISUAL or EDITOR/,
    )
    expect(await say(app, 'edit a1', { EDITOR: 'cat -' })).toContain('Unchanged: migrations/a1.ts\n')
  })

  /** A terminal, as the program `script` of Linux gives one; elsewhere it takes other arguments. */
  const script = '/usr/bin/script'
  test.skipIf(process.platform !== 'linux')(
    'on a terminal in one that is found, in the usual order',
    async () => {
      const { app, file } = start()
      const onTerminal = async (words: string) => {
        const child = spawn(script, ['-qec', `'${process.execPath}' '${program}' ${words}`, '/dev/null'], {
          cwd: app.folder,
          env: { PATH: `${app.folder}/bin:/nowhere`, HOME: app.folder, SHELL: '/bin/sh' },
          stdio: ['pipe', 'pipe', 'inherit'],
        })
        const [said, status] = await Promise.all([
          text(child.stdout),
          new Promise((done) => child.on('close', done)),
        ])
        return { said: said.replaceAll('\r', ''), status }
      }
      expect(await onTerminal('edit a1')).toEqual({
        status: 2,
        said: expect.stringContaining('none of sensible-editor, editor, vi, nano is here.'),
      })
      withEditors(app, 'bin/nano')
      expect(await onTerminal('edit a1')).toEqual({ status: 0, said: 'Unchanged: migrations/a1.ts\n' })
      withEditors(app, 'bin/vi', 'bin/nano', 'bin/sensible-editor')
      await onTerminal('edit a1')
      expect(called(app)).toEqual(['nano', file('a1.ts'), 'sensible-editor', file('a1.ts')])
    },
  )
})
