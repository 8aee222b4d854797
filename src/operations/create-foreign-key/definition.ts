import { tableNamed } from '../../schema/schema.ts'
import { refTo } from '../constraint-ref.ts'
import type { Definition } from '../definition.ts'
import { foreignKeyKeys } from '../keys.ts'
import { needKeys, needTable } from '../needs.ts'
import { changeTable } from '../shape.ts'
import { spellNamed } from '../spelling.ts'
import { byName } from '../tidy.ts'

export const definition: Definition<'createForeignKey'> = {
  record: (table, foreignKey) => ({ table, foreignKey }),
  values: ({ table, foreignKey }) => [table, foreignKey],
  check: (operation) => {
    needTable(operation)
    needKeys(operation, operation.foreignKey, foreignKeyKeys)
  },
  apply: (schema, { table, foreignKey }) =>
    changeTable(schema, table, (found) => ({
      ...found,
      foreignKeys: byName([...(found.foreignKeys ?? []), foreignKey]),
    })),
  inverse: ({ table, foreignKey }) => [{ kind: 'dropConstraint', table, ...refTo('foreignKey', foreignKey) }],
  object: ({ table, foreignKey }) => `${table}.${foreignKey.name ?? foreignKey.columns.join('_')}`,
  spell: (operation, declared) => ({
    ...operation,
    foreignKey: spellNamed(tableNamed(declared, operation.table)?.foreignKeys, operation.foreignKey),
  }),
}
