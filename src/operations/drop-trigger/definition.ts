import { createTriggers } from '../create-trigger/of-relation.ts'
import type { Definition } from '../definition.ts'
import { irreversible } from '../irreversible.ts'
import { needName, needTable } from '../needs.ts'
import { changeTriggers, relationNamed } from '../relation.ts'
import { unknownShape } from '../shape.ts'

export const definition: Definition<'dropTrigger'> = {
  record: (table, trigger) => ({ table, trigger }),
  values: ({ table, trigger }) => [table, trigger],
  check: (operation) => {
    needTable(operation)
    needName(operation, operation.trigger, 'the name of a trigger')
  },
  apply: (schema, { table, trigger }) =>
    changeTriggers(schema, table, (triggers) => {
      const left = triggers.filter(({ name }) => name !== trigger)
      if (left.length === triggers.length) throw unknownShape(`Trigger ${trigger} of ${table} is not known`)
      return left
    }),
  inverse: ({ table, trigger }, before) => {
    const found = relationNamed(before, table)?.triggers?.filter(({ name }) => name === trigger) ?? []
    if (found.length === 0) throw irreversible(`trigger ${trigger} of ${table}`)
    return createTriggers(table, found)
  },
  object: ({ table, trigger }) => `${table}.${trigger}`,
}
