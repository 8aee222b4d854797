import { describe, expect, test } from 'vitest'
import { database } from '../support/database.ts'
import { describeDialects } from '../support/dialects.ts'
import { branched, chain, revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'
import { runJson } from '../support/run-json.ts'
import { say } from '../support/say.ts'

const config = { 'aludel.config.json': '{ "url": "sqlite:app.db" }' }

describe('current', () => {
  test('tells each revision that the database is at, with its branches and what it is', async () => {
    const app = project(branched)
    expect(await say(app, 'current')).toBe('base\n0 applied, 4 pending: run `aludel upgrade heads`\n')
    await say(app, 'upgrade c3')
    expect(await say(app, 'current')).toBe(
      'b2 (effective head)\nc3 (carts)\n3 applied, 1 pending: run `aludel upgrade heads`\n',
    )
    expect(await runJson(app, ['current', '-v'], {})).toMatchObject({
      ...{ heads: ['b2', 'c3'], applied: 3, pending: 1, atHead: false },
      revisions: [
        { revision: 'b2', isHead: true, isEffectiveHead: true, applied: true, isCurrent: true },
        { revision: 'c3', isHead: false, isEffectiveHead: false, applied: true, isCurrent: true },
      ],
    })
  })

  test('--check-heads ends with 3 until every head is applied, also one that another depends on', async () => {
    const app = project(branched)
    const check = async (option = '--check-heads') => (await app.run(['current', option])).status
    expect(await check()).toBe(3)
    await say(app, 'upgrade b2')
    expect(await check()).toBe(3)
    expect(await say(app, 'current -c')).toBe(
      '3 b2 (effective head)\n2 applied, 2 pending: run `aludel upgrade heads`\n',
    )
    await say(app, 'upgrade heads')
    expect(await check('--check-heads')).toBe(0)
    expect(await check('-c')).toBe(0)
    expect(await say(app, 'current')).toContain('4 applied, 0 pending\n')
  })

  test('--check-heads of no history at all is content', async () => {
    const app = project({ ...config, 'migrations/.keep': '' })
    expect(await say(app, 'current --check-heads')).toBe('base\n0 applied, 0 pending\n')
  })

  test('--check-heads does not hide that the history is not valid', async () => {
    const app = project({ ...config, ...chain('a1', 'b2') })
    await say(app, 'upgrade a1')
    app.write(revisionFile('a1', { up: '/* edited */' }))
    expect((await app.run(['current', '--check-heads'])).status).toBe(4)
  })

  test('-v tells which database it is, and all about each', async () => {
    const app = project(branched)
    await say(app, 'upgrade c3')
    expect(await say(app, 'current -v')).toBe(
      [
        `Current revision(s) for sqlite:${app.folder}/app.db (sqlite):`,
        '',
        ...[
          'Rev: b2 (effective head)',
          'Parent: a1',
          `Path: ${app.folder}/migrations/b2.ts`,
          '',
          '    b2',
          '',
        ],
        ...['Rev: c3', 'Parent: <base>', 'Also depends on: b2', 'Branch names: carts'],
        ...[`Path: ${app.folder}/migrations/c3.ts`, '', '    c3', ''],
        '3 applied, 1 pending: run `aludel upgrade heads`',
        '',
      ].join('\n'),
    )
    expect(await runJson(app, ['current', '-v'], {})).toMatchObject({
      database: { dialect: 'sqlite', url: `sqlite:${app.folder}/app.db` },
    })
  })
})

describeDialects('current -v', (dialect) => {
  test('masks the password', async () => {
    const { url } = await database(dialect)
    const app = project({ 'aludel.config.json': '{}', ...chain('a1') })
    const { stdout, stderr } = await app.run(['current', '-v'], { env: { DATABASE_URL: url } })
    const { password } = new URL(url)
    expect(stderr).toBe('')
    expect(stdout).toMatch(
      new RegExp(`^Current revision\\(s\\) for ${dialect}:.* \\(${dialect}\\):\n\nbase\n`),
    )
    if (password !== '') expect(stdout).not.toContain(password)
  })
})
