import { splitName } from '../../src/schema/name.ts'
import { quote } from './literal.ts'

/** The name of a table, view or type; `billing.invoices` stands in another schema. */
export function quoteName(text: string): string {
  const { schema, name } = splitName(text)
  return schema === undefined ? quote(name) : quote(schema, name)
}

/** What stands in the same schema as the table, as its indexes do. */
export function quoteBeside(table: string, name: string): string {
  const { schema } = splitName(table)
  return schema === undefined ? quote(name) : quote(schema, name)
}

export function quoteColumn(table: string, column: string): string {
  return `${quoteName(table)}.${quote(column)}`
}
