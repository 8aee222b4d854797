/** Schemas in text that PostgreSQL wrote, which names what stands in one that is not on the search path. */
import type { SchemaRow } from './catalog-rows.ts'

/** Gives what the user calls a schema for where it stands now; as it is where both are alike. */
export function renameSchemas(schemas: readonly SchemaRow[]): (text: string) => string {
  const names = new Map(
    schemas.flatMap(({ quotedAt, quotedName }): [string, string][] =>
      quotedName === null || quotedName === quotedAt ? [] : [[quotedAt, quotedName]],
    ),
  )
  return names.size === 0 ? (text) => text : (text) => renamed(text, names)
}

function renamed(text: string, names: ReadonlyMap<string, string>): string {
  return text.replace(
    tokens,
    (token: string, registered: string | undefined, qualifier: string | undefined) =>
      registered !== undefined
        ? `'${renamed(registered.replaceAll("''", "'"), names).replaceAll("'", "''")}'`
        : ((qualifier === undefined ? undefined : names.get(qualifier)) ?? token),
  )
}

/** A text that names an object (`'billing.numbers'::regclass`), any other text, what qualifies a name, any other name. */
const tokens =
  /'((?:[^']|'')*)'(?=::reg)|'(?:[^']|'')*'|(?<!\.)("(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*)(?=\.)|"(?:[^"]|"")*"|[\p{L}_][\p{L}\p{N}_$]*/gu
