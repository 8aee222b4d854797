/** What no script is written for, and why; a word of it is printed only when all of it can be. */
import { expect, test } from 'vitest'
import { revisionFile } from '../../support/files.ts'
import { type Project, project } from '../../support/project.ts'

const config = { 'aludel.config.json': '{ "connectTimeout": 0 }' }
const table = (name: string) => `op.createTable('${name}', { columns: [{ name: 'n', type: 'integer' }] })`
const first = revisionFile('a1', { up: table('t'), back: "op.dropTable('t')" })

/** Nothing listens there: whoever connected would say so. */
const nowhere = { DATABASE_URL: 'postgresql://somebody@127.0.0.1:1/none' }

async function refusal(app: Project, ...args: readonly string[]) {
  const { status, stdout, stderr } = await app.run([...args, '--sql'], { env: nowhere })
  expect(stdout).toBe('')
  const [, code, message = ''] = /^\S+ ([A-Z_]+): (.*)$/m.exec(stderr) ?? []
  return { status, code, message, stderr }
}

test.each([
  ['op.query', "await op.query('select 1')"],
  ['op.query', "const kept = op.query('select 1').catch(() => [])"],
  ['op.query', "try { await op.query('select 1') } catch {}"],
  ['op.db', "await op.db.selectFrom('t').selectAll().execute()"],
])('a step that asks the database by %s (%s) is refused by its id, file and line', async (by, code) => {
  const app = project({
    ...config,
    ...first,
    ...revisionFile('b1', { down: 'a1', message: 'Fill', up: `${table('u')}\n  ${code}`, back: code }),
    ...revisionFile('c1', { down: 'b1' }),
  })
  const file = `${app.folder}/migrations/b1.ts`
  expect(await refusal(app, 'upgrade', 'base:heads')).toMatchObject({
    status: 2,
    code: 'DATA_STEP',
    message: `The upgrade of revision b1 (Fill) asks the database by ${by}, which no script can: ${file}:8.`,
  })
  expect(await refusal(app, 'downgrade', 'heads:a1')).toMatchObject({
    status: 2,
    code: 'DATA_STEP',
    message: `The downgrade of revision b1 (Fill) asks the database by ${by}, which no script can: ${file}:12.`,
  })
  // It is in the way only where it is to be run.
  expect(await app.run(['upgrade', 'b1:c1', '--sql'], { env: nowhere })).toMatchObject({ status: 0 })
})

test('a step that waits for something else is refused', async () => {
  const up = 'await new Promise(() => setTimeout(() => {}, 100_000))'
  const app = project({ ...config, ...revisionFile('a1', { up }) })
  expect(await refusal(app, 'upgrade')).toMatchObject({
    status: 2,
    code: 'DATA_STEP',
    message: `The upgrade of revision a1 (a1) waits for something that is not \`op\`, which no script can: ${app.folder}/migrations/a1.ts.`,
  })
})

test('a step that throws is named', async () => {
  const app = project({ ...config, ...revisionFile('a1', { up: "throw new Error('boom')" }) })
  expect(await refusal(app, 'upgrade')).toMatchObject({
    status: 1,
    code: 'STEP_FAILED',
    message: 'The upgrade of revision a1 (a1) cannot be written down: boom',
  })
})

test('what is dropped must be named, as nobody can count what it holds', async () => {
  const drops = {
    down: 'a1',
    up: "op.addColumn('t', { name: 'own', type: 'integer', nullable: true })\n op.dropColumn('t', 'own')\n op.dropColumn('t', 'n')\n op.dropTable('t')",
  }
  const app = project({ ...config, ...first, ...revisionFile('b1', drops) })
  expect(await refusal(app, 'upgrade')).toMatchObject({
    status: 2,
    code: 'CONSENT_MISSING',
    message: 'Revision b1 (b1) drops t.n, t, and without a database nobody can tell what would be lost.',
    stderr: expect.stringContaining("`export const allowDataLoss = ['t.n', 't']`; or give --yes."),
  })
  const env = nowhere
  expect(await app.run(['upgrade', '--sql', '--yes'], { env })).toMatchObject({ status: 0 })
  app.write(revisionFile('b1', { ...drops, header: "export const allowDataLoss = ['t', 't.n']" }))
  expect(await app.run(['upgrade', '--sql'], { env })).toMatchObject({ status: 0 })
})

test('a way back that one revision does not have is refused', async () => {
  const app = project({
    ...config,
    ...first,
    ...revisionFile('b1', { down: 'a1', header: "export const irreversible = 'the old data are gone'" }),
    ...revisionFile('c1', { down: 'b1' }),
  })
  expect(await refusal(app, 'downgrade', 'heads:base')).toMatchObject({
    status: 2,
    code: 'IRREVERSIBLE',
    message: 'Revision b1 (b1) cannot be undone: the old data are gone.',
    stderr: expect.stringContaining(
      `Next: Write the \`downgrade\` of ${app.folder}/migrations/b1.ts, or stop above it.\n`,
    ),
  })
  expect(await app.run(['downgrade', 'c1:b1', '--sql'], { env: nowhere })).toMatchObject({ status: 0 })
})

