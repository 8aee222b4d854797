import { tableNamed } from '../../schema/schema.ts'
import { checkType } from '../check-column.ts'
import type { Definition } from '../definition.ts'
import { columnBefore } from '../irreversible.ts'
import { columnKeys } from '../keys.ts'
import { type Keys, needColumn, needKeys } from '../needs.ts'
import { changeTable, knownColumn } from '../shape.ts'
import { alter } from './alter.ts'
import { columnChange, columnProperties } from './column-change.ts'
import type { ColumnChange } from './operation.ts'

const { name: _, ...sharedKeys } = columnKeys
const changeKeys: Keys<ColumnChange> = { ...sharedKeys, using: true }

export const definition: Definition<'alterColumn'> = {
  record: (table, column, change) => ({ table, column, change }),
  values: ({ table, column, change }) => [table, column, change],
  check: (operation) => {
    const { column, change } = operation
    needColumn(operation)
    needKeys(operation, change, changeKeys)
    if (change.type !== undefined) checkType(operation, column, change.type)
  },
  apply: (schema, { table, column, change }) =>
    changeTable(schema, table, (found) => {
      knownColumn(found, column)
      const columns = found.columns.map((old) => (old.name === column ? alter(old, change) : old))
      return { ...found, columns }
    }),
  inverse: ({ table, column, change }, before) => {
    const changed = columnProperties.filter((property) => change[property] !== undefined)
    const back = columnChange(columnBefore(before, table, column), changed)
    return [{ kind: 'alterColumn', table, column, change: back }]
  },
  object: ({ table, column }) => `${table}.${column}`,
  spell: (operation, declared) => {
    const { table, change } = operation
    const column = tableNamed(declared, table)?.columns.find(({ name }) => name === operation.column)
    if (!column) return operation
    const spelled = (['type', 'default', 'generated'] as const).filter((name) => change[name] != null)
    return { ...operation, change: { ...change, ...columnChange(column, spelled) } }
  },
}
