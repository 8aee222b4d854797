import { expect, test } from 'vitest'
import { enumTypes } from '../../src/commands/wanted.ts'
import { emptySchema } from '../../src/schema/schema.ts'

test('only the enum types that are missing are made, also beside one whose name contains theirs', () => {
  const create = ['"public"."order_status"', '"public"."status"', '"od""d"'].map((name) => ({
    sql: `create type ${name} as enum ('a', 'b')`,
  }))
  const others = (...names: readonly string[]) => names.map((name) => ({ kind: 'enum', name }))
  const wanted = {
    declared: emptySchema,
    actual: { ...emptySchema, others: others('order_status', 'status', 'od"d') },
    create,
  }
  expect(enumTypes(wanted, { ...emptySchema, others: others('order_status') })).toEqual({
    upgrade: [
      { kind: 'execute', sql: `create type "public"."status" as enum ('a', 'b')` },
      { kind: 'execute', sql: `create type "od""d" as enum ('a', 'b')` },
    ],
    downgrade: [
      { kind: 'execute', sql: 'drop type "public"."status"' },
      { kind: 'execute', sql: 'drop type "od""d"' },
    ],
  })
})
