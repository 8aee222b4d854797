import { expect, test } from 'vitest'
import { branched } from '../support/files.ts'
import { project } from '../support/project.ts'
import { say } from '../support/say.ts'
import { sql } from '../support/sql.ts'

test('stamp records several at once, and --purge forgets what was there', async () => {
  const app = project(branched)
  expect(await say(app, 'stamp a1 d4')).toBe(
    'Stamped: the database is recorded to be at b2, d4; nothing was run.\n',
  )
  await sql(`sqlite:${app.folder}/app.db`, "update aludel_revision set revision = 'zz' where revision = 'd4'")
  expect(await say(app, 'stamp a1')).toMatch(/^4 /)
  expect(await say(app, 'stamp a1 c3 --purge')).toMatch(/^Stamped: /)
  expect(await say(app, 'history -i')).toBe(
    [
      'c3 -> d4 (carts) (head), d4',
      '<base> (b2) -> c3 (carts) (applied) (current), c3',
      'a1 -> b2 (effective head) (applied), b2',
      '<base> -> a1 (applied), a1',
      '',
    ].join('\n'),
  )
  expect(await say(app, 'stamp')).toMatch(/^2 USAGE: aludel stamp: a target is missing\./)
})
