/** MikroORM's knowledge of types, without a connection or an entity. */
import type { AbstractSqlDriver, AbstractSqlPlatform, Options } from '@mikro-orm/sql'
import type { Column } from '../../src/schema/schema.ts'

export type PlatformName = 'sqlite' | 'postgresql' | 'pglite' | 'mysql' | 'mariadb'
export type Platform = AbstractSqlPlatform

type Driver = NonNullable<Options<AbstractSqlDriver>['driver']>

const drivers: Record<PlatformName, () => Promise<Driver>> = {
  sqlite: async () => (await import('@mikro-orm/sqlite')).SqliteDriver,
  postgresql: async () => (await import('@mikro-orm/postgresql')).PostgreSqlDriver,
  // It writes the same types, and does not load PGlite.
  pglite: async () => (await import('@mikro-orm/postgresql')).PostgreSqlDriver,
  mysql: async () => (await import('@mikro-orm/mysql')).MySqlDriver,
  mariadb: async () => (await import('@mikro-orm/mariadb')).MariaDbDriver,
}

/** Loads MikroORM for one database; it opens no connection. About 250 ms the first time when not bundled. */
export async function loadPlatform(name: PlatformName): Promise<Platform> {
  const [{ MikroORM }, driver] = await Promise.all([import('@mikro-orm/sql'), drivers[name]()])
  const orm = new MikroORM<AbstractSqlDriver>({
    driver,
    dbName: 'none',
    entities: [],
    ensureDatabase: false,
    // MIKRO_ORM_DEBUG would print to stdout.
    debug: false,
    logger: () => undefined,
    discovery: { warnWhenNoEntities: false },
  })
  return orm.driver.getPlatform()
}

/** Writes the type of a column as the database's SQL: `varchar(500)`, `int unsigned`; PostgreSQL's auto-increment as `serial`. */
export function columnType(platform: Platform, column: Column): string {
  if (typeof column.type === 'object') return column.type.sql
  // MikroORM passes `mediumint` through where the database has none.
  const type = column.type === 'mediumint' && !platform.supportsUnsigned() ? 'integer' : column.type
  const { name, length, precision, scale, autoincrement, items } = column
  const given = { name, type, columnTypes: [], length, precision, scale, autoincrement, items }
  const sql = platform.getMappedType(type).getColumnType(given as never, platform)
  return column.unsigned && platform.supportsUnsigned() ? `${sql} unsigned` : sql
}
