/** What README.md says is run, or compared with what it speaks of. */
import { spawnSync } from 'node:child_process'
import { chmodSync, copyFileSync, existsSync, readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { checkConfig } from '../config/check.ts'
import { builtIn } from '../config/dialects.ts'
import { searchPlaces } from '../config/find.ts'
import { loadSettings } from '../config/load.ts'
import { summaries } from '../scripts/help.ts'
import { commonOptions } from '../scripts/support/command.ts'
import { commands } from '../scripts/support/commands.ts'
import type { Config } from '../src/config.ts'
import { exitCodes } from '../src/errors.ts'
import { chain, revisionFile } from './support/files.ts'
import { edits, orderingFiles } from './support/ordering.ts'
import { aludel, onTerminal } from './support/on-terminal.ts'
import { compiled, program } from './support/program.ts'
import { type Project, project } from './support/project.ts'
import { runScript, typeFaults } from './support/script.ts'
import { sql } from './support/sql.ts'

const repository = path.join(import.meta.dirname, '..')
const read = (name: string): string => readFileSync(path.join(repository, name), 'utf8')
const readme = read('README.md')
const makefile = read('aludel.mk')

/** The text under a heading, up to the next one. */
function section(heading: string): string {
  const [, text] = readme.split(new RegExp(`^#+ ${heading}$`, 'm'))
  if (text === undefined) throw new Error(`README.md has no heading ${heading}`)
  return text.split(/^#+ [A-Z]/m)[0] ?? ''
}

function blocks(text: string, language: 'sh' | 'sql' | 'text' | 'ts'): readonly string[] {
  return [...text.matchAll(/^```(\w*)\n(.*?)^```$/gms)].flatMap(([, found, code = '']) =>
    found === language ? [code] : [],
  )
}

/** The cells of a section's table, without its head. */
function table(heading: string): readonly (readonly string[])[] {
  const lines = section(heading)
    .split('\n')
    .filter((line) => line.startsWith('|'))
  return lines.slice(2).map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  )
}

/** What stands in backquotes. */
function code(text = ''): readonly string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, found = '']) => found)
}

/**
 * A shell in the project, where `npm install` has nothing to do, as aludel is linked there already.
 */
function shell(app: Project, script: string, env: Readonly<Record<string, string>> = {}): string {
  const run = `exec '${process.execPath}' '${program}'`
  const programs = {
    'bin/npm': '#!/bin/sh\n[ "$1" = install ]\n',
    'bin/npx': `#!/bin/sh\n[ "$1" = aludel ] || exit 127\nshift\n${run} "$@"\n`,
  }
  app.write(programs)
  for (const name of Object.keys(programs)) chmodSync(path.join(app.folder, name), 0o755)
  const { status, stdout, stderr } = spawnSync('sh', ['-e', '-u', '-c', script], {
    cwd: app.folder,
    encoding: 'utf8',
    env: {
      PATH: `${path.join(app.folder, 'bin')}:${process.env['PATH']}`,
      HOME: app.folder,
      ALUDEL: 'npx aludel',
      NODE_COMPILE_CACHE: compiled,
      ...env,
    },
  })
  expect({ script, status, said: status === 0 ? '' : stdout + stderr }).toEqual({
    script,
    status: 0,
    said: '',
  })
  return stdout
}

