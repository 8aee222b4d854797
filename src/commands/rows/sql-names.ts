import type { Dialect } from '../../dialect.ts'
import { splitName } from '../../schema/name.ts'

export type Quoting = Pick<Dialect, 'quote' | 'literal' | 'capabilities'>

/** A table's name as SQL; it may say a schema. */
export function tableSql({ quote, capabilities }: Quoting, table: string): string {
  const { schema, name } = capabilities.schemas ? splitName(table) : { schema: undefined, name: table }
  return schema === undefined ? quote(name) : quote(schema, name)
}
