import { expect, test } from 'vitest'
import { nameOf, revisionColumns } from '../../src/database/rows.ts'
import { AludelError, current, upgrade } from '../../src/index.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

/** Every control character but the line ends between what is printed. */
const controls = /[^\P{Cc}\n]/u

describeDialects('F27: a ledger that aludel did not write', (dialect) => {
  const text = dialect === 'mariadb' || dialect === 'mysql' ? 'longtext' : 'text'
  const columns = revisionColumns.map(nameOf)
  const names = columns.join(', ')
  const definitions = columns.map((name) => `${name} ${name === 'ms' ? 'integer' : text}`)
  // As after `create table … as select`: no key, no `not null`, and texts of any length.
  const loosened = [
    `create table loose (${definitions.join(', ')})`,
    `insert into loose (${names}) select ${names} from aludel_revision`,
    'drop table aludel_revision',
    'alter table loose rename to aludel_revision',
  ]

  /** A database at a1, with b1 to come, whose ledger was changed. */
  const start = async (...statements: readonly string[]) => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...chain('a1', 'b1') })
    const options = { cwd: app.folder, url: db.url, env: {} }
    await upgrade({ ...options, target: 'a1' })
    await sql(db.url, ...loosened, ...statements)
    const run = (...args: readonly string[]) => app.run(args, { env: { DATABASE_URL: db.url } })
    return { db, options, run }
  }
  type Changed = Awaited<ReturnType<typeof start>>

  /** An upgrade throws an error whose texts are few and safe, and runs nothing. */
  const refuses = async ({ db, options }: Changed, code: string, message: RegExp) => {
    const error: unknown = await upgrade(options).catch((thrown: unknown) => thrown)
    if (!(error instanceof AludelError)) throw new Error(`no error of aludel: ${String(error)}`)
    expect(error).toMatchObject({ code, exitCode: 4 })
    const said = `${error.message} ${error.state} ${error.fix}`
    expect(said).toMatch(message)
    expect(said + Object.values(error.details).join(' ')).not.toMatch(controls)
    expect(said.length + JSON.stringify(error.details).length).toBeLessThan(3000)
    await expect(sql(db.url, 'select 1 from t_b1')).rejects.toThrow()
  }

  /** The program prints few and safe lines, in text and in JSON. */
  const prints = async ({ run }: Changed, command: readonly string[], message: RegExp) => {
    const said = await run(...command)
    const json = await run(...command, '--json')
    const printed = said.stdout + said.stderr + json.stdout
    expect([said.status, json.status]).toEqual([4, 4])
    expect(printed).not.toMatch(controls)
    expect(printed.length).toBeLessThan(6000)
    expect(said.stdout + said.stderr).toMatch(message)
    expect(JSON.parse(json.stdout)).toBeTypeOf('object')
  }

  const set = (column: string, value: string) => `update aludel_revision set ${column} = ${value}`
  const copyRow = (id: string) =>
    `insert into aludel_revision (revision, checksum, extension, down_revision) select ${id}, checksum, extension, '[]' from aludel_revision`
  const quoted = (value: string) => `'${value.replaceAll("'", "''")}'`
  const big = (character: string) =>
    dialect === 'sqlite'
      ? `replace(hex(zeroblob(5000000)), '0', '${character}')`
      : `repeat('${character}', 10000000)`

  // Without the checks in `appliedOf` two equal rows count as one, and what is no list of parents as a base.
  test.each<[string, string, RegExp]>([
    ['a row without an id', copyRow('null'), /has no revision \(null\)/],
    ['a row without a checksum', set('checksum', 'null'), /'a1' has no checksum \(null\)/],
    ['a row without an extension', set('extension', 'null'), /'a1' has no extension \(null\)/],
    ['a row without parents', set('down_revision', 'null'), /'a1' has a down_revision that is no list/],
    ['parents that are no JSON', set('down_revision', quoted('a1, b1')), /no list of ids \(a1, b1\)/],
    ['parents that are no list', set('down_revision', quoted('{"a":1}')), /no list of ids/],
    ['parents that are numbers', set('down_revision', quoted('[1]')), /no list of ids/],
    [
      'parents with what a terminal obeys',
      set('down_revision', quoted('\u001b[2J\u009b\u0007')),
      /\(\?\[2J\?\?\)/,
    ],
    ['two equal rows', copyRow("'a1'"), /'a1' stands there twice/],
    ['parents of 10 MB', set('down_revision', big('y')), /no list of ids \(y{80}…\)/],
  ])('%s', async (_, statement, message) => {
    await refuses(await start(statement), 'LEDGER_SHAPE', message)
  })

  test.each<[string, string, RegExp]>([
    ['an id with what a terminal obeys', quoted('\u001b[31mred\u009b'), /\?\[31mred\?/],
    [
      'an id with a line end and a quote',
      quoted("b1'\n\r; drop table t_a1; --"),
      /b1'\?\?; drop table t_a1; --/,
    ],
    ['an id of 10 MB', big('z'), /z{80}…/],
    ['an empty id', "''", /by ''/],
    ['a path', quoted('../../../etc/passwd'), /\.\.\/\.\.\/\.\.\/etc\/passwd/],
    ['what JavaScript takes for something else', quoted('__proto__'), /__proto__/],
    ['a text that runs to the left', quoted('\u202Eab\u2066'), /\?ab\?/],
  ])('%s', async (_, id, message) => {
    const changed = await start(copyRow(id))
    await refuses(changed, 'UNKNOWN_REVISION', message)
    const { heads, unknown } = await current(changed.options)
    expect(heads.join(' ').length).toBeLessThan(200)
    expect([...heads, ...unknown].join(' ')).not.toMatch(controls)
  })

  test('is refused by every command, in text and in JSON', async () => {
    const changed = await start(copyRow("'a1'"))
    for (const command of [
      ['downgrade', 'base'],
      ['current'],
      ['check'],
      ['stamp', 'head'],
      ['accept', 'a1'],
    ]) {
      await prints(changed, command, /'a1' stands there twice/)
    }
    await prints(changed, ['history', '-i'], /'a1' stands there twice/)
  })

  test('is printed so that a terminal obeys nothing of it, and shortly', async () => {
    const changed = await start(copyRow(quoted('\u001b[31mred\u009b\n')))
    await prints(changed, ['upgrade'], /\?\[31mred\?\?/)
    await prints(changed, ['current'], /unknown: \?\[31mred\?\?/)
    await sql(changed.db.url, copyRow(big('z')))
    await prints(changed, ['current'], /z{80}…/)
  })

  test('a checksum of 10 MB is told as an edit, cut', async () => {
    await refuses(await start(set('checksum', big('c'))), 'EDITED_REVISION', /was c{80}…, the file/)
  })

  test('a table that lacks a column which only a step needs is refused before the step', async () => {
    const changed = await start('alter table aludel_revision drop column run_id')
    await refuses(changed, 'LEDGER_SHAPE', /it has no run_id/)
  })

  test('a table whose columns hold something else is refused', async () => {
    const changed = await start(
      'alter table aludel_revision drop column extension',
      'alter table aludel_revision add column extension integer',
      'update aludel_revision set extension = 7',
    )
    await refuses(changed, 'LEDGER_SHAPE', /'a1' has no extension \(number\)/)
  })
})

describeDialects('F27: a journal that aludel did not write', (dialect) => {
  test('is listed in safe lines', async () => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...chain('a1') })
    const env = { DATABASE_URL: db.url }
    await app.run(['upgrade'], { env })
    await sql(
      db.url,
      "update aludel_journal set revision = '\u001b[31mred', direction = '\u001b]0;', outcome = 'odd', started_at = 'never', ended_at = '\u0007', error_code = '\u009b1m', applied_by = 'a\u202Eb', version = '\u0008'",
    )
    const { status, stdout, stderr } = await app.run(['log'], { env })
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).not.toMatch(controls)
    expect(stdout.split('\n')).toHaveLength(2)
    const json = await app.run(['log', '--json'], { env })
    expect(json.stdout).not.toMatch(controls)
    expect(JSON.parse(json.stdout)).toMatchObject([{ revision: '\u001b[31mred', ms: null }])
  })
})
