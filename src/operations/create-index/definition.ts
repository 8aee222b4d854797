import { checkConcurrently } from '../concurrently.ts'
import type { Definition } from '../definition.ts'
import { indexKeys } from '../keys.ts'
import { needKeys, needTable } from '../needs.ts'
import { changeIndexes, relationNamed } from '../relation.ts'
import { spellNamed } from '../spelling.ts'

export const definition: Definition<'createIndex'> = {
  record: (table, given) => {
    const { concurrently, ...index } = { ...given }
    return { table, index, ...(concurrently === undefined ? {} : { concurrently }) }
  },
  values: ({ table, index, concurrently }) => [
    table,
    concurrently === undefined ? index : { ...index, concurrently },
  ],
  check: (operation) => {
    needTable(operation)
    needKeys(operation, operation.index, indexKeys)
    checkConcurrently(operation)
  },
  apply: (schema, { table, index }) => changeIndexes(schema, table, (indexes) => [...indexes, index]),
  inverse: ({ table, index, ...how }) => [{ ...how, kind: 'dropIndex', table, index: index.name }],
  object: ({ table, index }) => `${table}.${index.name}`,
  spell: (operation, declared) => ({
    ...operation,
    index: spellNamed(relationNamed(declared, operation.table)?.indexes, operation.index),
  }),
}
