/** MikroORM's SQL that creates a schema, one statement a string. */
import type { AbstractSqlPlatform, DatabaseTable } from '@mikro-orm/sql'
import type { Statement } from '../../src/dialect.ts'

export interface NativeEnum {
  readonly name: string
  readonly items: string[]
}

/**
 * Does what `getCreateSchemaSQL` of MikroORM 7.2 does, from the same pieces, but never joins them: a string or a
 * function's body may hold a semicolon. Views, triggers, functions and policies are left out, as they are not
 * compared and could only make the build in a scratch place fail.
 * @param tables used up: MikroORM takes checks out of them while it writes
 */
export function createStatements(
  tables: readonly DatabaseTable[],
  nativeEnums: readonly NativeEnum[],
  platform: AbstractSqlPlatform,
): readonly Statement[] {
  const helper = platform.getSchemaHelper()
  if (!helper) return []
  for (const table of tables) table.setTriggers([])
  const enums = platform.supportsNativeEnums() ? nativeEnums : []
  const constrained = helper.supportsSchemaConstraints() ? tables : []
  return [
    ...enums.map(({ name, items }) => helper.getCreateNativeEnumSQL(name, items)),
    ...tables.flatMap((table) => helper.createTable(table)),
    ...constrained.flatMap((table) =>
      Object.values(table.getForeignKeys()).map((foreignKey) => helper.createForeignKey(table, foreignKey)),
    ),
  ].flatMap((text) => {
    const sql = text.trim().replace(/;$/, '')
    return sql === '' ? [] : [{ sql }]
  })
}