test('a shape that raw SQL has changed is asked for in vain, and the line is named', async () => {
  const app = project({
    ...config,
    ...first,
    ...revisionFile('b1', { down: 'a1', up: "op.execute('alter table t alter column n type text')" }),
    ...revisionFile('c1', {
      down: 'b1',
      up: "op.execute('select 1')\n  op.alterColumn('t', 'n', { type: 'bigint' })",
    }),
  })
  const { status, code, message, stderr } = await refusal(app, 'upgrade', 'b1:c1')
  expect({ status, code, message }).toEqual({
    status: 2,
    code: 'SHAPE_UNKNOWN',
    message:
      'The upgrade of revision c1 (c1) cannot be written down: what table t looks like there is not known without a database: ' +
      'no recorded operation makes it, or raw SQL or a query that follows names it.',
  })
  expect(stderr).toContain(`It is at ${app.folder}/migrations/c1.ts:`)
  // Of other tables everything is known, and of this one what needs no shape can be done.
  app.write(
    revisionFile('c1', {
      down: 'b1',
      up: `${table('u')}\n  op.alterColumn('u', 'n', { type: 'bigint' })\n  op.alterColumn('t', 'n', { nullable: true })`,
    }),
  )
  expect(await app.run(['upgrade', 'b1:c1', '--sql'], { env: nowhere })).toMatchObject({ status: 0 })
})

test('queries of revisions before the script hide shapes only where their results are looked at', async () => {
  const change = revisionFile('c1', { down: 'b1', up: "op.alterColumn('t', 'm', { type: 'bigint' })" })
  const data = (code: string) =>
    revisionFile('b1', {
      down: 'a1',
      up: `op.addColumn('t', { name: 'm', type: 'integer', nullable: true })\n  ${code}\n  op.alterColumn('t', 'm', { nullable: false })`,
    })
  const app = project({ ...config, ...first, ...change, ...data("await op.query('update t set m = n')") })
  const { status, stdout } = await app.run(['upgrade', 'b1:c1', '--sql'], { env: nowhere })
  expect(status).toBe(0)
  expect(stdout).toContain('alter table "t" alter column "m" type bigint using ("m"::bigint);\n')
  app.write(
    data(
      "for (const row of await op.query('select n from t')) op.addColumn('t', { name: row.n, type: 'integer' })",
    ),
  )
  expect(await refusal(app, 'upgrade', 'b1:c1')).toMatchObject({ code: 'SHAPE_UNKNOWN' })
  app.write(data("await op.query('alter table t alter column m type text')"))
  expect(await refusal(app, 'upgrade', 'b1:c1')).toMatchObject({ code: 'SHAPE_UNKNOWN' })
})

test.each([
  ['commit', "`commit` cannot stand in a script: it would end the step's transaction."],
  ['BEGIN', "`BEGIN` cannot stand in a script: it would end the step's transaction."],
  ['/* no */ rollback', "cannot stand in a script: it would end the step's transaction."],
  [
    'copy t from stdin',
    '`copy t from stdin` cannot stand in a script: psql would take the lines behind it for its data.',
  ],
  ['select 1 \\\\! ls', 'psql would take what follows the backslash for a command.'],
])('the statement %s is refused', async (statement, message) => {
  const app = project({ ...config, ...revisionFile('a1', { up: `op.execute('${statement}')` }) })
  expect(await refusal(app, 'upgrade')).toMatchObject({
    status: 1,
    code: 'OPERATION_INVALID',
    message: expect.stringContaining(message),
  })
})

test('a zero character is refused where the client takes none, by the revision and its file', async () => {
  const app = project({ ...config, ...revisionFile('a1', { message: 'a\0b' }) })
  for (const [command, what] of [
    ['upgrade', 'upgrade'],
    ['stamp', 'stamp'],
  ] as const) {
    expect(await refusal(app, command, 'head')).toMatchObject({
      status: 2,
      code: 'NOT_SUPPORTED',
      message: expect.stringMatching(
        new RegExp(`^The ${what} of revision a1 .* cannot be written down: PostgreSQL keeps no text`),
      ),
      stderr: expect.stringContaining(`It is at ${app.folder}/migrations/a1.ts.\n`),
    })
  }
  app.write(revisionFile('a1', { up: `op.execute("insert into t values ('a\\0b')")` }))
  for (const dialect of ['postgresql', 'mariadb', 'sqlite']) {
    expect(await refusal(app, 'upgrade', '--dialect', dialect)).toMatchObject({
      status: 1,
      code: 'OPERATION_INVALID',
      message: expect.stringContaining('cannot stand in a script: the client takes no zero character.'),
    })
  }
})

