import { tableNamed } from '../../schema/schema.ts'
import { checkConcurrently } from '../concurrently.ts'
import type { Definition } from '../definition.ts'
import { irreversible, tableBefore } from '../irreversible.ts'
import { needTable } from '../needs.ts'
import { changeIndexes, relationNamed } from '../relation.ts'
import { changeTable } from '../shape.ts'
import { tidy } from '../tidy.ts'

export const definition: Definition<'dropIndex'> = {
  record: (table, index, options) => ({ table, index, ...options }),
  values: ({ table, index, concurrently }) =>
    concurrently === undefined ? [table, index] : [table, index, { concurrently }],
  check: (operation) => {
    needTable(operation)
    checkConcurrently(operation)
  },
  apply: (schema, { table, index }) => {
    if (!tableNamed(schema, table))
      return changeIndexes(schema, table, (indexes) => indexes.filter(({ name }) => name !== index))
    return changeTable(schema, table, (found) => {
      const indexes = found.indexes?.filter(({ name }) => name !== index)
      const uniques = found.uniques?.filter(({ name }) => name !== index)
      return tidy({ ...found, indexes, uniques })
    })
  },
  inverse: ({ table, index: name, ...how }, before) => {
    const index = relationNamed(before, table)?.indexes?.find((each) => each.name === name)
    if (index) return [{ ...how, kind: 'createIndex', table, index }]
    const unique = tableBefore(before, table).uniques?.find((each) => each.name === name)
    if (unique) return [{ kind: 'createUniqueConstraint', table, unique }]
    throw irreversible(`index ${name} of ${table}`)
  },
  object: ({ table, index }) => `${table}.${index}`,
}
