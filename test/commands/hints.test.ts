import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { hints, notFilled } from '../../src/commands/hints.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { emptySchema } from '../../src/schema/schema.ts'
import { project } from '../support/project.ts'

const add = (column: object): Operation => ({
  kind: 'addColumn',
  table: 'users',
  column: { name: 'phone', type: 'string', ...column },
})

test('a column that the rows have no value for is told', () => {
  const told =
    'Column users.phone is not null without a default: where users has rows, add it nullable, fill it, then set it not null.'
  expect(hints([add({})], emptySchema)).toEqual([told])
  expect(notFilled(add({}))).toEqual([told])
})

test.each([{ nullable: true }, { default: 'x' }, { autoincrement: true }])('one with %j is not', (column) => {
  expect(notFilled(add(column))).toEqual([])
})

test('a generated way back that rows can stand in is told where it stands', async () => {
  const entity = (properties: string): string => `import { defineEntity, p } from '@mikro-orm/core'
export const User = defineEntity({ name: 'User', properties: { id: p.integer().primary(), ${properties} } })
`
  const app = project({
    'aludel.config.json': '{ "url": "sqlite:app.db", "entities": "user.ts" }',
    'user.ts': entity('phone: p.string()'),
  })
  await app.run(['revision', '--autogenerate', '-m', 'Users'])
  await app.run(['upgrade'])
  app.write({ 'user.ts': entity('') })
  const { stdout } = await app.run(['revision', '--autogenerate', '-m', 'No phone', '--json'])
  const { path, warnings } = JSON.parse(stdout)
  expect(warnings).toEqual(['Drops column user.phone with its values: review this file before it runs.'])
  const [, back] = readFileSync(path, 'utf8').split('export function downgrade')
  expect(back).toContain('// Column user.phone is not null without a default: where user has rows,')
})
