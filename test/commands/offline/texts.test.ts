/** Texts that no quoting may lose or let out, and statements that a client could cut in two. */
import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, inject, test } from 'vitest'
import { catalog } from '../../support/catalog.ts'
import { describeClients, runClient, scriptKinds } from '../../support/client.ts'
import { database } from '../../support/database.ts'
import { revisionFile } from '../../support/files.ts'
import { commandsOn, feed, script } from '../../support/offline.ts'
import { project } from '../../support/project.ts'
import { sql } from '../../support/sql.ts'
import { hostile } from './history.ts'

const config = { 'aludel.config.json': '{}' }

describeClients('a script', (dialect) => {
  test('keeps the text of a large file, with line ends of both kinds, to the letter', async () => {
    const db = await database(dialect)
    const lines = Array.from(
      { length: 9000 },
      (_, at) => `// ${at} ${hostile} \t \\r \\r1 \\n${at % 2 === 0 ? '\r' : ''}\n`,
    )
    const app = project({
      ...config,
      ...revisionFile('a1', { header: `.concat\n${lines.join('')}`.replace('.concat', '//') }),
    })
    const text = readFileSync(path.join(app.folder, 'migrations/a1.ts'), 'utf8')
    expect(text.length).toBeGreaterThan(700_000)
    for (const { options } of scriptKinds(dialect)) {
      await feed(db.url, await script(app, dialect, 'upgrade', ...options))
      expect(await sql(db.url, 'select source from aludel_revision')).toEqual([[text]])
      expect(await commandsOn(app, db.url)('current')).toMatchObject({ atHead: true, edited: [] })
      await commandsOn(app, db.url)('downgrade', 'base')
    }
  })

  test('names and values are what the revision says, whatever is in them', async () => {
    const [online, offline] = await Promise.all([database(dialect), database(dialect)])
    const name = hostile.slice(0, 40).trim()
    const value = `${hostile}\nsecond;\n-- third\n.quit\n\\q\ndelimiter //\n`
    const app = project({
      ...config,
      ...revisionFile('a1', {
        message: hostile,
        header: `const [name, value] = ${JSON.stringify([name, value])}`,
        up: `op.createTable(name, {
    columns: [{ name, type: 'integer' }, { name: 'v', type: 'string', length: 250, default: value }, { name: 'e', type: 'enum', items: ['it\\'s', 'b'] }],
    indexes: [{ name: 'i ' + name.slice(0, 20), columns: [name] }],
  })
  op.addColumn(name, { name: 'w', type: 'string', length: 250, default: value })
  op.alterColumn(name, 'v', { type: 'string', length: 255 })`,
        back: 'op.dropTable(name)',
      }),
    })
    await commandsOn(app, online.url)('upgrade')
    for (const { options } of scriptKinds(dialect)) {
      await feed(offline.url, await script(app, dialect, 'upgrade', ...options))
      expect(await catalog(offline.url)).toEqual(await catalog(online.url))
      expect(await sql(offline.url, 'select message from aludel_revision')).toEqual([[hostile]])
      await feed(offline.url, await script(app, dialect, 'downgrade', 'a1:base', ...options))
      expect(await catalog(offline.url)).toEqual([])
    }
  })

  test('a statement with others in it is one statement', async () => {
    const db = await database(dialect)
    const body =
      dialect === 'postgresql'
        ? [
            "create function f() returns trigger language plpgsql as $$ begin new.n := new.n + 1; new.m := ';'; return new; end; $$",
            'create trigger r before insert on t for each row execute function f()',
          ]
        : dialect === 'sqlite'
          ? ["create trigger r after insert on t begin update t set n = n + 1; update t set m = ';'; end;"]
          : [
              "create trigger r before insert on t for each row begin set new.n = new.n + 1; set new.m = ';'; end;",
            ]
    const app = project({
      ...config,
      ...revisionFile('a1', {
        up: `op.createTable('t', { columns: [{ name: 'n', type: 'integer' }, { name: 'm', type: 'string', length: 9 }] })
  ${body.map((each) => `op.execute(${JSON.stringify(each)})`).join('\n  ')}
  op.execute("insert into t (n, m) values (1, 'a') -- no; more")
  op.execute('insert into t (n, m) values (10, \\';\\')  ; ; ')`,
        back: "op.dropTable('t')",
      }),
    })
    await feed(db.url, await script(app, dialect, 'upgrade'))
    const rows = await sql(db.url, 'select n, m from t order by n')
    expect(rows).toEqual(
      dialect === 'sqlite'
        ? [
            [3, ';'],
            [11, ';'],
          ]
        : [
            [2, ';'],
            [11, ';'],
          ],
    )
    expect(await commandsOn(app, db.url)('current')).toMatchObject({ atHead: true })
  })
})

