import type { Definition } from '../definition.ts'
import { irreversible, tableBefore } from '../irreversible.ts'
import { needName, needTable } from '../needs.ts'
import { changeTable, unknownShape } from '../shape.ts'

export const definition: Definition<'validateConstraint'> = {
  record: (table, constraint) => ({ table, constraint }),
  values: ({ table, constraint }) => [table, constraint],
  check: (operation) => {
    needTable(operation)
    needName(operation, operation.constraint, 'the name of a constraint')
  },
  apply: (schema, { table, constraint }) =>
    changeTable(schema, table, (found) => {
      const { foreignKeys = [], checks = [] } = found
      if (![...foreignKeys, ...checks].some(({ name }) => name === constraint))
        throw unknownShape(`Constraint ${constraint} of ${table} is not known`)
      const validated = <T extends { readonly name?: string; readonly notValid?: boolean }>(each: T) => {
        const { notValid: _, ...valid } = each
        return each.name === constraint ? valid : each
      }
      return {
        ...found,
        ...(found.foreignKeys ? { foreignKeys: foreignKeys.map(validated) } : {}),
        ...(found.checks ? { checks: checks.map(validated) } : {}),
      }
    }),
  // No database takes back that rows were checked: it is made again as it was, which looks at none of them.
  inverse: ({ table, constraint }, before) => {
    const { foreignKeys = [], checks = [] } = tableBefore(before, table)
    const foreignKey = foreignKeys.find(({ name }) => name === constraint)
    const check = checks.find(({ name }) => name === constraint)
    const found = foreignKey ?? check
    if (!found) throw irreversible(`constraint ${constraint} of ${table}`)
    if (!found.notValid) return []
    const type = foreignKey ? 'foreignKey' : 'check'
    return [
      { kind: 'dropConstraint', table, type, name: constraint },
      ...(foreignKey ? [{ kind: 'createForeignKey', table, foreignKey } as const] : []),
      ...(check ? [{ kind: 'createCheckConstraint', table, check } as const] : []),
    ]
  },
  object: ({ table, constraint }) => `${table}.${constraint}`,
}
