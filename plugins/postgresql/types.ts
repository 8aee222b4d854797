/** The types of columns as SQL. */
import { AludelError } from '../../src/errors.ts'
import type { Column } from '../../src/schema/schema.ts'
import { columnType, loadPlatform } from '../mikro-orm/platform.ts'

/** Without auto-increment, which only a new column has in its type. */
export type TypeOf = (column: Column) => string

/** MikroORM knows the neutral names, and is loaded only when one of these columns has one. */
export async function typesOf(columns: readonly Pick<Column, 'type'>[]): Promise<TypeOf> {
  if (columns.every(({ type }) => typeof type === 'object')) return sqlOf
  const platform = await loadPlatform('postgresql')
  return ({ autoincrement: _, ...column }) => columnType(platform, column)
}

/** The name under which a column of this type counts by itself, if it can. */
export function serialType(type: string): string | undefined {
  return serials[type.toLowerCase().trim()]
}

const serials: Readonly<Record<string, string>> = {
  smallint: 'smallserial',
  int2: 'smallserial',
  integer: 'serial',
  int: 'serial',
  int4: 'serial',
  bigint: 'bigserial',
  int8: 'bigserial',
}

/** Tells whether a type holds text: any value can be assigned to it, and it has a collation. */
export function isText(type: string): boolean {
  return /^(?:character|char|varchar|bpchar|text|citext|name)\b[^[]*$/i.test(type)
}

function sqlOf({ name, type }: Column): string {
  if (typeof type === 'object') return type.sql
  throw new AludelError('INTERNAL', `The type ${type} of ${name} came too late.`)
}
