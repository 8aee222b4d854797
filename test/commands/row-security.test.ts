import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { type Project, project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const entities = (table: string, more: string): Readonly<Record<string, string>> => ({
  'entities/doc.ts': `import { defineEntity, p } from '@mikro-orm/core'
export const Doc = defineEntity({
  name: 'Doc',
  tableName: '${table}',
  properties: { id: p.integer().primary(), tenant: p.integer() },
  ${more}
})
`,
})
const config = { 'aludel.config.json': '{ "entities": "entities/*.ts" }' }
const policies = `{ name: 'it"s', using: "tenant = current_setting('app.tenant')::int" },
    { name: 'late', command: 'insert', type: 'restrictive', check: 'tenant > 0' }`
const old = "{ name: 'old', using: 'tenant > 0' }"

const inPlace = `select polname::text from pg_policy p join pg_class c on c.oid = p.polrelid
  union all select 'enabled' from pg_class where relrowsecurity
  union all select 'forced' from pg_class where relforcerowsecurity order by 1`

describeDialects(
  'row-level security of entities',
  (dialect) => {
    const start = async (files: Readonly<Record<string, string>>) => {
      const db = await database(dialect)
      const app = project({ ...config, ...files })
      const run = (...args: readonly string[]) => app.run(args, { env: { DATABASE_URL: db.url } })
      return { app, run, there: async () => (await sql(db.url, inPlace)).flat(), url: db.url }
    }
    const generate = ['revision', '--autogenerate', '-m', 'x', '--json'] as const
    const written = ({ folder }: Project, stdout: string): readonly string[] =>
      readFileSync(path.resolve(folder, String(JSON.parse(stdout).path)), 'utf8')
        .split('\n')
        .filter((line) => line.includes('op.'))
        .map((line) => line.trim())

    test('comes with its table, and says who is off when it is gone', { timeout: 60_000 }, async () => {
      const { app, run, there, url } = await start(
        entities('docs', `policies: [${policies}], rowLevelSecurity: 'force',`),
      )
      const first = await run(...generate)
      expect(written(app, first.stdout).slice(1)).toEqual([
        `op.execute('alter table "docs" enable row level security')`,
        `op.execute('alter table "docs" force row level security')`,
        expect.stringContaining('create policy "it""s" on "docs"'),
        expect.stringContaining('create policy "late" on "docs" as restrictive for insert'),
        "op.dropTable('docs')",
      ])
      expect(await run('upgrade')).toMatchObject({ status: 0 })
      expect(await there()).toEqual(['enabled', 'forced', 'it"s', 'late'])
      expect(await run('check')).toMatchObject({ status: 0, stdout: expect.not.stringContaining('not ours') })
      expect(JSON.parse((await run(...generate)).stdout)).toMatchObject({ path: null })
      await sql(url, 'drop policy late on docs')
      const { status, stdout } = await run('check')
      expect([status, stdout]).toEqual([
        3,
        expect.stringContaining('database is off: execute create policy "late"'),
      ])
    })

    test('comes to a table, under its new name, and goes on the way back', { timeout: 60_000 }, async () => {
      const { app, run, there } = await start(entities('docs', `policies: [${old}],`))
      await run(...generate)
      await run('upgrade')
      app.write(entities('papers', `policies: [${old}, ${policies}],`))
      const { stdout } = await run(...generate, '--rename', 'docs:papers')
      expect(written(app, stdout)).toEqual([
        "op.renameTable('docs', 'papers')",
        expect.stringContaining('create policy "it""s" on "papers"'),
        expect.stringContaining('create policy "late" on "papers"'),
        `op.execute('drop policy "late" on "papers"')`,
        `op.execute('drop policy "it""s" on "papers"')`,
        "op.renameTable('papers', 'docs')",
      ])
      await run('upgrade')
      expect(await there()).toEqual(['enabled', 'it"s', 'late', 'old'])
      expect(await run('check')).toMatchObject({ status: 0 })
      await run('downgrade')
      expect(await there()).toEqual(['enabled', 'old'])
    })
  },
  ['postgresql'],
)