describe('the first ten minutes', () => {
  const story = blocks(section('The first ten minutes'), 'sh')
  const [install = '', first = '', daily = '', rename = '', baseline = '', without = ''] = story
  const config = { 'aludel.config.json': undefined }
  const { 'aludel.config.json': _, ...entities } = { ...orderingFiles(), ...config }
  const revisions = (app: Project) => readdirSync(path.join(app.folder, 'migrations'))

  test(
    'go as told: init, create, up, the daily commands, a rename, a database that has its tables',
    { timeout: 60_000 },
    async () => {
      expect(story).toHaveLength(6)
      const app = project(entities)

      expect(shell(app, install)).toMatch(/^wrote aludel\.config\.json\nwrote migrations\/\nwrote Makefile\n/)
      expect(shell(app, first)).toMatch(
        /^Wrote migrations\/\w+_first_tables\.ts \(4 operations\)\.\n(?:.*\n)+Done: 1 step/,
      )
      expect(shell(app, daily)).toMatch(
        /^(\w{12}) \(head\)\n1 applied, 0 pending\n<base> -> \1 \(head\), First tables\nDone: .* base\.\nDone: .* \1\.\nEntities, history and database agree\.\n$/,
      )
      edits.renamePhone(app)
      shell(app, rename)
      const renaming = revisions(app).find((name) => name.endsWith('_rename_phone.ts')) ?? ''
      expect(readFileSync(path.join(app.folder, 'migrations', renaming), 'utf8')).toContain(
        "op.renameColumn('users', 'phone', 'phone_number')",
      )
      shell(app, blocks(section('In the release phase of a host'), 'sh').join(''))

      const taken = project(entities)
      shell(taken, install)
      copyFileSync(path.join(app.folder, 'app.db'), path.join(taken.folder, 'app.db'))
      await sql(`sqlite:${taken.folder}/app.db`, 'drop table aludel_revision', 'drop table aludel_journal')
      edits.renamePhone(taken)
      shell(taken, baseline)
      expect(shell(taken, 'npx aludel check')).toBe('Entities, history and database agree.\n')
      expect(shell(taken, without)).toBe('Nothing to generate: the history makes what the entities want.\n')
      expect(revisions(taken)).toEqual([expect.stringMatching(/^\w{12}_baseline\.ts$/)])
    },
  )

  test('the revision files that they show run there and back', async () => {
    const [shown = '', data = ''] = blocks(section('The first ten minutes'), 'ts')
    const users = `op.createTable('users', { columns: [
      { name: 'id', type: 'integer' },
      { name: 'first_name', type: 'string' },
      { name: 'last_name', type: 'string' },
    ] })
    op.execute("insert into users values (1, 'Ada', 'Lovelace')")`
    const app = project({
      'aludel.config.json': '{ "url": "sqlite:app.db" }',
      ...revisionFile('1c3d5e7f9a0b', { up: users, back: "op.dropTable('users')" }),
      'migrations/8f2a6c1d9b3e.ts': shown,
      'migrations/data.ts': `import type { Operations } from 'aludel'
        export const revision = 'd1'
        export const downRevision = '8f2a6c1d9b3e'
        ${data}
        export const downgrade = (op: Operations) => op.dropColumn('users', 'full_name')`,
    })
    shell(app, 'npx aludel upgrade')
    expect(
      await sql(`sqlite:${app.folder}/app.db`, 'select full_name, address, date_of_birth from users'),
    ).toEqual([['Ada Lovelace', null, null]])
    expect(shell(app, 'npx aludel downgrade base')).toMatch(/^Done: 3 steps .* base\.\n$/)
  })
})

