import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { type RevisionParts, revisionFile } from '../support/files.ts'
import { program } from '../support/program.ts'
import { type Project, project } from '../support/project.ts'
import { runScript } from '../support/script.ts'
import { sql } from '../support/sql.ts'

const table = (name: string, columns: string): string =>
  `op.createTable(${name}, { columns: [{ name: 'id', type: 'integer' }, ${columns}] })\n`
const string = (name: string): string => `{ name: ${name}, type: 'string', length: 50, nullable: true }`

/** Three users with a phone, of whom nobody has a fax; two pets; no ghosts. */
const first = revisionFile('a1', {
  up: `${table("'users'", `${string("'phone'")}, ${string("'fax'")}`)}
  ${table("'pets'", string("'name'"))}
  ${table("'ghosts'", string("'name'"))}
  ${table("'Odd table'", `${string("'a.b'")}, ${string(`'it"s'`)}`)}
  await op.query("insert into users (id, phone) values (1, '1'), (2, '2'), (3, '3')")
  await op.query("insert into pets (id, name) values (1, 'Rex'), (2, 'Tom')")
  await op.db.insertInto('Odd table').values({ id: 1, 'a.b': 'x', 'it"s': 'y' }).execute()`,
})
const second = (parts: RevisionParts) => revisionFile('b1', { down: 'a1', message: 'Less', ...parts })
const consents = (...names: readonly string[]) => `export const allowDataLoss = ${JSON.stringify(names)}`

const aludel = [process.execPath, program].join(' ')

/** Runs a command by the shell. @param answer typed when `[y/N]` is shown */
async function shell(
  { folder }: Project,
  command: string,
  env: Readonly<Record<string, string>>,
  answer?: string,
): Promise<{ readonly status: number | null; readonly output: string }> {
  const child = spawn('sh', ['-c', command], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, ...env },
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => {
      output += String(chunk)
      if (answer !== undefined && output.includes('[y/N]')) child.stdin.end(answer)
    })
  const status = await new Promise<number | null>((done) => child.on('close', done))
  return { status, output }
}

describe('on a terminal', { skip: process.platform !== 'linux' }, () => {
  const start = async () => {
    const db = await database('sqlite')
    const files = { ...first, ...second({ up: "op.dropColumn('users', 'phone')" }) }
    const app = project({
      'aludel.config.json': '{}',
      ...files,
      ...revisionFile('c1', { down: 'b1', up: "op.dropTable('pets')" }),
    })
    const run = (args: string, answer: string | undefined, more: Readonly<Record<string, string>> = {}) =>
      // It gives what it runs a terminal.
      shell(app, `exec script -qec '${aludel} ${args}' /dev/null`, { DATABASE_URL: db.url, ...more }, answer)
    return { app, run, db }
  }

  test('F50: a person is asked, and a yes is for what was asked alone', async () => {
    const { run } = await start()
    const { status, output } = await run('upgrade +2', 'y\r')
    expect(output).toContain('it would lose users.phone, which holds 3 values.')
    expect(output).toContain('the database is at b1')
    expect(status).toBe(0)
  })

  test.each(['n\r', '\r', '\u0004', '\u0003'])('F50: %j is a no', async (answer) => {
    const { run, db } = await start()
    const { status, output } = await run('upgrade', answer)
    expect({ status, output }).toMatchObject({
      status: 2,
      output: expect.stringContaining('CONSENT_MISSING'),
    })
    expect(await sql(db.url, 'select count(phone) from users')).toEqual([[3]])
  })

  test.each([
    ['upgrade', { CI: 'true' }],
    ['upgrade --json', {}],
  ] as const)('F50: nobody is asked by %s with %j', async (args, env) => {
    const { run } = await start()
    const { status, output } = await run(args, 'y\r', env)
    expect(status).toBe(2)
    expect(output).not.toContain('[y/N]')
  })
})