test('use is refused in a script for MySQL, a command of the shell in one for SQLite', async () => {
  const app = project({ ...config, ...revisionFile('a1', { up: "op.execute('use other')" }) })
  expect(await refusal(app, 'upgrade', '--dialect', 'mysql')).toMatchObject({ code: 'OPERATION_INVALID' })
  app.write(revisionFile('a1', { up: "op.execute('select 1 \\\\! ls')" }))
  expect(await refusal(app, 'upgrade', '--dialect', 'mariadb')).toMatchObject({ code: 'OPERATION_INVALID' })
  for (const statement of ['# no\\ncommit', '/*!50000 rollback */']) {
    app.write(revisionFile('a1', { up: `op.execute('${statement}')` }))
    expect(await refusal(app, 'upgrade', '--dialect', 'mariadb')).toMatchObject({ code: 'OPERATION_INVALID' })
  }
  app.write(revisionFile('a1', { up: "op.execute('.read other.sql')" }))
  expect(await refusal(app, 'upgrade', '--dialect', 'sqlite')).toMatchObject({ code: 'OPERATION_INVALID' })
})

test('--idempotent is refused where it cannot be kept', async () => {
  const outside = revisionFile('b1', {
    down: 'a1',
    header: 'export const transaction = false',
    up: "op.createIndex('t', { name: 't_n', columns: ['n'], concurrently: true })",
    back: "op.dropIndex('t', 't_n', { concurrently: true })",
  })
  const app = project({ ...config, ...first, ...outside })
  expect(await refusal(app, 'upgrade', '--idempotent')).toMatchObject({
    status: 2,
    code: 'NOT_SUPPORTED',
    message:
      'Revision b1 (b1) cannot be in a script that is run again: `transaction = false` is not possible under a condition.',
    stderr: expect.stringContaining(`${app.folder}/migrations/b1.ts:7`),
  })
  expect(await refusal(app, 'upgrade', 'a1', '--idempotent', '--dialect', 'sqlite')).toMatchObject({
    status: 2,
    code: 'NOT_SUPPORTED',
    message: '--idempotent is not possible with sqlite: sqlite3 knows no conditions.',
  })
  app.write(
    revisionFile('b1', {
      down: 'a1',
      up: "op.execute('create trigger r before insert on t for each row set @x = 1')",
    }),
  )
  expect(await refusal(app, 'upgrade', '--idempotent', '--dialect', 'mariadb')).toMatchObject({
    status: 2,
    code: 'NOT_SUPPORTED',
    message: expect.stringContaining('cannot stand under a condition in a script for mariadb'),
  })
  expect(await refusal(app, 'upgrade', '--single-transaction', '--dialect', 'mariadb')).toMatchObject({
    status: 2,
    code: 'NOT_SUPPORTED',
  })
})

test.each<[readonly string[], string]>([
  [['downgrade'], 'SQL_NEEDS_RANGE'],
  [['downgrade', 'base'], 'SQL_NEEDS_RANGE'],
  [['stamp', 'head', '--purge'], 'PURGE_WITH_SQL'],
  [['upgrade', 'a1', 'base:a1'], 'USAGE'],
  [['upgrade', 'base:zz'], 'UNKNOWN_REVISION'],
])('%j --sql is refused as %s', async (args, code) => {
  expect(await refusal(project({ ...config, ...first }), ...args)).toMatchObject({ status: 2, code })
})

test.each(['upgrade', 'downgrade'])(
  'what %s is told to let pass in a ledger is refused, as a script reads none',
  async (command) => {
    const app = project({ ...config, ...first })
    for (const option of ['--allow-edited', '--allow-ahead']) {
      expect(await refusal(app, command, 'a1:a1', option)).toMatchObject({
        status: 2,
        code: 'USAGE',
        message: `aludel ${command}: ${option} is about what a ledger says, and --sql reads none.`,
      })
    }
  },
)

test('--idempotent without --sql is refused', async () => {
  const app = project({ ...config, ...first })
  for (const command of ['upgrade', 'downgrade', 'stamp']) {
    const { status, stderr } = await app.run([command, 'head', '--idempotent'], { env: nowhere })
    expect({ status, stderr }).toEqual({ status: 2, stderr: expect.stringContaining('it needs --sql') })
  }
})

test('no URL is needed, and without a dialect too one is asked for', async () => {
  const app = project({ ...config, ...first })
  expect(await app.run(['upgrade', '--sql', '--dialect', 'sqlite'])).toMatchObject({ status: 0 })
  expect(await app.run(['upgrade', '--sql'])).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('URL_MISSING'),
  })
})
