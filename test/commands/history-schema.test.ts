import path from 'node:path'
import { expect, test } from 'vitest'
import { historySchema } from '../../src/commands/history-schema.ts'
import { readGraph } from '../../src/commands/project.ts'
import sqlite from '../../plugins/sqlite/index.ts'
import { revisionFile } from '../support/files.ts'
import { project } from '../support/project.ts'

test('what the history made is told by its operations; raw SQL that may make something, and data steps, are named', async () => {
  const { folder: root } = project({
    ...revisionFile('a1', { up: "op.createTable('users', { columns: [{ name: 'id', type: 'integer' }] })" }),
    ...revisionFile('b2', {
      down: 'a1',
      up: `op.execute("-- first\\ncreate index ix on users (id)")
  op.execute("/* a */ update users set id = 1")
  op.execute("do $$ begin end $$")
  op.addColumn('elsewhere', { name: 'x', type: 'integer' })`,
    }),
    ...revisionFile('c3', {
      down: 'b2',
      up: "op.dropTable('none')\n  await op.query('select 1')\n  op.dropTable('users')",
    }),
  })
  const graph = await readGraph({ migrations: [path.join(root, 'migrations')], root })
  expect(await historySchema(sqlite, graph.revisions.values())).toEqual({
    schema: { tables: { users: { name: 'users', columns: [{ name: 'id', type: 'integer' }] } } },
    raw: ['-- first\ncreate index ix on users (id)', 'do $$ begin end $$'],
    dataSteps: [{ revision: 'c3', source: expect.stringContaining("await op.query('select 1')") }],
  })
})

test('of what raw SQL changed nobody claims to know how it is written', async () => {
  const columns = ['id', 'size', 'note'].map((name) => ({ name, type: 'integer' }))
  const { folder: root } = project({
    ...revisionFile('a1', {
      up: `for (const name of ['users', 'orgs', 'pets']) op.createTable(name, { columns: ${JSON.stringify(columns)} })
  op.execute('alter table users alter column size type bigint')
  op.execute('create index ix_note on users (note)')
  op.execute('drop table orgs')`,
    }),
    ...revisionFile('b2', {
      down: 'a1',
      up: "await op.query('select 1')\n  op.alterColumn('pets', 'note', { type: 'text' })",
    }),
  })
  const graph = await readGraph({ migrations: [path.join(root, 'migrations')], root })
  const { schema } = await historySchema(sqlite, graph.revisions.values())
  const known = Object.values(schema.tables).map((table) => [
    table.name,
    ...table.columns.map(({ name }) => name),
  ])
  expect(known).toEqual([
    ['users', 'id', 'note'],
    ['pets', 'id', 'size'],
  ])
})
