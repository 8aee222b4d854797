/** What the whole history made, as far as its recorded operations tell. */
import { recordOnly } from '../database/recording.ts'
import type { Dialect } from '../dialect.ts'
import { apply } from '../operations/apply.ts'
import type { Operation } from '../operations/operation.ts'
import { loadRevision } from '../revision/load.ts'
import type { RevisionFile } from '../revision/read.ts'
import { mentions } from '../schema/mentions.ts'
import { splitName } from '../schema/name.ts'
import { type Schema, type Table, emptySchema } from '../schema/schema.ts'

export interface HistorySchema {
  /** Without what {@link HistorySchema.raw} and {@link HistorySchema.dataSteps} made; as people wrote it. */
  readonly schema: Schema
  /** Raw statements that may have made or changed what the schema does not tell. */
  readonly raw: readonly string[]
  /** Revisions that ask the database; what they do after that is not known. */
  readonly dataSteps: readonly { readonly revision: string; readonly source: string }[]
  /** All that it made, as the database says it, where that was found out: then it decides alone. */
  readonly built?: Schema
}

/** Of a history that nothing was asked of. */
export const noHistory: HistorySchema = { schema: emptySchema, raw: [], dataSteps: [] }

/**
 * Calls each `upgrade` for its record; no database takes part. Where `raw` or `dataSteps` is not empty, only a database in which the
 * history was built could tell the rest.
 * @param files in order
 */
export async function historySchema(dialect: Dialect, files: Iterable<RevisionFile>): Promise<HistorySchema> {
  let schema = emptySchema
  const raw: string[] = []
  const dataSteps: HistorySchema['dataSteps'][number][] = []
  for (const file of files) {
    const { upgrade, source } = await loadRevision(file)
    const { operations, dynamic } = await recordOnly(dialect, upgrade)
    for (const operation of operations) {
      schema = applyIfKnown(schema, operation)
      if (operation.kind !== 'execute') continue
      if (changesTables(operation.sql)) schema = withoutNamed(schema, operation.sql)
      if (!isData(operation.sql)) raw.push(operation.sql)
    }
    if (!dynamic) continue
    dataSteps.push({ revision: file.revision, source })
    if (/\b(?:alter|rename)/i.test(source)) schema = withoutNamed(schema, source)
  }
  return { schema, raw, dataSteps }
}

/** An operation on a table that raw SQL made cannot be replayed; what it changes stays unknown. */
export function applyIfKnown(schema: Schema, operation: Operation): Schema {
  try {
    return apply(schema, operation)
  } catch {
    return schema
  }
}

/** Tells of a statement that it makes no object, by the word that it begins with. */
function isData(sql: string): boolean {
  const text = sql.replace(/^(?:\s|--[^\n]*(?:\n|$)|\/\*(?!!)[^]*?\*\/)+/, '')
  return /^(?:insert|update|delete|replace|truncate|grant|revoke|comment|analyze|vacuum|refresh|set|drop)\b/i.test(
    text,
  )
}

/** Of a statement that only adds to tables, or makes something else, what is known of them stays true. */
function changesTables(sql: string): boolean {
  return /\b(?:alter|rename|drop\s+(?:table|column)|execute|do|call)\b/i.test(sql)
}

/** Of columns that the text names, as of tables that it drops, nobody can say any more how they are to be written. */
function withoutNamed(schema: Schema, text: string): Schema {
  const isDrop = /\bdrop\s+table\b/i.test(text)
  const tables = Object.entries(schema.tables).flatMap(([name, table]): [string, Table][] => {
    if (!mentions(text, splitName(name).name)) return [[name, table]]
    if (isDrop) return []
    return [[name, { ...table, columns: table.columns.filter((column) => !mentions(text, column.name)) }]]
  })
  return { ...schema, tables: Object.fromEntries(tables) }
}
