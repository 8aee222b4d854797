/** Defaults that mean the same, in one text. */

/** Not of bigint, where MikroORM itself writes them in quotes, and a column of another type has them without. */
const number = /^'(-?\d+(?:\.\d+)?)'::(?:smallint|integer|numeric|real|double precision)$/
const emptyList = /^ARRAY\[\]::([^[\]]+\[\])$/

/** A database that other means made may say `'1'::smallint`, `ARRAY[]::text[]` and `CURRENT_TIMESTAMP`; MikroORM says `1`, `'{}'::text[]` and `now()`. */
export function plainDefault(sql: string): string {
  if (sql === 'CURRENT_TIMESTAMP') return 'now()'
  return sql.replace(number, '$1').replace(emptyList, "'{}'::$1")
}
