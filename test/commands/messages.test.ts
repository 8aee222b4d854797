import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, test } from 'vitest'
import { program } from '../support/program.ts'
import { type Project, project } from '../support/project.ts'

const repository = path.join(import.meta.dirname, '..', '..')
const makefile = `ALUDEL := ${process.execPath} ${program}\ninclude ${repository}/aludel.mk\n`

const files = {
  Makefile: makefile,
  'aludel.config.json': '{ "url": "sqlite:app.db", "entities": "entities/*.ts" }',
}

const hostile: readonly string[] = [
  'เพิ่มที่อยู่ให้ผู้ใช้',
  'Ship it 🚀👩‍👩‍👧',
  `"it's" 'quoted' \`twice\` “so” «to» \\"speak\\'`,
  '$(shell touch pwn)',
  '$$(touch pwn) $(touch pwn) ${HOME} $PATH',
  '`touch pwn`',
  '; touch pwn; \' ; touch pwn; " ; touch pwn',
  'two\nlines; touch pwn\n\ttouch pwn',
  '../../x',
  '--help',
  '-m',
  "${message} */ ' } process.exit(1) //",
  'a line\u2028separator',
  'long '.repeat(60),
  'x'.repeat(10_000),
  'مرحبا بالعالم שלום',
  '🎉',
  'con',
  '%s %n {0} <b>&amp;</b> #{x}',
  'tab\there',
]

const ways: Readonly<
  Record<string, (message: string) => { args: readonly string[]; env: Record<string, string> }>
> = {
  'on the command line': (message) => ({ args: [`msg=${message}`], env: {} }),
  'in the environment': (message) => ({ args: [], env: { msg: message } }),
}

function make({ folder }: Project, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const cache = path.join(repository, 'node_modules/.cache/node')
  const made = spawnSync('make', [...args], {
    cwd: folder,
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], HOME: folder, NODE_COMPILE_CACHE: cache, ...env },
  })
  return { status: made.status, stdout: made.stdout, stderr: made.stderr }
}

/** Every path in the project but for its packages. */
function tree({ folder }: Project): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('node_modules'))
    .toSorted()
}

describe.each(Object.keys(ways))('F41, F42: a message %s', (way) => {
  test(
    'is never run, and stands in the file exactly; history prints one line of each',
    { timeout: 60_000 },
    async () => {
      const app = project({ ...files, 'migrations/.keep': '' })
      for (const [at, message] of hostile.entries()) {
        const before = tree(app)
        const { args, env } = ways[way]?.(message) ?? { args: [], env: {} }
        expect(make(app, ['migrate-create', 'empty=1', 'json=1', ...args], env)).toMatchObject({
          status: 0,
          stderr: '',
        })
        const [file = '', ...others] = tree(app).filter((name) => !before.includes(name))
        expect(others).toEqual([])
        expect(file).toMatch(/^migrations\/[0-9a-f]{12}(?:_[\p{L}\p{M}\p{N}_]+)?\.ts$/u)
        expect(Buffer.byteLength(path.basename(file))).toBeLessThan(140)
        const module: unknown = await import(
          /* @vite-ignore */ pathToFileURL(path.join(app.folder, file)).href
        )
        expect(module).toMatchObject({
          message,
          downRevision: at === 0 ? null : expect.any(String),
        })
      }
      const history = make(app, ['migrate-history']).stdout.replace(/\n$/, '').split('\n')
      const firstLines = hostile.map((message) => message.split(/[\n\u2028]/, 1)[0])
      expect(history.map((line) => line.replace(/^.*? -> \w+(?: \(head\))?, /, '')).toReversed()).toEqual(
        firstLines,
      )
    },
  )

  test('is that of a generated revision too', () => {
    const message = `"it's" $(shell touch pwn) \`touch pwn\``
    const { args, env } = ways[way]?.(message) ?? { args: [], env: {} }
    const app = project({
      ...files,
      'entities/note.ts': `import { defineEntity, p } from '@mikro-orm/core'
        export const Note = defineEntity({ name: 'Note', properties: { id: p.integer().primary() } })`,
    })
    const { status, stdout } = make(app, ['migrate-create', 'json=1', 'rev_id=a1', ...args], env)
    expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 0, revision: 'a1', operations: 1 })
    expect(tree(app)).toEqual([
      ...['Makefile', 'aludel.config.json', 'entities', 'entities/note.ts', 'migrations'],
      ...['migrations/a1_it_s_shell_touch_pwn_touch_pwn.ts', 'package.json'],
    ])
    const shown = make(app, ['migrate-show', 'json=1', 'rev=a1'])
    expect(JSON.parse(shown.stdout)).toMatchObject([{ message }])
  })
})

