import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { aludel, onTerminal } from '../support/on-terminal.ts'
import { type Project, project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const entity = (table: string, ...columns: readonly string[]): string => `
  import { defineEntity, p } from '@mikro-orm/core'
  const text = () => p.string().length(20).nullable()
  export const User = defineEntity({
    name: 'User',
    tableName: '${table}',
    properties: { id: p.integer().primary(), born: p.date().nullable(), ${columns.map((name) => `${name}: text()`).join(', ')} },
  })`

/** What the terminal shows of one run, without what is typed on it, and the calls in the file that it wrote. */
async function generate(app: Project, typed: readonly string[]) {
  const before = new Set(readdirSync(path.join(app.folder, 'migrations')))
  const lines = await onTerminal(
    app,
    `${aludel} revision --autogenerate -m Next; echo "status $?"`,
    {},
    typed,
  )
  const [file] = readdirSync(path.join(app.folder, 'migrations')).filter((name) => !before.has(name))
  const text = file === undefined ? '' : readFileSync(path.join(app.folder, 'migrations', file), 'utf8')
  return { lines, calls: text.match(/op\.\w+\([^{\n]*/g) ?? [], file }
}

test.runIf(process.platform === 'linux')(
  'a person at a terminal is asked what was renamed, and nothing is chosen for them',
  { timeout: 60_000 },
  async () => {
    const app = project({
      'aludel.config.json': '{ "url": "sqlite:app.db", "entities": "user.ts" }',
      'user.ts': entity('users', 'phone'),
    })
    await app.run(['revision', '--autogenerate', '-m', 'Users'])
    await app.run(['upgrade'])
    await sql(`sqlite:${app.folder}/app.db`, "insert into users (id, phone) values (1, '555')")

    app.write({ 'user.ts': entity('users', 'phoneNumber', 'mobile') })
    const stopped = await generate(app, ['\u0003'])
    expect(stopped.lines).toEqual(
      expect.arrayContaining([
        'Was users.phone renamed?',
        '  1) to phone_number',
        '  2) to mobile',
        '  3) no: drop phone, add phone_number, mobile',
        'status 130',
      ]),
    )
    expect(stopped.file).toBe(undefined)

    // Neither nothing nor something else is an answer.
    const renamed = await generate(app, ['\r', '4\r', '1\r'])
    expect(renamed.calls).toEqual([
      "op.renameColumn('users', 'phone', 'phone_number')",
      "op.addColumn('users', ",
      "op.dropColumn('users', 'mobile')",
      "op.renameColumn('users', 'phone_number', 'phone')",
    ])
    expect((await app.run(['upgrade'])).status).toBe(0)

    // First the table, then what went and came in it; who says no reviews the loss.
    app.write({ 'user.ts': entity('people', 'phoneNumber', 'cell') })
    const both = await generate(app, ['1\r', '2\r'])
    expect(both.lines).toEqual(
      expect.arrayContaining(['Was table users renamed?', 'Was people.mobile renamed?']),
    )
    expect(both.calls.slice(0, 3)).toEqual([
      "op.renameTable('users', 'people')",
      "op.addColumn('people', ",
      "op.dropColumn('people', 'mobile')",
    ])
    expect(readFileSync(path.join(app.folder, 'migrations', both.file ?? ''), 'utf8')).toContain(
      "allowDataLoss = ['users.mobile']",
    )
    expect((await app.run(['upgrade'])).status).toBe(0)
    expect(await sql(`sqlite:${app.folder}/app.db`, 'select phone_number from people')).toEqual([['555']])
  },
)

test('without a terminal nobody is asked: the file drops and adds, and names the line for each candidate', async () => {
  const app = project({
    'aludel.config.json': '{ "url": "sqlite:app.db", "entities": "user.ts" }',
    'user.ts': entity('users', 'phone'),
  })
  await app.run(['revision', '--autogenerate', '-m', 'Users'])
  await app.run(['upgrade'])
  app.write({ 'user.ts': entity('people', 'phone') })
  const { stdout } = await app.run(['revision', '--autogenerate', '-m', 'People', '--json'])
  const result: { path: string; warnings: readonly string[] } = JSON.parse(stdout)
  expect(result.warnings).toEqual([
    'Drops table users with its rows.',
    "If people is the new name of users, replace its dropTable and createTable by op.renameTable('users', 'people'), and the other way round below; or generate again with --rename users:people.",
  ])
  expect(readFileSync(result.path, 'utf8')).not.toContain('allowDataLoss')
})

test('who follows what the file says of a column that must not be null keeps its values, there and back', async () => {
  const ships = (column: string): string => `
    import { defineEntity, p } from '@mikro-orm/core'
    export const Ship = defineEntity({ name: 'Ship', properties: { id: p.integer().primary(), ${column}: p.integer() } })`
  const app = project({
    'aludel.config.json': '{ "url": "sqlite:app.db", "entities": "ship.ts" }',
    'ship.ts': ships('tons'),
  })
  const url = `sqlite:${app.folder}/app.db`
  await app.run(['revision', '--autogenerate', '-m', 'Ships'])
  await app.run(['upgrade'])
  await sql(url, 'insert into ship (id, tons) values (1, 55)')
  app.write({ 'ship.ts': ships('weight') })
  const { stdout } = await app.run(['revision', '--autogenerate', '-m', 'Weight', '--json'])
  const { path: file }: { path: string } = JSON.parse(stdout)
  const text = readFileSync(file, 'utf8')
  const [, call = ''] =
    /replace all calls that add, fill, alter or drop either by (op\.[^)]*\))/.exec(text) ?? []
  expect(call).toBe("op.renameColumn('ship', 'tons', 'weight')")
  const [up = '', down = ''] = text
    .split('export function downgrade')
    .map((half) => half.replaceAll(/^ {2}op\..*\b(?:tons|weight)\b.*\n/gm, ''))
  const back = "op.renameColumn('ship', 'weight', 'tons')"
  const [forth, other] = [up.replace(/\}\s*$/, `  ${call}\n}\n`), down.replace(/\}\s*$/, `  ${back}\n}\n`)]
  writeFileSync(file, `${forth}\nexport function downgrade${other}`)
  const run = async (...args: readonly string[]) => {
    const { status, stderr } = await app.run(args)
    expect(status === 0 ? '' : stderr).toBe('')
  }
  await run('upgrade')
  await run('check')
  expect(await sql(url, 'select weight from ship')).toEqual([[55]])
  await run('downgrade')
  expect(await sql(url, 'select tons from ship')).toEqual([[55]])
})

