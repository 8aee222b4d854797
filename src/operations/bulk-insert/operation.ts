import type { Sql } from '../../schema/schema.ts'

/** Adds rows. */
export interface BulkInsert {
  readonly table: string
  readonly rows: readonly Row[]
}

/** Values by column; a column that is left out has its default. */
export type Row = Readonly<Record<string, RowValue>>
export type RowValue = string | number | boolean | null | Sql