test('without a message, and without a terminal to ask on, nothing is written', () => {
  const app = project(files)
  for (const args of [[], ['msg='], ['msg=   ']]) {
    const { status, stdout } = make(app, ['migrate-create', 'json=1', ...args])
    expect({ status, ...JSON.parse(stdout) }).toMatchObject({ status: 2, error: { code: 'MESSAGE_MISSING' } })
  }
  expect(tree(app)).toEqual(['Makefile', 'aludel.config.json', 'package.json'])
})

describe('no file is written over', () => {
  test(
    'F47: eight runs at once that compare the same state write eight files with eight ids',
    { timeout: 60_000 },
    async () => {
      // Entities are loaded after the graph was read and before the file is written: there all wait for each other.
      const app = project({
        ...files,
        'arrived/.keep': '',
        'entities/note.ts': `import { defineEntity, p } from '@mikro-orm/core'
        import { readdirSync, writeFileSync } from 'node:fs'
        writeFileSync('arrived/' + process.pid, '')
        while (readdirSync('arrived').length < 9) await new Promise((done) => setTimeout(done, 20))
        export const Note = defineEntity({ name: 'Note', properties: { id: p.integer().primary() } })`,
      })
      const create = ['revision', '--autogenerate', '-m', 'The same', '--json']
      const runs = await Promise.all(Array.from({ length: 8 }, () => app.run(create)))
      expect(runs.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 0))
      const ids = runs.map(({ stdout }) => String(JSON.parse(stdout).revision))
      expect(new Set(ids).size).toBe(8)
      // What CI says of them after the merge.
      const upgrade = await app.run(['upgrade', 'head', '--json'])
      expect({ status: upgrade.status, ...JSON.parse(upgrade.stdout).error }).toMatchObject({
        status: 4,
        code: 'MULTIPLE_HEADS',
        message: expect.stringMatching(/^There are 8 heads: .*_the_same\.ts\)/),
        fix: expect.stringContaining('`aludel upgrade heads`'),
        details: { heads: ids.toSorted() },
      })
      const names = ids.map((id) => `${id}_the_same.ts`).toSorted()
      expect(readdirSync(path.join(app.folder, 'migrations')).toSorted()).toEqual(names)
      for (const id of ids) {
        const text = readFileSync(path.join(app.folder, `migrations/${id}_the_same.ts`), 'utf8')
        expect(text).toContain(`export const revision = '${id}'\n`)
        expect(text).toMatch(/\n\}\n$/)
      }
    },
  )

  test('F47: eight runs at once with one id write one file; the others are refused', async () => {
    const app = project(files)
    const runs = await Promise.all(
      Array.from({ length: 8 }, () => app.run(['revision', '-m', 'Next', '--rev-id', 'a1', '--json'])),
    )
    const refused = runs
      .filter(({ status }) => status !== 0)
      .map(({ stdout }) => JSON.parse(stdout).error.code)
    expect(refused).toEqual(Array.from({ length: 7 }, () => 'REVISION_EXISTS'))
    expect(readdirSync(path.join(app.folder, 'migrations'))).toEqual(['a1_next.ts'])
  })

  test('a file of another kind with that name stays as it is', async () => {
    const app = project({ ...files, 'migrations/a1_next.ts': 'mine' })
    const { status, stdout } = await app.run(['revision', '-m', 'Next', '--rev-id', 'a1', '--json'])
    expect({ status, ...JSON.parse(stdout) }).toMatchObject({ error: { code: 'HEADER_UNREADABLE' } })
    expect(readFileSync(path.join(app.folder, 'migrations/a1_next.ts'), 'utf8')).toBe('mine')
  })
})
