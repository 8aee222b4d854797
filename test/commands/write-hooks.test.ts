import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { project } from '../support/project.ts'

const entity = (columns: string): string => `import { defineEntity, p } from '@mikro-orm/core'
export const User = defineEntity({ name: 'User', properties: { id: p.integer().primary(), ${columns} } })
`

test(
  'hooks change what is generated, and format the file; one that fails leaves it and is told with its output',
  { timeout: 60_000 },
  async () => {
    const app = project({
      'entities.ts': entity('name: p.string()'),
      'aludel.config.ts': `
      export default {
        url: 'sqlite:app.db',
        entities: 'entities.ts',
        fileTemplate: "{slug}+{revision}",
        processRevision: ({ upgrade, downgrade }) => ({
          upgrade: upgrade.filter(({ kind }) => kind !== 'dropColumn'),
          downgrade: downgrade.filter(({ kind }) => kind !== 'addColumn'),
        }),
        writeHooks: ['oxfmt', { run: 'node "tell me.mjs" --at={file} it', timeout: 20 }, 'no-such-program', { run: 'node wait.mjs', timeout: 1 }],
      }`,
      'tell me.mjs': `
      console.log(process.argv.slice(2).join(' ').replace(process.cwd(), ''), Object.keys(process.env).filter((name) => /URL|PASS|SECRET/.test(name)).join())
      process.exit(3)`,
      'wait.mjs': 'setInterval(() => {}, 1000)',
    })
    const env = {
      DATABASE_URL: 'sqlite:app.db',
      PGPASSWORD: 'canary-1',
      OTHER_URL: 'postgres://a:canary-2@h/d',
      PLAIN_SECRET: 'kept',
    }
    const { status, stdout, stderr } = await app.run(
      ['revision', '--autogenerate', '-m', "It's; $(touch x)", '--rev-id', 'a1', '--json'],
      { env },
    )
    const { path: file, warnings } = JSON.parse(stdout)
    expect({ status, file: path.basename(file), warnings }).toEqual({
      status: 0,
      file: 'it_s_touch_x+a1.ts',
      warnings: [
        'The hook `node tell me.mjs --at={file} it` ended with status 3: the file stays as it is now.',
        'The hook `no-such-program` ended with status 127: the file stays as it is now.',
        'The hook `node wait.mjs` took longer than 1 s: the file stays as it is now.',
      ],
    })
    expect(stderr).toContain(' --at=/migrations/it_s_touch_x+a1.ts it PLAIN_SECRET\n')
    expect(stderr).toMatch(/no-such-program.*not found/)
    // oxfmt's own style.
    expect(readFileSync(file, 'utf8')).toContain('import type { Operations } from "aludel";\n')

    expect((await app.run(['upgrade'])).status).toBe(0)
    app.write({ 'entities.ts': entity('') })
    expect(await app.run(['revision', '--autogenerate', '-m', 'Gone'])).toMatchObject({
      status: 0,
      stdout: 'Nothing was written: `processRevision` of the configuration left no operation.\n',
    })

    // What a hook breaks is put back; a merge has hooks too.
    writeFileSync(
      path.join(app.folder, 'tell me.mjs'),
      "import { writeFileSync } from 'node:fs'\nwriteFileSync(process.argv[2].slice(5), '')",
    )
    const config = readFileSync(path.join(app.folder, 'aludel.config.ts'), 'utf8')
    app.write({ 'aludel.config.ts': config.replace(/, 'no-such-program'.*/, ']') })
    const merged = await app.run(['merge', 'heads', '--json'])
    expect(JSON.parse(merged.stdout).warnings).toEqual([
      'It merges nothing: that is one head, not several.',
      'The hook `node tell me.mjs --at={file} it` ended with status 0: it left no revision, and the file was put back.',
    ])
  },
)

describeDialects(
  'a hook that builds indexes concurrently',
  (dialect) => {
    test('makes a revision that runs outside of a transaction', { timeout: 60_000 }, async () => {
      const db = await database(dialect)
      const app = project({
        'entities.ts': entity('name: p.string()'),
        'aludel.config.ts': `
          export default {
            entities: 'entities.ts',
            processRevision: ({ upgrade }) => ({
              upgrade: upgrade.map((operation) =>
                operation.kind === 'createIndex' ? { ...operation, concurrently: true } : operation,
              ),
            }),
          }`,
      })
      const run = async (...args: readonly string[]) => {
        const { status, stderr } = await app.run(args, { env: { DATABASE_URL: db.url } })
        expect(status === 0 ? '' : stderr).toBe('')
        return stderr
      }
      expect(await run('revision', '--autogenerate', '-m', 'One', '--rev-id', 'a1')).toBe('')
      await run('upgrade')
      app.write({ 'entities.ts': entity('name: p.string().index(), age: p.integer().nullable()') })
      expect(await run('revision', '--autogenerate', '-m', 'Two', '--rev-id', 'b2')).toContain(
        'It runs outside of a transaction, as `concurrently` needs it',
      )
      expect(readFileSync(path.join(app.folder, 'migrations/b2_two.ts'), 'utf8')).toContain(
        'export const transaction = false\n',
      )
      await run('upgrade')
      await run('check')
      await run('downgrade')
    })
  },
  ['postgresql'],
)
