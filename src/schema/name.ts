/** Names of tables, views and types that may stand in a schema other than the connection's own. */

export interface QualifiedName {
  /** Left out: the connection's own. */
  readonly schema?: string
  readonly name: string
}

/** Reads `billing.invoices`; a dot that belongs to a name is written twice. Only for databases whose tables stand in schemas. */
export function splitName(text: string): QualifiedName {
  const [first = '', ...rest] = text.split(/(?<!\.)\.(?!\.)/).map((part) => part.replaceAll('..', '.'))
  return rest.length === 0 ? { name: first } : { schema: first, name: rest.join('.') }
}

export function joinName({ schema, name }: QualifiedName): string {
  return [...(schema === undefined ? [] : [schema]), name].map((part) => part.replaceAll('.', '..')).join('.')
}
