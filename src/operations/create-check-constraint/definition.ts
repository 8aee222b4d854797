import { tableNamed } from '../../schema/schema.ts'
import { refTo } from '../constraint-ref.ts'
import type { Definition } from '../definition.ts'
import { checkKeys } from '../keys.ts'
import { needKeys, needTable } from '../needs.ts'
import { changeTable } from '../shape.ts'
import { spellCheck } from '../spelling.ts'
import { byName } from '../tidy.ts'

export const definition: Definition<'createCheckConstraint'> = {
  record: (table, check) => ({ table, check }),
  values: ({ table, check }) => [table, check],
  check: (operation) => {
    needTable(operation)
    needKeys(operation, operation.check, checkKeys)
  },
  apply: (schema, { table, check }) =>
    changeTable(schema, table, (found) => ({ ...found, checks: byName([...(found.checks ?? []), check]) })),
  inverse: ({ table, check }) => [{ kind: 'dropConstraint', table, ...refTo('check', check) }],
  object: ({ table, check }) => `${table}.${check.name ?? check.column ?? 'check'}`,
  spell: (operation, declared) => {
    const table = tableNamed(declared, operation.table)
    return table ? { ...operation, check: spellCheck(operation.check, table) } : operation
  },
}
