import { tableNamed } from '../../schema/schema.ts'
import type { Definition } from '../definition.ts'
import { needName, needTable } from '../needs.ts'
import { changeIndexes, knownRelation } from '../relation.ts'
import { changeTable, unknownShape } from '../shape.ts'
import { byName, tidy } from '../tidy.ts'

export const definition: Definition<'renameIndex'> = {
  record: (table, index, to) => ({ table, index, to }),
  values: ({ table, index, to }) => [table, index, to],
  check: (operation) => {
    needTable(operation)
    needName(operation, operation.index, 'the name of an index')
    needName(operation, operation.to, 'the new name')
  },
  apply: (schema, { table, index, to }) => {
    const { indexes = [] } = knownRelation(schema, table)
    const { uniques = [] } = tableNamed(schema, table) ?? {}
    const named = (name: string): boolean => [...indexes, ...uniques].some((each) => each.name === name)
    if (!named(index)) throw unknownShape(`Index ${index} of ${table} is not known`)
    if (named(to)) throw unknownShape(`Index ${to} of ${table} is there already`)
    const renamed = <T extends { readonly name?: string }>(each: T): T =>
      each.name === index ? { ...each, name: to } : each
    const changed = changeIndexes(schema, table, (list) => list.map(renamed))
    if (uniques.length === 0) return changed
    return changeTable(changed, table, (found) => tidy({ ...found, uniques: byName(uniques.map(renamed)) }))
  },
  inverse: ({ table, index, to }) => [{ kind: 'renameIndex', table, index: to, to: index }],
  object: ({ table, index }) => `${table}.${index}`,
}