describeClients(
  'a script of a server whose URL has a password',
  (dialect) => {
    test('does not hold it, not even where the file has it', async () => {
      const db = await database(dialect)
      const canary = inject('canary')
      const app = project({ ...config, ...revisionFile('a1', { message: canary, header: `// ${canary}` }) })
      const env = { DATABASE_URL: db.url }
      // The project's own check of all output looks for the canary too.
      for (const options of [[], ['--idempotent'], ['--json']]) {
        const { status, stdout } = await app.run(['upgrade', '--sql', ...options], { env })
        expect({ status, stdout }).toMatchObject({ status: 0, stdout: expect.stringContaining('a1') })
        expect(stdout).not.toContain(canary)
      }
      await feed(db.url, (await app.run(['upgrade', '--sql'], { env })).stdout)
      expect(await commandsOn(app, db.url)('current')).toMatchObject({ atHead: true, edited: [] })
    })
  },
  ['postgresql', 'mariadb', 'mysql'],
)

test('what a revision prints is no part of the script, and nothing of that is replaced in it', async () => {
  const app = project({
    ...config,
    ...revisionFile('a1', {
      header: "export const createdAt = new Date(0).toISOString()\nconsole.log('noise')",
      up: `console.log('noise'); process.stdout.write('noise')
  op.execute("insert into t values ('\\u0007 \\u202E ***', 'postgresql://u:S3cret9@host/db')")`,
    }),
  })
  const env = { DATABASE_URL: 'postgresql://u:S3cret9@127.0.0.1:1/db' }
  const { stdout, stderr } = await app.run(['upgrade', '--sql'], { env })
  expect(stdout).not.toMatch(/^noise/m)
  expect(stderr).toContain('noise')
  const statement = "insert into t values ('\u0007 \u202E ***', 'postgresql://u:S3cret9@host/db');\n"
  expect(stdout).toContain(`\n${statement}`)
  const { stdout: json } = await app.run(['upgrade', '--sql', '--json'], { env })
  const document = JSON.parse(json)
  expect(document).toEqual({
    sql: expect.stringContaining(`\n${statement}`),
    client: 'psql',
    steps: [{ direction: 'upgrade', revision: 'a1', message: 'a1', statements: 1, ms: 0 }],
    heads: ['a1'],
  })
})

describeClients(
  'a script for PostgreSQL',
  (dialect) => {
    test('is read the same whatever the session is set to', async () => {
      const db = await database(dialect)
      const app = project({ ...config, ...revisionFile('a1', { message: hostile, header: `// ${hostile}` }) })
      const file = path.join(app.folder, 'script.sql')
      writeFileSync(file, await script(app, dialect, 'upgrade'))
      const settings = [
        'standard_conforming_strings=off',
        'client_encoding=LATIN1',
        'default_transaction_isolation=serializable',
      ]
      const url = `${db.url}?options=${encodeURIComponent(settings.map((each) => `-c ${each}`).join(' '))}`
      const { status, stderr } = await runClient(url, readFileSync(file, 'utf8'), ['--set=AUTOCOMMIT=off'])
      expect(`${status} ${stderr}`).toBe('0 ')
      expect(await sql(db.url, 'select message from aludel_revision')).toEqual([[hostile]])
    })
  },
  ['postgresql'],
)

describeClients(
  'a script for MySQL and MariaDB',
  (dialect) => {
    test('is read the same whatever the session is set to', async () => {
      const db = await database(dialect)
      const app = project({ ...config, ...revisionFile('a1', { message: hostile, header: `// ${hostile}` }) })
      for (const options of [[], ['--idempotent']]) {
        const text = await script(app, dialect, 'upgrade', ...options)
        const set = "--init-command=set session sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES', autocommit = 0"
        const { status, stderr } = await runClient(db.url, text, ['--default-character-set=latin1', set])
        expect(`${status} ${stderr}`).toBe('0 ')
        expect(await sql(db.url, 'select message from aludel_revision')).toEqual([[hostile]])
        await commandsOn(app, db.url)('downgrade')
      }
    })
  },
  ['mariadb', 'mysql'],
)

describeClients(
  'a script for MySQL and MariaDB',
  (dialect) => {
    test('takes statements as a run takes them', { timeout: 120_000 }, async () => {
      const [online, offline] = await Promise.all([database(dialect), database(dialect)])
      const statements = [
        'create table t (n integer)',
        '/*!50000 create trigger r before insert on t for each row begin set @a = 1; set new.n = new.n + 1; end */',
        'insert into t (n) select count (*) from t',
        'insert into t (n) values (10)\n;\n\n-- the end; of it',
      ]
      const app = project({
        ...config,
        ...revisionFile('a1', {
          up: statements.map((each) => `op.execute(${JSON.stringify(each)})`).join('\n'),
        }),
      })
      await commandsOn(app, online.url)('upgrade')
      await feed(offline.url, await script(app, dialect, 'upgrade'))
      for (const { url } of [online, offline]) {
        expect(await sql(url, 'select n from t')).toEqual([[1], [11]])
      }
      const modes =
        'select trigger_name, sql_mode from information_schema.triggers where trigger_schema = database()'
      expect(await sql(offline.url, modes)).toEqual(await sql(online.url, modes))
    })
  },
  ['mariadb', 'mysql'],
)
