import type { Operation } from '../../src/operations/operation.ts'

/** Operations that say what only PostgreSQL has a meaning for, and what the others answer. */
export const onlyPostgresMeans: readonly [operation: Operation, fix: RegExp][] = [
  [{ kind: 'createView', view: { name: 'v', definition: 'x', materialized: true } }, /`materialized`/],
  [{ kind: 'createEnum', name: 'mood', items: ['a'] }, /type: 'enum', items/],
  [{ kind: 'alterEnum', name: 'mood', items: ['a'] }, /type: 'enum', items/],
  [{ kind: 'dropEnum', name: 'mood' }, /type: 'enum', items/],
  [{ kind: 'createSchema', schema: 's' }, /Leave it out/],
  [{ kind: 'dropSchema', schema: 's' }, /Leave it out/],
  [
    {
      kind: 'createUniqueConstraint',
      table: 't',
      unique: { name: 'u', columns: ['a'], nullsNotDistinct: true },
    },
    /Leave that out/,
  ],
  [
    {
      kind: 'createForeignKey',
      table: 't',
      foreignKey: { columns: ['a'], references: { table: 'p', columns: ['id'] }, match: 'full' },
    },
    /Leave that out/,
  ],
  [
    {
      kind: 'createTable',
      table: { name: 'm', columns: [], primaryKey: { columns: ['a', 'b'], period: true } },
    },
    /Leave that out/,
  ],
]
