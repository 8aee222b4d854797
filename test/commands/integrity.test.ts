import { rmSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { sql } from '../support/sql.ts'

const hash = expect.stringMatching(/^v1:[0-9a-f]{64}$/)

describeDialects('what was applied and what the files say', (dialect) => {
  const start = async (files: Readonly<Record<string, string>>) => {
    const db = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...files })
    const run = async (...args: readonly string[]) => {
      const { status, stdout } = await app.run([...args, '--json'], { env: { DATABASE_URL: db.url } })
      return { status, ...JSON.parse(stdout) }
    }
    return {
      app,
      db,
      run,
      text: (...args: readonly string[]) => app.run(args, { env: { DATABASE_URL: db.url } }),
      without: (id: string) => rmSync(path.join(app.folder, `migrations/${id}.ts`)),
      applied: async () =>
        (await sql(db.url, 'select revision from aludel_revision order by revision')).flat(),
    }
  }
  /** Both hashes, the file, and every way on. */
  const edited = (id: string) => ({
    status: 4,
    error: {
      code: 'EDITED_REVISION',
      message: expect.stringMatching(new RegExp(`^Revision ${id} was changed .*migrations/${id}\\.ts`)),
      state: expect.stringMatching(/^Applied was v1:[0-9a-f]{64}, the file is v1:[0-9a-f]{64};/),
      fix: expect.stringMatching(new RegExp(`Put the file back.*aludel accept ${id}.*--allow-edited`)),
      details: {
        revision: id,
        path: expect.stringMatching(`/migrations/${id}.ts$`),
        applied: hash,
        now: hash,
      },
    },
  })

  // Without `editedRevisions` in verifyState each of the four ends with 0 or 3.
  test('F29: an edited revision is found by upgrade, downgrade, check and current', async () => {
    const { app, run, text, applied } = await start(chain('a1', 'b1'))
    await run('upgrade')
    app.write({ ...revisionFile('a1', { up: "op.execute('select 1')" }), ...chain('c1') })
    for (const args of [['upgrade', 'heads'], ['downgrade'], ['downgrade', 'base'], ['check']]) {
      expect(await run(...args)).toMatchObject(edited('a1'))
    }
    expect(await run('current')).toEqual({
      status: 4,
      heads: ['b1'],
      applied: 2,
      pending: 1,
      unknown: [],
      edited: ['a1'],
      edits: [{ revision: 'a1', path: path.join(app.folder, 'migrations/a1.ts'), applied: hash, now: hash }],
      atHead: false,
    })
    const current = await text('current')
    expect(current).toMatchObject({ status: 4 })
    expect(current.stdout).toMatch(
      /^edited: \/.*\/a1\.ts was changed .*\(v1:[0-9a-f]{64}, now v1:[0-9a-f]{64}\).*`aludel accept a1`$/m,
    )
    expect(await applied()).toEqual(['a1', 'b1'])
    expect(await run('upgrade', 'heads', '--allow-edited')).toMatchObject({ status: 0, heads: ['b1', 'c1'] })
  })

  test('white space at line ends, CRLF and a byte order mark are no edit', async () => {
    const { app, run } = await start(chain('a1'))
    await run('upgrade')
    const [text = ''] = Object.values(chain('a1'))
    app.write({ 'migrations/a1.ts': `\uFEFF${text.replaceAll('\n', '  \r\n')}` })
    expect(await run('upgrade')).toMatchObject({ status: 0 })
  })

  test('F29: accept records the file as it is, says both hashes, and stands in the log', async () => {
    const { app, db, run, text } = await start(chain('a1', 'b1'))
    await run('upgrade')
    app.write(revisionFile('a1', { up: '// another comment' }))
    const { error } = await run('upgrade')
    const { applied, now } = error.details
    expect(await run('accept', 'a1')).toEqual({
      status: 0,
      accepted: [{ revision: 'a1', path: path.join(app.folder, 'migrations/a1.ts'), applied, now }],
    })
    const [row] = await sql(
      db.url,
      "select checksum, extension, source, downgrade from aludel_revision where revision = 'a1'",
    )
    expect(row?.slice(0, 2)).toEqual([now, '.ts'])
    expect(row?.[2]).toContain('// another comment')
    // The statements that undo what the file said before are no longer its own.
    expect(JSON.parse(String(row?.[3]))).toMatchObject({ kind: 'unknown' })
    expect(await run('upgrade')).toMatchObject({ status: 0, steps: [] })
    const log = await text('log', '-n', '1')
    expect(log.stdout).toMatch(/ accept {5}a1, done, 0 of 0 statements/)
    // What is the same already is no fault: two may accept at once.
    expect(await run('accept', 'a1')).toEqual({ status: 0, accepted: [] })
    app.write(revisionFile('a1', { up: '// a third' }))
    const told = await text('accept', 'a1')
    expect(told.stdout.replace(/v1:[0-9a-f]{64} counts/, 'it counts')).toBe(
      `Accepted a1 (${app.folder}/migrations/a1.ts): ${now} was applied, it counts from now on.
`,
    )
    expect((await text('accept', 'a1')).stdout).toBe('Nothing to accept: the files are what was applied.\n')
  })

  test('accept takes several, and none when one of them is not applied or is none', async () => {
    const { app, run } = await start(chain('a1', 'b1', 'c1'))
    await run('upgrade', 'b1')
    const change = { up: '// changed' }
    app.write({ ...revisionFile('a1', change), ...revisionFile('b1', { ...change, down: 'a1' }) })
    expect(await run('accept', 'a1', 'c1')).toMatchObject({ status: 2, error: { code: 'BAD_TARGET' } })
    expect(await run('accept', 'a1', 'nope')).toMatchObject({
      status: 2,
      error: { code: 'UNKNOWN_REVISION' },
    })
    expect(await run('accept')).toMatchObject({ status: 2, error: { code: 'USAGE' } })
    expect(await run('current')).toMatchObject({ status: 4, edited: ['a1', 'b1'] })
    const { error } = await run('upgrade')
    expect(error.message).toContain('So were b1.')
    expect(error.fix).toContain('aludel accept a1 b1')
    expect(await run('accept', 'a1', 'b1')).toMatchObject({ accepted: [{}, {}] })
    expect(await run('current')).toMatchObject({ status: 0, edited: [] })
  })

  test('F28: an id that nothing explains is told with two commands', async () => {
    const { db, run, text } = await start(chain('a1'))
    await run('upgrade')
    await insert(db.url, 'zzz')
    for (const args of [['upgrade'], ['upgrade', '--allow-ahead'], ['downgrade', 'base'], ['check']]) {
      expect(await run(...args)).toMatchObject({
        status: 4,
        error: {
          code: 'UNKNOWN_REVISION',
          message: "Can't locate revision identified by 'zzz'.",
          fix: expect.stringMatching(
            /^Newer code deployed\? .*`git log --all -- '\*zzz\*'`.*`aludel stamp --purge head`/,
          ),
          details: { revisions: ['zzz'] },
        },
      })
    }
    expect(await run('current')).toMatchObject({
      ...{ status: 4, heads: ['a1', 'zzz'], applied: 2, unknown: ['zzz'], atHead: false },
    })
    expect((await text('current', '--allow-ahead')).status).toBe(4)
    expect((await text('current')).stdout).toContain('unknown: zzz is applied, but no file here has it')
  })

  test('F28: older code on a newer database says so, and goes on when told to', async () => {
    const { run, text, without, applied } = await start(chain('a1', 'b1', 'c1'))
    await run('upgrade')
    without('c1')
    without('b1')
    for (const args of [['upgrade'], ['check'], ['stamp', 'head'], ['upgrade', '+1']]) {
      expect(await run(...args)).toMatchObject({
        status: 4,
        error: {
          code: 'DATABASE_AHEAD',
          message: 'The database is ahead of this code by 2 revisions (b1, c1; newer code deployed?).',
          fix: expect.stringMatching(/`aludel upgrade --allow-ahead`.*`aludel stamp --purge head`/),
          details: { revisions: ['b1', 'c1'] },
        },
      })
    }
    expect(await run('current')).toMatchObject({
      ...{ status: 4, heads: ['c1'], applied: 3, pending: 0, unknown: ['b1', 'c1'], ahead: ['b1', 'c1'] },
      atHead: false,
    })
    expect((await text('current')).stdout).toMatch(/^ahead: b1 is applied and follows what this code has/m)
    expect(await run('current', '--allow-ahead')).toMatchObject({ status: 0, ahead: ['b1', 'c1'] })
    expect(await run('upgrade', '--allow-ahead')).toEqual({ status: 0, steps: [], heads: ['c1'] })
    expect(await applied()).toEqual(['a1', 'b1', 'c1'])
  })

  test('F28: check goes past what newer code applied when told to, and compares', async () => {
    const { app, run, without } = await start({ ...chain('a1'), ...revisionFile('b1', { down: 'a1' }) })
    app.write({
      'aludel.config.json': '{ "entities": "entities/*.ts" }',
      'entities/t.ts': `import { defineEntity, p } from '@mikro-orm/core'
        export const T = defineEntity({ name: 'T', tableName: 'more', properties: { id: p.integer().primary() } })`,
    })
    await run('upgrade')
    without('b1')
    expect(await run('check')).toMatchObject({ status: 4, error: { code: 'DATABASE_AHEAD' } })
    expect(await run('check', '--allow-ahead')).toMatchObject({
      status: 3,
      pending: [],
      differences: expect.arrayContaining([expect.objectContaining({ kind: 'createTable', object: 'more' })]),
    })
  })

  test('beside what newer code applied none of this code runs', async () => {
    const { app, run, without, applied } = await start(chain('a1', 'b1'))
    await run('upgrade')
    without('b1')
    app.write(revisionFile('x1', { down: 'a1' }))
    expect(await run('upgrade', '--allow-ahead')).toMatchObject({
      status: 4,
      error: {
        code: 'DATABASE_AHEAD',
        state: expect.stringContaining('Revision x1 of this code would run beside them'),
        fix: expect.stringContaining('aludel upgrade heads'),
      },
    })
    expect(await run('upgrade', 'a1', '--allow-ahead')).toMatchObject({ status: 0, steps: [] })
    expect(await applied()).toEqual(['a1', 'b1'])
  })

  // Without `verify` inside the lock, and `refuseBeside` in the plan, both end with 0, with n1 beside c1.
  test('F03: of code that runs beside other code the one that was slower stops, whichever that is', async () => {
    const slow = revisionFile('b1', { down: 'a1', up: 'await new Promise((done) => setTimeout(done, 1500))' })
    const files = (last: string) => ({ ...chain('a1'), ...slow, ...revisionFile(last, { down: 'b1' }) })
    const { app, db, run, applied } = await start(files('c1'))
    const newer = project({ 'aludel.config.json': '{}', ...files('n1') })
    await run('upgrade', 'a1')
    const env = { DATABASE_URL: db.url }
    const first = newer.start(['upgrade', '--json'], { env })
    await first.said('Running upgrade a1 -> b1')
    const ends = await Promise.all([app.run(['upgrade', '--json'], { env }), first.ended])
    const [won, lost] = ends.toSorted((one, other) => Number(one.status) - Number(other.status))
    expect([won?.status, lost?.status]).toEqual([0, 4])
    const [, , head] = await applied()
    expect(await applied()).toEqual(['a1', 'b1', head])
    expect(JSON.parse(won?.stdout ?? '')).toMatchObject({ heads: [head] })
    expect(JSON.parse(lost?.stdout ?? '')).toMatchObject({
      error: { code: 'DATABASE_AHEAD', details: { revisions: [head] } },
    })
  })

  // Without `verifyState` the way back passes b1 over, and ends with 0.
  test('F30: a deleted file is no way back, until the ledger is asked for what it keeps', async () => {
    const { db, run, without, applied } = await start(chain('a1', 'b1', 'c1'))
    await run('upgrade')
    without('c1')
    without('b1')
    for (const args of [['downgrade'], ['downgrade', 'head'], ['downgrade', 'base']]) {
      expect(await run(...args)).toMatchObject({
        status: 4,
        error: {
          code: 'DATABASE_AHEAD',
          fix: expect.stringContaining('`aludel downgrade heads --allow-ahead`'),
        },
      })
    }
    expect(await applied()).toEqual(['a1', 'b1', 'c1'])
    expect(await run('downgrade', '--allow-ahead')).toMatchObject({
      status: 0,
      steps: [{ direction: 'downgrade', revision: 'c1', message: 'c1', statements: 1 }],
      heads: ['b1'],
    })
    await expect(sql(db.url, 'select 1 from t_c1')).rejects.toThrow()
    expect(await run('downgrade', 'heads', '--allow-ahead')).toMatchObject({ status: 0, heads: ['a1'] })
    expect(await run('downgrade', 'heads', '--allow-ahead')).toMatchObject({ status: 0, steps: [] })
    await expect(sql(db.url, 'select 1 from t_b1')).rejects.toThrow()
    expect(await sql(db.url, 'select count(*) from t_a1')).toHaveLength(1)
    expect(await run('upgrade')).toMatchObject({ status: 0, steps: [], heads: ['a1'] })
    const log = await run('log')
    expect(Object.values(log).filter((each) => isEntry(each, 'downgrade', 'done'))).toHaveLength(2)
  })

  test('F30: what the ledger keeps is carried out for the shape that is there, and no row or column is lost', async () => {
    const { db, run, without } = await start({
      ...revisionFile('a1', {
        up: "op.createTable('users', { columns: [{ name: 'id', type: 'integer' }, { name: 'phone', type: 'string', length: 20, nullable: true }] })\n  await op.query(\"insert into users (id, phone) values (1, '42')\")",
        back: "op.dropTable('users')",
      }),
      ...revisionFile('b1', {
        down: 'a1',
        up: "op.renameColumn('users', 'phone', 'number')\n  op.alterColumn('users', 'number', { type: 'string', length: 30, nullable: true })\n  op.addColumn('users', { name: 'x', type: 'integer', nullable: true })",
        back: "op.dropColumn('users', 'x')\n  op.alterColumn('users', 'number', { type: 'string', length: 20, nullable: true })\n  op.renameColumn('users', 'number', 'phone')",
      }),
    })
    await run('upgrade')
    without('b1')
    // Somebody added a column by hand: statements that were compiled before would rebuild SQLite's table without it.
    await sql(db.url, 'alter table users add column own integer', 'update users set own = 7')
    expect(await run('downgrade', '--allow-ahead')).toMatchObject({ status: 0, heads: ['a1'] })
    expect(await sql(db.url, 'select id, phone, own from users')).toEqual([[1, '42', 7]])
    await expect(sql(db.url, 'select x from users')).rejects.toThrow()
  })

  test.each<[string, string, string, RegExp]>([
    [
      'a data step',
      'downgrade',
      '{"kind":"dynamic"}',
      /keeps nothing that undoes it: its downgrade asks the database/,
    ],
    [
      'no way back',
      'downgrade',
      '{"kind":"irreversible"}',
      /keeps nothing that undoes it: it has no downgrade/,
    ],
    ['no operations', 'operations', '', /keeps nothing that undoes it: it was recorded without/],
    ['what is no JSON', 'downgrade', 'nonsense', /has in downgrade what is no JSON/],
    ['operations that are none', 'operations', 'nonsense', /has in operations what is no JSON/],
    [
      'operations of another kind',
      'operations',
      '[{"kind":"constructor"}]',
      /has in operations what is none/,
    ],
    ['operations without what they need', 'operations', '[{"kind":"dropTable"}]', /downgrade of revision b1/],
    ['operations that are numbers', 'operations', '[1,null]', /has in operations what is none/],
  ])('F30: %s in the ledger takes nothing back', async (_, column, value, message) => {
    const { db, run, without, applied } = await start(chain('a1', 'b1'))
    await run('upgrade')
    without('b1')
    await sql(db.url, `update aludel_revision set ${column} = '${value}' where revision = 'b1'`)
    const { status, error } = await run('downgrade', 'base', '--allow-ahead')
    expect(error.message).toMatch(message)
    expect(error.code).not.toBe('INTERNAL')
    expect(status).toBe(/downgrade of/.test(error.message) ? 1 : 4)
    expect(await applied()).toEqual(['a1', 'b1'])
    expect(await sql(db.url, 'select count(*) from t_b1')).toHaveLength(1)
  })

  test('F30: a deleted file that another follows is never a success on the way down', async () => {
    const { run, without, applied } = await start(chain('a1', 'b1', 'c1'))
    await run('upgrade', 'b1')
    without('b1')
    // c1 is pending and follows it: the graph itself is broken.
    for (const args of [
      ['downgrade'],
      ['downgrade', 'a1'],
      ['downgrade', 'base'],
      ['upgrade'],
      ['current'],
    ]) {
      expect(await run(...args)).toMatchObject({
        status: 4,
        error: { code: 'MISSING_REFERENCED_REVISION', message: expect.stringContaining('c1.ts follows b1') },
      })
    }
    expect(await applied()).toEqual(['a1', 'b1'])
  })
})

function isEntry(entry: unknown, direction: string, outcome: string): boolean {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    Reflect.get(entry, 'direction') === direction &&
    Reflect.get(entry, 'outcome') === outcome
  )
}

/** A row that no code explains. */
async function insert(url: string, id: string): Promise<void> {
  await sql(
    url,
    `insert into aludel_revision (revision, down_revision, depends_on, message, checksum, source, extension, downgrade, applied_at, ms, applied_by, run_id, version)
     select '${id}', '[]', depends_on, message, checksum, source, extension, downgrade, applied_at, ms, applied_by, run_id, version from aludel_revision where revision = 'a1'`,
  )
}
