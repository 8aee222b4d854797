import { describe, expect, test } from 'vitest'
import { chain } from '../support/files.ts'
import { project } from '../support/project.ts'
import { say } from '../support/say.ts'
import { sql } from '../support/sql.ts'

const config = { 'aludel.config.json': '{ "url": "sqlite:app.db" }' }

describe('history', () => {
  test('-r takes a part, -v tells all, -i marks what is applied', async () => {
    const app = project({ ...config, ...chain('a1', 'b2', 'c3', 'd4') })
    expect(await say(app, 'history -r b2:c3')).toBe('b2 -> c3, c3\na1 -> b2, b2\n')
    expect(await say(app, 'history -r :b2')).toBe('a1 -> b2, b2\n<base> -> a1, a1\n')
    expect(await say(app, 'history --rev-range=c3:')).toBe('c3 -> d4 (head), d4\nb2 -> c3, c3\n')
    await say(app, 'upgrade b2')
    expect(await say(app, 'history -i')).toBe(
      [
        'c3 -> d4 (head), d4',
        'b2 -> c3, c3',
        'a1 -> b2 (applied) (current), b2',
        '<base> -> a1 (applied), a1',
        '',
      ].join('\n'),
    )
    expect(await say(app, 'history -r current:')).toBe('c3 -> d4 (head), d4\nb2 -> c3, c3\na1 -> b2, b2\n')
    expect(await say(app, 'history -i -v -r current:c3')).toBe(
      [
        ...['Rev: c3', 'Parent: b2', `Path: ${app.folder}/migrations/c3.ts`, '', '    c3', ''],
        ...[
          'Rev: b2 (applied) (current)',
          'Parent: a1',
          `Path: ${app.folder}/migrations/b2.ts`,
          '',
          '    b2',
          '',
        ],
        '',
      ].join('\n'),
    )
  })

  test('-r may count back, glued to its option or not', async () => {
    const app = project({ ...config, ...chain('a1', 'b2', 'c3', 'd4') })
    await say(app, 'upgrade d4')
    const last = 'c3 -> d4 (head), d4\nb2 -> c3, c3\na1 -> b2, b2\n'
    for (const line of ['history -r-2:current', 'history -r -2:current', 'history --rev-range=-2:'])
      expect(await say(app, line)).toBe(last)
    expect(await say(app, 'history -r b2:+1')).toBe('b2 -> c3, c3\na1 -> b2, b2\n')
  })

  test('-r current: of a database with what no file has is refused', async () => {
    const app = project({ ...config, ...chain('a1', 'b2') })
    await say(app, 'upgrade')
    await sql(
      `sqlite:${app.folder}/app.db`,
      "update aludel_revision set revision = 'zz' where revision = 'b2'",
    )
    expect(await say(app, 'history -r current:')).toMatch(/^4 (?:DATABASE_AHEAD|UNKNOWN_REVISION): .*zz/)
    expect(await say(app, 'show current')).toMatch(/^4 (?:DATABASE_AHEAD|UNKNOWN_REVISION): .*zz/)
    expect(await say(app, 'history -i')).toContain('<base> -> a1 (applied) (current), a1\n')
  })

  test('-r that is no range, or names nothing, is refused', async () => {
    const app = project({ ...config, ...chain('a1', 'b2') })
    for (const range of ['b2', 'a1:b2:a1'])
      expect(await say(app, `history -r ${range}`)).toMatch(/^2 BAD_RANGE: /)
    expect(await say(app, 'history -r nope:')).toMatch(/^2 UNKNOWN_REVISION: /)
  })
})

describe('show', () => {
  test('tells of several, each once, and of what the database has', async () => {
    const app = project({ ...config, ...chain('a1', 'b2', 'c3') })
    const shown = async (line: string) =>
      [...(await say(app, line)).matchAll(/^Rev: (\w+)/gm)].map(([, revision]) => revision)
    expect(await shown('show')).toEqual(['c3'])
    expect(await shown('show a1 c3 head')).toEqual(['a1', 'c3'])
    expect(await shown('show heads base')).toEqual(['c3'])
    expect(await shown('show current')).toEqual([])
    await say(app, 'upgrade b2')
    expect(await shown('show current a1')).toEqual(['b2', 'a1'])
  })
})