describe('the chapter on branches', () => {
  const [merging = '', named = '', needing = '', splicing = '', placing = ''] = blocks(
    section('Branches'),
    'sh',
  )
  const twoHeads = {
    'aludel.config.json': '{ "url": "sqlite:app.db" }',
    Makefile: 'include node_modules/aludel/aludel.mk\n',
    ...chain('1c3d5e7f9a0b'),
    ...revisionFile('8f2a6c1d9b3e', { down: '1c3d5e7f9a0b', message: 'Add invoices' }),
    ...revisionFile('27c6a30d7c24', { down: '1c3d5e7f9a0b', message: 'Add carts' }),
  }

  test('goes as told: two heads are merged, a branch with a name goes up and down by it', () => {
    const app = project(twoHeads)
    const [told = ''] = blocks(section('Branches'), 'text')
    expect(shell(app, merging)).toMatch(
      new RegExp(
        `^${told.replace(/[()]/g, '\\$&')}Wrote migrations/(\\w{12})_join_carts_and_invoices\\.ts .*\\n.*\\nDone: 4 steps .* at \\1\\.\\n$`,
      ),
    )
    expect(shell(app, named)).toMatch(
      /Done: 2 steps in \d+ ms; the database is at .*\nDone: 2 steps in \d+ ms; the database is at \w{12}\.\n$/,
    )
    const [, head] = /\n(\w{12} .*)\n(\w{12} .*)\n$/.exec(shell(app, needing)) ?? []
    expect(head).toContain('(head)')
    expect(shell(app, splicing)).toMatch(
      /^Wrote .*\n.*\n1c3d5e7f9a0b \(branchpoint\), .*\n(?: {12} -> .*\n){3}\n$/,
    )
  })

  test('with two folders', () => {
    const [, folders] = /`("migrations": \[.*?\])`/.exec(section('Branches')) ?? []
    const app = project({
      ...twoHeads,
      'aludel.config.json': `{ "url": "sqlite:app.db", ${folders} }`,
      'search/migrations/.keep': '',
    })
    shell(app, placing)
    expect(readdirSync(path.join(app.folder, 'search/migrations')).toSorted()).toEqual([
      '.keep',
      expect.stringMatching(/_index\.ts$|_synonyms\.ts$/),
      expect.stringMatching(/_index\.ts$|_synonyms\.ts$/),
    ])
  })

  test('and the table of targets: each is one', { timeout: 60_000 }, async () => {
    const app = project({
      'aludel.config.json': '{ "url": "sqlite:app.db" }',
      ...revisionFile('1c3d5e7f9a0b'),
      ...revisionFile('8f2a6c1d9b3e', {
        down: '1c3d5e7f9a0b',
        header: "export const branchLabels = ['billing']",
      }),
      ...revisionFile('9e4b2d6f8a1c', { down: '8f2a6c1d9b3e' }),
    })
    expect((await app.run(['upgrade', '1c3d'])).status).toBe(0)
    const targets = table('Targets').flatMap(([names]) => code(names))
    expect(targets).toHaveLength(22)
    for (const target of targets) {
      const commands = target.includes(':') ? ['history -r'] : ['show --', 'upgrade --', 'downgrade --']
      let ended
      for (const command of commands) {
        ended ??= (await app.run([...command.split(' '), target])).status === 0 ? command : undefined
      }
      if (!ended?.startsWith('show')) await app.run(['stamp', '1c3d'])
      expect({ target, ended }).toEqual({ target, ended: expect.any(String) })
    }
  })
})

describe('the TypeScript blocks', () => {
  const all = blocks(readme, 'ts')

  test('are strictly typed', { timeout: 60_000 }, async () => {
    expect(all).toHaveLength(8)
    const withImport = (text: string): string =>
      text.includes('import ') ? text : `import type { Operations } from 'aludel'\n${text}`
    const files = Object.fromEntries(all.map((text, at) => [`block${at}.ts`, withImport(text)]))
    expect(await typeFaults(project(files), Object.keys(files))).toBe('')
  })

  test('the configuration is read', async () => {
    const app = project({
      'aludel.config.ts': blocks(section('Configuration'), 'ts').join(''),
      ...chain('a1'),
    })
    expect(shell(app, 'npx aludel current', { DATABASE_URL: 'sqlite:app.db' })).toMatch(
      /^base\n0 applied, 1 pending/,
    )
  })

  test('the program goes up and down', async () => {
    const app = project({
      'aludel.config.json': '{}',
      ...chain('a1'),
      'program.ts': `${blocks(section('For programs'), 'ts').join('')}\nconsole.log(atHead)`,
    })
    expect(await runScript(app, 'program.ts')).toEqual({ status: 0, stdout: 'true\n', stderr: '' })
  })
})

