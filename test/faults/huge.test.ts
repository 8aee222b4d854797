import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const text = {
  sqlite: 'text',
  postgresql: 'text',
  mariadb: 'longtext',
  mysql: 'longtext',
  pglite: 'text',
} as const

describeDialects('F34: a huge step', (dialect) => {
  const column = `{ name: 'x', type: { sql: '${text[dialect]}' }, nullable: true }`
  const table = `op.createTable('big', { columns: [{ name: 'n', type: 'integer' }, ${column}] })`

  const start = async (up: string) => {
    const { url } = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...revisionFile('a1', { up: `${table}\n  ${up}` }) })
    return { url, app, env: { DATABASE_URL: url } }
  }

  test('of 50,000 statements is carried out, and tells how far it is', { timeout: 300_000 }, async () => {
    const { url, app, env } = await start(
      `for (let n = 0; n < 50_000; n++) op.execute('insert into big (n) values (' + n + ')')`,
    )
    const { status, stdout, stderr } = await app.run(['upgrade', '--json'], { env })
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
    const [step] = JSON.parse(stdout).steps
    expect(step.statements).toBe(50_001)
    // It is told every five seconds; the fastest machines may need no more.
    if (step.ms > 6000) expect(stderr).toMatch(/a1: statement \d+ of 50001/)
    expect(Number((await sql(url, 'select count(distinct n) from big'))[0]?.[0])).toBe(50_000)
  })

  test('of 20 MB in one statement is carried out', { timeout: 120_000 }, async () => {
    const { url, app, env } = await start(
      `for (const n of [1, 2]) op.execute("insert into big (n, x) values (" + n + ", '" + 'x'.repeat(10_000_000) + "')")`,
    )
    const { status, stderr } = await app.run(['upgrade'], { env })
    expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' })
    expect(Number((await sql(url, 'select sum(length(x)) from big'))[0]?.[0])).toBe(20_000_000)
  })
})