describeDialects('consent to the loss of data', (dialect) => {
  const isWhole = dialect === 'sqlite' || dialect === 'postgresql'

  const start = async (parts: RevisionParts, files: Readonly<Record<string, string>> = {}) => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...first, ...second(parts), ...files })
    const env = { DATABASE_URL: db.url }
    const run = async (...args: readonly string[]) => {
      const { status, stdout } = await app.run([...args, '--json'], { env })
      return { status, ...JSON.parse(stdout) }
    }
    const rows = async (of: string): Promise<number> =>
      Number((await sql(db.url, `select count(*) from ${of}`))[0]?.[0])
    return { db, app, env, run, rows }
  }

  const dropPhone = "op.dropColumn('users', 'phone')"

  // Without the check in the carriers all of these drops pass.
  test('F50: is missing: nothing is lost, the steps before stay, it ends with 2 and says what to write', async () => {
    const { run, rows, db } = await start({ up: `${dropPhone}\n  op.dropTable('pets')` })
    const { status, error } = await run('upgrade')
    expect({ status, error }).toMatchObject({
      status: 2,
      error: {
        code: 'CONSENT_MISSING',
        message:
          'The upgrade of revision b1 (Less) was refused: it would lose users.phone, which holds 3 values; table pets with 2 rows.',
        state: 'Revision b1 was rolled back; the 1 step before it stays.',
        fix: expect.stringMatching(
          /b1\.ts: `export const allowDataLoss = \['users\.phone', 'pets'\]`; or give --yes\. Run the same command again\.$/,
        ),
        details: { revision: 'b1', path: expect.stringMatching(/b1\.ts$/), loss: ['users.phone', 'pets'] },
      },
    })
    expect([await rows('users where phone is not null'), await rows('pets')]).toEqual([3, 2])
    expect(await run('current')).toMatchObject({ heads: ['a1'] })
    const journal = await sql(db.url, "select outcome, error_code from aludel_journal where revision = 'b1'")
    expect(journal).toEqual([['failed', 'CONSENT_MISSING']])
    expect(await run('upgrade', '--yes')).toMatchObject({ status: 0, heads: ['b1'] })
    await expect(rows('pets')).rejects.toThrow()
  })

  test.each(['< /dev/null', '<&-', '< answers', '< /dev/null CI=true'])(
    'F50: is not asked for with stdin %s',
    async (how) => {
      const { app, env, rows } = await start({ up: dropPhone }, { answers: 'y\n' })
      const [stdin, ci] = how.split(' CI=')
      const more = ci === undefined ? {} : { CI: ci }
      const { status, output } = await shell(app, `exec ${aludel} upgrade ${stdin}`, { ...env, ...more })
      expect({ status, output }).toMatchObject({
        status: 2,
        output: expect.stringContaining('CONSENT_MISSING'),
      })
      expect(output).not.toContain('[y/N]')
      expect(await rows('users where phone is not null')).toBe(3)
    },
  )

  test('is given by the file, for what it names and nothing else', async () => {
    const { app, run } = await start({
      up: `${dropPhone}\n  op.dropTable('pets')`,
      header: consents('users.phone', 'pet'),
    })
    expect(await run('upgrade')).toMatchObject({ status: 2, error: { details: { loss: ['pets'] } } })
    app.write(second({ up: `${dropPhone}\n  op.dropTable('pets')`, header: consents('users.phone', 'pets') }))
    expect(await run('upgrade')).toMatchObject({ status: 0, heads: ['b1'] })
  })

  test('is not needed for a table without rows, a column without values, what is not there, and a downgrade', async () => {
    const { run, rows } = await start({
      up: `op.dropTable('ghosts')\n  op.dropColumn('users', 'fax')`,
      back: "op.dropTable('pets')\n  op.dropColumn('users', 'phone')",
    })
    expect(await run('upgrade')).toMatchObject({ status: 0, heads: ['b1'] })
    expect(await run('downgrade')).toMatchObject({ status: 0, heads: ['a1'] })
    await expect(rows('pets')).rejects.toThrow()
  })

  test('is not needed for what the revision made itself, also by raw SQL', async () => {
    const { run } = await start({
      up: `${table("'draft'", string("'n'"))}
  op.addColumn('users', ${string("'tmp'")})
  op.execute('create table raw (n integer)')
  op.execute('alter table pets add extra integer')
  op.execute('insert into raw values (1)')
  op.dropColumn('pets', 'extra')
  op.dropTable('raw')
  await op.query("update users set tmp = 'x'")
  await op.query('insert into draft (id) values (1)')
  op.dropColumn('users', 'tmp')
  op.dropTable('draft')`,
    })
    expect(await run('upgrade')).toMatchObject({ status: 0, heads: ['b1'] })
  })

  test('is asked for by the names from before the revision', async () => {
    const up = `op.renameTable('users', 'people')
  op.renameColumn('people', 'phone', 'number')
  op.dropColumn('people', 'number')
  op.renameTable('pets', 'animals')
  ${table("'pets'", string("'name'"))}
  op.dropTable('pets')
  op.dropTable('animals')`
    const { app, run } = await start({ up })
    const loss = ['users.phone', 'pets']
    expect(await run('upgrade')).toMatchObject({ status: 2, error: { details: { loss } } })
    app.write(second({ up, header: consents(...loss) }))
    expect(await run('upgrade')).toMatchObject({ status: 0, heads: ['b1'] })
  })

  test('takes a name as it is', async () => {
    const up = `op.dropColumn('Odd table', 'a.b')\n  op.dropColumn('Odd table', 'it"s')`
    const { app, run } = await start({ up })
    const loss = ['Odd table.a.b', 'Odd table.it"s']
    expect(await run('upgrade')).toMatchObject({ status: 2, error: { details: { loss } } })
    app.write(second({ up, header: consents(...loss) }))
    expect(await run('upgrade')).toMatchObject({ status: 0, heads: ['b1'] })
  })

  test('counts no more than it tells', async () => {
    const values = Array.from({ length: 1001 }, (_, at) => `(${at + 10}, 'x')`).join(', ')
    const { run, db } = await start({ up: "op.dropTable('pets')" })
    await run('upgrade', 'a1')
    await sql(db.url, `insert into pets (id, name) values ${values}`)
    const { error } = await run('upgrade')
    expect(error.message).toContain('table pets with more than 1,000 rows.')
  })

  test('is asked for between queries, and what they changed is undone with it', async () => {
    const { run, rows } = await start({ up: `await op.query('delete from pets')\n  ${dropPhone}` })
    expect(await run('upgrade')).toMatchObject({ status: 2, error: { code: 'CONSENT_MISSING' } })
    expect(await rows('pets')).toBe(2)
    expect(await run('upgrade', '--yes')).toMatchObject({ status: 0 })
    expect(await rows('pets')).toBe(0)
  })

  test('that is missing after a change of the schema leaves what the dialect leaves', async () => {
    const { run } = await start({
      up: `op.addColumn('users', ${string("'n'")})\n  await op.query("update users set n = 'x'")\n  ${dropPhone}`,
    })
    expect(await run('upgrade')).toMatchObject(
      isWhole
        ? { status: 2, error: { code: 'CONSENT_MISSING' } }
        : { status: 5, error: { code: 'STEP_HALF_DONE', details: { loss: ['users.phone'] } } },
    )
  })

  test('rolls all steps of a single transaction back', { skip: !isWhole }, async () => {
    const { run } = await start({ up: dropPhone })
    expect(await run('upgrade', '--single-transaction')).toMatchObject({
      status: 2,
      error: { code: 'CONSENT_MISSING', state: expect.stringContaining('and with it the step before it') },
    })
    expect(await run('current')).toMatchObject({ applied: 0 })
    expect(await run('upgrade', '--single-transaction', '--yes')).toMatchObject({ status: 0, heads: ['b1'] })
  })

  test('is asked for outside of a transaction too', async () => {
    const header = 'export const transaction = false'
    const { app, run, rows } = await start({ up: dropPhone, header })
    expect(await run('upgrade')).toMatchObject({ status: 2, error: { code: 'CONSENT_MISSING' } })
    expect(await rows('users where phone is not null')).toBe(3)
    app.write(second({ up: dropPhone, header: `${header}\n${consents('users.phone')}` }))
    expect(await run('upgrade')).toMatchObject({ status: 0, heads: ['b1'] })
  })

  // Judged by all of its operations, the second run would ask for users.phone again, or take pets for gone.
  test('is asked for by a run that goes on for what is left', { skip: dialect !== 'mariadb' }, async () => {
    const up = `${dropPhone}\n  op.renameTable('pets', 'animals')\n  op.dropTable('animals')`
    const { app, env, run, rows } = await start({ up })
    await run('upgrade', 'a1')
    const killed = app.start(['upgrade', '--yes'], { env: { ...env, ALUDEL_TEST_STOP: 'mid-step:3' } })
    await killed.said('@stop mid-step')
    killed.kill('SIGKILL')
    await killed.ended
    expect(await rows('animals')).toBe(2)
    expect(await run('upgrade')).toMatchObject({
      status: 5,
      error: { code: 'STEP_HALF_DONE', details: { loss: ['pets'] } },
    })
    app.write(second({ up, header: consents('pets') }))
    expect(await run('upgrade')).toMatchObject({ status: 0, heads: ['b1'] })
  })

  test('is given by a program', async () => {
    const { app, env } = await start(
      { up: dropPhone },
      {
        'program.ts': `
        import { upgrade } from 'aludel'
        const { code, exitCode, details } = await upgrade().catch((error) => error)
        const { heads } = await upgrade({ allowDataLoss: true })
        console.log(JSON.stringify({ code, exitCode, loss: details.loss, heads }))`,
      },
    )
    const { stdout, stderr } = await runScript(app, 'program.ts', env)
    expect({ stderr, ...JSON.parse(stdout) }).toEqual({
      ...{ stderr: '', code: 'CONSENT_MISSING', exitCode: 2, loss: ['users.phone'], heads: ['b1'] },
    })
  })

  test('is in a generated file, but for what may have been renamed', async () => {
    const db = await database(dialect)
    const env = { DATABASE_URL: db.url }
    const entity = (properties: string): string => `import { defineEntity, p } from '@mikro-orm/core'
export const User = defineEntity({ name: 'User', tableName: 'users', properties: { id: p.integer().primary(), ${properties} } })
`
    const app = project({
      'aludel.config.json': '{ "entities": "user.ts" }',
      'user.ts': entity(
        'age: p.integer().nullable(), phone: p.string().nullable(), fax: p.string().nullable()',
      ),
    })
    const run = async (...args: readonly string[]) => {
      const { status, stdout } = await app.run([...args, '--json'], { env })
      return { status, ...JSON.parse(stdout) }
    }
    const generate = async (properties: string) => {
      app.write({ 'user.ts': entity(properties) })
      const made = await run('revision', '--autogenerate', '-m', 'x')
      return { ...made, source: readFileSync(made.path, 'utf8') }
    }
    await run('revision', '--autogenerate', '-m', 'Users')
    await run('upgrade')
    await sql(db.url, "insert into users (age, phone, fax) values (1, '1', '2')")

    const dropped = await generate('phone: p.string().nullable(), fax: p.string().nullable()')
    expect(dropped.warnings).toEqual([
      'Drops column users.age with its values: review this file before it runs.',
    ])
    expect(dropped.source).toContain("\nexport const allowDataLoss = ['users.age']\n")
    expect(await run('upgrade')).toMatchObject({ status: 0 })

    const renamed = await generate('mobile: p.string().nullable(), fax: p.string().nullable()')
    expect(renamed.warnings).toContainEqual(
      expect.stringContaining('If users.mobile is the new name of phone'),
    )
    expect(renamed.source).not.toContain('allowDataLoss')
    expect(await run('upgrade')).toMatchObject({ status: 2, error: { details: { loss: ['users.phone'] } } })
    expect(await sql(db.url, 'select phone, fax from users')).toEqual([['1', '2']])
  })
})
