import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { database } from '../../support/database.ts'
import { describeDialects } from '../../support/dialects.ts'
import { project } from '../../support/project.ts'
import { sql } from '../../support/sql.ts'

const entities = (properties: string): string => `import { defineEntity, p } from '@mikro-orm/core'
export const User = defineEntity({ name: 'User', tableName: 'people', properties: { id: p.integer().primary(), ${properties} } })
`
const before = "name: p.string().length(50), said: p.string(), seen: p.date(), kind: p.enum(['a', 'b'])"

describeDialects('a column that every row is to have a value in', (dialect) => {
  const isWhole = dialect !== 'mariadb' && dialect !== 'mysql'

  test('is refused while one has none, taken when it is filled, and comes back on the way down', async () => {
    const db = await database(dialect)
    const app = project({
      'aludel.config.json': JSON.stringify({ url: db.url, entities: 'user.ts' }),
      'user.ts': entities(before),
    })
    const run = async (...args: readonly string[]) => {
      const { status, stdout } = await app.run([...args, '--json'])
      return { status, ...JSON.parse(stdout) }
    }
    await run('revision', '--autogenerate', '-m', 'People', '--rev-id', 'a1')
    await run('upgrade')
    await sql(
      db.url,
      "insert into people (id, name, said, seen, kind) values (1, 'Ada', 'hello', '2020-02-02', 'b'), (2, 'Alan', 'no', '2020-02-03', 'a')",
    )
    app.write({ 'user.ts': entities('name: p.string().length(50), code: p.integer().unique()') })
    const { path, warnings } = await run('revision', '--autogenerate', '-m', 'Codes', '--rev-id', 'b1')
    const tick = isWhole && dialect !== 'sqlite' ? '"' : '`'
    const name = (text: string): string => `${tick}${text}${tick}`
    const fill = `op.execute('update ${name('people')} set ${name('code')} = … where ${name('code')} is null')`
    const text = readFileSync(path, 'utf8')
    expect(text).toContain(`
  op.addColumn('people', { name: 'code', type: 'integer', nullable: true })
  // Rows that are there need a value of people.code before it is set not null:
  // ${fill}
  op.alterColumn('people', 'code', { nullable: false })
`)
    expect(text).toContain(`
  // Fails where rows of people are the same in code:
  // select ${name('code')}, count(*) from ${name('people')} where ${name('code')} is not null group by ${name('code')} having count(*) > 1
  op.createUniqueConstraint('people', { name: 'people_code_unique', columns: ['code'] })
`)
    expect(warnings).toContain(
      `Rows that are there need a value of people.code before it is set not null: ${fill}`,
    )

    // On MariaDB and MySQL without the check it would be 0 in every row, where the server is not strict.
    const refused = await run('upgrade')
    expect(refused).toMatchObject({
      status: isWhole ? 1 : 5,
      error: {
        code: isWhole ? 'STEP_FAILED' : 'STEP_HALF_DONE',
        message: expect.stringMatching(
          /: people\.code cannot be set not null: 2 rows of people have null in it\.$/,
        ),
        fix: expect.stringContaining(`Fill it before: ${fill}.`),
      },
    })
    expect(await sql(db.url, 'select name, said from people order by id')).toEqual([
      ['Ada', 'hello'],
      ['Alan', 'no'],
    ])

    writeFileSync(path, text.replace(`// ${fill}`, fill.replace('…', 'id + 7')))
    expect(await run('upgrade')).toMatchObject({ status: 0 })
    expect(await sql(db.url, 'select id, name, code from people order by id')).toEqual([
      [1, 'Ada', 8],
      [2, 'Alan', 9],
    ])
    await expect(sql(db.url, "insert into people (id, name) values (3, 'x')")).rejects.toThrow()

    expect(await run('downgrade', '-1')).toMatchObject({ status: 0 })
    expect(
      await sql(db.url, "select id, name, said, kind, seen = '1970-01-01' from people order by id"),
    ).toEqual(
      ['Ada', 'Alan'].map((each, at) => [
        at + 1,
        each,
        '',
        'a',
        dialect === 'postgresql' || dialect === 'pglite' ? true : 1,
      ]),
    )
    app.write({ 'user.ts': entities(before) })
    const { differences } = await run('check')
    // The revision that is pending again is what differs, and nothing else.
    expect(differences.filter(({ off }: { off: string }) => off !== 'history')).toEqual([])
  })
})
