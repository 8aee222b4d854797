import { expect, test } from 'vitest'
import mysql from '../../plugins/mysql/index.ts'
import postgresql from '../../plugins/postgresql/index.ts'
import sqlite from '../../plugins/sqlite/index.ts'
import { compileSupported } from '../../src/database/supported.ts'
import type { Dialect } from '../../src/dialect.ts'
import type { Operation } from '../../src/operations/operation.ts'
import { emptySchema } from '../../src/schema/schema.ts'

const view = { name: 'v', definition: 'select 1' }
const trigger = { name: 'g', timing: 'after', events: ['insert'], body: 'select 1' } as const
const bare: Dialect = {
  ...sqlite,
  name: 'bare',
  capabilities: { ...sqlite.capabilities, views: false, triggers: false },
}

test.each<[Dialect, Operation, string]>([
  [
    sqlite,
    { kind: 'createEnum', name: 'mood', items: ['a'] },
    'createEnum mood: sqlite has no enum types of their own.',
  ],
  [
    mysql,
    { kind: 'alterEnum', name: 'mood', items: ['a'] },
    'alterEnum mood: mysql has no enum types of their own.',
  ],
  [mysql, { kind: 'dropEnum', name: 'mood' }, 'dropEnum mood: mysql has no enum types of their own.'],
  [
    sqlite,
    { kind: 'createSchema', schema: 's' },
    'createSchema s: sqlite has no schemas beside the one of the connection.',
  ],
  [
    mysql,
    { kind: 'dropSchema', schema: 's' },
    'dropSchema s: mysql has no schemas beside the one of the connection.',
  ],
  [
    mysql,
    { kind: 'createView', view: { ...view, materialized: true } },
    'createView v: mysql has no materialized views.',
  ],
  [
    sqlite,
    { kind: 'replaceView', view: { ...view, materialized: true } },
    'replaceView v: sqlite has no materialized views.',
  ],
  [bare, { kind: 'createView', view: { ...view, materialized: true } }, 'createView v: bare has no views.'],
  [bare, { kind: 'dropView', view: 'v' }, 'dropView v: bare has no views.'],
  [bare, { kind: 'createTrigger', table: 't', trigger }, 'createTrigger t.g: bare has no triggers.'],
  [bare, { kind: 'dropTrigger', table: 't', trigger: 'g' }, 'dropTrigger t.g: bare has no triggers.'],
])(
  '$0.name refuses $1.kind before anything runs, and says what to do instead',
  async (dialect, operation, message) => {
    await expect(compileSupported(dialect, [operation], emptySchema)).rejects.toMatchObject({
      code: 'NOT_SUPPORTED',
      message,
      fix: expect.stringMatching(/\w{3}.*\.$/),
    })
  },
)

test('what a database has is compiled', async () => {
  const compiled = await compileSupported(postgresql, [{ kind: 'createSchema', schema: 'a b' }], emptySchema)
  expect(compiled).toEqual([[{ sql: 'create schema "a b"' }]])
})
