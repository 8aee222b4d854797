import type { Column } from '../../src/schema/schema.ts'
import { literal } from './literal.ts'
import type { Name } from './name.ts'

/** Writes the type of a column. */
export type TypeWriter = (column: Column) => string

/** Loads MikroORM when one of the columns has a neutral type. */
export async function typeWriter(name: Name, columns: readonly Pick<Column, 'type'>[]): Promise<TypeWriter> {
  if (!columns.some(({ type }) => typeof type === 'string')) return sqlOf
  const { columnType, loadPlatform } = await import('../mikro-orm/platform.ts')
  const platform = await loadPlatform(name)
  return (column) => {
    // MikroORM writes the values as they are, also a quote.
    if (column.type === 'enum') return `enum(${(column.items ?? []).map(literal).join(', ')})`
    return columnType(platform, column)
  }
}

function sqlOf({ type }: Column): string {
  return typeof type === 'string' ? type : type.sql
}
