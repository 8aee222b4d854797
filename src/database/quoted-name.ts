import type { Dialect } from '../dialect.ts'
import { splitName } from '../schema/name.ts'

/** The name of a table, view or type as SQL, with its schema where the database has such. */
export function quotedName(dialect: Pick<Dialect, 'quote' | 'capabilities'>, text: string): string {
  if (!dialect.capabilities.schemas) return dialect.quote(text)
  const { schema, name } = splitName(text)
  return schema === undefined ? dialect.quote(name) : dialect.quote(schema, name)
}
