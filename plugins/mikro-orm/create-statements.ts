/** SQL that creates a schema, one statement a string. */
import type { AbstractSqlPlatform, DatabaseTable } from '@mikro-orm/sql'
import type { WantedStatement } from '../../src/dialect.ts'
import type { Places } from './places.ts'
import { type TriggerPlace, type WantedTriggers, createTrigger, wantedTriggers } from './triggers.ts'
import type { WantedView } from './views.ts'
import type { Writing } from './writing.ts'

export interface NativeEnum {
  readonly name: string
  readonly schema?: string
  readonly items: string[]
}

export interface CreateContext {
  readonly platform: AbstractSqlPlatform
  readonly places: Places
  readonly writing: Writing
}

export interface Wanted {
  /** Used up: MikroORM takes checks out of them while it writes. */
  readonly tables: readonly DatabaseTable[]
  readonly enums: readonly NativeEnum[]
  /** In the order of their dependencies. */
  readonly views: readonly WantedView[]
}

/**
 * Does what `getCreateSchemaSQL` of MikroORM 7.2 does, from the same pieces, but never joins them: a string or a
 * function's body may hold a semicolon. Triggers come last: they may stand on views. Functions and policies are left out, as they
 * could only make the build in a scratch place fail; of policies see row-security.ts.
 */
export function createStatements(
  { tables, enums, views }: Wanted,
  { platform, places, writing }: CreateContext,
): readonly WantedStatement[] {
  const helper = platform.getSchemaHelper()
  if (!helper) return []
  const nameOf = ({ schema, name }: DatabaseTable): string => places.nameOf(schema, name)
  const [mark = '"'] = platform.quoteIdentifier('')
  const triggers = tables.flatMap((table) => {
    const wanted = wantedTriggers(table.getTriggers(), table.name, writing)
    table.setTriggers([])
    const place = { schema: table.schema, name: table.name, mark }
    return triggerStatements(wanted, place, writing).map((sql) => ({ sql, table: nameOf(table) }))
  })
  const constrained = helper.supportsSchemaConstraints() ? tables : []
  const made: readonly WantedStatement[] = [
    ...enums.map(({ name, items, schema }) => ({ sql: helper.getCreateNativeEnumSQL(name, items, schema) })),
    ...tables.flatMap((table) => {
      if (writing.generatedRefusesNull) leaveOutNullOfGenerated(table)
      return helper.createTable(table).map((sql) => ({ sql, table: nameOf(table) }))
    }),
    ...constrained.flatMap((table) =>
      Object.values(table.getForeignKeys()).map((foreignKey) => ({
        sql: helper.createForeignKey(table, foreignKey),
        table: nameOf(table),
        references: places.nameOfTarget(foreignKey.referencedTableName),
      })),
    ),
    ...views.flatMap(({ view, definition }) => {
      const { name, schema = '', indexes = [] } = view
      if (!view.materialized) return [{ sql: helper.createView(name, schema, definition) }]
      const table = schema === '' ? name : `${schema}.${name}`
      return [
        // Its rows are of no use, and would be read from tables of the project that no entity stands for.
        { sql: helper.createMaterializedView(name, schema, definition, false) },
        ...indexes.map((index) => ({ sql: helper.getCreateIndexSQL(table, index) })),
      ]
    }),
    ...triggers,
    ...views.flatMap(({ view: { schema, name }, triggers: ofView }) =>
      triggerStatements(ofView, { schema, name, mark }, writing).map((sql) => ({ sql })),
    ),
  ]
  return [
    ...places.schemas.map(({ at }) => ({ sql: `create schema ${mark}${at}${mark}` })),
    ...made.flatMap(({ sql: text, ...about }) => {
      const sql = text.trim().replace(/;$/, '')
      return sql === '' ? [] : [{ sql: places.build(sql), ...about }]
    }),
  ]
}

function triggerStatements(
  { triggers, raw }: WantedTriggers,
  place: TriggerPlace,
  writing: Writing,
): readonly string[] {
  return [...triggers.flatMap((trigger) => createTrigger(trigger, place, writing)), ...raw]
}

/** MikroORM writes `null` behind a generated column that may be null, and nothing behind any other. */
function leaveOutNullOfGenerated(table: DatabaseTable): void {
  for (const column of table.getColumns()) if (column.generated !== undefined) column.nullable = false
}
