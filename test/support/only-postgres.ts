import type { Operation } from '../../src/operations/operation.ts'

/** Operations that say what only PostgreSQL has a meaning for, and what the others answer. */
export const onlyPostgresMeans: readonly [operation: Operation, fix: RegExp][] = [
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
