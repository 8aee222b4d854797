import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

describeDialects('a column that is given another size alone', (dialect) => {
  test('has it, there and back', async () => {
    const db = await database(dialect)
    const app = project({
      'aludel.config.json': '{}',
      ...revisionFile('a1', {
        up: `op.createTable('t', { columns: [
    { name: 's', type: 'string', length: 20 },
    { name: 'd', type: 'decimal', precision: 5, scale: 2, nullable: true },
  ] })`,
      }),
      ...revisionFile('b1', {
        down: 'a1',
        up: "op.alterColumn('t', 's', { length: 100 })\n  op.alterColumn('t', 'd', { scale: 3 })",
        back: "op.alterColumn('t', 's', { length: 20 })\n  op.alterColumn('t', 'd', { scale: 2 })",
      }),
    })
    const run = async (...args: readonly string[]) => {
      const { status, stderr } = await app.run(args, { env: { DATABASE_URL: db.url } })
      expect(status === 0 ? '' : stderr).toBe('')
      return (await sql(db.url, types[dialect])).map(([type]) =>
        String(type).replace('character varying', 'varchar'),
      )
    }
    // A text of SQLite has no length.
    const text = (length: number) => (dialect === 'sqlite' ? 'text' : `varchar(${length})`)
    expect(await run('upgrade', 'a1')).toEqual([text(20), 'numeric(5,2)'])
    expect(await run('upgrade')).toEqual([text(100), 'numeric(5,3)'])
    expect(await run('downgrade')).toEqual([text(20), 'numeric(5,2)'])
  })
})

const columns =
  "select replace(column_type, 'decimal', 'numeric') from information_schema.columns where table_schema = database() and table_name = 't' order by ordinal_position"
const formatted =
  "select format_type(atttypid, atttypmod) from pg_attribute where attrelid = 't'::regclass and attnum > 0 order by attnum"
const types = {
  sqlite: "select lower(type) from pragma_table_info('t')",
  postgresql: formatted,
  pglite: formatted,
  mariadb: columns,
  mysql: columns,
}
