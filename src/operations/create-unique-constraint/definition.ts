import { tableNamed } from '../../schema/schema.ts'
import { refTo } from '../constraint-ref.ts'
import type { Definition } from '../definition.ts'
import { uniqueKeys } from '../keys.ts'
import { needKeys, needTable } from '../needs.ts'
import { changeTable } from '../shape.ts'
import { spellNamed } from '../spelling.ts'
import { byName } from '../tidy.ts'

export const definition: Definition<'createUniqueConstraint'> = {
  record: (table, unique) => ({ table, unique }),
  values: ({ table, unique }) => [table, unique],
  check: (operation) => {
    needTable(operation)
    needKeys(operation, operation.unique, uniqueKeys)
  },
  apply: (schema, { table, unique }) =>
    changeTable(schema, table, (found) => ({
      ...found,
      uniques: byName([...(found.uniques ?? []), unique]),
    })),
  inverse: ({ table, unique }) => [{ kind: 'dropConstraint', table, ...refTo('unique', unique) }],
  object: ({ table, unique }) => `${table}.${unique.name ?? unique.columns.join('_')}`,
  spell: (operation, declared) => ({
    ...operation,
    unique: spellNamed(tableNamed(declared, operation.table)?.uniques, operation.unique),
  }),
}
