import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { adoptedId } from '../../src/commands/adopted.ts'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { type Migrating, migrating, migration } from '../support/migrator.ts'
import { edits } from '../support/ordering.ts'
import { say } from '../support/say.ts'
import type { DialectName } from '../support/servers.ts'
import { sql } from '../support/sql.ts'

/** What each database calls for in a migration that somebody wrote. */
const settings: Readonly<Record<DialectName, readonly [set: string, adopted: string]>> = {
  sqlite: ['pragma foreign_keys = off;', ''],
  postgresql: ['set statement_timeout = 0;', 'set local statement_timeout = 0'],
  pglite: ['set statement_timeout = 0;', 'set local statement_timeout = 0'],
  mariadb: ['set foreign_key_checks = 0;', 'set foreign_key_checks = default'],
  mysql: ['set foreign_key_checks = 0;', 'set foreign_key_checks = default'],
}

const awkward = (dialect: DialectName): Readonly<Record<string, string>> => ({
  ...migration(
    'Migration20270101000000_awkward',
    `
  override async up() {
    await this.execute('create table notes (id integer primary key, body varchar(100))')
    this.addSql(\`${settings[dialect][0]}\`)
    this.addSql("insert into notes values (1, 'x;y'); /* ; */ insert into notes values (2, 'it''s') -- ;\\n;")
    this.addSql(raw('insert into notes values (?, ?)', [3, "O'Neil; \\\\ ?"]))
    this.addSql(this.getEntityManager().createQueryBuilder(User).update({ name: "A 'B'" }).where({ id: 1 }).getNativeQuery())
  }
  override async down() {
    this.addSql('drop table notes')
  }`,
    `import { raw } from '@mikro-orm/core'\nimport { User } from '../entities/user.ts'`,
  ),
  ...migration('Migration20270102000000', `  override up() { this.addSql('select 1') }`),
})

interface Written {
  readonly written: readonly { readonly revision: string; readonly path: string }[]
}

async function json(app: Migrating, ...args: readonly string[]): Promise<unknown> {
  const { status, stdout, stderr } = await app.run([...args, '--json'], { env: app.env })
  const said = status === 0 ? '' : stdout + stderr
  expect({ args, status, said }).toEqual({ args, status: 0, said: '' })
  return JSON.parse(stdout)
}

describeDialects("the history of MikroORM's own migrator", (dialect) => {
  test('is adopted, stamped as it is, proved, and goes on', { timeout: 120_000 }, async () => {
    const db = await database(dialect)
    const app = migrating(dialect, db.url)
    app.migrate('first tables')
    edits.addColumns(app)
    app.migrate('addAddress')
    app.write(awkward(dialect))
    // Somebody's branch was deployed before another's.
    await sql(db.url, "insert into mikro_orm_migrations (name) values ('Migration20270102000000')")
    const before = await sql(db.url, 'select id, name from mikro_orm_migrations order by id')

    const dry = await json(app, 'adopt', 'mikro-orm', '--dry-run')
    expect(dry).toMatchObject({ stamped: [], proof: { proved: true } })
    expect(readdirSync(app.folder)).not.toContain('revisions')

    const result = await json(app, 'adopt', 'mikro-orm')
    const names = readdirSync(path.join(app.folder, 'old'))
      .filter((name) => name.endsWith('.ts'))
      .sort()
    const ids = names.map((name) => adoptedId(name.slice(0, -3)))
    const [first, second, pending, last] = ids
    expect(result).toMatchObject({
      written: [
        { revision: first, applied: true, path: expect.stringContaining('first_tables') },
        { revision: second, applied: true, path: expect.stringContaining('add_address') },
        { revision: pending, applied: false, migration: 'Migration20270101000000_awkward', byHand: false },
        { revision: last, applied: true },
      ],
      known: 0,
      stamped: [first, second, last],
      pending: ['Migration20270101000000_awkward'],
      // The last has no way back.
      proof: { proved: true, back: 0, why: null },
      drift: null,
    })
    const { written } = result as Written
    const text = (at: number) => readFileSync(written[at]?.path ?? '', 'utf8')
    expect(text(2)).toContain(`insert into notes values (1, 'x;y')`)
    expect(text(2)).not.toContain(`'x;y'); `)
    expect(text(2)).toContain("createdAt = '2027-01-01T00:00:00Z'")
    expect(text(2)).toContain(settings[dialect][1])
    expect(text(3)).toContain("export const irreversible = 'This migration cannot be reverted'")

    expect(await say(app, 'adopt mikro-orm', app.env)).toContain('Nothing to adopt: all 4 migrations')
    // Exactly what was not applied runs, though what follows it is.
    expect(await json(app, 'upgrade', 'head')).toMatchObject({ steps: [{ revision: pending }] })
    expect(await sql(db.url, 'select body from notes order by id')).toEqual([
      ['x;y'],
      ["it's"],
      ["O'Neil; \\ ?"],
    ])
    await sql(db.url, 'drop table notes')
    expect(await json(app, 'check')).toMatchObject({ ok: true, unmanaged: [] })
    expect(await sql(db.url, 'select id, name from mikro_orm_migrations order by id')).toEqual(before)

    // What the migrations made is the history's own, though all of it is raw SQL.
    edits.removeFax(app)
    expect(await json(app, 'revision', '--autogenerate', '-m', 'No fax')).toMatchObject({
      operations: 1,
      warnings: [expect.stringMatching(/^Drops column \w+\.fax/)],
    })
  })
})
