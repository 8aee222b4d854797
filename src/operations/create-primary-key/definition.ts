import { tableNamed } from '../../schema/schema.ts'
import { refToPrimaryKey } from '../constraint-ref.ts'
import type { Definition } from '../definition.ts'
import { primaryKeyKeys } from '../keys.ts'
import { needKeys, needTable } from '../needs.ts'
import { readKey, writtenKey } from '../primary-key.ts'
import { changeTable } from '../shape.ts'

export const definition: Definition<'createPrimaryKey'> = {
  record: (table, primaryKey) => ({ table, primaryKey: readKey(primaryKey) }),
  values: ({ table, primaryKey }) => [table, writtenKey(primaryKey)],
  check: (operation) => {
    needTable(operation)
    needKeys(operation, operation.primaryKey, primaryKeyKeys)
  },
  apply: (schema, { table, primaryKey }) => changeTable(schema, table, (found) => ({ ...found, primaryKey })),
  // Servers let its columns take no null, also when it is gone again.
  inverse: ({ table, primaryKey }, before) => {
    const nullable = tableNamed(before, table)?.columns.filter((column) => column.nullable) ?? []
    return [
      { kind: 'dropConstraint', table, ...refToPrimaryKey(primaryKey) },
      ...nullable
        .filter(({ name }) => primaryKey.columns.includes(name))
        .map(
          ({ name }) => ({ kind: 'alterColumn', table, column: name, change: { nullable: true } }) as const,
        ),
    ]
  },
  object: ({ table, primaryKey }) => `${table}.${primaryKey.name ?? 'primary key'}`,
}