describeDialects(
  'an answer',
  (dialect) => {
    test('renames an index, up and down, and a value of an enum type', { timeout: 60_000 }, async () => {
      const db = await database(dialect)
      const person = (value: string, index: string): string => `
        import { defineEntity, p } from '@mikro-orm/core'
        export const Person = defineEntity({
          name: 'Person',
          indexes: [{ name: '${index}', properties: ['born'] }],
          properties: {
            id: p.integer().primary(),
            born: p.date(),
            mood: p.enum(['ok', '${value}']).nativeEnumName('mood').default('${value}'),
          },
        })`
      const app = project({
        'aludel.config.json': `{ "url": "${db.url}", "entities": "person.ts" }`,
        'person.ts': person('sad', 'ix_old'),
      })
      const run = async (...args: readonly string[]) => {
        const { status, stdout, stderr } = await app.run([...args, '--json'])
        expect({ args, status, stderr: status === 0 ? '' : stdout + stderr }).toEqual({
          args,
          status: 0,
          stderr: '',
        })
        return JSON.parse(stdout)
      }
      await run('revision', '--autogenerate', '-m', 'Persons')
      await run('upgrade')
      app.write({ 'person.ts': person('sad', 'ix_new') })
      const { warnings } = await run(
        'revision',
        '--autogenerate',
        '-m',
        'x',
        '--rename',
        'person.ix_old:ix_new',
      )
      expect(warnings).toEqual([])
      const indexes = "select indexname from pg_indexes where indexname like 'ix_%'"
      await run('upgrade')
      expect(await run('check')).toMatchObject({ ok: true, differences: [] })
      expect(await sql(db.url, indexes)).toEqual([['ix_new']])
      await run('downgrade')
      expect(await sql(db.url, indexes)).toEqual([['ix_old']])
      await run('upgrade')

      app.write({ 'person.ts': person('unhappy', 'ix_new') })
      const { path: file } = await run(
        'revision',
        '--autogenerate',
        '-m',
        'y',
        '--rename',
        'mood#sad:unhappy',
      )
      expect(readFileSync(file, 'utf8').match(/op\.\w+\(.*/g)).toEqual([
        "op.alterEnum('mood', { items: ['ok', 'unhappy'], renamed: { sad: 'unhappy' } })",
        "op.alterEnum('mood', { items: ['ok', 'sad'], renamed: { unhappy: 'sad' } })",
      ])
    })
  },
  ['postgresql'],
)
