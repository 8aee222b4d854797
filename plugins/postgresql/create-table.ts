import type { Table } from '../../src/schema/schema.ts'
import { columnDefinition, columnSupplements } from './column.ts'
import { lateConstraints, tableConstraints } from './constraint.ts'
import { createIndex } from './create-index.ts'
import { literal, settings } from './literal.ts'
import { quoteName } from './quote-name.ts'
import { createTrigger } from './trigger.ts'
import type { TypeOf } from './types.ts'

export function createTable(table: Table, typeOf: TypeOf): readonly string[] {
  const { name, columns, indexes = [], triggers = [], comment, options = [] } = table
  const unlogged = options.includes('unlogged') ? 'unlogged ' : ''
  const partition = options.find((option) => option.startsWith('partition by '))
  const storage = options.filter((option) => /^[\w.]+=/.test(option))
  const ending = [
    partition === undefined ? '' : ` ${partition}`,
    storage.length === 0 ? '' : ` with (${settings(storage)})`,
  ].join('')
  const lines = [...columns.map((column) => columnDefinition(column, typeOf)), ...tableConstraints(table)]
  return [
    `create ${unlogged}table ${quoteName(name)} (${lines.map((line) => `\n  ${line}`).join(',')}\n)${ending}`,
    ...lateConstraints(table).map((constraint) => `alter table ${quoteName(name)} add ${constraint}`),
    ...indexes.map((index) => createIndex(name, index)),
    ...(comment === undefined ? [] : [`comment on table ${quoteName(name)} is ${literal(comment)}`]),
    ...columns.flatMap((column) => columnSupplements(name, column)),
    ...triggers.flatMap((trigger) => createTrigger(name, trigger)),
  ]
}
