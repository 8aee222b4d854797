import type { QualifiedName } from '../../src/schema/name.ts'
import type { OrmOptions } from './orm-config.ts'

/**
 * The table of MikroORM's own migrator, as its `MigrationStorage` finds it.
 * @param migrations the user's `migrations`
 * @param own the schema that MikroORM takes where nothing names one
 */
export function migratorTable(
  { tableName = 'mikro_orm_migrations', schema }: OrmOptions,
  own: string | undefined,
): QualifiedName {
  const [first = '', second] = String(tableName).split('.')
  const place = typeof schema === 'string' ? schema : second === undefined ? own : first
  return { name: second ?? first, ...(place === undefined ? {} : { schema: place }) }
}