test('the scripts for a DBA are as they are shown', () => {
  const [revision = ''] = blocks(section('The first ten minutes'), 'ts')
  const app = project({
    'aludel.config.json': '{}',
    ...revisionFile('1c3d5e7f9a0b', { message: 'First tables' }),
    'migrations/8f2a6c1d9b3e.ts': revision,
  })
  const told = section('Scripts for a DBA')
  shell(app, blocks(told, 'sh').join(''), { DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' })
  const [up, down] = ['up.sql', 'down.sql'].map((name) => readFileSync(path.join(app.folder, name), 'utf8'))
  const pieces = blocks(told, 'sql').join('').split('…')
  expect(pieces.filter((piece) => !up?.includes(piece.trim()))).toEqual([])
  expect(down).toContain('-- Running downgrade 8f2a6c1d9b3e -> 1c3d5e7f9a0b, Add address')
})

test(
  'the picture of a history is what a terminal shows',
  { skip: process.platform !== 'linux' },
  async () => {
    const labels = "export const branchLabels = ['billing']"
    const app = project({
      'aludel.config.json': '{ "url": "sqlite:app.db" }',
      ...revisionFile('1c3d5e7f9a0b', { message: 'First tables' }),
      ...revisionFile('8f2a6c1d9b3e', {
        down: '1c3d5e7f9a0b',
        message: 'Add address and date_of_birth to users',
      }),
      ...revisionFile('27c6a30d7c24', { down: '1c3d5e7f9a0b', message: 'Invoices', header: labels }),
      ...revisionFile('53fffde5ad53', { down: ['8f2a6c1d9b3e', '27c6a30d7c24'], message: 'Merge billing' }),
      ...revisionFile('9e4b2d6f8a1c', {
        down: '27c6a30d7c24',
        message: 'Reminders',
        header: "export const dependsOn = ['8f2a6c1d9b3e']",
      }),
    })
    const told = section('The picture of a history')
    shell(app, 'npx aludel upgrade 8f2a')
    const shown = await onTerminal(app, `${aludel} history -i`, { NO_COLOR: '1' })
    expect(`${shown.join('\n')}\n`).toBe(blocks(told, 'text').join(''))
    expect(shell(app, 'npx aludel history').split('\n')).toContain(code(told.split('```')[2]).at(-1))
  },
)

describe('the tables', () => {
  const rows = table('Commands')

  test('name every command, and only commands that there are', async () => {
    const named = rows.map(([, command]) => code(command)[0]?.split(' ')[0])
    expect(new Set(named)).toEqual(new Set(Object.keys(summaries)))
    const app = project()
    for (const name of new Set(named)) {
      expect(await app.run(['help', `${name}`])).toMatchObject({ status: 0, stderr: '' })
    }
  })

  test('name only options that their commands have', async () => {
    for (const [, cell] of rows) {
      const [name = '', ...words] = code(cell)
        .join(' ')
        .split(/[ [\]"…]+/)
      const { command } = (await commands[name]?.()) ?? {}
      const options = Object.entries({ ...commonOptions, ...command?.options })
      const known = options.flatMap(([long, { short }]) => [
        `--${long}`,
        ...(short === undefined ? [] : [`-${short}`]),
      ])
      expect(
        words.filter((word) => word.startsWith('-') && !/^-\d/.test(word) && !known.includes(word)),
      ).toEqual([])
    }
  })

  test('name every make target, its default and only variables that it has', () => {
    const targets = [...makefile.matchAll(/^(migrate-[a-z-]+):/gm)].map(([, name]) => name)
    const named = rows.flatMap(([make]) => code(make)[0]?.split(' ')[0] ?? [])
    expect(new Set(named)).toEqual(new Set(targets))
    const inText = [...readme.matchAll(/make (migrate-[a-z-]+)/g)].map(([, name]) => name)
    expect(inText).toContain('migrate-create')
    expect(inText.filter((name) => !targets.includes(name))).toEqual([])
    const variables = [...readme.matchAll(/(?:^|[ `[])([a-z_]+)=(?=["\w…<+-])/gm)].map(([, name]) => name)
    expect(new Set(variables)).toEqual(
      new Set([
        ...['dry_run', 'without_proof', 'drift'],
        ...['msg', 'empty', 'to', 'rev', 'json', 'url', 'rev_id', 'from_empty', 'from_history', 'purge'],
        ...['statement', 'applied', 'yes', 'head', 'splice', 'branch_label', 'depends_on', 'version_path'],
        ...['revs', 'range', 'verbose', 'check_heads', 'resolve_dependencies', 'from', 'idempotent'],
      ]),
    )
    const known = /foreach name,([a-z_\s\\]+)/.exec(makefile)?.[1]?.split(/[\s\\]+/)
    expect(new Set(known)).toEqual(new Set(variables))
  })

  test('name the options that every command takes', () => {
    const sentence = /^Every command takes (.*?): one JSON/ms.exec(readme)?.[1]
    const named = code(sentence).map((text) => text.split(' ')[0])
    const { help: _, ...options } = commonOptions
    expect(named.toSorted()).toEqual(
      Object.keys(options)
        .map((name) => `--${name}`)
        .toSorted(),
    )
  })

  test('name every exit status', () => {
    const named = table('Exit codes').map(([status]) => Number(status))
    expect(named).toEqual([...new Set([0, ...Object.values(exitCodes)])].toSorted((a, b) => a - b))
  })

  test('name every key of the configuration, with its default', async () => {
    const all = {
      ...{ migrations: true, entities: true, url: true, dialect: true, scratchUrl: true, ledger: true },
      ...{ lockWait: true, lockTimeout: true, statementTimeout: true, connectTimeout: true, owns: true },
      ...{ fileTemplate: true, slugLength: true, timezone: true },
      ...{ schemas: true, tables: true, presets: true, include: true },
      ...{ processRevision: true, writeHooks: true },
    } satisfies Record<keyof Config, true>
    const named = table('Configuration')
    expect(named.map(([key]) => code(key)[0])).toEqual(Object.keys(all))
    // The check of the configuration knows the same ones.
    expect(() => checkConfig({ 'no such key': 1 }, { file: 'f', env: {} })).toThrow(
      expect.objectContaining({
        details: {
          file: 'f',
          faults: [{ key: 'no such key', message: expect.stringMatching(/^is unknown \(there are /) }],
        },
      }),
    )
    for (const key of Object.keys(all)) {
      expect(() => checkConfig({ [key]: Symbol('wrong') }, { file: 'f', env: {} })).toThrow(`${key} must be`)
    }
    const { folder } = project({ 'aludel.config.json': '{}' })
    const { migrations, ledger, lockWait, connectTimeout, owns, newFiles } = await loadSettings({
      cwd: folder,
      env: {},
    })
    const defaults = named.map(([key, value]) => [code(key)[0], code(value)[0]])
    expect(Object.fromEntries(defaults)).toMatchObject({
      migrations: path.relative(folder, migrations[0] ?? ''),
      ledger: `{ revisionTable: '${ledger.revisionTable}', journalTable: '${ledger.journalTable}' }`,
      lockWait: String(lockWait / 1000),
      connectTimeout: String(connectTimeout / 1000),
      owns: JSON.stringify(owns),
      fileTemplate: newFiles.template
        .map((part) => (typeof part === 'string' ? part : `{${part.part}}`))
        .join(''),
      slugLength: String(newFiles.slugLength),
      timezone: newFiles.timezone,
    })
  })
})

test('the dialects and the places of a configuration are those that there are', () => {
  const dialects = code(table('Configuration').find(([key]) => key === '`dialect`')?.[2])
  expect(dialects).toEqual(Object.keys(builtIn))
  const places = code(section('Configuration').split(';')[0]).flatMap((text) => {
    const [, start = text, list = ''] = /^(.*)\{(.*)\}$/.exec(text) ?? []
    return list.split(',').map((end) => start + end)
  })
  expect(places).toHaveLength(10)
  expect(places.filter((place) => place !== 'aludel' && !searchPlaces.includes(place))).toEqual([])
})

test('the folders and files that it points at are there', () => {
  const [, tree = ''] = /```\n(.*?)```/s.exec(section('Contributing')) ?? []
  const folders = [...tree.matchAll(/^(\w+)\//gm)].map(([, name]) => name)
  const files = [...readme.matchAll(/`((?:test|examples|src|scripts)\/[\w./-]+)`/g)].map(([, name]) => name)
  expect(folders).toEqual(['scripts', 'config', 'src', 'plugins', 'migrations'])
  expect([...folders, ...files].filter((name) => !existsSync(path.join(repository, `${name}`)))).toEqual([])
  const targets = [...readme.matchAll(/^make ([a-z]+) /gm), ...readme.matchAll(/`make ([a-z]+)`/g)].map(
    ([, name]) => name,
  )
  expect(targets).toContain('demo')
  expect(targets.filter((name) => !read('Makefile').includes(`\n${name}: `))).toEqual([])
})
