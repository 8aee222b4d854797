/** What hosts and extensions put into a database for themselves, which no project's revisions are about. */

export interface Preset {
  readonly schemas: readonly string[]
  /** Tables and views, in any schema. */
  readonly relations: readonly string[]
  readonly extensions: readonly string[]
}

export type PresetName = keyof typeof presets

export const presets = {
  supabase: {
    schemas: [
      ...['auth', 'storage', 'realtime', 'vault', 'graphql', 'graphql_public', 'extensions', 'pgbouncer'],
      ...['pgsodium', 'pgsodium_masks', 'pgtle', 'supabase_functions', 'supabase_migrations', 'net', 'cron'],
      ...['dbdev', 'repack', '_realtime', '_analytics', '_supavisor'],
    ],
    relations: [],
    extensions: [
      ...['pg_graphql', 'pg_net', 'pg_cron', 'pg_stat_statements', 'pgcrypto', 'pgjwt', 'pgsodium'],
      ...['supabase_vault', 'uuid-ossp', 'wrappers', 'hypopg', 'index_advisor'],
    ],
  },
  postgis: {
    schemas: ['topology', 'tiger', 'tiger_data'],
    relations: [
      ...['spatial_ref_sys', 'geometry_columns', 'geography_columns', 'raster_columns', 'raster_overviews'],
    ],
    extensions: [
      ...['postgis', 'postgis_raster', 'postgis_topology', 'postgis_sfcgal', 'postgis_tiger_geocoder'],
      ...['address_standardizer', 'address_standardizer_data_us', 'fuzzystrmatch'],
    ],
  },
} as const satisfies Readonly<Record<string, Preset>>
