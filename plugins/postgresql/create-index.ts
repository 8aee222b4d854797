import type { Concurrently } from '../../src/operations/concurrently.ts'
import type { Index, IndexColumn } from '../../src/schema/schema.ts'
import { list } from './constraint.ts'
import { quote } from './literal.ts'
import { quoteName } from './quote-name.ts'

export function createIndex(
  table: string,
  { name, unique, method, columns, include, nullsNotDistinct, extra, where }: Index,
  { concurrently = false }: Concurrently = {},
): string {
  return [
    `create ${unique ? 'unique ' : ''}index ${concurrently ? 'concurrently ' : ''}${quote(name)} on ${quoteName(table)}`,
    method === undefined ? '' : ` using ${method}`,
    ` (${columns.map(part).join(', ')})`,
    include === undefined ? '' : ` include ${list(include)}`,
    nullsNotDistinct ? ' nulls not distinct' : '',
    extra === undefined ? '' : ` ${extra}`,
    where === undefined ? '' : ` where ${where}`,
  ].join('')
}

function part(column: IndexColumn): string {
  if (typeof column === 'string') return quote(column)
  const { collation, operatorClass, order, nulls } = column
  return [
    'column' in column ? quote(column.column) : `(${column.sql})`,
    collation === undefined ? '' : `collate ${quote(collation)}`,
    operatorClass ?? '',
    order ?? '',
    nulls === undefined ? '' : `nulls ${nulls}`,
  ]
    .filter((text) => text !== '')
    .join(' ')
}
