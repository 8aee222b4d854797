import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const ids = Array.from({ length: 10 }, (_, at) => `step${String(at).padStart(2, '0')}`)

/** Each step changes the schema, and counts in a way that a second run of it would show. */
const files = Object.fromEntries(
  ids.map((id, at) => [
    `migrations/${id}.ts`,
    `import type { Operations } from 'aludel'
export const message = 'Step ${at}'
export const revision = '${id}'
export const downRevision = ${at === 0 ? 'null' : `'${ids[at - 1]}'`}

export async function upgrade(op: Operations) {
  ${at === 0 ? "op.createTable('proof', { columns: [{ name: 'step', type: 'string', length: 20 }] })\n  op.createTable('counter', { columns: [{ name: 'n', type: 'integer' }] })\n  op.execute('insert into counter (n) values (0)')" : `op.addColumn('counter', { name: 'c${at}', type: 'integer', nullable: true })`}
  await op.query("insert into proof (step) values ('${id}')")
  await op.query('update counter set n = n + 1')
}

export function downgrade(op: Operations) {
  ${at === 0 ? "op.dropTable('proof')\n  op.dropTable('counter')" : `op.dropColumn('counter', 'c${at}')`}
}
`,
  ]),
)

describeDialects('eight runners at once', (dialect) => {
  test.each([1, 2, 3, 4, 5])(
    'run every step exactly once and all end with 0, round %i',
    { timeout: 120_000 },
    async () => {
      const db = await database(dialect)
      const app = project({ ...files, 'aludel.config.json': '{}' })
      const runs = await Promise.all(
        Array.from({ length: 8 }, () =>
          app.run(['upgrade', 'head', '--json'], { env: { DATABASE_URL: db.url } }),
        ),
      )
      expect(runs.map(({ status, stderr }) => (status === 0 ? 0 : stderr))).toEqual(
        Array.from({ length: 8 }, () => 0),
      )
      const steps = runs.flatMap(({ stdout }) =>
        JSON.parse(stdout).steps.map((step: { revision: string }) => step.revision),
      )
      expect(steps.toSorted()).toEqual(ids)
      expect(await sql(db.url, 'select step from proof order by step')).toEqual(ids.map((id) => [id]))
      expect(await sql(db.url, 'select n from counter')).toEqual([[10]])
      expect(await sql(db.url, 'select revision from aludel_revision order by revision')).toEqual(
        ids.map((id) => [id]),
      )
      expect(
        await sql(db.url, "select count(*) from aludel_journal where outcome <> 'done'").then((rows) =>
          Number(rows[0]?.[0]),
        ),
      ).toBe(0)
    },
  )
})
