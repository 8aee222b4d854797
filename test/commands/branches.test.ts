import { readFileSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { chain, revisionFile } from '../support/files.ts'
import { type Project, project } from '../support/project.ts'
import { say } from '../support/say.ts'
import { sql } from '../support/sql.ts'

const config = { 'aludel.config.json': '{ "url": "sqlite:app.db" }' }
const files = ({ folder }: Project, name = 'migrations') => readdirSync(path.join(folder, name)).toSorted()

/** The header of a revision file, from its id on. */
function header({ folder }: Project, file: string): string {
  const text = readFileSync(path.join(folder, file), 'utf8')
  return text.slice(text.indexOf('export const revision'), text.indexOf('export const createdAt'))
}

/** Two developers have each followed a1. */
const twoHeads = {
  ...config,
  ...chain('a1'),
  ...revisionFile('b2', { down: 'a1', message: 'Add invoices' }),
  ...revisionFile('c3', { down: 'a1', message: 'Add carts' }),
}

describe('two developers made two heads', () => {
  test('heads and branches tell of them, each with what it is', async () => {
    const app = project(twoHeads)
    expect(await say(app, 'heads')).toBe('b2 (head), Add invoices\nc3 (head), Add carts\n')
    expect(await say(app, 'branches')).toBe(
      ['a1 (branchpoint), a1', '   -> b2 (head), Add invoices', '   -> c3 (head), Add carts', '', ''].join(
        '\n',
      ),
    )
    expect(await say(app, 'branches -v')).toBe(
      [
        'Rev: a1 (branchpoint)',
        'Parent: <base>',
        'Branches into: b2, c3',
        `Path: ${app.folder}/migrations/a1.ts`,
        '',
        '    a1',
        '',
        '   -> b2 (head), Add invoices',
        '   -> c3 (head), Add carts',
        '',
        '',
      ].join('\n'),
    )
    expect(await say(app, 'heads -v')).toBe(
      ['b2', 'Add invoices', 'c3', 'Add carts']
        .map((text, at) =>
          at % 2 === 0
            ? `Rev: ${text} (head)\nParent: a1\nPath: ${app.folder}/migrations/${text}.ts\n\n`
            : `    ${text}\n\n`,
        )
        .join(''),
    )
  })

  test('a new revision wants to know which one it follows, and nothing is written before', async () => {
    const app = project(twoHeads)
    const before = files(app)
    const refused = await say(app, 'revision -m Next')
    expect(refused).toMatch(/^4 MULTIPLE_HEADS: .*\bb2\b.*\bc3\b/)
    expect(refused).toMatch(/^Next: .*merge/m)
    expect(files(app)).toEqual(before)
    expect(await say(app, 'revision -m Next --rev-id d4 --head c3')).toBe(
      'Wrote migrations/d4_next.ts (0 operations).\nRead it, then run `aludel upgrade heads`.\n',
    )
    expect(header(app, 'migrations/d4_next.ts')).toContain("downRevision = 'c3'")
  })

  test('merge joins them, and says what is next', async () => {
    const app = project(twoHeads)
    expect(await say(app, 'merge heads --rev-id d4')).toBe(
      'Wrote migrations/d4_merge_b2_and_c3.ts (merges b2, c3).\nRead it, then run `aludel upgrade head`.\n',
    )
    expect(header(app, 'migrations/d4_merge_b2_and_c3.ts')).toBe(
      `export const revision = 'd4'
export const downRevision = ['b2', 'c3']
export const branchLabels: string[] = []
export const dependsOn: string[] = []
`,
    )
    expect(await say(app, 'merge')).toMatch(/^2 USAGE: aludel merge: a revision, or `heads`, is missing\./)
    expect(await say(app, 'history')).toBe(
      [
        'b2, c3 -> d4 (head) (mergepoint), merge b2 and c3',
        'a1 -> c3, Add carts',
        'a1 -> b2, Add invoices',
        '<base> -> a1 (branchpoint), a1',
        '',
      ].join('\n'),
    )
    expect(await say(app, 'upgrade')).toMatch(/^Done: 4 steps in \d+ ms; the database is at d4\.\n$/)
    expect(await say(app, 'current')).toBe('d4 (head) (mergepoint)\n4 applied, 0 pending\n')
  })

  test('merge of one head is a revision that says so', async () => {
    const app = project({ ...config, ...chain('a1') })
    const { stdout, stderr } = await app.run(['merge', 'heads', '--rev-id', 'b2'])
    expect(stdout).toMatch(/^Wrote migrations\/b2_merge_a1\.ts \(merges a1\)\.\n/)
    expect(stderr).toMatch(/ Note: It merges nothing: that is one head, not several\.\n$/)
  })

  test('merge takes some of them, a message, an id and a label', async () => {
    const app = project({ ...twoHeads, ...revisionFile('d4', { down: 'a1' }) })
    expect(await say(app, 'merge b2 d4 -m "Money and more" --rev-id e5 --branch-label money')).toBe(
      'Wrote migrations/e5_money_and_more.ts (merges b2, d4).\nRead it, then run `aludel upgrade heads`.\n',
    )
    expect(header(app, 'migrations/e5_money_and_more.ts')).toBe(
      `export const revision = 'e5'
export const downRevision = ['b2', 'd4']
export const branchLabels: string[] = ['money']
export const dependsOn: string[] = []
`,
    )
    expect(await say(app, 'heads')).toBe(
      'c3 (head), Add carts\ne5 (money) (head) (mergepoint), Money and more\n',
    )
  })

  test('merge of what is no head wants --splice; of the same one twice it is refused', async () => {
    const app = project({ ...twoHeads, ...revisionFile('d4', { down: 'c3' }) })
    const before = files(app)
    expect(await say(app, 'merge b2 c3')).toMatch(/^2 NOT_A_HEAD: .*c3/)
    expect(await say(app, 'merge b2 b2')).toMatch(/^2 DUPLICATE_HEADS: .*b2/)
    expect(await say(app, 'merge b2 nope')).toMatch(/^2 UNKNOWN_REVISION: .*nope/)
    expect(files(app)).toEqual(before)
    expect(await say(app, 'merge b2 c3 --splice --rev-id e5 -m Both')).toMatch(
      /^Wrote migrations\/e5_both\.ts/,
    )
    expect(await say(app, 'heads')).toBe('d4 (head), d4\ne5 (head) (mergepoint), Both\n')
  })
})

describe('branches with names', () => {
  test('a label names a branch from then on: in lists, as a target, for what follows', async () => {
    const app = project(config)
    await say(app, 'revision -m Users --rev-id a1')
    expect(await say(app, 'revision -m Invoices --rev-id b2 --head base --branch-label billing')).toMatch(
      /^Wrote/,
    )
    expect(header(app, 'migrations/b2_invoices.ts')).toBe(
      `export const revision = 'b2'
export const downRevision = null
export const branchLabels: string[] = ['billing']
export const dependsOn: string[] = []
`,
    )
    await say(app, 'revision -m Payments --rev-id c3 --head billing@head')
    expect(await say(app, 'heads')).toBe('a1 (head), Users\nc3 (billing) (head), Payments\n')
    expect(await say(app, 'history -r billing@base:')).toBe(
      'b2 -> c3 (billing) (head), Payments\n<base> -> b2 (billing), Invoices\n',
    )
    expect(await say(app, 'show billing@head')).toContain(
      'Rev: c3 (head)\nParent: b2\nBranch names: billing\n',
    )
    expect(await say(app, 'upgrade billing@head')).toMatch(/^Done: 2 steps .* at c3\.\n$/)
    expect(await say(app, 'current')).toBe(
      'c3 (billing) (head)\n2 applied, 1 pending: run `aludel upgrade heads`\n',
    )
  })

  test.each([
    ['that another revision has', '--branch-label billing'],
    ['that is the id of a revision', '--branch-label a1'],
    ['that is its own id', '--branch-label c3'],
  ])('a label %s is refused, and nothing is written', async (_, option) => {
    const app = project({
      ...config,
      ...chain('a1'),
      ...revisionFile('b2', { header: "export const branchLabels = ['billing']" }),
    })
    const before = files(app)
    for (const command of ['revision -m x --head a1', 'merge heads']) {
      expect(await say(app, `${command} --rev-id c3 ${option}`)).toMatch(/^2 DUPLICATE_BRANCH_LABEL: /)
    }
    expect(files(app)).toEqual(before)
  })

  test('a label that would be another target is refused, and nothing is written', async () => {
    const app = project({ ...config, ...chain('a1') })
    for (const label of ['a@b', 'a:b', '+1', 'base', 'current', ''])
      for (const command of ['revision', 'merge a1'])
        expect(await say(app, `${command} -m x --branch-label "${label}"`)).toMatch(
          /^2 ILLEGAL_BRANCH_LABEL: /,
        )
    expect(files(app)).toEqual(['a1.ts'])
  })

  test('a dependency is found by the beginning of its id and written whole; a label stays a label', async () => {
    const app = project({
      ...config,
      ...chain('a1', 'a2222222'),
      ...revisionFile('b2', { header: "export const branchLabels = ['billing']" }),
    })
    const create = 'revision -m Shop --rev-id c3 --head base --depends-on a22 --depends-on billing'
    expect(await say(app, create)).toMatch(/^Wrote migrations\/c3_shop\.ts/)
    expect(header(app, 'migrations/c3_shop.ts')).toContain("dependsOn: string[] = ['a2222222', 'billing']")
    expect(await say(app, 'heads')).toBe(
      'a2222222 (effective head), a2222222\nb2 (billing) (effective head), b2\nc3 (head), Shop\n',
    )
    expect(await say(app, 'heads --resolve-dependencies')).toBe('c3 (head), Shop\n')
    expect(await say(app, 'show c3')).toContain('Also depends on: a2222222, billing\n')
    expect(await say(app, 'revision -m x --head c3 --depends-on nope')).toMatch(/^2 UNKNOWN_REVISION: .*nope/)
    expect(files(app)).toHaveLength(4)
  })

  test('--splice begins a branch in the middle of a history; without it that is refused', async () => {
    const app = project({ ...config, ...chain('a1', 'b2') })
    expect(await say(app, 'revision -m Side --head a1')).toMatch(/^2 NOT_A_HEAD: .*a1(.*\n)+Next: .*--splice/)
    expect(files(app)).toEqual(['a1.ts', 'b2.ts'])
    expect(await say(app, 'revision -m Side --head a1 --splice --rev-id c3')).toMatch(/^Wrote/)
    expect(await say(app, 'branches')).toBe(
      'a1 (branchpoint), a1\n   -> b2 (head), b2\n   -> c3 (head), Side\n\n',
    )
  })

  test('a revision is generated into a branch, but not while another branch is behind', async () => {
    const app = project({
      'aludel.config.json': '{ "url": "sqlite:app.db", "entities": "entities/*.ts" }',
      'entities/note.ts': `import { defineEntity, p } from '@mikro-orm/core'
        export const Note = defineEntity({ name: 'Note', tableName: 'notes', properties: { id: p.integer().primary() } })`,
      ...revisionFile('a1'),
      ...revisionFile('b2', { header: "export const branchLabels = ['billing']" }),
    })
    const create =
      'revision --autogenerate -m Notes --rev-id c3 --head billing@head --branch-label notes --depends-on a1'
    await say(app, 'upgrade billing@head')
    const refused = await say(app, create)
    expect(refused).toMatch(/^3 DATABASE_BEHIND: /)
    expect(refused).toContain(
      'State: Pending: a1. Nothing was written.\nNext: Run `aludel upgrade heads` first',
    )
    await say(app, 'upgrade heads')
    expect(await say(app, create)).toBe(
      'Wrote migrations/c3_notes.ts (1 operation).\nRead it, then run `aludel upgrade heads`.\n',
    )
    expect(header(app, 'migrations/c3_notes.ts')).toBe(
      `export const revision = 'c3'
export const downRevision = 'b2'
export const branchLabels: string[] = ['notes']
export const dependsOn: string[] = ['a1']
`,
    )
    await say(app, 'upgrade heads')
    expect(await say(app, 'check')).toBe('Entities, history and database agree.\n')
  })

  test('--head heads follows them all', async () => {
    const app = project(twoHeads)
    await say(app, 'revision -m Both --head heads --rev-id d4')
    expect(header(app, 'migrations/d4_both.ts')).toContain("downRevision = ['b2', 'c3']")
  })
})

describe('several folders', () => {
  const several = {
    'aludel.config.json': '{ "url": "sqlite:app.db", "migrations": ["migrations", "billing"] }',
  }

  test('the first revision says where it goes; those after it go where it is', async () => {
    const app = project({ ...several, 'migrations/.keep': '', 'billing/.keep': '' })
    expect(await say(app, 'revision -m First')).toBe(
      `2 MIGRATIONS_FOLDER: There are 2 migrations folders, and the new revision follows none that says which is meant.
State: Nothing was written.
Next: Say where it goes: --version-path migrations, or --version-path billing.
`,
    )
    await say(app, 'revision -m Users --rev-id a1 --version-path migrations')
    await say(
      app,
      'revision -m Invoices --rev-id b2 --head base --version-path ./billing/ --branch-label billing',
    )
    await say(app, 'revision -m Payments --rev-id c3 --head billing@head')
    await say(app, 'revision -m Roles --rev-id d4 --head a1')
    await say(app, 'merge heads --rev-id e5 -m All')
    await say(app, 'revision -m Elsewhere --rev-id f6 --version-path migrations')
    expect(files(app)).toEqual(['.keep', 'a1_users.ts', 'd4_roles.ts', 'f6_elsewhere.ts'])
    expect(files(app, 'billing')).toEqual(['.keep', 'b2_invoices.ts', 'c3_payments.ts', 'e5_all.ts'])
    expect(await say(app, 'upgrade')).toMatch(/^Done: 6 steps/)
  })

  test('a folder that is not configured is refused, a configured one is made', async () => {
    const app = project({ ...several, ...chain('a1') })
    const refused = await say(app, 'revision -m x --version-path other')
    expect(refused).toContain(`${app.folder}/other is not among the migrations folders`)
    expect(refused).toContain(
      'Next: Say where it goes: --version-path migrations, or --version-path billing.',
    )
    expect(readdirSync(app.folder)).not.toContain('other')
    expect(await say(app, 'revision -m x --rev-id b2 --version-path billing')).toMatch(
      /^Wrote billing\/b2_x\.ts/,
    )
  })

  test('a folder is named from where one stands, or as in the configuration', async () => {
    const app = project({ ...several, ...chain('a1'), 'billing/.keep': '', 'src/.keep': '' })
    const from = async (...args: readonly string[]) =>
      (await app.run(['revision', '-m', 'x', ...args], { cwd: 'src' })).stdout.split('\n')[0]
    expect(await from('--rev-id', 'b2', '--version-path', '../billing')).toBe(
      'Wrote ../billing/b2_x.ts (0 operations).',
    )
    expect(await from('--rev-id', 'c3', '--version-path', 'billing')).toBe(
      'Wrote ../billing/c3_x.ts (0 operations).',
    )
  })

  test('files of the same name in two of them are two revisions', async () => {
    const app = project({ ...several, ...chain('a1') })
    const [text = ''] = Object.values(revisionFile('b2', { down: 'a1' }))
    app.write({ 'billing/a1.ts': text })
    expect(await say(app, 'history')).toBe('a1 -> b2 (head), b2\n<base> -> a1, a1\n')
  })
})

describeDialects('branches of a database', (dialect) => {
  /** The tables that the revisions made, of those named. */
  const tablesOf = async (url: string, ids: readonly string[]): Promise<readonly string[]> => {
    const there = ids.map((id) =>
      sql(url, `select 1 from t_${id}`).then(
        () => [id],
        () => [],
      ),
    )
    return (await Promise.all(there)).flat()
  }

  test('are gone up and down by their labels, and the others stay where they are', async () => {
    const db = await database(dialect)
    const table = (id: string) => ({
      up: `op.createTable('t_${id}', { columns: [{ name: 'n', type: 'integer' }] })`,
      back: `op.dropTable('t_${id}')`,
    })
    const app = project({
      'aludel.config.json': '{}',
      ...chain('a1', 'a2'),
      ...revisionFile('b1', { ...table('b1'), header: "export const branchLabels = ['billing']" }),
      ...revisionFile('b2', { ...table('b2'), down: 'b1' }),
      ...revisionFile('c1', {
        ...table('c1'),
        header: "export const branchLabels = ['shop']; export const dependsOn = ['b1']",
      }),
    })
    const env = { DATABASE_URL: db.url }
    const run = (line: string) => say(app, line, env)
    const tables = () => tablesOf(db.url, ['a1', 'a2', 'b1', 'b2', 'c1'])

    expect(await run('upgrade')).toMatch(/^4 MULTIPLE_HEADS: /)
    expect(await run('upgrade shop@head')).toMatch(/^Done: 2 steps/)
    expect(await tables()).toEqual(['b1', 'c1'])
    expect(await run('upgrade a1 billing@+1')).toMatch(/^Done: 2 steps/)
    expect(await tables()).toEqual(['a1', 'b1', 'b2', 'c1'])
    expect(await run('current --check-heads')).toMatch(/^3 /)
    expect(await run('upgrade heads')).toMatch(/^Done: 1 step/)
    expect(await run('current --check-heads')).toBe(
      'a2 (head)\nb2 (billing) (head)\nc1 (shop) (head)\n5 applied, 0 pending\n',
    )

    expect(await run('downgrade billing@-1')).toMatch(/^Done: 1 step/)
    expect(await tables()).toEqual(['a1', 'a2', 'b1', 'c1'])
    // What depends on a branch goes with it.
    expect(await run('downgrade billing@base')).toMatch(/^Done: 2 steps .* at a2\.\n$/)
    expect(await tables()).toEqual(['a1', 'a2'])
    expect(await run('upgrade heads')).toMatch(/^Done: 3 steps/)
    expect(await run('downgrade base')).toMatch(/^Done: 5 steps .* at base\.\n$/)
    expect(await tables()).toEqual([])
  })

  test('are merged, parted again, and gone back one by one', async () => {
    const db = await database(dialect)
    const app = project({
      ...twoHeads,
      'aludel.config.json': '{}',
      ...revisionFile('b2', {
        down: 'a1',
        up: "op.addColumn('t_a1', { name: 'b', type: 'integer', nullable: true })",
        back: "op.dropColumn('t_a1', 'b')",
      }),
      ...revisionFile('c3', {
        down: 'a1',
        up: "op.addColumn('t_a1', { name: 'c', type: 'integer', nullable: true })",
        back: "op.dropColumn('t_a1', 'c')",
      }),
    })
    const env = { DATABASE_URL: db.url }
    const run = (line: string) => say(app, line, env)
    expect(await run('upgrade b2')).toMatch(/^Done: 2 steps/)
    await sql(db.url, 'insert into t_a1 (n, b) values (1, 2)')
    await run('merge heads --rev-id d4')
    expect(await run('upgrade')).toMatch(/^Done: 2 steps .* at d4\.\n$/)
    expect(await sql(db.url, 'select n, b, c from t_a1')).toEqual([[1, 2, null]])

    expect(await run('downgrade -1')).toMatch(/^2 AMBIGUOUS_WALK: .*d4(?:.*\n)+Next: .*`d4@b2`, or `d4@c3`/)
    expect(await run('downgrade b2')).toMatch(/^Done: 1 step .* at b2, c3\.\n$/)
    expect(await run('downgrade -1')).toMatch(/^2 AMBIGUOUS_CURRENT: (?:.*\n)+Next: .*`b2@-1`/)
    expect(await run('downgrade c3@-1')).toMatch(/^Done: 1 step .* at b2\.\n$/)
    expect(await sql(db.url, 'select * from t_a1')).toEqual([[1, 2]])
    expect(await run('history -i -r a1:d4')).toBe(
      [
        'b2, c3 -> d4 (head) (mergepoint), merge b2 and c3',
        'a1 -> c3, c3',
        'a1 -> b2 (applied) (current), b2',
        '<base> -> a1 (branchpoint) (applied), a1',
        '',
      ].join('\n'),
    )
    expect(await run('stamp heads')).toMatch(/ at d4; nothing was run\.\n$/)
    expect(await run('stamp b2 --purge')).toMatch(/ at b2; nothing was run\.\n$/)
    expect(await run('current')).toBe('b2\n2 applied, 2 pending: run `aludel upgrade head`\n')
  })
})
